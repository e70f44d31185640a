import numpy as np
import pytest
import torch

from redqubit.certify import form as module
from redqubit.certify.arcs import control_points
from redqubit.certify.form import Form, contract
from redqubit.core.errors import InputError


def test_logits_agree_with_the_closed_form(random_form):
    """The verifier evaluates the same function as the engine, with scales and unused features."""
    closed = random_form(1, (1, 0, 2, 1), scales=[2.0, 1.0, -1.0, 0.5], offsets=[0.1, 0, 0.2, 3.0])
    X = np.random.default_rng(0).normal(size=(7, 4))
    np.testing.assert_allclose(Form(closed).logits(X), closed(torch.tensor(X)), atol=1e-12)


@pytest.mark.parametrize("degrees", [(1,), (1, 1, 1), (2, 1), (1, 2, 1, 1)])
def test_contraction_equals_one_axis_after_the_other(degrees, random_form):
    """Grouping features changes the order of products, not the control values."""
    tensor, rng = random_form(3, degrees).tensor.numpy(), np.random.default_rng(3)
    centers, halves = rng.normal(size=(2, len(degrees))), rng.uniform(0, 2, (2, len(degrees)))
    points = [control_points(centers[:, f], halves[:, f], d) for f, d in enumerate(degrees)]
    values = contract(tensor, points, 2)
    for box in range(2):
        expected = tensor
        for f in range(len(degrees)):
            turned = np.tensordot(points[f][box], expected, axes=(1, f + 1))
            expected = np.moveaxis(turned, 0, f + 1)
        np.testing.assert_allclose(values[box], expected.reshape(len(tensor), -1), atol=1e-12)


def test_chunks_do_not_change_control_values(random_form, monkeypatch):
    """Boxes give the same control values alone and in one batch."""
    form, rng = Form(random_form(0, (1, 1, 2))), np.random.default_rng(0)
    low = rng.normal(size=(5, 3))
    high = low + rng.uniform(0, 2, (5, 3))
    whole = np.concatenate([values for _, values, _ in form.control_values(low, high)])
    monkeypatch.setattr(module, "CHUNK_BYTES", 1)
    parts = [values for _, values, _ in form.control_values(low, high)]
    assert len(parts) == 5
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def precise_points(center, half):
    """Return the control points of a narrow arc for degree 1, in extended precision."""
    center, half = np.longdouble(center), np.longdouble(half)
    rows = []
    for angle, length in ((center - half, 1), (center, 1 / np.cos(half)), (center + half, 1)):
        rows.append([np.longdouble(1), length * np.cos(angle), length * np.sin(angle)])
    return np.array(rows, dtype=np.longdouble)


@pytest.mark.parametrize("half", [0.01, 0.3, 1.1])
def test_the_rounding_margin_covers_the_rounding(half, random_form):
    """Control values in extended precision differ by less than the stated rounding margin."""
    closed = random_form(5, (1,) * 5)
    form, rng = Form(closed), np.random.default_rng(5)
    low = rng.uniform(-4, 4, (20, 5))
    high = low + 2 * half * rng.uniform(0.5, 1, low.shape)
    ((_, values, reach),) = form.control_values(low, high)
    margin = form.rounding(reach, 10.0)
    center = (low.astype(np.longdouble) + high) / 2
    width = (high.astype(np.longdouble) - low) / 2
    for box in range(len(low)):
        exact = closed.tensor.numpy().astype(np.longdouble)
        for f in range(5):
            points = precise_points(center[box, f], width[box, f])
            exact = np.moveaxis(np.tensordot(points, exact, axes=(1, f + 1)), 0, f + 1)
        error = np.abs(exact.reshape(len(exact), -1) - values[box]).max(axis=1)
        assert (error < margin[box]).all()
        assert (margin[box] < 1e-8).all()


def test_forms_that_cannot_be_verified_are_refused(random_form):
    """One class has no margin, and a tensor without trigonometric axes is no closed form."""
    with pytest.raises(InputError, match="at least 2 classes"):
        Form(random_form(0, (1,), classes=1))
    with pytest.raises(InputError, match="not covered"):
        Form(None)
