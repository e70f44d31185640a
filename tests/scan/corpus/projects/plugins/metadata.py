"""Reads circuit metadata that users attach to their jobs."""

import json
import sys

import pandas as pd

ALLOWED = {"shots", "depth"}


def load(path: str) -> dict:
    with open(path) as handle:
        return json.load(handle)


def derived(table: pd.DataFrame, meta: dict) -> pd.DataFrame:
    table["score"] = pd.eval(meta["score"])
    return table


def run_hook(meta: dict) -> None:
    hook = meta.get("post")
    if hook:
        exec(hook)


def count(meta: dict, column: str) -> int:
    if column not in ALLOWED:
        raise KeyError(column)
    return int(meta[column])


def main() -> None:
    meta = load(sys.argv[1])
    table = pd.DataFrame({"shots": [100, 200], "depth": [3, 5]})
    print(derived(table, meta))
    run_hook(meta)


if __name__ == "__main__":
    main()
