"""Errors name the near miss and the way out."""

from redqubit.core.errors import missing_extra, unknown


def test_near_miss_is_named():
    """A misspelled option names its nearest neighbor and lists what is allowed."""
    text = str(unknown("attack", "projected_gradiant", ["quid", "projected_gradient"]))
    assert "did you mean 'projected_gradient'" in text
    assert "quid" in text
    assert "did you mean" not in str(unknown("attack", "zzz", ["quid"]))


def test_missing_extra_says_what_to_install():
    """A missing dependency is one sentence with the command that brings it."""
    assert "pip install 'redqubit[assess]'" in str(missing_extra("torch", "assess", "The engine"))
