"""Experiment configuration."""

import sys
from pathlib import Path

import yaml
from yaml import Loader as YamlLoader

DEFAULTS = """
ansatz: hardware_efficient
depth: 3
"""


def defaults() -> dict:
    return yaml.safe_load(DEFAULTS)


def from_user(path: str) -> dict:
    with open(path) as handle:
        return yaml.load(handle, Loader=yaml.Loader)


def from_text(text: str) -> dict:
    return yaml.load(text, YamlLoader)


def safe(path: Path) -> dict:
    with path.open() as handle:
        return yaml.load(handle, Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    print({**defaults(), **from_user(sys.argv[1])})
    print(from_text(sys.stdin.read()))
