"""A headless Chromium from the system, and the report it reads."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from redqubit import report

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing() -> str:
    """Return what the browser tests lack, or an empty string."""
    if not shutil.which("chromium"):
        return "chromium is not installed; on Debian: apt-get install chromium"
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed; run: pip install 'redqubit[dev]'"
    return ""


@pytest.fixture(scope="session")
def browser():
    """Return a running browser; without one the tests skip, but never in CI."""
    lack = missing()
    if lack and "CI" in os.environ:
        pytest.fail(lack)
    if lack:
        pytest.skip(lack)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def sample():
    """Return the module that builds synthetic evidence."""
    path = Path(__file__).parents[1] / "report" / "sample.py"
    spec = importlib.util.spec_from_file_location("browser_sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder, sample, evidence) -> str:
    text = report.html(
        evidence,
        sample.findings(evidence),
        title="digits 0-3, 8 qubits",
        omitted=sample.omitted()[:8],
    )
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="session")
def address(tmp_path_factory, sample) -> str:
    """Return the file address of the report on the full made-up assessment."""
    return write(tmp_path_factory.mktemp("full"), sample, sample.evidence())


@pytest.fixture(scope="session")
def brief(tmp_path_factory, sample) -> str:
    """Return the address of a report with every kind of element, but few of each."""
    chosen = ("projected_gradient", "square", "quid", "learned_extraction", "copy_by_side_channel")
    kept = [
        item
        for item in sample.evidence()
        if item.defense in ("none", "adversarial_training", "label_sanitation")
        and (item.attack in chosen or item.kind in ("baseline", "certificate"))
    ]
    return write(tmp_path_factory.mktemp("brief"), sample, kept)
