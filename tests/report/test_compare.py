"""Two runs of one attack, side by side."""

from dataclasses import replace

import pytest

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.report import compare


def test_a_comparison_shows_both_and_the_change(sample):
    """Success and every rate stand beside each other with the change in points."""
    bare = sample.evasion("projected_gradient")
    safe = sample.evasion("projected_gradient", "adversarial_training", "exact")
    lines = compare(bare, safe).splitlines()
    assert lines[0] == "Projected gradient (QML.T0010.002), 0.3 rad L-inf"
    assert "adversarial training (aware, exact gradient)" in lines[1]
    assert lines[2].startswith("success")
    assert lines[2].endswith("−26.9")
    assert any(line.startswith("clean accuracy") and line.endswith("−1.0") for line in lines)
    assert lines[-1] == "The defense cuts success: the intervals do not overlap."


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Rate(50, 100), Rate(48, 100), "The intervals overlap: no change of success is shown."),
        (Rate(10, 100), Rate(90, 100), "The defense raises success: the intervals do not overlap."),
        (Rate(10, 100), None, "One of the two could not be judged, so nothing follows."),
        (Rate(0, 0), Rate(1, 2), "One of the two could not be judged, so nothing follows."),
    ],
)
def test_the_last_sentence_follows_from_the_intervals(sample, before, after, told):
    """Only intervals that do not overlap count as a change."""
    bare = replace(sample.evasion("square"), success=before)
    safe = replace(bare, defense="noise_layer", success=after)
    assert compare(bare, safe).splitlines()[-1] == told


def test_agreement_is_called_agreement(sample):
    """For extraction the compared rate is the clone's agreement."""
    bare = sample.extraction("learned_extraction")
    safe = sample.extraction("learned_extraction", "top_one", "oblivious")
    assert "agreement" in compare(bare, safe)


def test_different_attacks_or_budgets_do_not_compare(sample):
    """Comparing unlike things is an error that says what came."""
    bare = sample.evasion("square")
    with pytest.raises(InputError, match="one attack on two models"):
        compare(bare, sample.evasion("projected_gradient"))
    with pytest.raises(InputError, match="one budget"):
        compare(bare, replace(bare, radius=Radius(0.5)))
