"""The command line: parse, call, print; heavy imports wait inside the commands."""

from redqubit.cli import (
    admit,
    assessment,
    ci,
    explore,
    fuzz,
    gate,
    inventory,
    killchain,
    pipeline,
    reasoning,
    scan,
    threat,
)
from redqubit.cli.app import app, main

__all__ = [
    "admit",
    "app",
    "assessment",
    "ci",
    "explore",
    "fuzz",
    "gate",
    "inventory",
    "killchain",
    "main",
    "pipeline",
    "reasoning",
    "scan",
    "threat",
]
