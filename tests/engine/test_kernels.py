"""Kernels do what their one-line formulas say, in torch and in numpy alike."""

import numpy as np
import pytest
import torch

from redqubit.engine import turns
from redqubit.engine.kernels import COLUMNS, NumpyKernels, TorchKernels
from redqubit.engine.plan import Window
from redqubit.engine.pool import SMALLEST, Pool

KERNELS = {"numpy": NumpyKernels, "torch": TorchKernels}


def state(kind, models=2, n=4, columns=3, seed=0):
    """Return random states as a tensor."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(models, 2**n, columns))
    if kind == "complex":
        values = values + 1j * rng.normal(size=values.shape)
    return torch.tensor(values)


@pytest.fixture(params=sorted(KERNELS))
def kernels(request):
    """Return the kernels of either array type."""
    return KERNELS[request.param]()


@pytest.mark.parametrize("kind", ["real", "complex"])
@pytest.mark.parametrize("columns", [1, 3, 2 * COLUMNS])
def test_windows_multiply_and_correlate_their_qubits(dense, kernels, kind, columns):
    """A window's product equals the embedded matrix, its correlation the traced outer product."""
    n = 4
    psi, lam = state(kind, columns=columns), state(kind, columns=columns, seed=1)
    for window in (Window(0, 2, 0), Window(1, 3, 0), Window(3, 1, 0), Window(0, 4, 0)):
        k = 2**window.size
        matrix = torch.tensor(np.random.default_rng(2).normal(size=(2, k, k)))
        given = matrix if isinstance(kernels, TorchKernels) else matrix.numpy()
        result = kernels.leave(kernels.multiply(kernels.enter(psi), [given], [window]))
        (found,) = kernels.correlate(kernels.enter(lam), kernels.enter(psi), [window])
        qubits = range(window.low, window.low + window.size)
        for model in range(2):
            full = dense.embed(matrix[model].numpy(), qubits, n)
            assert abs(result[model].numpy() - full @ psi[model].numpy()).max() < 1e-12
        parts = [
            part.reshape(2, 2 ** (n - window.low - window.size), k, -1, columns)
            for part in (lam, psi)
        ]
        expected = torch.einsum("mbkac,mblac->mkl", parts[0].conj(), parts[1]).real
        assert abs(found - expected).max() < 1e-10


def test_elementwise_operations_equal_their_formulas(kernels):
    """Scaling, gathering and slopes equal the tensor expressions."""
    psi, lam = state("complex"), state("complex", seed=1)
    factor = torch.polar(torch.ones(2, 16, 1).double(), torch.rand(2, 16, 1).double())
    index = torch.randperm(16, generator=torch.Generator().manual_seed(0))
    enter, leave = kernels.enter, kernels.leave
    slopes = (lam.conj() * psi).imag
    assert torch.allclose(leave(kernels.scale(enter(psi), factor)), psi * factor)
    assert torch.allclose(leave(kernels.scale_own(enter(psi.clone()), factor)), psi * factor)
    assert torch.equal(leave(kernels.gather(enter(psi), index)), psi[:, index])
    assert torch.allclose(kernels.slopes(enter(lam), enter(psi)), slopes)
    assert torch.allclose(kernels.row_slopes(enter(lam), enter(psi)), slopes.sum(-1))


def test_scaling_widens_where_it_must(kernels):
    """A real or single-column state becomes complex or as wide as the factor."""
    real, narrow = state("real"), state("complex", columns=1)
    wide = torch.polar(torch.ones(2, 16, 3).double(), torch.rand(2, 16, 3).double())
    for psi in (real, narrow):
        result = kernels.leave(kernels.scale_own(kernels.enter(psi.clone()), wide))
        assert torch.allclose(result, psi * wide)
    lam = state("complex")
    row = kernels.row_slopes(kernels.enter(lam), kernels.enter(narrow))
    assert torch.allclose(row, (lam.conj() * narrow).imag.sum(-1))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_turn_matrices_are_kronecker_products_of_ry(kernels, size):
    """A window's matrix is the product of RY from the highest qubit to the lowest."""
    half = torch.tensor(np.random.default_rng(size).normal(size=(2, 3, size)))
    index = torch.tensor(turns.entry_index(size).ravel())
    found = kernels.turns(half, index)
    for model in range(2):
        for count in range(3):
            expected = np.eye(1)
            for angle in half[model, count].tolist():
                c, s = np.cos(angle), np.sin(angle)
                expected = np.kron(expected, [[c, -s], [s, c]])
            assert abs(np.asarray(found[count, model]) - expected).max() < 1e-14


def test_generators_give_the_gradient_of_turns():
    """Correlations after a turn, contracted with the generators, are its gradient."""
    rng = np.random.default_rng(4)
    half = torch.tensor(rng.normal(size=3), requires_grad=True)
    psi, lam = torch.tensor(rng.normal(size=(8, 5))), torch.tensor(rng.normal(size=(8, 5)))
    index = torch.tensor(turns.entry_index(3).ravel())
    matrix = TorchKernels().turns(half[None, None], index)[0, 0]
    after = matrix @ psi
    (expected,) = torch.autograd.grad((lam * after).sum(), half)
    correlation = (lam @ after.detach().T).flatten()
    assert torch.allclose(correlation @ torch.tensor(turns.generators(3)), expected)


def test_entry_index_can_permute_columns():
    """Column j of the permuted lookup is column source[j] of the product."""
    source = np.random.default_rng(5).permutation(8)
    plain, permuted = turns.entry_index(3), turns.entry_index(3, source)
    assert (permuted.reshape(3, 8, 8) == plain.reshape(3, 8, 8)[:, :, source]).all()


def test_the_pool_reuses_only_what_nobody_holds():
    """A buffer comes back when arrays, views and tensors on it are gone, and not before."""
    pool = Pool()
    shape = (SMALLEST // 8,)
    first = pool.take(shape, np.float64)
    where = first.ctypes.data
    view, tensor = first[10:].reshape(-1, 2), torch.from_numpy(first)
    del first
    assert pool.take(shape, np.float64).ctypes.data != where
    del view
    assert pool.take(shape, np.float64).ctypes.data != where
    del tensor
    assert pool.take(shape, np.complex128).nbytes == 2 * SMALLEST
    assert pool.take(shape, np.float64).ctypes.data == where


def test_small_arrays_stay_out_of_the_pool_and_old_sizes_leave_it():
    """Small requests are fresh memory, and the pool forgets sizes that were not asked for."""
    pool = Pool()
    assert pool.take((3, 4), np.float32).shape == (3, 4)
    assert not pool._buffers
    for factor in range(1, 9):
        pool.take((factor * SMALLEST,), np.uint8)
    assert list(pool._buffers) == [factor * SMALLEST for factor in range(5, 9)]
