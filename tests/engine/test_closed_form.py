"""The closed form as a function: values, derivatives, heads, bounds and its stored form."""

import itertools

import numpy as np
import pytest
import torch

from redqubit.core.errors import InputError
from redqubit.engine.closed_form import ClosedForm, QuadraticForm


def random_form(degrees, outputs=3, seed=0):
    """Return a closed form with normal coefficients, scales and offsets."""
    rng = np.random.default_rng(seed)
    shape = [outputs, *(2 * degree + 1 for degree in degrees)]
    return ClosedForm(
        torch.tensor(rng.normal(size=shape)),
        torch.tensor(rng.uniform(0.5, 2, size=len(degrees))),
        torch.tensor(rng.normal(size=len(degrees))),
    )


def term_by_term(form, x):
    """Evaluate the definition by a sum over all index tuples."""
    total = np.zeros((len(x), form.n_outputs))
    tensor = form.tensor.numpy()
    angles = x * form.scales.numpy() + form.offsets.numpy()
    for index in itertools.product(*(range(size) for size in tensor.shape[1:])):
        product = np.ones(len(x))
        for feature, i in enumerate(index):
            multiple = (i + 1) // 2
            if i:
                function = np.cos if i % 2 else np.sin
                product = product * function(multiple * angles[:, feature])
        total += product[:, None] * tensor[(slice(None), *index)]
    return total


@pytest.mark.parametrize("degrees", [(), (0,), (1,), (1, 1, 1, 1, 1), (2, 0, 1, 3), (0, 0)])
def test_values_are_the_sum_over_all_terms(degrees):
    """Evaluation by two matrix products equals the definition, term by term."""
    form = random_form(degrees)
    x = np.random.default_rng(1).normal(size=(4, len(degrees)))
    assert form.degrees == degrees
    assert abs(form(torch.tensor(x)).numpy() - term_by_term(form, x)).max() < 1e-12
    single = form(torch.tensor(x, dtype=torch.float32))
    assert single.dtype == torch.float32
    assert abs(single.numpy() - term_by_term(form, x)).max() < 1e-5 * (1 + form.bound().max())


