"""Formats the weekly report of submitted jobs."""

import csv
import sys
from collections import Counter


def read(path: str) -> list[dict[str, str]]:
    with open(path, newline="") as handle:
        return list(csv.DictReader(handle))


def summary(rows: list[dict[str, str]]) -> dict[str, int]:
    return dict(Counter(row["backend"] for row in rows))


def main() -> None:
    for backend, n in sorted(summary(read(sys.argv[1])).items()):
        print(f"{backend:20s} {n:6d}")


if __name__ == "__main__":
    main()
