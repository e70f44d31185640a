"""The command line: parse, call, print; heavy imports wait inside the commands."""

from redqubit.cli import assessment, inventory
from redqubit.cli.app import app, main

__all__ = ["app", "assessment", "inventory", "main"]
