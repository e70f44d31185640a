"""A compiled circuit is the circuit: against a dense reference, Qiskit, Aer and PennyLane."""

import numpy as np
import pennylane as qml
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qiskit.circuit import Gate, ParameterVector, QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector
from qiskit_aer import AerSimulator

from redqubit import engine
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine import channels
from redqubit.engine.noise import Noise

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
)
TOLERANCE = {"complex128": 1e-10, "complex64": 1e-5}


def labels_for(n, rng, letters="IXYZ", count=3):
    """Return random Pauli labels."""
    return ["".join(rng.choice(list(letters), n)) for _ in range(count)]


def entangling(n, layers, encoding="rx"):
    """Return an angle-encoded strongly entangling circuit, its features and weights."""
    x, w = ParameterVector("x", n), ParameterVector("w", 3 * n * layers)
    circuit, count = QuantumCircuit(n), iter(w)
    for qubit in range(n):
        if encoding == "rz":
            circuit.h(qubit)
        getattr(circuit, encoding)(x[qubit], qubit)
    for layer in range(layers):
        for qubit in range(n):
            circuit.rz(next(count), qubit)
            circuit.ry(next(count), qubit)
            circuit.rz(next(count), qubit)
        for qubit in range(n if n > 1 else 0):
            circuit.cx(qubit, (qubit + 1 + layer % (n - 1)) % n)
    return circuit, list(x), list(w)


@EXAMPLES
@given(
    n=st.integers(1, 6),
    depth=st.integers(0, 25),
    seed=st.integers(0, 2**32 - 1),
    letters=st.sampled_from(["IXYZ", "IZ"]),
)
def test_values_equal_the_dense_reference(dense, n, depth, seed, letters):
    """Random circuits over all standard gates give the reference's expectation values."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    labels = labels_for(n, rng, letters)
    x, w = rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
    expected = [
        [dense.expectations(dense.bind(circuit, features, weights, xs, ws), labels) for xs in x]
        for ws in w
    ]
    for dtype, tolerance in TOLERANCE.items():
        program = engine.compile(circuit, labels, features, weights, dtype=dtype)
        values = program(torch.tensor(x), torch.tensor(w)).double().numpy()
        assert values.shape == (2, 3, 3)
        assert abs(values - expected).max() < tolerance


@EXAMPLES
@given(n=st.integers(1, 5), depth=st.integers(0, 20), seed=st.integers(0, 2**32 - 1))
def test_states_equal_qiskit(dense, n, depth, seed):
    """Final states are Qiskit's up to a global phase, amplitude by amplitude."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    x, w = rng.normal(size=(2, 2)), rng.normal(size=3)
    program = engine.compile(circuit, ["Z" * n], features, weights, dtype="complex128")
    for row, psi in zip(x, program.states(torch.tensor(x), torch.tensor(w)).numpy(), strict=True):
        expected = Statevector(dense.bind(circuit, features, weights, row, w)).data
        assert abs(np.linalg.norm(psi) - 1) < 1e-12
        assert abs(abs(np.vdot(psi, expected)) - 1) < 1e-10


def test_a_whole_batch_in_one_matrix_equals_sample_by_sample():
    """Multiplying the layers first, which large batches do, gives the values of small batches."""
    for encoding in ("rx", "ry", "rz"):
        circuit, features, weights = entangling(3, 3, encoding)
        program = engine.compile(circuit, ["ZIX", "IZZ"], features, weights, dtype="complex128")
        diagonal = engine.compile(circuit, ["ZII", "IZZ"], features, weights, dtype="complex128")
        rng = np.random.default_rng(1)
        x = torch.tensor(rng.normal(size=(64, 3)))
        w = torch.tensor(rng.normal(size=(2, len(weights))))
        for each in (program, diagonal):
            single = torch.cat([each(row[None], w) for row in x], 1)
            assert abs(each(x, w) - single).max() < 1e-12


def test_aer_agrees():
    """Aer's state vector gives the same expectation values as the compiled program."""
    circuit, features, weights = entangling(4, 2)
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(3, 4)), rng.normal(size=len(weights))
    labels = ["XYZI", "IIZZ", "YIIY"]
    program = engine.compile(circuit, labels, features, weights, dtype="complex128")
    values = program(torch.tensor(x), torch.tensor(w)).numpy()
    simulator = AerSimulator(method="statevector")
    for row, found in zip(x, values, strict=True):
        bound = circuit.assign_parameters(dict(zip([*features, *weights], [*row, *w], strict=True)))
        for label in labels:
            bound.save_expectation_value(SparsePauliOp(label), range(4), label=label)
        data = simulator.run(bound).result().data()
        assert abs(found - [data[label] for label in labels]).max() < 1e-10


