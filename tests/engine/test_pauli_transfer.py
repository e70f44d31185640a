"""Noisy expectation values are exact in both pictures, in value and gradient."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import DensityMatrix, Kraus, Operator, SparsePauliOp
from qiskit_aer import AerSimulator
from qiskit_aer import noise as aer

from redqubit.circuits import AmplitudeEncoding
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.channels import amplitude_damping, depolarizing, kraus, pauli, phase_damping
from redqubit.engine.lowering import lower
from redqubit.engine.noise import Noise, Readout
from redqubit.engine.pauli_transfer import PauliTransferProgram

STANDARD = get_standard_gate_name_mapping()
DAMPED = (depolarizing(0.01), amplitude_damping(0.02))
NOISE = Noise(
    one_qubit=DAMPED,
    two_qubit=(depolarizing(0.05, 2), phase_damping(0.1)),
    by_gate={
        "h": (),
        "cx 1,0": (pauli({"XZ": 0.1}),),
        **{name: DAMPED for name, gate in STANDARD.items() if gate.num_qubits > 2},
    },
    by_qubits={"1": (kraus([np.diag([1, 0.6]), [[0, 0.8], [0, 0]]]),)},
    encoding=(depolarizing(0.1),),
    readout=(Readout(0.03, 0.08),),
)
PICTURES = ("auto", "schroedinger")


def density(dense, circuit, noise, encoding=()):
    """Return the final density matrix by multiplying dense Kraus operators gate after gate."""
    n = circuit.num_qubits
    rho = np.zeros((2**n, 2**n), dtype=complex)
    rho[0, 0] = 1
    for index, item in enumerate(circuit.data):
        qubits = tuple(circuit.find_bit(q).index for q in item.qubits)
        gate = dense.embed(Operator(item.operation).data, qubits, n)
        rho = gate @ rho @ gate.conj().T
        for channel in noise.after(item.operation.name, qubits, index in encoding):
            groups = [qubits] if channel.n_qubits == len(qubits) else [(q,) for q in qubits]
            for group in groups:
                parts = [dense.embed(k, group, n) for k in channel.kraus()]
                rho = sum(k @ rho @ k.conj().T for k in parts)
    return rho


def read(dense, rho, labels, noise):
    """Return the expectation values that noisy readout reports."""
    n = len(labels[0])
    maps = noise.readout_transfers(n) or [np.eye(4)] * n
    total = []
    for label in labels:
        operator = np.eye(1)
        for position, letter in enumerate(label):
            image = maps[n - 1 - position][:, "IXYZ".index(letter)]
            part = sum(c * dense.observable(p) for c, p in zip(image, "IXYZ", strict=True))
            operator = np.kron(operator, part)
        total.append(np.trace(operator @ rho).real)
    return np.array(total)


def angle_circuit(n, layers):
    """Return a strongly entangling circuit behind an RX encoding, with its parameters."""
    x, w = ParameterVector("x", n), ParameterVector("w", 3 * n * layers)
    circuit = QuantumCircuit(n)
    for qubit in range(n):
        circuit.rx(x[qubit], qubit)
    for layer in range(layers):
        for qubit in range(n):
            first = 3 * (n * layer + qubit)
            circuit.u(w[first + 1], w[first + 2], w[first], qubit)
        for qubit in range(n):
            circuit.cx(qubit, (qubit + 1 + layer % (n - 1)) % n)
    return circuit, list(x), list(w)


def sample(n_samples, n_features, n_weights, seed=0, dtype=torch.float64):
    """Return random features and weights."""
    rng = np.random.default_rng(seed)
    return (
        torch.tensor(rng.normal(size=(n_samples, n_features)), dtype=dtype),
        torch.tensor(rng.normal(size=n_weights), dtype=dtype),
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 12), st.integers(0, 10**6))
def test_random_noisy_circuit_equals_dense_density_matrix(dense, n, depth, seed):
    """Any standard gates with any noise give the values of the dense density matrix."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    labels = ["".join(rng.choice(list("IXYZ"), n)) for _ in range(3)]
    x, w = rng.normal(size=(2, 2)), rng.normal(size=3)
    encoding = {
        i for i, item in enumerate(circuit.data) if _parameters(item.operation) & set(features)
    }
    bound = [dense.bind(circuit, features, weights, row, w) for row in x]
    expected = [read(dense, density(dense, c, NOISE, encoding), labels, NOISE) for c in bound]
    for picture in PICTURES:
        program = PauliTransferProgram(
            lower(circuit, features, weights), labels, NOISE, picture=picture
        )
        assert abs(program(torch.tensor(x), torch.tensor(w)).numpy() - expected).max() < 1e-10


