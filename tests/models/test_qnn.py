"""The quantum neural network: accurate, exact, reproducible, a good scikit-learn citizen."""

from __future__ import annotations

import copy
import warnings

import numpy as np
import pytest
import torch
from qiskit.quantum_info import SparsePauliOp, Statevector
from sklearn.utils.estimator_checks import estimator_checks_generator

from redqubit import circuits
from redqubit.core.errors import InputError
from redqubit.engine.channels import depolarizing
from redqubit.engine.noise import Noise, Readout
from redqubit.models import QNN, AliasingWarning, Preprocess, datasets
from redqubit.models.model import Differentiable
from redqubit.models.split import split

SKIPPED = {
    "check_dtype_object": "wants TypeError for a dict in X; redqubit raises InputError",
    "check_array_api_input": "needs SCIPY_ARRAY_API set before the interpreter starts",
}
BASELINES = [  # least accuracy for one seed; the mean over seeds is 0.01 to 0.05 higher
    ("digits", (0, 1), 4, 3, 25, 0.99),
    ("digits", (0, 1, 2, 3), 4, 4, 25, 0.92),
    ("digits", (0, 1, 2, 3), 8, 3, 25, 0.97),
    ("iris", None, 4, 3, 60, 0.92),
    ("breast_cancer", None, 4, 3, 25, 0.93),
    ("moons", None, 2, 4, 25, 0.84),
]


def checks():
    model = QNN(epochs=8, learning_rate=0.1, dtype="complex128")
    for estimator, check in estimator_checks_generator(model):
        name = check.func.__name__
        marks = [pytest.mark.skip(reason=SKIPPED[name])] if name in SKIPPED else []
        yield pytest.param(estimator, check, marks=marks, id=name)


@pytest.mark.filterwarnings("ignore::redqubit.models.preprocess.AliasingWarning")
@pytest.mark.parametrize(("estimator", "check"), [*checks()])
def test_scikit_learn_conventions(estimator, check):
    """The estimator passes scikit-learn's own check."""
    check(estimator)


@pytest.mark.parametrize(("name", "classes", "n", "layers", "epochs", "expected"), BASELINES)
def test_published_baselines_are_reached(name, classes, n, layers, epochs, expected):
    """PCA, angle encoding and entangling layers reach the accuracy known for each data set."""
    X, y = datasets.load(name, classes)
    data = split(X, y, Preprocess("pca", n), seed=1)
    model = QNN(circuits.angle(n), circuits.strongly_entangling(n, layers), epochs=epochs)
    model.fit(data.X_train, data.y_train, seed=1)
    assert model.score(data.X_test, data.y_test) >= expected


@pytest.fixture(scope="module")
def moons():
    X, y = datasets.load("moons", samples=60)
    return split(X, y, train=40, test=20)


def small(**settings):
    parts = circuits.angle(2), circuits.strongly_entangling(2, 2)
    return QNN(*parts, **({"epochs": 3, "dtype": "complex128"} | settings))


def qiskit_values(model, X):
    """Return expectation values computed by Qiskit."""
    n = model.circuit_.num_qubits
    labels = model.observables or ["I" * (n - 1 - q) + "Z" + "I" * q for q in range(n)]
    states = [Statevector(circuits.bind(model.circuit_, x, model.weights_)) for x in X]
    return np.array(
        [[state.expectation_value(SparsePauliOp(o)).real for o in labels] for state in states]
    )


def test_scores_are_the_head_on_qiskits_expectation_values(moons):
    """Logits equal head_weight @ <O> + head_bias with values from Qiskit."""
    model = small(observables=["IZ", "XX", "ZY"]).fit(moons.X_train, moons.y_train)
    values = qiskit_values(model, moons.X_test)
    np.testing.assert_allclose(model.expectation_values(moons.X_test), values, atol=1e-12)
    expected = values @ model.head_weight_.T + model.head_bias_
    np.testing.assert_allclose(model.scores(moons.X_test), expected, atol=1e-12)


