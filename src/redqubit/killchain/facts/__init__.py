"""What can be read about a pipeline from its own files, without running any of them."""

from redqubit.killchain.facts.fact import Found, fill
from redqubit.killchain.facts.reading import SUFFIXES, read

__all__ = ["SUFFIXES", "Found", "fill", "read"]
