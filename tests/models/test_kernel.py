"""Fidelity kernels against Qiskit and brute force; the support vector machine on them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from qiskit.quantum_info import Statevector
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import estimator_checks_generator

from redqubit import circuits
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.models import QSVM, AliasingWarning, Preprocess, datasets, kernel
from redqubit.models.kernel import FidelityKernel
from redqubit.models.model import Differentiable
from redqubit.models.split import split

SKIPPED = {
    "check_dtype_object": "wants TypeError for a dict in X; redqubit raises InputError",
    "check_array_api_input": "needs SCIPY_ARRAY_API set before the interpreter starts",
}
ENCODERS = {
    "angle": circuits.angle(3),
    "angle z": circuits.angle(5, "z", scale=0.7),
    "basis": circuits.basis(2),
    "amplitude": circuits.amplitude(2),
    "zz_feature_map": circuits.zz_feature_map(3),
}


def checks():
    for estimator, check in estimator_checks_generator(QSVM()):
        name = check.func.__name__
        marks = [pytest.mark.skip(reason=SKIPPED[name])] if name in SKIPPED else []
        yield pytest.param(estimator, check, marks=marks, id=name)


@pytest.mark.filterwarnings("ignore::redqubit.models.preprocess.AliasingWarning")
@pytest.mark.parametrize(("estimator", "check"), [*checks()])
def test_scikit_learn_conventions(estimator, check):
    """The estimator passes scikit-learn's own check."""
    check(estimator)


@pytest.mark.parametrize("encoder", ENCODERS.values(), ids=ENCODERS)
def test_kernel_equals_qiskits_fidelities(encoder, monkeypatch):
    """The Gram and the cross matrix equal |<a|b>|^2 of Qiskit's states, in blocks too."""
    monkeypatch.setattr(kernel, "_BLOCK", 2)
    X = np.random.default_rng(0).uniform(0.1, 3, (7, len(circuits.features(encoder))))
    states = np.array([Statevector(circuits.bind(encoder, x)).data for x in X])
    expected = np.abs(states.conj() @ states.T) ** 2
    fidelity = FidelityKernel(encoder)
    np.testing.assert_allclose(fidelity(X), expected, atol=1e-12)
    np.testing.assert_allclose(fidelity(X, X[:3]), expected[:, :3], atol=1e-12)


def test_qubits_without_features_do_not_matter():
    """A qubit that every sample leaves in the same state has no influence on fidelities."""
    encoder = circuits.angle(2)
    wider = circuits.angle(3)
    wider = wider.assign_parameters({circuits.features(wider)[2]: 0.4})
    X = np.random.default_rng(1).uniform(0, 3, (4, 2))
    np.testing.assert_allclose(FidelityKernel(wider)(X), FidelityKernel(encoder)(X), atol=1e-12)


def test_gram_matrix_is_a_kernel():
    """It is symmetric, has ones on the diagonal and no negative eigenvalue."""
    X = np.random.default_rng(2).uniform(0, 3, (30, 4))
    gram = FidelityKernel(circuits.angle(4))(X)
    np.testing.assert_array_equal(gram, gram.T)
    np.testing.assert_array_equal(np.diag(gram), 1)
    assert np.linalg.eigvalsh(gram).min() > -1e-12


@pytest.fixture(scope="module")
def digits():
    X, y = datasets.load("digits", classes=(0, 1, 2, 3))
    return split(X, y, Preprocess("pca", 8))


def test_digits_are_learned(digits):
    """Four digits on eight qubits: at least 97 % of 200 test samples."""
    model = QSVM(circuits.angle(8)).fit(digits.X_train, digits.y_train)
    assert model.score(digits.X_test, digits.y_test) >= 0.97


def test_two_classes_equal_scikit_learns_machine():
    """The difference of the two logits is SVC's decision function on the same kernel."""
    X, y = datasets.load("iris", classes=(1, 2))
    data = split(X, y)
    model = QSVM(C=2.0).fit(data.X_train, data.y_train)
    fidelity = FidelityKernel(circuits.angle(4))
    machine = SVC(C=2.0, kernel="precomputed").fit(fidelity(data.X_train), data.y_train)
    expected = machine.decision_function(fidelity(data.X_test, data.X_train))
    np.testing.assert_allclose(model.decision_function(data.X_test), expected, atol=1e-9)


@pytest.mark.parametrize("encoder", [None, circuits.zz_feature_map(8, 1)], ids=["angle", "zz"])
def test_logits_are_the_scores_and_have_true_gradients(digits, encoder):
    """Logits equal scores, and their gradient equals finite differences."""
    model = QSVM(encoder).fit(digits.X_train[:40], digits.y_train[:40])
    assert isinstance(model, Differentiable)
    x = torch.tensor(digits.X_test[:2], requires_grad=True)
    np.testing.assert_allclose(
        model.logits(x).detach(), model.scores(digits.X_test[:2]), atol=1e-10
    )
    torch.autograd.gradcheck(model.logits, (x,), atol=1e-4)


def test_shots_scatter_around_the_exact_scores(digits):
    """Estimated scores differ from call to call, and many shots approach the exact ones."""
    data = digits.X_train[:60], digits.y_train[:60]
    model = QSVM(shots=100).fit(*data, seed=3)
    first, second = model.scores(digits.X_test), model.scores(digits.X_test)
    assert not np.array_equal(first, second)
    twin = QSVM(shots=100).fit(*data, seed=3)
    np.testing.assert_array_equal(twin.scores(digits.X_test), first)
    exact = model.logits(torch.tensor(digits.X_test)).numpy()
    many = model.sampled_scores(digits.X_test, 10**9, np.random.default_rng(0))
    np.testing.assert_allclose(many, exact, atol=1e-2)


def test_encoder_states_give_the_kernel(digits):
    """Fidelities of the encoder's states are the kernel."""
    model = QSVM().fit(digits.X_train[:40], digits.y_train[:40])
    states = model.encoder_states(digits.X_test[:5])
    expected = np.abs(states.conj() @ states.T) ** 2
    np.testing.assert_allclose(model.kernel(*[digits.X_test[:5]] * 2), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: QSVM(circuits.angle(3)), "takes 3 features, X has 8"),
        (lambda: QSVM(circuits.reupload(8, 1)), "must not have weights"),
        (lambda: QSVM(C=0), "C must be"),
        (lambda: QSVM(shots=-1), "shots must be"),
    ],
)
def test_bad_parameters_name_the_rule(digits, make, message):
    """Encoders that do not fit and useless penalties are InputErrors."""
    with pytest.raises(InputError, match=message):
        make().fit(digits.X_train, digits.y_train)


def test_too_large_a_gram_matrix_is_refused_before_it_is_made():
    """The memory is predicted and named."""
    with pytest.raises(BudgetExceededError, match=r"takes 18\.6 GiB, the limit is 4 GiB"):
        FidelityKernel(circuits.angle(1))(np.zeros((50_000, 1)))


def test_features_over_the_period_warn(digits):
    """Samples that span a full turn of the encoder raise the named warning."""
    with pytest.warns(AliasingWarning):
        QSVM().fit(3 * digits.X_train[:40], digits.y_train[:40])
