"""LZ4 frames: what the reference implementation packs, and damage of every kind."""

import io
import pickle
import random

import joblib
import lz4.frame
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply import lz4 as ours

OPTIONS = st.fixed_dictionaries(
    {
        "block_size": st.sampled_from([0, 4, 5, 6, 7]),
        "block_linked": st.booleans(),
        "content_checksum": st.booleans(),
        "block_checksum": st.booleans(),
        "store_size": st.booleans(),
        "compression_level": st.sampled_from([-5, 0, 3, 9, 12]),
    }
)


def _unpacked(content):
    return b"".join(ours.unpack(io.BytesIO(content)))


@given(
    st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 400)), max_size=12),
    OPTIONS,
)
def test_what_the_reference_packs(pieces, options):
    """Content of every mix of repeats and noise comes back, whatever the frame's options."""
    content = b"".join(piece * times for piece, times in pieces)
    assert _unpacked(lz4.frame.compress(content, **options)) == content


def test_many_blocks_that_refer_to_each_other():
    """Matches reach back over blocks, and frames follow each other, skippable ones between."""
    rng = random.Random(1)
    words = [rng.randbytes(rng.randint(3, 60)) for _ in range(300)]
    content = b"".join(rng.choice(words) for _ in range(20_000))
    frame = lz4.frame.compress(content, block_size=4, block_linked=True)
    skipped = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    assert _unpacked(frame + skipped + frame) == content * 2


@given(st.binary(max_size=200), st.data())
def test_damage(content, data):
    """A frame with any byte changed or cut off ends with an error of the archive reader's list."""
    frame = bytearray(lz4.frame.compress(content * 3, block_linked=True))
    place = data.draw(st.integers(4, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(place, len(frame)))
    try:
        found = _unpacked(bytes(frame[:cut]))
    except archive_damage():
        return
    assert len(found) <= ours.BLOCK


def archive_damage():
    from redqubit.scan.supply.archives import DAMAGE

    return DAMAGE


def test_joblib(rules, look, command):
    """Joblib files packed by lz4 are followed, clean or not."""
    for model, found in (({"x": np.arange(9.0)}, []), ({"x": command}, [("MOD-01", "critical")])):
        file = io.BytesIO()
        joblib.dump(model, file, compress=("lz4", 3))
        assert file.getvalue()[:4] == ours.MAGIC
        assert rules(file.getvalue(), "model.joblib") == found
        assert all("lz4" not in getattr(item, "reason", "") for item in look(file.getvalue()))


def test_bombs_and_broken_frames(rules, look):
    """Megabytes of zeros and a frame that breaks off are named, and cost no more than a limit."""
    [bomb] = look(lz4.frame.compress(bytes(100 * 2**20)))
    assert "bomb" in bomb.reason
    packed = lz4.frame.compress(pickle.dumps([1] * 9_999))
    [broken] = look(packed[:-20])
    assert "not a whole lz4 stream" in broken.reason


@pytest.mark.parametrize("flags", [b"\x80\x40", b"\x41\x40"])
def test_forms_that_are_not_read(look, flags):
    """A later version and a frame with a dictionary are named."""
    [item] = look(ours.MAGIC + flags + bytes(20))
    assert "lz4" in item.reason.lower()