def _parameters(operation):
    return {p for value in operation.params for p in getattr(value, "parameters", ())}


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 14), st.integers(0, 10**6))
def test_ideal_circuit_equals_dense_state(dense, n, depth, seed):
    """Without noise the values are those of the dense state vector."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    labels = ["".join(rng.choice(list("IXYZ"), n)) for _ in range(3)]
    x, w = rng.normal(size=(2, 2)), rng.normal(size=3)
    expected = [
        dense.expectations(dense.bind(circuit, features, weights, row, w), labels) for row in x
    ]
    program = PauliTransferProgram(lower(circuit, features, weights), labels)
    assert abs(program(torch.tensor(x), torch.tensor(w)).numpy() - expected).max() < 1e-12


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
@pytest.mark.parametrize("picture", ["heisenberg", "schroedinger"])
def test_noisy_model_equals_aer(dtype, tolerance, picture):
    """Aer's density matrix simulator with the same noise gives the same values."""
    circuit, features, weights = angle_circuit(4, 2)
    noise = Noise(DAMPED, DAMPED)
    labels = ["IIIZ", "XIZI", "IYYI"]
    x, w = sample(3, 4, len(weights))
    one = aer.depolarizing_error(0.01, 1).compose(aer.amplitude_damping_error(0.02))
    model = aer.NoiseModel(basis_gates=["rx", "u", "cx"])
    model.add_all_qubit_quantum_error(one, ["rx", "u"])
    model.add_all_qubit_quantum_error(one.tensor(one), ["cx"])
    simulator = AerSimulator(method="density_matrix", noise_model=model, max_parallel_threads=1)
    expected = []
    for row in x.numpy():
        values = dict(zip([*features, *weights], [*row, *w.numpy()], strict=True))
        bound = circuit.assign_parameters(values)
        bound.save_density_matrix()
        rho = DensityMatrix(simulator.run(bound).result().data()["density_matrix"])
        expected.append([rho.expectation_value(SparsePauliOp(label)).real for label in labels])
    program = PauliTransferProgram(
        lower(circuit, features, weights), labels, noise, dtype, picture=picture
    )
    assert abs(program(x, w).numpy() - expected).max() < tolerance


def test_noisy_model_equals_qiskit_density_matrix():
    """Qiskit's DensityMatrix evolved by gates and Kraus channels gives the same values."""
    circuit, features, weights = angle_circuit(3, 1)
    x, w = sample(1, 3, len(weights), seed=3)
    rho = DensityMatrix.from_label("000")
    bound = circuit.assign_parameters(
        dict(zip([*features, *weights], [*x[0].numpy(), *w.numpy()], strict=True))
    )
    for item in bound.data:
        qubits = [bound.find_bit(q).index for q in item.qubits]
        rho = rho.evolve(Operator(item.operation), qubits)
        for channel in DAMPED:
            for qubit in qubits:
                rho = rho.evolve(Kraus(list(channel.kraus())), [qubit])
    labels = ["ZII", "IZX", "YIY"]
    expected = [rho.expectation_value(SparsePauliOp(label)).real for label in labels]
    program = PauliTransferProgram(lower(circuit, features, weights), labels, Noise(DAMPED, DAMPED))
    assert abs(program(x, w).numpy()[0] - expected).max() < 1e-12