def test_single_precision_agrees_with_double(moons):
    """complex64 predicts what complex128 predicts with the same parameters, within 1e-5."""
    model = small(dtype="complex64").fit(moons.X_train, moons.y_train)
    expected = qiskit_values(model, moons.X_test) @ model.head_weight_.T + model.head_bias_
    np.testing.assert_allclose(model.scores(moons.X_test), expected, atol=1e-5)


@pytest.mark.parametrize(
    "encoder",
    [circuits.angle(2), circuits.zz_feature_map(2, 1), circuits.reupload(2, 2)],
    ids=["angle", "zz_feature_map", "reupload"],
)
def test_logits_are_differentiable_in_the_input(moons, encoder):
    """Logits equal scores, and their gradient equals finite differences."""
    model = QNN(encoder, circuits.real_amplitudes(2, 1), epochs=2, dtype="complex128")
    model.fit(moons.X_train, moons.y_train)
    assert isinstance(model, Differentiable)
    x = torch.tensor(moons.X_test[:3], requires_grad=True)
    np.testing.assert_allclose(model.logits(x).detach(), model.scores(moons.X_test[:3]), atol=1e-12)
    torch.autograd.gradcheck(model.logits, (x,))


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("head", ["linear", "expectations"])
def test_per_sample_gradients_are_derivatives_of_each_loss(moons, loss, head):
    """Each row equals the finite difference of that sample's own loss."""
    model = small(loss=loss, head=head).fit(moons.X_train, moons.y_train)
    X, y = moons.X_test[:3], moons.y_test[:3]
    got = model.per_sample_gradients(X, y)

    def losses(theta):
        moved = copy.deepcopy(model)
        moved._set_parameters(theta)
        scores = moved.scores(X)
        if loss == "mse":
            target = np.where(np.arange(2) == y[:, None], 1.0, -1.0)
            return ((scores - target) ** 2).mean(axis=1)
        return np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(3), y]

    theta = model._parameters()
    for p, direction in enumerate(np.eye(len(theta)) * 1e-5):
        slope = (losses(theta + direction) - losses(theta - direction)) / 2e-5
        np.testing.assert_allclose(got[:, p], slope, atol=1e-7)


def test_training_follows_the_gradient(moons):
    """One full-batch Adam step moves every parameter by the rate against the gradient's sign."""
    model = small(epochs=1, batch_size=40, learning_rate=1e-3)
    model.fit(moons.X_train, moons.y_train, seed=3)
    still = small(epochs=1, batch_size=40, learning_rate=1e-12)
    still.fit(moons.X_train, moons.y_train, seed=3)
    gradient = still.per_sample_gradients(moons.X_train, moons.y_train).mean(axis=0)
    moved = model._parameters() - still._parameters()
    large = np.abs(gradient) > 1e-4
    assert large.sum() > 10
    np.testing.assert_allclose(moved[large], -1e-3 * np.sign(gradient[large]), rtol=1e-3)


def test_the_seed_decides_the_model(moons):
    """The seed of fit wins over that of the constructor; equal seeds give equal weights."""
    data = moons.X_train, moons.y_train
    first, again, other = small(seed=5).fit(*data), small().fit(*data, seed=5), small().fit(*data)
    np.testing.assert_array_equal(first.weights_, again.weights_)
    assert first.loss_curve_ == again.loss_curve_
    assert not np.allclose(first.weights_, other.weights_)


@pytest.mark.parametrize("settings", [{}, {"optimizer": "spsa"}, {"loss_threshold": 0.68}])
def test_many_models_at_once_equal_models_one_by_one(moons, settings):
    """fit_many trains each row of labels exactly as fit would alone."""
    rng = np.random.default_rng(0)
    Y = np.stack([moons.y_train, rng.permutation(moons.y_train), 1 - moons.y_train])
    many = small(epochs=6, **settings).fit_many(moons.X_train, Y, seed=2)
    for row, model in zip(Y, many, strict=True):
        alone = small(epochs=6, **settings).fit(moons.X_train, row, seed=2)
        np.testing.assert_allclose(model.weights_, alone.weights_, atol=1e-9)
        np.testing.assert_allclose(
            model.scores(moons.X_test), alone.scores(moons.X_test), atol=1e-9
        )
        np.testing.assert_allclose(
            model.loss_curve_[: len(alone.loss_curve_)], alone.loss_curve_, atol=1e-9
        )


