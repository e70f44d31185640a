"""Ansatz plugins, listed in a job description."""
import argparse
import importlib
import json
from pathlib import Path

from qiskit.circuit.library import EfficientSU2, RealAmplitudes, TwoLocal

BUILTIN = {
    "real": RealAmplitudes,
    "su2": EfficientSU2,
    "twolocal": TwoLocal,
}


def builtin(name: str, width: int):
    try:
        return BUILTIN[name](width, reps=2)
    except KeyError:
        raise SystemExit(f"unknown ansatz {name!r}, choose from {', '.join(BUILTIN)}")


def external(spec: dict, width: int):
    module = importlib.import_module(spec["module"])
    factory = getattr(module, spec["factory"])
    return factory(width)


def from_description(text: str):
    spec = json.loads(text)
    width = min(int(spec.get("width", 4)), 16)
    if "module" in spec:
        return external(spec, width)
    return builtin(spec["ansatz"], width)


def main() -> None:
    parser = argparse.ArgumentParser(description="show an ansatz")
    parser.add_argument("description", type=Path)
    args = parser.parse_args()
    print(from_description(args.description.read_text()).decompose().draw())


if __name__ == "__main__":
    main()