@pytest.mark.parametrize("n", [2, 5])
def test_pennylane_agrees_in_values_and_gradients(n):
    """StronglyEntanglingLayers with PauliZ(i) is our circuit with Z at letter n - 1 - i."""
    layers = 2
    circuit, features, weights = entangling(n, layers)
    labels = ["I" * (n - 1 - q) + "Z" + "I" * q for q in range(n)]
    program = engine.compile(circuit, labels, features, weights, dtype="complex128")
    rng = np.random.default_rng(n)
    x = torch.tensor(rng.normal(size=(3, n)), requires_grad=True)
    w = torch.tensor(rng.normal(size=(layers, n, 3)), requires_grad=True)
    direction = torch.tensor(rng.normal(size=(3, n)))

    @qml.qnode(qml.device("default.qubit", wires=n), interface="torch", diff_method="backprop")
    def reference(x, w):
        for q in range(n):
            qml.RX(x[:, q], wires=q)
        qml.StronglyEntanglingLayers(w, wires=range(n))
        return [qml.expval(qml.PauliZ(q)) for q in range(n)]

    ours, theirs = program(x, w.flatten()), torch.stack(reference(x, w), 1)
    assert abs(ours - theirs).max() < 1e-10
    found = torch.autograd.grad(ours, (x, w), direction)
    expected = torch.autograd.grad(theirs, (x, w), direction)
    for a, b in zip(found, expected, strict=True):
        assert abs(a - b).max() < 1e-10