def test_labels_may_be_text_and_may_be_missing(moons):
    """Text labels come back from predict; listed classes get a logit even when none was seen."""
    names = np.array(["moon", "sun"])[moons.y_train]
    model = small(classes=["sun", "moon", "star"]).fit(moons.X_train, names)
    assert model.classes_.tolist() == ["moon", "star", "sun"]
    assert model.predict_proba(moons.X_test).shape == (20, 3)
    assert set(model.predict(moons.X_test)) <= {"moon", "star", "sun"}
    rates = small(epochs=10).fit(moons.X_train, names).score_by_class(moons.X_train, names)
    assert {label: rate.n for label, rate in rates.items()} == {"moon": 20, "sun": 20}
    overall = sum(rate.successes for rate in rates.values()) / 40
    assert overall == small(epochs=10).fit(moons.X_train, names).score(moons.X_train, names)


def test_training_ends_at_the_threshold(moons):
    """Training stops after the first epoch whose loss is below the threshold."""
    curve = small(epochs=50, loss_threshold=0.6).fit(moons.X_train, moons.y_train).loss_curve_
    assert curve[-1] < 0.6 <= min(curve[:-1])


def test_callbacks_see_a_usable_model_and_may_stop_it(moons):
    """A callback can evaluate the model of its epoch and end the training; progress is told."""
    seen, told = [], []

    def callback(epoch, loss, model):
        seen.append((epoch, loss, model.score(moons.X_test, moons.y_test)))
        return epoch == 1

    model = small(epochs=9, callbacks=[callback], progress=lambda *args: told.append(args))
    model.fit(moons.X_train, moons.y_train)
    assert [epoch for epoch, _, _ in seen] == [0, 1]
    assert [loss for _, loss, _ in seen] == model.loss_curve_
    assert seen[-1][2] == model.score(moons.X_test, moons.y_test)
    assert told == [(epoch + 1, 9, loss) for epoch, loss, _ in seen]


def test_executions_count_circuits(moons):
    """Per sample and step: SPSA 2; parameter shift 1 and 2 for each weight, 4 if controlled."""
    data = moons.X_train, moons.y_train
    assert small(optimizer="spsa").fit(*data).executions_ == 3 * 40 * 2
    assert small().fit(*data).executions_ == 3 * 40 * (1 + 2 * 12)
    both = small(optimizer="spsa", observables=["ZI", "XI"])
    assert both.fit(*data).executions_ == 2 * 3 * 40 * 2
    ansatz = circuits.real_amplitudes(2, 1)
    ansatz.crz(circuits.weights(ansatz)[0], 0, 1)
    controlled = QNN(circuits.angle(2), ansatz, epochs=1).fit(*data)
    assert controlled.executions_ == 40 * (1 + 2 * 4 + 4)


def test_shots_scatter_around_the_exact_scores(moons):
    """Sampled scores differ from call to call, and average to the exact logits."""
    model = small(optimizer="spsa", shots=100).fit(moons.X_train, moons.y_train)
    exact = model.logits(torch.tensor(moons.X_test)).numpy()
    first, second = model.scores(moons.X_test), model.scores(moons.X_test)
    assert not np.array_equal(first, second)
    draws = np.stack(
        [model.sampled_scores(moons.X_test, 100, np.random.default_rng(seed)) for seed in range(60)]
    )
    spread = np.abs(model.head_weight_).sum(axis=1) / np.sqrt(100 * 60)
    assert (np.abs(draws.mean(axis=0) - exact) < 5 * spread).all()


