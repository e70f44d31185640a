"""Convert a QPY archive from a shared drive into QASM files."""

import argparse
from pathlib import Path

from qiskit import qasm2, qpy


def read(path):
    with open(path, "rb") as handle:
        return qpy.load(handle)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("--out", type=Path, default=Path("converted"))
    args = parser.parse_args()
    args.out.mkdir(exist_ok=True)
    for index, circuit in enumerate(read(args.archive)):
        (args.out / f"{index:04d}.qasm").write_text(qasm2.dumps(circuit))


if __name__ == "__main__":
    main()
