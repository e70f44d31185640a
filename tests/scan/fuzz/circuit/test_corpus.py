"""The corpus resumes, keeps failing circuits and refuses what is not its own."""

from pathlib import Path

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit.corpus import Corpus
from redqubit.scan.fuzz.circuit.generator import generate


def test_a_campaign_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """A new folder begins at 0, a known one at the saved index, and another seed is refused."""
    store = Corpus(tmp_path / "new")
    assert store.start(5) == 0
    store.save(5, 17)
    assert store.start(5) == 17
    with pytest.raises(InputError, match="seed 5, not 6"):
        store.start(6)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"version": 9, "seed": 1, "next": 2}', '{"seed": -1}']
)
def test_a_broken_state_is_named(tmp_path: Path, text: str) -> None:
    """A state that cannot be read is an error, not a new beginning."""
    (tmp_path / "campaign.json").write_text(text)
    with pytest.raises(InputError, match=r"campaign\.json"):
        Corpus(tmp_path).start(1)


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


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A path that is taken by a file is refused."""
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="is a file"):
        Corpus(tmp_path / "x")