@EXAMPLES
@given(
    n=st.integers(1, 4),
    depth=st.integers(1, 15),
    seed=st.integers(0, 2**32 - 1),
    batch=st.sampled_from([2, 40]),
)
def test_the_adjoint_equals_autograd(dense, n, depth, seed, batch):
    """The hand-written adjoint gives the gradients of plain autograd through the same gates."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    labels = labels_for(n, rng)
    program = engine.compile(circuit, labels, features, weights, dtype="complex128")
    x = torch.tensor(rng.normal(size=(2, batch, 2)), requires_grad=True)
    w = torch.tensor(rng.normal(size=(2, 3)), requires_grad=True)
    values = program(x, w)
    if not values.requires_grad:
        return
    direction = torch.tensor(rng.normal(size=values.shape))
    found = torch.autograd.grad(values, (x, w), direction, allow_unused=True)

    def plain(x, w):
        psi = program.states(x, w)
        matrices = [torch.tensor(dense.observable(label)).to(psi) for label in labels]
        parts = [(psi.conj() * (psi @ matrix.mT)).sum(-1).real for matrix in matrices]
        return torch.stack(parts, -1) + 0 * x.sum()

    expected = torch.autograd.grad(plain(x, w), (x, w), direction, allow_unused=True)
    for a, b in zip(found, expected, strict=True):
        zero = torch.zeros(())
        assert abs((zero if a is None else a) - (zero if b is None else b)).max() < 1e-10


REUPLOAD = QuantumCircuit(2)
_x, _w = ParameterVector("x", 2), ParameterVector("w", 4)
for _layer in range(2):
    REUPLOAD.rx(_x[0], 0)
    REUPLOAD.rz(_x[1] * _w[0], 1)
    REUPLOAD.ry(_w[2 * _layer], 0)
    REUPLOAD.u(_w[1], _x[0] + _w[3], _w[2 * _layer + 1] * 2, 1)
    REUPLOAD.crx(_w[3], 0, 1)
    REUPLOAD.rzz(_x[0] * _x[1], 0, 1)


@pytest.mark.parametrize("labels", [["ZI", "IZ"], ["XY", "ZZ"]])
def test_gradcheck_and_gradgradcheck(labels):
    """First and second derivatives in features and weights agree with finite differences."""
    program = engine.compile(REUPLOAD, labels, list(_x), list(_w), dtype="complex128")
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.normal(size=(2, 2)), requires_grad=True)
    w = torch.tensor(rng.normal(size=4), requires_grad=True)
    assert torch.autograd.gradcheck(program, (x, w))
    assert torch.autograd.gradgradcheck(program, (x, w))
    circuit, features, weights = entangling(2, 1)
    composed = engine.compile(circuit, labels, features, weights, dtype="complex128")
    x = torch.tensor(rng.normal(size=(8, 2)), requires_grad=True)
    w = torch.tensor(rng.normal(size=6), requires_grad=True)
    assert torch.autograd.gradcheck(composed, (x, w))
    assert torch.autograd.gradgradcheck(composed, (x, w))


def test_func_transforms_work():
    """``torch.func`` gradients, Jacobians and vmap equal the ordinary ones."""
    circuit, features, weights = entangling(2, 1)
    program = engine.compile(circuit, ["ZI", "IX"], features, weights, dtype="complex128")
    rng = np.random.default_rng(0)
    x, w = torch.tensor(rng.normal(size=(3, 2))), torch.tensor(rng.normal(size=6))
    jacobian = torch.func.jacrev(program, argnums=1)(x, w)
    expected = torch.autograd.functional.jacobian(lambda v: program(x, v), w)
    assert abs(jacobian - expected).max() < 1e-12
    each = torch.func.vmap(lambda row: program(row[None], w)[0])(x)
    assert abs(each - program(x, w)).max() < 1e-12


def test_models_and_their_own_batches():
    """Several weight vectors give what one at a time gives, also each with its own batch."""
    program = engine.compile(REUPLOAD, ["ZI", "IZ"], list(_x), list(_w), dtype="complex128")
    rng = np.random.default_rng(3)
    x, w = torch.tensor(rng.normal(size=(3, 4, 2))), torch.tensor(rng.normal(size=(3, 4)))
    shared = torch.stack([program(x[0], row) for row in w])
    own = torch.stack([program(*pair) for pair in zip(x, w, strict=True)])
    assert abs(program(x[0], w) - shared).max() < 1e-12
    assert abs(program(x, w) - own).max() < 1e-12


def test_amplitude_encoding_is_the_normalized_vector(dense):
    """The encoded state is the sample over its norm, and gradients flow through the norm."""
    x, w = ParameterVector("x", 4), ParameterVector("w", 2)
    circuit = QuantumCircuit(2)
    circuit.append(Gate("amplitude_encoding", 2, list(x)), [0, 1])
    circuit.ry(w[0], 0)
    circuit.cx(0, 1)
    circuit.rx(w[1], 1)
    program = engine.compile(circuit, ["ZI", "XZ"], list(x), list(w), dtype="complex128")
    rng = np.random.default_rng(4)
    data, values = rng.normal(size=(9, 4)), rng.normal(size=2)
    tail = QuantumCircuit(2)
    tail.ry(values[0], 0)
    tail.cx(0, 1)
    tail.rx(values[1], 1)
    expected = [dense.expectations(tail, ["ZI", "XZ"], row / np.linalg.norm(row)) for row in data]
    features = torch.tensor(data, requires_grad=True)
    assert abs(program(features, torch.tensor(values)).detach().numpy() - expected).max() < 1e-12
    assert torch.autograd.gradcheck(program, (features, torch.tensor(values)))
    with pytest.raises(InputError, match="at least one feature that is not 0"):
        program(torch.zeros(1, 4), torch.tensor(values))


def test_operators_with_coefficients_are_observables(dense):
    """A SparsePauliOp gives the weighted sum of its Pauli strings."""
    circuit, features, weights = entangling(2, 1)
    operator = SparsePauliOp(["ZI", "XX", "YZ", "II"], [0.5, -1.5, 2.0, 0.25])
    program = engine.compile(circuit, [operator, "ZI"], features, weights, dtype="complex128")
    rng = np.random.default_rng(5)
    x, w = rng.normal(size=(2, 2)), rng.normal(size=6)
    values = program(torch.tensor(x), torch.tensor(w)).numpy()
    for row, (total, _) in zip(x, values, strict=True):
        single = dense.expectations(
            dense.bind(circuit, features, weights, row, w), ["ZI", "XX", "YZ", "II"]
        )
        assert abs(total - single @ [0.5, -1.5, 2.0, 0.25]) < 1e-12


def test_circuits_without_features_or_weights_run():
    """No features, no weights, no gates and empty batches are all fine."""
    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    program = engine.compile(bell, ["ZZ", "XX", "YY", "ZI"], [], [], dtype="complex128")
    values = program(torch.zeros(3, 0), torch.zeros(0))
    assert abs(values - torch.tensor([1.0, 1.0, -1.0, 0.0])).max() < 1e-12
    assert program(torch.zeros(0, 0), torch.zeros(0)).shape == (0, 4)
    empty = engine.compile(QuantumCircuit(1), ["Z"], [], [])
    assert empty(torch.zeros(2, 0), torch.zeros(0)).tolist() == [[1.0], [1.0]]


def test_precision_follows_the_program_not_the_input():
    """complex64 programs return float32, complex128 float64, whatever came in."""
    circuit, features, weights = entangling(2, 1)
    for dtype, real in (("complex64", torch.float32), ("complex128", torch.float64)):
        program = engine.compile(circuit, ["ZI"], features, weights, dtype=dtype)
        for given_dtype in (torch.float32, torch.float64):
            x, w = torch.zeros(2, 2, dtype=given_dtype), torch.zeros(6, dtype=given_dtype)
            assert program(x, w).dtype == real


def test_noise_selects_the_pauli_transfer_program():
    """Noise selects pauli_transfer, no noise state_vector, and both agree without noise."""
    circuit, features, weights = entangling(2, 1)
    noise = Noise(one_qubit=(channels.depolarizing(0.1),))
    ideal = engine.compile(circuit, ["ZI"], features, weights, dtype="complex128")
    noisy = engine.compile(circuit, ["ZI"], features, weights, noise, dtype="complex128")
    forced = engine.compile(
        circuit, ["ZI"], features, weights, dtype="complex128", program="pauli_transfer"
    )
    assert (ideal.name, noisy.name, forced.name) == (
        "state_vector",
        "pauli_transfer",
        "pauli_transfer",
    )
    rng = np.random.default_rng(6)
    x, w = torch.tensor(rng.normal(size=(3, 2, 2))), torch.tensor(rng.normal(size=(3, 6)))
    assert abs(ideal(x, w) - forced(x, w)).max() < 1e-12
    assert (noisy(x, w).abs() <= ideal(x, w).abs() + 1e-12).all()
    assert "noise" in noisy.explain()
    assert "as asked" in forced.explain()
    assert "no noise: state_vector, 4 amplitudes" in ideal.explain()
    with pytest.raises(InputError, match="only without noise"):
        noisy.states(x, w)
    with pytest.raises(InputError, match="state_vector has no noise"):
        engine.compile(circuit, ["ZI"], features, weights, noise, program="state_vector")


def test_wrong_input_is_named():
    """Shapes, options and observables that do not fit are refused with what is allowed."""
    circuit, features, weights = entangling(2, 1)
    program = engine.compile(circuit, ["ZI"], features, weights)
    for x, w, says in [
        (torch.zeros(2, 3), torch.zeros(6), r"x must have shape \(B, 2\)"),
        (torch.zeros(2), torch.zeros(6), r"x must have shape \(B, 2\)"),
        (torch.zeros(3, 2, 2), torch.zeros(6), r"x must have shape \(B, 2\)"),
        (torch.zeros(2, 2), torch.zeros(5), r"w must have shape \(6,\)"),
        (torch.zeros(2, 2), torch.zeros(1, 1, 6), r"w must have shape \(6,\)"),
    ]:
        with pytest.raises(InputError, match=says):
            program(x, w)
    for observables, says in [
        ([], "at least one observable"),
        ("ZI", "a sequence"),
        (["Z"], "must have 2 letters"),
        (["ZA"], "must have 2 letters"),
        ([SparsePauliOp(["ZI"], [1j])], "real coefficient"),
        ([3], "got int"),
    ]:
        with pytest.raises(InputError, match=says):
            engine.compile(circuit, observables, features, weights)
    with pytest.raises(InputError, match="did you mean 'complex64'"):
        engine.compile(circuit, ["ZI"], features, weights, dtype="complex46")
    with pytest.raises(InputError, match="did you mean 'state_vector'"):
        engine.compile(circuit, ["ZI"], features, weights, program="statevector")


def test_memory_is_refused_before_it_is_taken():
    """A call or a circuit that would exceed the limit names the number and allocates nothing."""
    circuit, features, weights = entangling(16, 1)
    program = engine.compile(circuit, ["Z" * 16], features, weights)
    with pytest.raises(BudgetExceededError, match=r"10,000 states need about .* GiB on 16 qubits"):
        program(torch.zeros(10_000, 16), torch.zeros(len(weights)))
    with pytest.raises(BudgetExceededError, match=r"10,000 states need"):
        program.states(torch.zeros(10_000, 16), torch.zeros(len(weights)))
    with pytest.raises(BudgetExceededError, match=r"tables of this circuit .* on 16 qubits"):
        engine.compile(circuit, ["Z" * 16], features, weights, memory_limit=2**20)


@pytest.mark.parametrize("encoding", ["rx", "rz"])
@pytest.mark.parametrize("n", [3, 6])
def test_nothing_is_bound_to_the_cpu(encoding, n):
    """On a device without data, values and gradients get their shapes with no CPU detour."""
    circuit, features, weights = entangling(n, 2, encoding)
    labels = ["Z" + "I" * (n - 1), "X" * n]
    program = engine.compile(circuit, labels, features, weights, device="meta")
    x = torch.zeros(4, n, device="meta", requires_grad=True)
    w = torch.zeros(len(weights), device="meta", requires_grad=True)
    values = program(x, w)
    assert values.shape == (4, 2)
    dx, dw = torch.autograd.grad(values.sum(), (x, w))
    assert (dx.shape, dw.shape) == (x.shape, w.shape)
    assert dx.device.type == "meta"
    assert program.states(x, w).shape == (4, 2**n)


def frozen_cases():
    """Return circuits whose frozen form is a matrix, a closed form, a circuit, with noise."""
    x, w = ParameterVector("x", 2), ParameterVector("w", 2)
    mixed = QuantumCircuit(2)
    mixed.rx(x[0] * x[1], 0)
    mixed.ry(w[0], 0)
    mixed.cx(0, 1)
    mixed.rx(w[1] * x[0], 1)
    amplitude = QuantumCircuit(2)
    amplitude.append(Gate("amplitude_encoding", 2, list(ParameterVector("v", 4))), [0, 1])
    amplitude.ry(w[0], 0)
    amplitude.cx(0, 1)
    noise = Noise(one_qubit=(channels.depolarizing(0.05),))
    return {
        "matrix": (*entangling(3, 2), None),
        "closed form": (*entangling(6, 2), None),
        "noisy": (*entangling(3, 2), noise),
        "no closed form": (mixed, list(x), list(w), None),
        "amplitudes": (amplitude, list(amplitude.parameters)[:4], [w[0]], None),
    }


@pytest.mark.parametrize("name", sorted(frozen_cases()))
def test_frozen_models_are_the_program_with_its_weights(name):
    """A frozen model has the program's values and input gradients, and its closed form agrees."""
    circuit, features, weights, noise = frozen_cases()[name]
    features = sorted(features, key=lambda p: p.name)
    labels = ["Z" + "I" * (circuit.num_qubits - 1), "X" * circuit.num_qubits]
    program = engine.compile(circuit, labels, features, weights, noise, dtype="complex128")
    rng = np.random.default_rng(7)
    x = torch.tensor(rng.normal(size=(5, len(features))), requires_grad=True)
    w = torch.tensor(rng.normal(size=len(weights)), requires_grad=True)
    frozen = program.freeze(w)
    values, expected = frozen(x), program(x, w)
    assert abs(values - expected).max() < 1e-12
    direction = torch.tensor(rng.normal(size=values.shape))
    (found,) = torch.autograd.grad(values, x, direction)
    (wanted,) = torch.autograd.grad(expected, x, direction)
    assert abs(found - wanted).max() < 1e-11
    if name == "no closed form":
        assert frozen.closed_form is None
        assert "there is no closed form" in frozen.explain()
    else:
        assert abs(frozen.closed_form(x.detach()) - values).max() < 1e-11
    assert frozen.uses_closed_form == (name in ("closed form", "noisy"))
    assert frozen(torch.zeros(0, len(features))).shape == (0, 2)
    with pytest.raises(InputError, match="x must have shape"):
        frozen(torch.zeros(2, 9))


def test_freezing_needs_one_weight_vector():
    """Weights of several models or of the wrong length cannot be frozen."""
    circuit, features, weights = entangling(2, 1)
    program = engine.compile(circuit, ["ZI"], features, weights)
    for w in (torch.zeros(2, 6), torch.zeros(5)):
        with pytest.raises(InputError, match=r"w must have shape \(6,\)"):
            program.freeze(w)


def test_frozen_weights_do_not_follow_the_original():
    """Changing the weights after freezing changes nothing."""
    circuit, features, weights = entangling(2, 1)
    program = engine.compile(circuit, ["ZI"], features, weights)
    w, x = torch.ones(6), torch.ones(3, 2)
    frozen = program.freeze(w)
    before = frozen(x).clone()
    w.zero_()
    assert torch.equal(frozen(x), before)