def test_noisy_model_and_gradients_equal_pennylane():
    """default.mixed with torch gives the same values and gradients by features and weights."""
    qml = pytest.importorskip("pennylane")
    circuit, features, weights = angle_circuit(3, 2)

    def noisy(wire):
        qml.DepolarizingChannel(0.75 * 0.01, wires=wire)  # theirs is the error probability
        qml.AmplitudeDamping(0.02, wires=wire)

    @qml.qnode(qml.device("default.mixed", wires=3), interface="torch", diff_method="backprop")
    def node(x, w):
        for wire in range(3):
            qml.RX(x[..., wire], wires=wire)
            noisy(wire)
        for layer in range(2):
            for wire in range(3):
                first = 3 * (3 * layer + wire)
                qml.Rot(w[first], w[first + 1], w[first + 2], wires=wire)
                noisy(wire)
            for wire in range(3):
                other = (wire + 1 + layer) % 3
                qml.CNOT(wires=[wire, other])
                noisy(wire)
                noisy(other)
        return [qml.expval(qml.PauliZ(wire)) for wire in range(3)]

    x, w = sample(4, 3, len(weights), seed=5)
    program = PauliTransferProgram(
        lower(circuit, features, weights), ["IIZ", "IZI", "ZII"], Noise(DAMPED, DAMPED)
    )
    results = []
    for call in (lambda x, w: torch.stack(node(x, w), -1), program):
        inputs = x.clone().requires_grad_(True), w.clone().requires_grad_(True)
        values = call(*inputs)
        (values * torch.arange(1.0, 13.0).reshape(4, 3)).sum().backward()
        results.append((values.detach(), inputs[0].grad, inputs[1].grad))
    for theirs, ours in zip(*results, strict=True):
        assert (theirs - ours).abs().max() < 1e-9


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 3), st.integers(1, 8), st.integers(0, 10**6), st.booleans())
def test_gradients_equal_finite_differences(dense, n, depth, seed, short):
    """Gradcheck holds in x and in several models' w, also when blocks are recomputed."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    lowered = lower(circuit, features, weights)
    x = torch.tensor(rng.normal(size=(2, 2)), requires_grad=True)
    w = torch.tensor(rng.normal(size=(2, 3)), requires_grad=True)
    for picture in PICTURES:
        limit = 4**n * 8 * 4 * 12 if short else 2**30
        program = PauliTransferProgram(
            lowered, ["Z" * n, "X" * n], NOISE, picture=picture, memory_limit=limit
        )
        assert torch.autograd.gradcheck(program, (x, w), fast_mode=True)


def test_second_derivatives_equal_finite_differences():
    """Gradgradcheck holds in x and w in both pictures."""
    circuit, features, weights = angle_circuit(2, 1)
    inside = circuit.compose(circuit.assign_parameters(dict(zip(weights, range(6), strict=True))))
    inputs = [value.requires_grad_(True) for value in sample(2, 2, 6)]
    for each in (circuit, inside):
        program = PauliTransferProgram(lower(each, features, weights), ["ZX"], NOISE)
        assert torch.autograd.gradgradcheck(program, inputs, fast_mode=True)


def test_transforms_of_torch_func_give_the_same_gradients():
    """Per-sample gradients by vmap of grad equal those taken one sample at a time."""
    circuit, features, weights = angle_circuit(3, 1)
    x, w = sample(4, 3, 9)
    inside = circuit.compose(circuit.assign_parameters(dict(zip(weights, range(9), strict=True))))
    for each in (circuit, inside):
        program = PauliTransferProgram(lower(each, features, weights), ["ZZI", "IIX"], NOISE)

        def one(row, w, program=program):
            return program(row[None], w).square().sum()

        together = torch.func.vmap(torch.func.grad(one, argnums=1), in_dims=(0, None))(x, w)
        for row, gradient in zip(x, together, strict=True):
            leaf = w.clone().requires_grad_(True)
            (single,) = torch.autograd.grad(one(row, leaf), leaf)
            assert (gradient - single).abs().max() < 1e-12


def test_steps_that_no_observable_feels_are_left_out():
    """Only the causal cone of the observables is simulated, in both pictures."""
    circuit, features, weights = angle_circuit(5, 1)
    longer = circuit.copy()
    longer.ry(features[4], 4)
    longer.cz(4, 3)
    programs = [
        PauliTransferProgram(lower(each, features, weights), ["IIIZI"], NOISE, picture=picture)
        for each, picture in ((circuit, "heisenberg"), (longer, "schroedinger"))
    ]
    x, w = sample(3, 5, 15)
    assert (programs[0](x, w) - programs[1](x, w)).abs().max() < 1e-14
    assert all("2 fused steps" in program.explain() for program in programs)
    all_qubits = PauliTransferProgram(lower(longer, features, weights), ["IIIZI", "ZIIII"], NOISE)
    assert (all_qubits(x, w)[:, :1] - programs[0](x, w)).abs().max() < 1e-14


def test_recomputed_gradients_equal_stored_ones():
    """A memory limit that forces recomputation does not change a digit of the gradient."""
    circuit, features, weights = angle_circuit(4, 3)
    lowered = lower(circuit, features, weights)
    x, w = sample(5, 4, len(weights))
    gradients = []
    for limit in (2**30, 256 * 8 * 2 * 13):
        program = PauliTransferProgram(
            lowered, ["ZIII", "IIZI"], NOISE, memory_limit=limit, picture="heisenberg"
        )
        inputs = x.clone().requires_grad_(True), w.clone().requires_grad_(True)
        program(*inputs).sum().backward()
        gradients.append([value.grad for value in inputs])
    for stored, recomputed in zip(*gradients, strict=True):
        assert torch.equal(stored, recomputed)


def test_columns_taken_in_pieces_give_the_same_values_and_gradients(monkeypatch):
    """Moving one sample or observable at a time changes nothing, in both pictures."""
    circuit, features, weights = angle_circuit(3, 1)
    inside = circuit.compose(circuit.assign_parameters(dict(zip(weights, range(9), strict=True))))
    x, w = sample(4, 3, 9)
    for each in (circuit, inside):
        program = PauliTransferProgram(lower(each, features, weights), ["ZZI", "IIX"], NOISE)
        results = []
        for limit in (2**20, 1):
            monkeypatch.setattr("redqubit.engine.transfer_evolution.CHUNK_ELEMENTS", limit)
            inputs = x.clone().requires_grad_(True), w.clone().requires_grad_(True)
            values = program(*inputs)
            results.append([values, *torch.autograd.grad(values.square().sum(), inputs)])
            assert (program(x, w) - values).abs().max() < 1e-14
        for whole, pieces in zip(*results, strict=True):
            assert (whole - pieces).abs().max() < 1e-14


def test_several_models_at_once_equal_one_at_a_time():
    """A leading model axis on the weights gives each model's own values."""
    circuit, features, weights = angle_circuit(3, 2)
    rng = np.random.default_rng(2)
    x, w = torch.tensor(rng.normal(size=(4, 3))), torch.tensor(rng.normal(size=(3, 18)))
    for picture in PICTURES:
        program = PauliTransferProgram(
            lower(circuit, features, weights), ["IIZ", "XII"], NOISE, picture=picture
        )
        together = program(x, w)
        assert together.shape == (3, 4, 2)
        for one, weight in zip(together, w, strict=True):
            assert (one - program(x, weight)).abs().max() < 1e-14


