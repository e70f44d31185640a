import numpy as np
import pytest

from redqubit import certify, circuits
from redqubit.attacks import ProjectedGradient, metric
from redqubit.attacks.access import grant
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.defenses import AdversarialTraining
from redqubit.defenses.adversarial_training import harden
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.qnn import QNN
from redqubit.models.victim import Victim

RADIUS = Radius(0.5)


@pytest.fixture(scope="module")
def hardened(victim):
    """Return the victim after a few adversarial epochs."""
    return AdversarialTraining(RADIUS, epochs=12).apply(victim, 3)


def robust(victim, labels):
    """Return how many test samples are robust, exactly."""
    data, form = victim.data, victim.model.closed_form()
    curve = certify.robust_accuracy(form, data.X_test, labels, [RADIUS], data.low, data.high)
    return curve.points[0].robust.successes


def test_exact_robust_accuracy_rises(victim, hardened, labels):
    """More samples are proved robust, also compared to as many more epochs without attack."""
    longer = harden(
        victim.model,
        victim.data.X_train,
        victim.data.y_train,
        AdversarialTraining(Radius(0.0), epochs=12),
        victim.data.low,
        victim.data.high,
        3,
    )
    plain = Victim(longer, victim.data, victim.recipe)
    gained = robust(hardened, labels)
    assert gained > robust(victim, labels)
    assert gained > robust(plain, labels)
    right = (hardened.model.predict(victim.data.X_test) == victim.data.y_test).mean()
    assert right > 0.75


def test_the_adaptive_attacker_succeeds_less(victim, hardened):
    """Projected gradient on the hardened model itself breaks fewer samples than before."""
    data, attack = victim.data, ProjectedGradient(RADIUS, restarts=2)
    assert hardened.adaptive is hardened.model
    rates = []
    for item in (victim, hardened):
        outcome = attack.run(grant(attack, item), stream(0, "pgd"))
        rates.append(
            metric.evasion_success(item.model, data.X_test, data.y_test, outcome, RADIUS).value
        )
    assert rates[1] < rates[0]


def test_the_hardened_model_is_consistent(victim, hardened):
    """Its predictions, closed form and stored parameters belong together."""
    model, X = hardened.model, victim.data.X_test
    assert isinstance(model, QNN)
    assert not np.allclose(model.weights_, victim.model.weights_)
    exact = certify.robustness(model.closed_form(), X, None, Radius(0.0), tolerance=1e-9)
    labels = model.classes_[[item.label for item in exact]]
    np.testing.assert_array_equal(model.predict(X), labels)
    assert len(model.loss_curve_) == len(victim.model.loss_curve_) + 12


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("head", ["linear", "expectations"])
def test_heads_shares_and_seeds(head, share, data):
    """Either head can be hardened, and the same seed gives the same model."""
    model = QNN(circuits.angle(3), circuits.strongly_entangling(3, layers=1), head=head, epochs=1)
    victim = Victim.train(model, data, 0)
    defense = AdversarialTraining(epochs=1, steps=1, share=share)
    first, second = (defense.apply(victim, 2).model for _ in range(2))
    np.testing.assert_array_equal(first.weights_, second.weights_)
    np.testing.assert_array_equal(first.head_weight_, second.head_weight_)
    assert (head == "linear") != np.array_equal(first.head_weight_, victim.model.head_weight_)


def test_only_a_qnn_can_be_hardened(victim):
    """Other models have no circuit whose training could go on."""
    network = Victim.train(ClassicalNetwork((), epochs=1), victim.data, 0)
    with pytest.raises(InputError, match="defend a QNN"):
        AdversarialTraining().apply(network, 0)


@pytest.mark.parametrize(
    "settings",
    [{"radius": Radius(0.1, space="raw")}, {"steps": 0}, {"epochs": 0}, {"share": 0.0}],
)
def test_parameters_have_ranges(settings):
    """Other spaces, no steps and empty shares are refused."""
    with pytest.raises(InputError, match=r"adversarial training|must be"):
        AdversarialTraining(**settings)
