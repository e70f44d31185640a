"""A campaign goes on where it stopped, and only with its own seed."""

from pathlib import Path

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.state import State


def test_a_campaign_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """A new folder begins at 0, a known one at the saved index, and another seed is refused."""
    store = State(tmp_path / "new", "campaign.json")
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
        State(tmp_path, "campaign.json").start(1)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A path that is taken by a file is refused."""
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="is a file"):
        State(tmp_path / "x", "campaign.json")
