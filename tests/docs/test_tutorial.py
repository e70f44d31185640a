"""The documentation's Python runs, and its generated parts are current."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [
    page
    for page in sorted([*DOCS.glob("*.md"), *ROOT.glob("README.md")])
    if BLOCK.search(page.read_text())
]


def write_docs() -> ModuleType:
    """Load the script that writes the generated blocks."""
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_code_blocks_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Python blocks of a page run one after the other, as a reader would run them."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for block in BLOCK.finditer(page.read_text()):
        line = page.read_text()[: block.start(1)].count("\n")
        exec(compile("\n" * line + block[1], page.name, "exec"), names)


def test_generated_blocks_are_current() -> None:
    """Tables of attacks, defenses and techniques say what the registries say."""
    module = write_docs()
    stale = [
        page.name
        for page in DOCS.glob("*.md")
        if module.render(page.read_text()) != page.read_text()
    ]
    assert not stale, f"run: python scripts/write_docs.py ({', '.join(stale)})"


def test_every_generated_block_is_used() -> None:
    """No table is written for nobody."""
    module = write_docs()
    used = {
        found[2] for page in DOCS.glob("*.md") for found in module.BLOCK.finditer(page.read_text())
    }
    assert used == set(module.BLOCKS)