def test_shot_noise_is_reproducible(moons):
    """Two models of the same seed give the same sequence of sampled scores."""
    twins = [
        small(optimizer="spsa", shots=50, epochs=1).fit(moons.X_train, moons.y_train)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(twins[0].weights_, twins[1].weights_)
    for _ in range(2):
        np.testing.assert_array_equal(*[twin.scores(moons.X_test) for twin in twins])


def test_shots_with_adam_learn(moons):
    """Training on sampled parameter-shift gradients lowers the loss as exact training does."""
    settings = {"epochs": 3, "learning_rate": 0.1}
    sampled = small(shots=1000, **settings).fit(moons.X_train, moons.y_train)
    exact = small(**settings).fit(moons.X_train, moons.y_train)
    np.testing.assert_allclose(sampled.loss_curve_, exact.loss_curve_, atol=0.1)
    assert sampled.executions_ == exact.executions_


def test_readout_noise_scales_expectation_values(moons):
    """A symmetric readout error p multiplies every <Z> by 1 - 2p; mappings are accepted."""
    data = moons.X_train, moons.y_train
    exact = small().fit(*data)
    noise = Noise(readout=(Readout(0.1, 0.1),))
    noisy = small(noise=noise.to_json()).fit(*data)
    noisy._set_parameters(exact._parameters())
    np.testing.assert_allclose(
        noisy.expectation_values(moons.X_test),
        0.8 * exact.expectation_values(moons.X_test),
        atol=1e-12,
    )


def test_noise_is_part_of_training_and_of_the_closed_form(moons):
    """A model trained with depolarizing noise has smaller values and a closed form with them."""
    noise = Noise(two_qubit=(depolarizing(0.2),))
    model = small(noise=noise).fit(moons.X_train, moons.y_train)
    ideal = qiskit_values(model, moons.X_test)
    assert np.abs(model.expectation_values(moons.X_test)).max() < np.abs(ideal).max()
    form = model.closed_form()(torch.tensor(moons.X_test)).numpy()
    np.testing.assert_allclose(form, model.scores(moons.X_test), atol=1e-12)


@pytest.mark.parametrize(
    "encoder",
    [circuits.angle(2), circuits.reupload(2, 2), circuits.amplitude(1)],
    ids=["angle", "reupload", "amplitude"],
)
def test_closed_form_gives_the_logits(moons, encoder):
    """The closed form of the logits equals the logits, on samples it was not built from."""
    ansatz = circuits.strongly_entangling(encoder.num_qubits, 1)
    model = QNN(encoder, ansatz, epochs=2, dtype="complex128")
    model.fit(moons.X_train + 0.1, moons.y_train)
    x = torch.tensor(moons.X_test + 0.1)
    torch.testing.assert_close(model.closed_form()(x), model.logits(x), atol=1e-10, rtol=0)


def test_no_closed_form_is_none(moons):
    """The ZZ feature map is no trigonometric polynomial, so there is no closed form."""
    model = QNN(circuits.zz_feature_map(2, 1), circuits.tensor_tree(2), epochs=1)
    assert model.fit(moons.X_train, moons.y_train).closed_form() is None


def test_encoder_states_are_qiskits(moons):
    """Encoder states equal Qiskit's up to their global phase, also with trained weights."""
    for encoder in (circuits.angle(2, "y"), circuits.reupload(2, 1)):
        model = QNN(encoder, circuits.tensor_tree(2), epochs=1)
        states = model.fit(moons.X_train, moons.y_train).encoder_states(moons.X_test)
        assert states.dtype == np.complex128
        own = model.weights_[: len(circuits.weights(encoder))]
        for state, x in zip(states, moons.X_test, strict=True):
            expected = Statevector(circuits.bind(encoder, x, own))
            np.testing.assert_allclose(abs(expected.inner(Statevector(state))), 1, atol=1e-6)


def test_expectation_head_learns_with_squared_error():
    """Two digits are told apart by expectation values alone."""
    X, y = datasets.load("digits", classes=(0, 1))
    data = split(X, y, Preprocess("pca", 4))
    model = QNN(
        circuits.angle(4), circuits.strongly_entangling(4, 3), head="expectations", loss="mse"
    ).fit(data.X_train, data.y_train)
    assert model.score(data.X_test, data.y_test) >= 0.9
    np.testing.assert_allclose(
        model.scores(data.X_test), model.expectation_values(data.X_test)[:, :2], atol=1e-9
    )


def test_a_copy_predicts_the_same(moons):
    """What is derived from the weights is rebuilt in copies."""
    model = small().fit(moons.X_train, moons.y_train)
    twin = copy.deepcopy(model)
    np.testing.assert_array_equal(twin.scores(moons.X_test), model.scores(moons.X_test))
    assert twin.closed_form() is not None


def test_features_over_the_period_warn(moons):
    """Samples that span a full turn of the encoder raise the named warning; others do not."""
    with pytest.warns(AliasingWarning, match="the encoder's period is 6.28319"):
        small(epochs=1).fit(2.5 * moons.X_train, moons.y_train)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small(epochs=1).fit(moons.X_train, moons.y_train)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"encoder": circuits.angle(3), "ansatz": None}, "no trainable weights"),
        ({"encoder": circuits.angle(3)}, "same number of qubits"),
        (
            {"encoder": circuits.angle(3), "ansatz": circuits.tensor_tree(3)},
            "takes 3 features, X has 2",
        ),
        ({"encoder": "angle"}, "encoder must be a QuantumCircuit, got str"),
        ({"head": "liner"}, "unknown head 'liner'.*did you mean 'linear'"),
        ({"loss": "hinge"}, "unknown loss"),
        ({"optimizer": "sgd"}, "unknown optimizer"),
        ({"dtype": "complex32"}, "unknown dtype"),
        ({"head": "expectations", "observables": ["ZZ"]}, "an observable for each of 2 classes"),
        ({"classes": 3}, "classes=3, but y has 2 labels"),
        ({"classes": [0, 2]}, r"labels \[1\] outside classes"),
        ({"shots": 0}, "shots must be a whole number >= 1"),
        ({"epochs": 0}, "epochs must be"),
        ({"learning_rate": float("inf")}, "learning_rate must be"),
        ({"noise": {"two_qubits": []}}, "did you mean 'two_qubit'"),
    ],
)
def test_bad_parameters_name_the_rule(moons, settings, message):
    """Sizes that do not fit and unknown names are InputErrors that say what is allowed."""
    with pytest.raises(InputError, match=message):
        small().set_params(**settings).fit(moons.X_train, moons.y_train)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, d: m.scores(d.X_test[:, :1]), "X has 1 features, but QNN is expecting 2"),
        (lambda m, d: m.scores(d.X_test * np.nan), "got NaN in row 0, column 0"),
        (lambda m, d: m.logits(torch.zeros(2)), r"logits needs \(B, 2\)"),
        (lambda m, d: m.per_sample_gradients(d.X_test, d.y_test + 5), r"labels of \[0, 1\]"),
        (lambda m, d: m.fit_many(d.X_train, d.y_train), "labels .M, N."),
        (lambda m, d: m.fit(d.X_train, np.zeros(40)), "at least two classes"),
        (lambda m, d: QNN().fit(np.zeros((4, 13)), [0, 1, 0, 1]), "reduce it to at most 12"),
        (
            lambda m, d: small(shots=5).fit_many(d.X_train, d.y_train[None]),
            "without callbacks",
        ),
        (
            lambda m, d: small().fit_many(d.X_train, [d.y_train, d.y_train * 2]),
            "same classes",
        ),
    ],
)
def test_bad_calls_name_the_rule(moons, call, message):
    """Wrong samples, labels and shapes are InputErrors that say the rule."""
    model = small(epochs=1).fit(moons.X_train, moons.y_train)
    with pytest.raises(InputError, match=message):
        call(model, moons)
