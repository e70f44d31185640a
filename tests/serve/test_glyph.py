import itertools

import pytest

from redqubit.serve import glyph


def test_goals_differ_by_shape_and_levels_by_fill():
    """Every pair of marks differs in its outline or its fill, not in color alone."""
    drawn = [
        glyph.goal(letter, level).replace(f"goal {letter}", "")
        for letter, _, _ in glyph.GOALS
        for level in glyph.LEVELS
    ]
    assert len(set(drawn)) == 12


@pytest.mark.parametrize("rung", range(6))
def test_ticks_count_the_rung(rung):
    """A rung of the ladder is drawn as so many strokes."""
    assert glyph.ticks(rung).count("1v8") == rung


def test_strengths_and_verdicts_differ_in_shape():
    """No two strengths and no two verdicts look alike without color."""
    strengths = [glyph.strength(word) for word in (*glyph.STRENGTHS, "unknown")]
    verdicts = [glyph.verdict(word) for word in ("supported", "not supported", "open")]
    for group in (strengths, verdicts):
        assert all(a != b for a, b in itertools.combinations(group, 2))


def test_the_sprite_holds_every_mark_once():
    """Scripts find each goal at each level under its own id."""
    text = glyph.sprite()
    for letter, level in itertools.product("CIA", range(4)):
        assert text.count(f'id="goal-{letter}-{level}"') == 1
