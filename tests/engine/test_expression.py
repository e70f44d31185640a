"""Angles evaluate, add up and bundle as the formulas they stand for."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.engine.angle_map import AngleMap
from redqubit.engine.expression import Angle, Expression, bundles

X = torch.tensor([[0.3, -0.7], [1.1, 0.2], [-0.4, 0.9]], dtype=torch.float64)
W = torch.tensor([0.5, -1.3], dtype=torch.float64)
CPU = torch.device("cpu")

leaves = st.one_of(
    st.tuples(st.just("feature"), st.integers(0, 1)),
    st.tuples(st.just("weight"), st.integers(0, 1)),
    st.tuples(st.just("number"), st.floats(-2, 2)),
)
trees = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.tuples(st.sampled_from(["add", "mul"]), part, part),
        st.tuples(st.sampled_from(["sin", "cos", "atan", "Abs"]), part),
        st.tuples(st.just("pow"), part, st.tuples(st.just("number"), st.sampled_from([2.0, 3.0]))),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(trees, min_size=1, max_size=6))
def test_bundles_evaluate_every_expression(found):
    """Expressions of one structure evaluated at once give what each gives alone."""
    expressions = {row: Expression(tree) for row, tree in enumerate(found)}
    seen = []
    for bundle in bundles(expressions):
        values = bundle.to(torch.float64, CPU)(X, W).expand(len(X), -1)
        for column, row in enumerate(bundle.rows):
            alone = expressions[row](X, W).expand(len(X))
            assert torch.allclose(values[:, column], alone, rtol=1e-12, atol=1e-12)
            seen.append(row)
    assert sorted(seen) == list(expressions)


def test_equal_structures_share_a_bundle():
    """Leaves differ within a bundle, powers and functions do not."""
    product = [("mul", ("feature", i), ("number", float(i))) for i in range(3)]
    powers = [("pow", ("feature", 0), ("number", e)) for e in (2.0, 3.0)]
    sizes = [len(b.rows) for b in bundles(dict(enumerate(map(Expression, product + powers))))]
    assert sorted(sizes) == [1, 1, 3]


def test_numbers_keep_double_precision():
    """Constants inside expressions are not rounded to single precision."""
    tree = ("mul", ("add", ("number", math.pi), ("feature", 0)), ("number", 1 / 3))
    angles = AngleMap([Angle(expression=Expression(tree))], 2, 2, torch.float64, CPU)
    assert abs(angles.of_samples(X, W)[0, 0] - (math.pi + 0.3) / 3) < 1e-15


AFFINE = Angle(0.25, ((0, 2.0),), ((1, -0.5),))
GENERAL = Angle(expression=Expression(("mul", ("feature", 1), ("weight", 0))))


def test_sums_and_multiples_of_angles():
    """Sums and multiples of affine and general angles have the value of the formula."""
    affine, general = AFFINE.value(X, W), GENERAL.value(X, W)
    for angle, expected in [
        (AFFINE.scaled(-2.0), -2 * affine),
        (GENERAL.scaled(-2.0), -2 * general),
        (AFFINE.plus(1.5), affine + 1.5),
        (AFFINE.plus(AFFINE), 2 * affine),
        (AFFINE.plus(GENERAL), affine + general),
        (GENERAL.plus(AFFINE).scaled(0.5), (affine + general) / 2),
    ]:
        assert torch.allclose(angle.value(X, W), expected, rtol=1e-14)
    assert AFFINE.plus(AFFINE.scaled(-1.0)) == Angle()
    assert AFFINE.plus(GENERAL).feature_indices == (0, 1)


def test_maps_evaluate_all_angles_for_models_and_batches():
    """An angle map gives each angle for each model and sample, affine or not, and its adjoint."""
    angles = [AFFINE, Angle(1.0), GENERAL, Angle(weights=((0, 3.0),))]
    rng = np.random.default_rng(0)
    w = torch.tensor(rng.normal(size=(4, 2)))
    x = torch.tensor(rng.normal(size=(4, 3, 2)))
    table = AngleMap(angles, 2, 2, torch.float64, CPU)
    for batch in (X, x):
        values = table.of_samples(batch, w)
        assert values.shape == (4, 4, 3)
        for model in range(4):
            own = batch if batch.dim() == 2 else batch[model]
            for row, angle in enumerate(angles):
                expected = angle.value(own, w[model]).expand(3)
                assert torch.allclose(values[model, row], expected, rtol=1e-14)
    affine = AngleMap([AFFINE, Angle(0.5, ((1, 1.0),))], 2, 2, torch.float64, CPU)
    assert affine.affine
    assert not table.affine
    x = x.requires_grad_()
    direction = torch.tensor(rng.normal(size=(4, 2, 3)))
    (expected,) = torch.autograd.grad(affine.of_samples(x, w), x, direction)
    assert torch.allclose(affine.of_samples_adjoint(direction), expected)
