"""The made-up assessment that the report is tested on."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """Return the module that builds synthetic evidence."""
    path = Path(__file__).with_name("sample.py")
    spec = importlib.util.spec_from_file_location("report_sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def evidence(sample) -> list:
    """Return a full set of evidence: nine attacks, five defenses, two certificates."""
    return sample.evidence()


@pytest.fixture(scope="session")
def findings(sample, evidence) -> list:
    """Return what a policy makes of the evidence."""
    return sample.findings(evidence)
