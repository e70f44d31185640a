import numpy as np
import pytest

from redqubit.attacks import LearnedExtraction, ProjectedGradient, metric
from redqubit.attacks.access import grant
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.defenses import TopOne


def test_only_the_label_is_left(victim):
    """Every answer is one-hot at the label the bare model gives."""
    defended = TopOne().apply(victim, 0)
    X = victim.data.X_test
    answers = defended.model.predict_proba(X)
    assert set(np.unique(answers)) == {0.0, 1.0}
    labels = victim.model.classes_[answers.argmax(axis=1)]
    np.testing.assert_array_equal(labels, victim.model.predict(X))
    assert np.isfinite(defended.model.scores(X)).all()


def test_labels_alone_still_give_a_clone(victim):
    """A substitute trained on labels agrees with the victim far more often than chance."""
    defended = TopOne().apply(victim, 0)
    attack = LearnedExtraction(queries=96, answers="labels", substitute="mlp", epochs=30)
    clone = attack.run(grant(attack, defended), stream(0, "clone")).clone
    assert metric.agreement(defended.model, clone, victim.data.X_test).low > 0.6


def test_a_white_box_attack_needs_the_adaptive_view(victim):
    """The served labels have no gradient; the attacker who holds the model has the exact one."""
    defended = TopOne().apply(victim, 0)
    with pytest.raises(InputError, match="no gradient"):
        grant(ProjectedGradient(), defended)
    assert defended.adaptive is victim.model
