"""Comments that accept findings: with a rule and a reason, or not at all."""

import pytest

from redqubit.scan.static import engine
from redqubit.scan.static.module import Module
from redqubit.scan.static.suppress import suppressions

BAD = "import torch\nm = torch.load(p, weights_only=False)"


def scanned(tmp_path, text: str):
    (tmp_path / "a.py").write_text(text)
    return engine.scan([tmp_path], select=["DES-02", "SUP"], root=tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        f"{BAD}  # redqubit: ignore[DES-02] built by the job before",
        f"{BAD}  # redqubit: ignore[SEC-01, DES-02]: built by the job before",
        BAD.replace("m =", "# redqubit: ignore[DES-02] built by the job\n# before\nm ="),
        "import torch\nm = torch.load(\n  p, weights_only=False\n)  # redqubit: ignore[DES-02] own",
    ],
)
def test_a_reason_accepts_the_finding(text, tmp_path):
    """On the line, above it, or on the last line of the statement."""
    result = scanned(tmp_path, text)
    assert not result.findings
    assert [item.rule for item in result.suppressed] == ["DES-02"]


@pytest.mark.parametrize(
    "comment",
    [
        "# redqubit: ignore",
        "# redqubit: ignore[DES-02]",
        "# redqubit: ignore[DES-02] 12",
        "# redqubit: ignore built by the job before",
        "# redqubit: ignore[] built by the job before",
        "# redqubit: ignore[torch] built by the job before",
    ],
)
def test_without_rule_or_reason_nothing_is_accepted(comment, tmp_path):
    """The finding stays, and the comment is a note of its own."""
    result = scanned(tmp_path, f"{BAD}  {comment}")
    assert sorted(item.rule for item in result.findings) == ["DES-02", "SUP-01"]
    assert not result.suppressed


def test_a_comment_accepts_its_own_rule_and_line_only(tmp_path):
    """Another rule's id, or another line, changes nothing."""
    other = f"{BAD}  # redqubit: ignore[DES-01] built by the job before"
    assert [item.rule for item in scanned(tmp_path, other).findings] == ["DES-02"]
    later = f"{BAD}\nx = 1  # redqubit: ignore[DES-02] built by the job before"
    assert [item.rule for item in scanned(tmp_path, later).findings] == ["DES-02"]


def test_text_that_looks_like_a_comment_is_none():
    """The words inside a string suppress nothing."""
    module = Module("a.py", 'x = "# redqubit: ignore[DES-02] in a text"')
    assert suppressions(module) == []
