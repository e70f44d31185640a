"""The command line: parse, call, print; heavy imports wait inside the commands."""

from redqubit.cli import assessment, inventory, killchain, pipeline
from redqubit.cli.app import app, main

__all__ = ["app", "assessment", "inventory", "killchain", "main", "pipeline"]
