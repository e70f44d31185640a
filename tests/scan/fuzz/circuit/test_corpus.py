"""The corpus keeps failing circuits and names what it cannot read."""

from pathlib import Path

from redqubit.scan.fuzz.circuit.corpus import Corpus
from redqubit.scan.fuzz.circuit.generator import generate


def test_failing_circuits_come_back(tmp_path: Path) -> None:
    """What was added is stored with its text; broken files are named and passed over."""
    store, subject = Corpus(tmp_path), generate(1, 3)
    file = store.add("M01", subject, "level 2 changes the unitary")
    text = (tmp_path / file).read_text()
    assert text.startswith("// M01: level 2")
    assert text.endswith(subject.openqasm)
    (tmp_path / "circuits" / "a.json").write_text("{")
    (tmp_path / "circuits" / "b.json").write_bytes(b"\xff\x00")
    (tmp_path / "circuits" / "c.json").write_text("[]")
    (tmp_path / "circuits" / "d.json").symlink_to("d.json")
    good, bad = store.stored()
    assert [(case.oracle, case.subject) for case in good] == [("M01", subject)]
    assert [item.file for item in bad] == [f"circuits/{name}.json" for name in "abcd"]