def test_frozen_program_equals_the_program():
    """Freezing the weights changes no value, in both pictures, and keeps gradients in x."""
    circuit, features, weights = angle_circuit(3, 1)
    inside = circuit.compose(circuit.assign_parameters(dict(zip(weights, range(9), strict=True))))
    for each in (circuit, inside):
        program = PauliTransferProgram(lower(each, features, weights), ["ZZI", "IIX"], NOISE)
        x, w = sample(6, 3, 9)
        frozen = program.freeze(w)
        assert (frozen(x) - program(x, w)).abs().max() < 1e-14
        assert torch.autograd.gradcheck(frozen, (x[:2].clone().requires_grad_(True),))


def test_amplitude_encoding_equals_dense_density_matrix(dense):
    """Amplitudes evolve like any pure state, in both pictures, with gradients in x."""
    x, w = ParameterVector("x", 8), ParameterVector("w", 3)
    circuit = QuantumCircuit(3)
    circuit.append(AmplitudeEncoding(list(x)), [0, 1, 2])
    for qubit in range(3):
        circuit.ry(w[qubit], qubit)
        circuit.cx(qubit, (qubit + 1) % 3)
    values = np.random.default_rng(1).normal(size=(2, 8))
    weights = np.array([0.3, -0.4, 1.1])
    lowered = lower(circuit, list(x), list(w))
    labels = ["ZII", "IXX"]
    rest = circuit.copy_empty_like()
    for item in circuit.data[1:]:
        rest.append(item.operation, item.qubits)
    rest = rest.assign_parameters(dict(zip(w, weights, strict=True)))
    expected = []
    for row in values:
        psi = row / np.linalg.norm(row)
        rho = np.outer(psi, psi).astype(complex)
        for item in rest.data:
            qubits = tuple(rest.find_bit(q).index for q in item.qubits)
            gate = dense.embed(Operator(item.operation).data, qubits, 3)
            rho = gate @ rho @ gate.conj().T
            for channel in DAMPED:
                for qubit in qubits:
                    parts = [dense.embed(k, (qubit,), 3) for k in channel.kraus()]
                    rho = sum(k @ rho @ k.conj().T for k in parts)
        expected.append([np.trace(dense.observable(label) @ rho).real for label in labels])
    for picture in ("heisenberg", "schroedinger"):
        program = PauliTransferProgram(lowered, labels, Noise(DAMPED, DAMPED), picture=picture)
        inputs = torch.tensor(values, requires_grad=True), torch.tensor(weights, requires_grad=True)
        assert abs(program(*inputs).detach().numpy() - expected).max() < 1e-12
        assert torch.autograd.gradcheck(program, inputs)


