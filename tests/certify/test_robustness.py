import numpy as np
import pytest
import torch

from redqubit import certify
from redqubit.core import record
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import ascend, margin_loss


def margins(closed, X, labels):
    """Return logit of the label minus the best other logit."""
    logits = closed(torch.tensor(X)).numpy()
    own = logits[np.arange(len(X)), labels]
    logits[np.arange(len(X)), labels] = -np.inf
    return own - logits.max(axis=1)


def grid_minimum(closed, label, low, high, steps):
    """Return the smallest margin on a grid that contains the corners."""
    axes = [np.linspace(a, b, steps) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    return margins(closed, points, np.full(len(points), label)).min()


@pytest.mark.parametrize(
    ("degrees", "steps"),
    [((1,), 4001), ((1, 1), 201), ((1, 1, 1), 61), ((2, 1), 201), ((3,), 4001)],
)
@pytest.mark.parametrize("radius", [0.1, 0.5, 1.1, 2.5])
def test_the_worst_margin_agrees_with_a_dense_grid(degrees, steps, radius, random_form):
    """For up to three features the smallest margin is the one a dense grid finds."""
    closed = random_form(sum(degrees) + int(10 * radius), degrees)
    X = np.random.default_rng(1).uniform(-1, 3, (4, len(degrees)))
    low, high = np.full(len(degrees), -2.0), np.full(len(degrees), 4.0)
    found = certify.robustness(closed, X, None, Radius(radius), low, high, tolerance=1e-5)
    slope = float(closed.lipschitz().max()) * 2
    for x, item in zip(X, found, strict=True):
        box = np.maximum(x - radius, low), np.minimum(x + radius, high)
        seen = grid_minimum(closed, item.label, *box, steps)
        assert item.upper - item.lower <= 1e-5 + 2 * item.rounding
        assert item.lower <= seen + 1e-9
        # Near an interior minimum a grid misses no more than its spacing allows.
        assert item.upper >= seen - slope * 2 * radius / steps
        assert (item.status == "robust") == (item.lower > 0)


def lipschitz_split(closed, label, low, high, slope, accuracy):
    """Bound the smallest margin from below by splitting boxes by hand, on a Lipschitz bound."""
    boxes, bound = [(low, high)], np.inf
    while boxes:
        low, high = boxes.pop()
        center = (low + high) / 2
        here = margins(closed, center[None], np.array([label]))[0]
        reach = slope * (high - low).max() / 2
        if reach < accuracy:
            bound = min(bound, here - reach)
            continue
        axis = int(np.argmax(high - low))
        for side in (0, 1):
            ends = low.copy(), high.copy()
            ends[1 - side][axis] = center[axis]
            boxes.append(ends)
    return bound


def test_brute_force_splitting_finds_the_same_margin(random_form):
    """Plain splitting with a Lipschitz constant encloses the verifier's answer."""
    for seed in range(3):
        closed = random_form(seed, (1, 1), classes=2)
        slope, accuracy = 2 * float(closed.lipschitz().max()), 0.2
        x = np.random.default_rng(seed).uniform(0, 3, (1, 2))
        (item,) = certify.robustness(closed, x, None, Radius(0.3), tolerance=1e-6)
        bound = lipschitz_split(closed, item.label, x[0] - 0.3, x[0] + 0.3, slope, accuracy)
        assert bound <= item.upper + 1e-9
        assert item.lower <= bound + 2 * accuracy


def test_a_million_random_points_find_no_violation(random_form):
    """No random input inside a certified ball is classified otherwise."""
    closed = random_form(11, (1, 1, 1, 1), classes=3)
    rng = np.random.default_rng(11)
    X = rng.uniform(0, np.pi, (150, 4))
    radius = Radius(0.25)
    found = certify.robustness(closed, X, None, radius, 0, np.pi)
    safe = [i for i, item in enumerate(found) if item.status == "robust"]
    assert len(safe) >= 20
    each = 1_000_000 // len(safe) + 1
    for i in safe:
        points = X[i] + rng.uniform(-radius.value, radius.value, (each, 4))
        points[: each // 4] = X[i] + radius.value * rng.choice([-1, 1], (each // 4, 4))
        points = points.clip(0, np.pi)
        worst = margins(closed, points, np.full(each, found[i].label)).min()
        assert worst >= found[i].lower > 0


def test_counterexamples_are_inside_the_ball_and_change_the_class(random_form):
    """Every counterexample is in ball and domain, and another class wins there."""
    closed = random_form(2, (1, 1, 1))
    X = np.random.default_rng(2).uniform(0, np.pi, (60, 3))
    found = certify.robustness(closed, X, None, Radius(0.4), 0, np.pi)
    lost = [i for i, item in enumerate(found) if item.status == "not robust"]
    assert len(lost) >= 10
    for i in lost:
        point = np.array(found[i].counterexample)
        assert (np.abs(point - X[i]) <= 0.4 + 1e-12).all()
        assert (point >= 0).all()
        assert (point <= np.pi).all()
        logits = closed(torch.tensor(point[None])).numpy()[0]
        assert logits[found[i].rival] > logits[found[i].label]
        assert found[i].upper < 0


def test_projected_gradient_fails_on_certified_samples(random_form):
    """An attack succeeds on no certified sample, and its margin is no smaller than the bound."""
    closed = random_form(4, (1,) * 5)
    X = np.random.default_rng(4).uniform(0, np.pi, (60, 5))
    radius = Radius(0.3)
    found = certify.robustness(closed, X, None, radius, 0, np.pi, tolerance=1e-3)
    labels = np.array([item.label for item in found])
    moved = ascend(
        lambda x: margin_loss(closed(x), torch.tensor(labels)),
        torch.tensor(X),
        radius,
        steps=30,
        low=0.0,
        high=np.pi,
        restarts=3,
        rng=np.random.default_rng(0),
    )
    reached = margins(closed, moved.numpy(), labels)
    assert (reached >= np.array([item.lower for item in found])).all()
    assert np.median(reached - np.array([item.upper for item in found])) < 1e-2


def test_relabeling_the_features_changes_nothing(random_form, closed_form):
    """The worst margin does not depend on the order of the qubits."""
    closed = random_form(6, (1, 2, 1, 1))
    order = [2, 0, 3, 1]
    turned = closed_form(closed.tensor.numpy().transpose(0, *(1 + np.array(order))))
    X = np.random.default_rng(6).uniform(0, np.pi, (20, 4))
    settings = {"low": 0, "high": np.pi, "tolerance": 1e-4}
    first = certify.robustness(closed, X, None, Radius(0.4), **settings)
    second = certify.robustness(turned, X[:, order], None, Radius(0.4), **settings)
    for a, b in zip(first, second, strict=True):
        assert a.status == b.status
        assert a.lower <= b.upper
        assert b.lower <= a.upper


def test_robust_accuracy_never_rises_with_the_radius(random_form):
    """A larger ball certifies no more samples, and the curve agrees with single radii."""
    closed = random_form(8, (1, 1, 1))
    X = np.random.default_rng(8).uniform(0, np.pi, (80, 3))
    y = closed(torch.tensor(X)).argmax(dim=1).numpy()
    y[:5] = (y[:5] + 1) % 3  # misclassified samples are never robust
    radii = [Radius(value) for value in (0.4, 0.0, 0.1, 0.2)]
    curve = certify.robust_accuracy(closed, X, y, radii, 0, np.pi)
    assert [point.radius.value for point in curve.points] == [0.0, 0.1, 0.2, 0.4]
    counts = [point.robust.successes for point in curve.points]
    assert counts[0] == 75
    assert counts == sorted(counts, reverse=True)
    assert curve.decided
    for point in curve.points:
        single = certify.robustness(closed, X, y, point.radius, 0, np.pi)
        assert point.robust.successes == sum(item.status == "robust" for item in single)
        assert point.at_most == point.robust
    series = curve.series()
    assert series.role == "certificate"
    assert [point.rate for point in series.points] == [point.robust for point in curve.points]


def test_boxes_wider_than_a_half_circle_are_decided(closed_form):
    """Where the ball holds the whole circle, the answer is that of the whole circle."""
    tensor = np.zeros((2, 3, 3))
    tensor[0, 0, 0], tensor[0, 1, 0], tensor[0, 0, 1] = 2.1, 1.0, 1.0  # 2.1 + cos a + cos b
    closed = closed_form(tensor)
    (item,) = certify.robustness(closed, [[0.3, 0.4]], [0], Radius(9.0), tolerance=1e-6)
    assert item.status == "robust"
    assert item.lower == pytest.approx(0.1, abs=2e-6)
    tensor[0, 0, 0] = 1.9
    (item,) = certify.robustness(closed_form(tensor), [[0.3, 0.4]], [0], Radius(9.0))
    assert item.status == "not robust"


def test_an_ended_budget_leaves_a_valid_interval(random_form):
    """With too few nodes the answer is unknown, and its interval holds the exact margin."""
    closed = random_form(9, (1, 1, 1, 1), classes=2)
    X = np.random.default_rng(9).uniform(0, np.pi, (40, 4))
    exact = certify.robustness(closed, X, None, Radius(1.0), tolerance=1e-6)
    for nodes in (1, 5, 25):
        short = certify.robustness(closed, X, None, Radius(1.0), tolerance=1e-6, nodes=nodes)
        for a, b in zip(exact, short, strict=True):
            assert b.lower <= a.upper
            assert a.lower <= b.upper
            assert b.nodes <= nodes + 2

    # Slack moves the decision to where the bound is not yet tight.
    item, *_ = exact
    (undecided,) = certify.robustness(
        closed, X[:1], [item.label], Radius(1.0), slack=item.upper - 1e-4, nodes=1
    )
    assert undecided.status == "unknown"
    assert undecided.counterexample is None
    assert "Undecided" in undecided.statement()


def test_slack_raises_what_a_margin_must_exceed(random_form):
    """A certificate with slack is one whose margin exceeds the slack."""
    closed = random_form(10, (1, 1))
    X = np.random.default_rng(10).uniform(0, np.pi, (30, 2))
    exact = certify.robustness(closed, X, None, Radius(0.2), tolerance=1e-7)
    half = np.full((3, 3), 0.5)
    eased = certify.robustness(closed, X, None, Radius(0.2), slack=half)
    assert {item.status for item in eased} == {"robust", "not robust"}
    for a, b in zip(exact, eased, strict=True):
        assert (b.status == "robust") == (a.lower > 0.5)


def test_weights_scales_and_spaces_describe_the_same_ball(random_form, closed_form):
    """A radius in angles, in scaled features or with weights gives the same box, hence margin."""
    closed = random_form(12, (1, 1), scales=[2.0, 2.0], offsets=[0.3, -0.2])
    X = np.random.default_rng(12).uniform(0, 1, (10, 2))
    in_angles = certify.robustness(closed, X, None, Radius(0.4), tolerance=1e-6)
    scaled = certify.robustness(closed, X, None, Radius(0.2, space="scaled"), tolerance=1e-6)
    weighted = certify.robustness(closed, X, None, Radius(0.8), weights=[0.5, 0.5], tolerance=1e-6)
    for a, b, c in zip(in_angles, scaled, weighted, strict=True):
        assert a.upper == pytest.approx(b.upper, abs=3e-6)
        assert a.upper == pytest.approx(c.upper, abs=3e-6)
    frozen = certify.robustness(closed, X, None, Radius(3.0), weights=[0, 0], tolerance=1e-6)
    labels = np.array([item.label for item in frozen])
    np.testing.assert_allclose(
        [item.upper for item in frozen], margins(closed, X, labels), atol=1e-7
    )


def test_features_that_are_not_used_do_not_move(random_form):
    """A model that ignores a feature has the margins of the model without it."""
    closed = random_form(13, (1, 0, 1))
    X = np.random.default_rng(13).uniform(0, 3, (10, 3))
    found = certify.robustness(closed, X, None, Radius(0.5), tolerance=1e-5)
    for x, item in zip(X, found, strict=True):
        assert item.worst_input[1] == x[1]


def test_a_constant_model_is_robust_everywhere(random_form):
    """A model that uses no feature is certified at any radius."""
    closed = random_form(14, (0, 0))
    found = certify.robustness(closed, np.zeros((2, 2)), None, Radius(50.0))
    assert [item.status for item in found] == ["robust", "robust"]


def test_global_depolarizing_changes_no_decision(random_circuit, closed_form):
    """Scaling all logits, as global depolarizing does without bias, leaves the curve as it was."""
    tensor = random_circuit(3, 3).tensor.numpy()
    X = np.random.default_rng(3).uniform(0, np.pi, (60, 3))
    radii = [Radius(0.1), Radius(0.3)]
    y = closed_form(tensor)(torch.tensor(X)).argmax(dim=1).numpy()
    clean = certify.robust_accuracy(closed_form(tensor), X, y, radii)
    noisy = certify.robust_accuracy(closed_form(0.05 * tensor), X, y, radii)
    assert [p.robust for p in clean.points] == [p.robust for p in noisy.points]


def test_a_sample_outside_the_domain_widens_it(random_form):
    """The ball of a sample outside the domain reaches from the sample inwards."""
    closed = random_form(15, (1,))
    (item,) = certify.robustness(closed, [[-0.5]], None, Radius(0.2), 0, 3, tolerance=1e-6)
    assert -0.5 <= item.worst_input[0] <= -0.3
    grid = grid_minimum(closed, item.label, [-0.5], [-0.3], 401)
    assert item.upper == pytest.approx(grid, abs=1e-3)


def test_no_samples_give_no_certificates(random_form):
    """An empty batch is certified by an empty tuple."""
    assert certify.robustness(random_form(0, (1, 1)), np.zeros((0, 2)), None, Radius(0.1)) == ()


def test_certificates_are_records(random_form):
    """A certificate survives JSON, and its statement names radius, class and proof."""
    closed = random_form(16, (1, 1))
    found = certify.robustness(closed, [[0.1, 0.2], [3.0, 1.0]], None, Radius(0.05))
    for item in found:
        assert record.from_json(certify.Certificate, record.to_json(item)) == item
        assert "0.05 rad L-inf" in item.statement()
        assert "nodes" in item.statement()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"radius": Radius(0.1, norm="l2")}, "not covered"),
        ({"radius": Radius(0.1, space="raw")}, "convert the radius"),
        ({"X": [[0.0]]}, r"shape \(N, 2\)"),
        ({"X": [[0.0, np.nan]]}, "finite"),
        ({"y": [0.0]}, "class indices"),
        ({"y": [3]}, "0..2"),
        ({"y": [0, 1]}, "class indices"),
        ({"weights": [1.0, -1.0]}, "weights"),
        ({"weights": [1.0]}, "weights"),
        ({"low": 2.0, "high": 1.0}, "low <= high"),
        ({"nodes": 0}, "node budget"),
        ({"tolerance": 0.0}, "tolerance"),
    ],
)
def test_bad_input_is_named(change, message, random_form):
    """Each wrong argument gets an error that says what was wrong."""
    given = {"X": [[0.0, 0.0]], "y": [0], "radius": Radius(0.1)} | change
    X, y, radius = given.pop("X"), given.pop("y"), given.pop("radius")
    with pytest.raises(InputError, match=message):
        certify.robustness(random_form(0, (1, 1)), X, y, radius, **given)


def test_a_curve_needs_radii_of_one_kind(random_form):
    """Radii of several spaces, or none, make no curve."""
    closed, X = random_form(0, (1, 1)), np.zeros((1, 2))
    for radii in ([], [Radius(0.1), Radius(0.1, space="scaled")]):
        with pytest.raises(InputError, match="one norm and space"):
            certify.robust_accuracy(closed, X, None, radii)