def test_gradients_of_first_and_second_order():
    """The values pass gradcheck and gradgradcheck in the features."""
    form = random_form((1, 2, 0, 1))
    x = torch.randn(2, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x.requires_grad_(True)
    assert torch.autograd.gradcheck(form, (x,))
    assert torch.autograd.gradgradcheck(form, (x,))


@pytest.mark.parametrize("feature", range(3))
def test_derivative_is_the_partial_derivative(feature):
    """The closed form of a derivative equals automatic differentiation."""
    form = random_form((1, 2, 3))
    x = torch.tensor(np.random.default_rng(2).normal(size=(5, 3)), requires_grad=True)
    columns = [
        torch.autograd.grad(form(x)[:, k].sum(), x)[0][:, feature] for k in range(form.n_outputs)
    ]
    assert (form.derivative(feature)(x.detach()) - torch.stack(columns, 1)).abs().max() < 1e-12


def test_head_contracts_into_the_tensor():
    """A linear head after the outputs and a head inside the tensor are one function."""
    form = random_form((1, 0, 2))
    rng = np.random.default_rng(3)
    weight, bias = torch.tensor(rng.normal(size=(2, 3))), torch.tensor(rng.normal(size=2))
    x = torch.tensor(rng.normal(size=(6, 3)))
    logits = form.contract_head(weight, bias)
    assert (logits(x) - (form(x) @ weight.T + bias)).abs().max() < 1e-12


@pytest.mark.parametrize("degrees", [(1,), (1, 1, 1), (2, 1, 0), (3, 2)])
@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_lipschitz_constant_holds_everywhere(degrees, norm):
    """No pair of random points changes an output faster than its Lipschitz constant."""
    form = random_form(degrees, seed=4)
    rng = np.random.default_rng(5)
    x = torch.tensor(rng.uniform(-4, 4, size=(2000, len(degrees))))
    step = torch.tensor(rng.normal(size=x.shape) * rng.choice([1e-3, 0.1, 1.0], size=(2000, 1)))
    order = float("inf") if norm == "linf" else 2
    length = torch.linalg.vector_norm(step, ord=order, dim=1, keepdim=True)
    slopes = (form(x + step) - form(x)).abs() / length
    assert bool((slopes.max(0).values <= form.lipschitz(norm) * (1 + 1e-12)).all())
    assert bool((form(x).abs().max(0).values <= form.bound() * (1 + 1e-12)).all())


def test_lipschitz_constant_of_a_cosine_is_its_slope():
    """For 0.7 cos(2 x + 0.3) it is 1.4 exactly, for sin(6 x) it is 6, for a constant 0."""
    form = ClosedForm(
        torch.tensor([[0.2, 0.7, 0.0], [0.5, 0.0, 0.0]]), torch.tensor([2.0]), torch.tensor([0.3])
    )
    assert form.lipschitz().tolist() == pytest.approx([1.4, 0.0], abs=1e-7)
    triple = ClosedForm(torch.eye(7)[6:], torch.tensor([2.0]), torch.zeros(1))  # sin(3 (2 x))
    assert triple.lipschitz().tolist() == pytest.approx([6.0])
    nothing = ClosedForm(torch.ones(2, 1), torch.ones(1), torch.zeros(1))
    assert nothing.lipschitz("l2").tolist() == [0.0, 0.0]


def test_forms_survive_their_arrays():
    """A form built from its stored arrays gives the same values, bit for bit."""
    form, quadratic = random_form((1, 2)), random_quadratic()
    x = torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert torch.equal(ClosedForm.from_arrays(form.arrays())(x), form(x))
    again = QuadraticForm.from_arrays(quadratic.arrays())
    assert torch.equal(again.matrices, quadratic.matrices)


def random_quadratic(size=4, outputs=3):
    """Return a quadratic form with normal matrices."""
    return QuadraticForm(torch.tensor(np.random.default_rng(6).normal(size=(outputs, size, size))))


def test_quadratic_form_is_a_rayleigh_quotient():
    """Values are x^T O x / x^T x with gradients of first and second order, and any head fits."""
    form = random_quadratic()
    x = torch.tensor(np.random.default_rng(7).normal(size=(3, 4)), requires_grad=True)
    expected = torch.einsum("bi,kij,bj->bk", x, form.matrices, x) / (x * x).sum(1, keepdim=True)
    assert (form(x) - expected).abs().max() < 1e-13
    assert torch.autograd.gradcheck(form, (x,))
    assert torch.autograd.gradgradcheck(form, (x,))
    weight, bias = torch.randn(2, 3).double(), torch.randn(2).double()
    assert (form.contract_head(weight, bias)(x) - (expected @ weight.T + bias)).abs().max() < 1e-12
    assert form(x.detach().float()).dtype == torch.float32


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_quadratic_lipschitz_constant_holds_outside_the_ball(norm):
    """Points at least 0.5 long change an output no faster than the constant for 0.5."""
    form = random_quadratic()
    rng = np.random.default_rng(8)
    x, y = (torch.tensor(rng.normal(size=(4000, 4))) for _ in range(2))
    y = torch.where(torch.tensor(rng.random((4000, 1)) < 0.5), x + 0.01 * y, y)
    far = (x.norm(dim=1) >= 0.5) & (y.norm(dim=1) >= 0.5)
    order = float("inf") if norm == "linf" else 2
    length = torch.linalg.vector_norm(x - y, ord=order, dim=1, keepdim=True)
    slopes = ((form(x) - form(y)).abs() / length)[far]
    assert bool((slopes.max(0).values <= form.lipschitz(norm, 0.5)).all())


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: ClosedForm(torch.ones(2, 3), torch.ones(2), torch.zeros(2)), "F scales"),
        (lambda: ClosedForm(torch.ones(2, 4), torch.ones(1), torch.zeros(1)), "odd"),
        (lambda: ClosedForm(torch.full((1, 3), np.nan), torch.ones(1), torch.zeros(1)), "finite"),
        (lambda: ClosedForm.from_arrays({"tensor": np.ones((1, 3))}), "lacks the arrays"),
        (lambda: ClosedForm.from_arrays({"tensro": np.ones(1)}), "did you mean 'tensor'"),
        (lambda: QuadraticForm(torch.ones(2, 3, 4)), r"\(K, F, F\)"),
        (lambda: QuadraticForm(torch.full((1, 2, 2), np.inf)), "finite"),
        (lambda: random_form((1,))(torch.zeros(2, 3)), r"\(B, 1\)"),
        (lambda: random_quadratic()(torch.zeros(2, 3)), r"\(B, 4\)"),
        (lambda: random_form((1,)).lipschitz("l1"), "unknown norm 'l1'"),
        (lambda: random_quadratic().lipschitz("l3"), "unknown norm 'l3'"),
        (lambda: random_quadratic().lipschitz("l2", 0.0), "smallest length"),
        (lambda: random_form((1,)).derivative(1), r"0..0, got 1"),
        (lambda: random_form((1,)).contract_head(torch.ones(2, 2), torch.ones(2)), r"\(C, 3\)"),
    ],
)
def test_shapes_and_values_that_do_not_fit_are_errors(build, message):
    """Forms of the wrong shape, with NaN, or called with the wrong width are refused."""
    with pytest.raises(InputError, match=message):
        build()
