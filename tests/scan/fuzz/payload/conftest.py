"""The parsers with seeded faults, for every test of this folder."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def toys() -> ModuleType:
    """Return the module of toy parsers."""
    path = Path(__file__).with_name("toys.py")
    spec = importlib.util.spec_from_file_location("payload_toys", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
