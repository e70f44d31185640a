"""Every way to evaluate a circuit gives the same values and gradients."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qiskit.circuit import Gate, ParameterVector, QuantumCircuit

from redqubit.engine.composed import Composed
from redqubit.engine.evaluation import Setup
from redqubit.engine.evolved import Evolved
from redqubit.engine.lowering import lower
from redqubit.engine.observables import parse
from redqubit.engine.plan import Stage
from redqubit.engine.product import ProductStart
from redqubit.engine.product_adjoint import ArrayStart
from redqubit.engine.small import SmallMatrix
from redqubit.engine.stack import Stack, fits

CPU = torch.device("cpu")


def check(core, lowered, x, w, encoded=None):
    """Compare a core's adjoint with its plain autograd."""
    u = core.weight_map.of_weights(w).detach().requires_grad_()
    phi = core.sample_map.of_samples(x, w).detach().requires_grad_()
    inputs = [tensor for tensor in (u, phi, encoded) if tensor is not None]
    values = core.plain(u, phi, encoded)
    direction = torch.tensor(np.random.default_rng(0).normal(size=values.shape))
    wanted = [None] * len(inputs)
    if values.requires_grad:
        wanted = torch.autograd.grad(values, inputs, direction, allow_unused=True)
    with torch.no_grad():
        found, tape = core.adjoint.forward(u, phi, encoded, tape=True)
        parts = core.adjoint.backward(direction, tape, (True, True, encoded is not None))
    assert abs(found - values).max() < 1e-12
    for tensor, ours, theirs in zip(inputs, parts, wanted, strict=False):
        difference = ours - (torch.zeros_like(tensor) if theirs is None else theirs)
        assert difference.shape == tensor.shape
        assert not difference.numel() or abs(difference).max() < 1e-11


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(
    n=st.integers(1, 5),
    depth=st.integers(0, 20),
    seed=st.integers(0, 2**32 - 1),
    arrays=st.booleans(),
    models=st.sampled_from([None, 2]),
)
def test_adjoints_equal_autograd(dense, n, depth, seed, arrays, models):
    """The adjoint in torch and in numpy, evolved and composed, is the derivative of the values."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    lowered = lower(circuit, features, weights)
    labels = ["".join(rng.choice(list("IZ" if seed % 2 else "IXYZ"), n)) for _ in range(2)]
    observables = parse(labels, n)
    x = torch.tensor(rng.normal(size=(3, 2)))
    w = torch.tensor(rng.normal(size=3 if models is None else (models, 3)))
    arguments = (lowered, observables, torch.float64, CPU)
    check(Evolved(Setup(*arguments, whole_start=True, arrays=arrays)), lowered, x, w)
    setup = Setup(*arguments, whole_start=False, arrays=True)
    if fits(setup.plan, setup.steps):
        check(Composed(setup), lowered, x, w)


@pytest.mark.parametrize("n", [3, 6])
@pytest.mark.parametrize("labels", [["ZI", "IZ"], ["XI", "ZY"]])
@pytest.mark.parametrize("arrays", [True, False])
def test_encoded_states_have_gradients(n, labels, arrays):
    """The gradient by an amplitude-encoded start is right in every evaluation."""
    x, w = ParameterVector("x", 2**n), ParameterVector("w", 2 * n)
    circuit = QuantumCircuit(n)
    circuit.append(Gate("amplitude_encoding", n, list(x)), range(n))
    for qubit in range(n):
        circuit.ry(w[qubit], qubit)
        circuit.rz(w[n + qubit], qubit)
        circuit.cx(qubit, (qubit + 1) % n)
    lowered = lower(circuit, list(x), list(w))
    observables = parse([label + "I" * (n - 2) for label in labels], n)
    rng = np.random.default_rng(n)
    encoded = lowered.amplitudes(torch.tensor(rng.normal(size=(4, 2**n)))).mT.contiguous()
    encoded.requires_grad_()
    data, values = torch.zeros(4, 2**n).double(), torch.tensor(rng.normal(size=2 * n))
    arguments = (lowered, observables, torch.float64, CPU)
    core = Evolved(Setup(*arguments, whole_start=True, arrays=arrays))
    check(core, lowered, data, values, encoded)
    if n <= 5 and arrays:
        core = Composed(Setup(*arguments, whole_start=False, arrays=True))
        check(core, lowered, data, values, encoded)


STAGES = [
    (),
    (Stage("turn", None, 0),),
    (Stage("turn", 0, None), Stage("phase", None, 0), Stage("turn", None, 5)),
    (Stage("turn", None, 0), Stage("phase", 0, None), Stage("turn", 5, 5), Stage("phase", 10, 10)),
]


@pytest.mark.parametrize("stages", STAGES)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("models", [(), (2,)])
def test_product_starts_agree_with_their_adjoint(stages, n, models):
    """Product states in numpy equal those in torch, and so do the gradients of their angles."""
    rng = np.random.default_rng(n)
    u = torch.tensor(rng.normal(size=(*models, 15)), requires_grad=True)
    phi = torch.tensor(rng.normal(size=(15, 4)), requires_grad=True)
    expected = ProductStart(stages, n)(u, phi)
    arrays = ArrayStart(stages, n)
    found, tape = arrays.forward(u.detach().numpy(), phi.detach().numpy())
    assert abs(found - expected.detach().numpy()).max() < 1e-14
    assert abs(np.linalg.norm(found, axis=-2) - 1).max() < 1e-12
    if not stages:
        return
    lam = rng.normal(size=found.shape)
    if np.iscomplexobj(found):
        lam = lam + 1j * rng.normal(size=found.shape)
    wanted = torch.autograd.grad(expected, (u, phi), torch.tensor(lam), allow_unused=True)
    du, dphi = np.zeros(u.shape), np.zeros(phi.shape)
    arrays.backward(lam, tape, du, dphi)
    for a, b in zip((du, dphi), wanted, strict=True):
        assert abs(a - (0 if b is None else b.numpy())).max() < 1e-12


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_small_matrices_agree_with_the_stack(dense, n):
    """The matrix of a small circuit in numpy, and its gradient, equal those in torch."""
    rng = np.random.default_rng(n)
    names = ["rx", "ry", "rz", "cx", "cz", "swap", "h", "t", "rzz", "u"]
    circuit, _, weights = dense.random_circuit(n, 20, rng, n_features=0, names=names)
    lowered = lower(circuit, [], weights)
    arguments = (lowered, parse(["Z" * n], n), torch.float64, CPU)
    setup = Setup(*arguments, whole_start=False, arrays=True)
    stack = Stack(setup.plan, setup.steps, torch.float64, CPU)
    for models in ((), (3,)):
        u = torch.tensor(rng.normal(size=(*models, len(stack.angles))), requires_grad=True)
        expected = stack(u)
        small = SmallMatrix(stack)
        found, tape = small.forward(u.detach().numpy())
        assert abs(found - expected.detach().numpy()).max() < 1e-13
        lam = torch.tensor(rng.normal(size=found.shape)).to(expected.dtype)
        (wanted,) = torch.autograd.grad(expected, u, lam)
        assert (
            abs(small.backward(lam.conj().resolve_conj().numpy(), tape) - wanted.numpy()).max()
            < 1e-12
        )
