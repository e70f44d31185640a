"""The command line: parse, call, print; heavy imports wait inside the commands."""

from redqubit.cli import (
    assessment,
    explore,
    gate,
    inventory,
    killchain,
    pipeline,
    reasoning,
    threat,
)
from redqubit.cli.app import app, main

__all__ = [
    "app",
    "assessment",
    "explore",
    "gate",
    "inventory",
    "killchain",
    "main",
    "pipeline",
    "reasoning",
    "threat",
]