def test_gates_with_expressions_of_features_are_exact(dense):
    """Products of features and of features with weights evolve exactly."""
    x, w = ParameterVector("x", 2), ParameterVector("w", 2)
    circuit = QuantumCircuit(2)
    circuit.h([0, 1])
    circuit.rz(w[0] * x[0], 0)
    circuit.rzz((np.pi - x[0]) * (np.pi - x[1]), 0, 1)
    circuit.ry(w[1].sin(), 1)
    lowered = lower(circuit, list(x), list(w))
    values, weights = sample(3, 2, 2, seed=7)
    program = PauliTransferProgram(lowered, ["ZI", "XX"], Noise(DAMPED, DAMPED))
    bound = [dense.bind(circuit, x, w, row.numpy(), weights.numpy()) for row in values]
    noise = Noise(DAMPED, DAMPED)
    expected = [read(dense, density(dense, c, noise), ["ZI", "XX"], noise) for c in bound]
    assert program.picture == "schroedinger"
    assert abs(program(values, weights).numpy() - expected).max() < 1e-12


def test_picture_is_chosen_by_cost_and_explained():
    """Large batches of a product encoding go backward, single samples and re-uploading forward."""
    circuit, features, weights = angle_circuit(4, 2)
    program = PauliTransferProgram(lower(circuit, features, weights), ["ZIII", "IZII"], NOISE)
    assert program.picture == "heisenberg"
    assert program.choose(1) == "schroedinger"
    assert "heisenberg picture: features act at the start" in program.explain()
    twice = circuit.compose(circuit)
    again = PauliTransferProgram(lower(twice, features, weights), ["ZIII"], NOISE)
    assert again.picture == "schroedinger"
    assert "features act inside the circuit" in again.explain()
    with pytest.raises(InputError, match="use picture='schroedinger'"):
        PauliTransferProgram(lower(twice, features, weights), ["ZIII"], picture="heisenberg")


def test_memory_is_refused_before_it_is_taken():
    """A call over the limit names the memory it needs and the limit."""
    circuit, features, weights = angle_circuit(4, 2)
    program = PauliTransferProgram(
        lower(circuit, features, weights), ["ZIII"], memory_limit=1000, picture="heisenberg"
    )
    with pytest.raises(BudgetExceededError, match=r"4 qubits and 1 columns need about .* GiB"):
        program(*sample(2, 4, 24))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"picture": "heisenbreg"}, "did you mean 'heisenberg'"),
        ({"dtype": torch.int64}, "unknown dtype 'torch.int64'"),
        ({"noise": Noise(two_qubit=depolarizing(0.1, 3))}, "depolarizing acts on 3 qubits"),
        ({"noise": Noise(readout=(Readout(0, 0.1),) * 2)}, "one entry for all qubits or 4"),
    ],
)
def test_bad_settings_are_errors(change, message):
    """Unknown settings and noise that does not fit are refused when the program is built."""
    circuit, features, weights = angle_circuit(4, 1)
    with pytest.raises(InputError, match=message):
        PauliTransferProgram(lower(circuit, features, weights), ["ZIII"], **change)


@pytest.mark.parametrize(
    ("x", "w", "message"),
    [((2, 3), (12,), r"x must have shape \(B, 4\)"), ((2, 4), (11,), r"w must have shape \(12,\)")],
)
def test_wrong_shapes_are_errors(x, w, message):
    """Features and weights of the wrong width name the right one."""
    circuit, features, weights = angle_circuit(4, 1)
    program = PauliTransferProgram(lower(circuit, features, weights), ["ZIII"])
    with pytest.raises(InputError, match=message):
        program(torch.zeros(x), torch.zeros(w))


def test_wide_gate_is_an_error():
    """A gate on more than five qubits is refused by name before its matrix is built."""
    circuit = QuantumCircuit(6)
    circuit.unitary(np.eye(64), range(6))
    with pytest.raises(InputError, match="'unitary' acts on 6 qubits"):
        PauliTransferProgram(lower(circuit, [], []), ["ZIIIII"])
