"""The shipped kill chain, what a run measured, and the same chain with hostile text everywhere."""

import dataclasses
import importlib.util
from pathlib import Path

import pytest

from redqubit import killchain
from redqubit.serve.page import Site
from redqubit.serve.runs import Run
from redqubit.serve.site import pages

HOSTILE = (
    "</title></script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}\u202e"
)
PROSE = """
name question meaning summary how basis signal sentence cost claim locator metric unit dataset model
device title venue statement made_by experiment reason text command authors
open_questions cite license
"""
TEXTS = frozenset(PROSE.split())


def spoil(item):
    """Return an object of the kill chain with hostile text in every field that holds prose."""
    if isinstance(item, tuple):
        return tuple(spoil(entry) for entry in item)
    if not dataclasses.is_dataclass(item):
        return item
    changed = {}
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if field.name in TEXTS and isinstance(value, str):
            changed[field.name] = value + HOSTILE if value or field.name != "command" else value
        elif field.name in TEXTS and isinstance(value, tuple):
            changed[field.name] = tuple(entry + HOSTILE for entry in value)
        elif field.name == "doi" and value:
            changed[field.name] = value + '"><script>alert(3)</script>'
        elif field.name == "id" and isinstance(item, killchain.model.Anchor):
            changed[field.name] = value + HOSTILE
        elif field.name != "requires" and field.name != "applies":
            changed[field.name] = spoil(value)
    return dataclasses.replace(item, **changed)


@pytest.fixture(scope="session")
def chain():
    """Return the kill chain that ships with redqubit."""
    return killchain.load()


@pytest.fixture(scope="session")
def hostile(chain):
    """Return the shipped kill chain with hostile text in every field."""
    return spoil(chain)


@pytest.fixture(scope="session")
def runs():
    """Return one run of made-up evidence."""
    path = Path(__file__).parents[1] / "report" / "sample.py"
    spec = importlib.util.spec_from_file_location("serve_sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return (Run("digits", tuple(module.evidence())),)


@pytest.fixture(scope="session")
def site(chain, runs):
    """Return the shipped kill chain as a site, with one run."""
    return Site(chain, runs)


@pytest.fixture(scope="session")
def texts(chain, runs):
    """Return every page of the site, rendered, by path."""
    return dict(pages(chain, runs))
