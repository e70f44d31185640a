import numpy as np
import pytest
import torch

from redqubit import certify
from redqubit.attacks import ProjectedGradient, check, metric
from redqubit.attacks.access import grant
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.defenses import NoiseLayer
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.target import Oracle
from redqubit.models.victim import Victim

RADII = [Radius(0.1), Radius(0.3), Radius(0.5)]


def curve(model, data, labels):
    """Return the exact number of robust samples at each radius."""
    form = model.closed_form()
    found = certify.robust_accuracy(form, data.X_test, labels, RADII, data.low, data.high)
    assert found.decided
    return [point.robust.successes for point in found.points]


@pytest.mark.parametrize("probability", [0.3, 0.9, 0.999])
def test_depolarizing_changes_nothing_at_infinite_shots(probability, victim, labels):
    """With the bias scaled, no prediction and no exact robustness changes, on any input."""
    data = victim.data
    defended = NoiseLayer(probability, shots=None).apply(victim, 0)
    attack = ProjectedGradient(Radius(0.5))
    adversarial = attack.run(grant(attack, victim), stream(0, "pgd")).X
    for X in (data.X_test, adversarial):
        np.testing.assert_array_equal(defended.model.predict(X), victim.model.predict(X))
    assert curve(defended.model, data, labels) == curve(victim.model, data, labels)


def test_an_unscaled_bias_moves_decisions(victim):
    """Without scaling, strong noise leaves the bias alone to decide."""
    defended = NoiseLayer(0.9999, shots=None, scale_bias=False).apply(victim, 0)
    winner = victim.model.classes_[victim.model.head_bias_.argmax()]
    assert set(defended.model.predict(victim.data.X_test)) == {winner}


@pytest.mark.parametrize("scale_bias", [True, False])
def test_the_closed_form_is_the_served_model(scale_bias, victim):
    """Scores, expected logits and closed form agree where nothing is random."""
    model = NoiseLayer(0.4, shots=None, scale_bias=scale_bias).apply(victim, 0).model
    X = victim.data.X_test
    x = torch.tensor(X)
    np.testing.assert_allclose(model.scores(X), model.logits(x).detach().numpy(), atol=1e-9)
    np.testing.assert_allclose(model.scores(X), model.closed_form()(x).numpy(), atol=1e-9)
    assert NoiseLayer().apply(victim, 0).model.closed_form() is None


def test_shots_scatter_around_the_expected_logits(victim):
    """Sampled scores average to the expected logits; four times the shots halve their error."""
    data = victim.data
    X = np.repeat(data.X_test[:4], 500, axis=0)
    errors = []
    for shots in (64, 256):
        model = NoiseLayer(0.5, shots=shots).apply(victim, 0).model
        expected = model.logits(torch.tensor(X)).detach().numpy()
        scatter = model.scores(X) - expected
        assert np.abs(scatter.reshape(4, 500, -1).mean(axis=1)).max() < 5 * scatter.std() / 500**0.5
        errors.append(scatter.std())
    assert errors[0] / errors[1] == pytest.approx(2, abs=0.2)


def test_the_same_batch_gets_the_same_answer(victim):
    """Answers depend on seed and samples, never on what was asked before."""
    X = victim.data.X_test
    first, second = (NoiseLayer().apply(victim, 5).model for _ in range(2))
    second.scores(X[:3])
    np.testing.assert_array_equal(first.scores(X), second.scores(X))
    other = NoiseLayer().apply(victim, 6).model
    assert not np.array_equal(first.scores(X), other.scores(X))


def test_shot_noise_does_not_stop_the_adaptive_attacker(victim):
    """Exact noiseless gradients succeed on the noisy service as on the bare model."""
    data, attack = victim.data, ProjectedGradient(Radius(0.5))
    defended = NoiseLayer(0.5, shots=4096).apply(victim, 0)
    assert defended.adaptive is victim.model
    bare = attack.run(grant(attack, victim), stream(0, "pgd"))
    seen = Victim(defended.adaptive, data, defended.recipe)
    adaptive = attack.run(grant(attack, seen), stream(0, "pgd"))
    np.testing.assert_array_equal(bare.X, adaptive.X)
    before = metric.evasion_success(victim.model, data.X_test, data.y_test, bare, attack.radius)
    after = metric.evasion_success(
        defended.model, data.X_test, data.y_test, adaptive, attack.radius
    )
    assert after.high >= before.value
    assert after.value > 0.1


def test_random_rotations_have_their_exact_expectation(victim):
    """The adaptive view of random angles is the mean over many of them."""
    defended = NoiseLayer(0.0, rotation=0.4, shots=None).apply(victim, 0)
    point = victim.data.X_test[:1]
    drawn = defended.model.scores(np.repeat(point, 20_000, axis=0))
    expected = defended.adaptive.scores(point)
    error = drawn.std(axis=0) / len(drawn) ** 0.5
    assert (np.abs(drawn.mean(axis=0) - expected[0]) < 5 * error).all()
    x = torch.tensor(point, requires_grad=True)
    torch.testing.assert_close(defended.model.logits(x), defended.adaptive.logits(x))
    assert torch.autograd.grad(defended.adaptive.logits(x).sum(), x)[0].abs().sum() > 0


def test_a_noise_layer_needs_a_quantum_model(victim):
    """A classical network has no readout to depolarize."""
    network = Victim.train(ClassicalNetwork((), epochs=1), victim.data, 0)
    with pytest.raises(InputError, match="quantum model"):
        NoiseLayer().apply(network, 0)


@pytest.mark.parametrize(
    "settings", [{"probability": 1.0}, {"rotation": -1.0}, {"rotation": np.inf}, {"shots": 0}]
)
def test_parameters_have_ranges(settings):
    """Full depolarization, negative angles and no shots are refused."""
    with pytest.raises(InputError, match="must be"):
        NoiseLayer(**settings)


@pytest.mark.parametrize("rotation", [0.0, 0.2])
def test_the_adaptive_view_keeps_the_unscaled_bias(rotation, victim):
    """Noise beside a fixed bias moves decisions, and an attacker who knows it sees them move."""
    defended = NoiseLayer(0.8, rotation, shots=None, scale_bias=False).apply(victim, 0)
    x = torch.tensor(victim.data.X_test)
    expected = defended.model.logits(x).detach().numpy()
    np.testing.assert_allclose(defended.adaptive.logits(x).detach().numpy(), expected, atol=1e-9)


def test_self_checks_see_the_noise(victim):
    """The layer repeats itself on the same batch; the checks must not take that for exactness."""
    defended = NoiseLayer(0.95, shots=4).apply(victim, 0)
    X, y = victim.data.X_test, victim.data.y_test
    low, high = victim.data.low, victim.data.high
    assert check.repeatability(Oracle(defended.model, X, y, low, high)).passed is False
    assert metric.unprovoked(defended.model, X, y).successes > 0
    assert metric.unprovoked(victim.model, X, y).successes == 0
