"""Templates that guard a quantum machine learning project in its own continuous integration."""

from redqubit.ci.render import PLATFORMS, render

__all__ = ["PLATFORMS", "render"]
