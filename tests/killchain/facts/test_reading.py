"""Facts come from files that are read, never run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit, qasm2, qasm3
from qiskit.circuit.library import real_amplitudes, zz_feature_map

from redqubit import killchain
from redqubit.core.errors import InputError
from redqubit.killchain import document, facts, system
from redqubit.killchain.facts.openqasm import openqasm
from redqubit.killchain.facts.packages import pyproject, requirements
from redqubit.killchain.facts.python import python


def values(found):
    return {fact.field: fact.value for fact in found}


PYTHON = """
import pennylane as qml
from qiskit_ibm_runtime import QiskitRuntimeService, EstimatorV2
raise SystemExit("never run")
dev = qml.device("default.qubit", wires=4, shots=1000)
def circuit(x, w):
    qml.AngleEmbedding(x, wires=range(4))
    qml.StronglyEntanglingLayers(w, wires=range(4))
estimator = EstimatorV2(options={}, resilience_level=2)
pm = generate_preset_pass_manager(approximation_degree=0.99)
"""


def test_python_is_read_by_its_names():
    """Encoder, ansatz, wires, shots, device and mitigation follow from calls and literals."""
    found = python(PYTHON, "model.py")
    assert values(found) == {
        "model.encoder": "angle",
        "model.ansatz": "strongly entangling",
        "model.qubits": 4,
        "model.shots": 1000,
        "provider.hardware": "superconducting",
        "provider.error_mitigation": "zero-noise extrapolation",
        "transpile.approximate": True,
    }
    assert {fact.where for fact in found if fact.field == "model.encoder"} == {"model.py:7"}
    assert sum(fact.field == "provider.error_mitigation" for fact in found) == 2


@pytest.mark.parametrize("qubits", [1, 2, 5])
def test_circuit_counts_agree_with_qiskit(qubits):
    """Qubits, depth and wide gates of exported circuits are those that Qiskit counts."""
    circuit = QuantumCircuit(qubits)
    for qubit in range(qubits):
        circuit.ry(0.1 * (qubit + 1), qubit)
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    circuit.rz(0.5, range(qubits))
    for text in (qasm2.dumps(circuit), qasm3.dumps(circuit)):
        found = values(openqasm(text, "c.qasm"))
        assert found["model.qubits"] == qubits
        assert found["model.depth"] == circuit.depth()
        assert found["model.two_qubit_gates"] == max(qubits - 1, 0)
        assert found["model.encoder"] == "angle"


def test_inputs_of_openqasm_3_are_parameters():
    """Each declared input float is one parameter of the circuit."""
    circuit = real_amplitudes(3, reps=1)
    found = values(openqasm(qasm3.dumps(circuit.decompose()), "c.qasm"))
    assert found["model.parameters"] == circuit.num_parameters


def test_a_feature_map_is_recognized():
    """Hadamard and phase gates with two-qubit phases are an IQP encoding."""
    bound = zz_feature_map(2, reps=1, entanglement="full")
    bound = bound.assign_parameters([0.1, 0.2])
    assert values(openqasm(qasm2.dumps(bound), "c.qasm"))["model.encoder"] == "IQP"
    text = "qubit[2] q; h q; rz(1) q; cx q[0], q[1]; ry(1) q;"
    assert values(openqasm(text, "c.qasm"))["model.encoder"] == "angle"
    text = "qubit[2] q; state_preparation(1,0,0,0) q[0], q[1];"
    assert values(openqasm(text, "c.qasm"))["model.encoder"] == "amplitude"
    assert values(openqasm("qubit[2] q; x q[0]; cx q[0], q[1];", "c"))["model.encoder"] == "basis"


def test_loops_say_that_they_count_once():
    """A bound that is a lower one is named as such."""
    found = openqasm("qubit[2] q; for int i in [0:9] { cx q[0], q[1]; } h q;", "c.qasm")
    assert all("count once" in fact.why for fact in found if fact.field == "model.depth")


@pytest.mark.parametrize(
    "text",
    ["", "hello", "qreg q[999999999];", "qubit[99999999999] q;", "creg c[2];", "/*" * 10_000],
)
def test_what_is_no_circuit_is_refused(text):
    """Nothing without qubits, or with absurdly many, passes for a circuit."""
    with pytest.raises(InputError, match=r"^c\.qasm.*(declares no qubit|refused by)"):
        openqasm(text, "c.qasm")


@given(st.text(max_size=300))
def test_any_text_gives_facts_or_an_input_error(text):
    """No content makes a reader fail otherwise."""
    for reader in facts.SUFFIXES.values():
        try:
            assert isinstance(reader(text, "x"), tuple)
        except InputError:
            continue


def test_requirements_know_exact_pins():
    """Only one exact version is pinned; options, hashes and comments are not packages."""
    text = "# pins\n-r other.txt\nqiskit==2.6.2 \\\n  --hash=sha256:ab\nnumpy>=2 # new\n"
    text += "torch\nx==1.*\n"
    found = requirements(text, "requirements.txt")
    pins = {fact.value["name"]: fact.value["pinned"] for fact in found}
    assert pins == {"qiskit": True, "numpy": False, "torch": False, "x": False}
    assert next(f.where for f in found if f.value["name"] == "numpy") == "requirements.txt:5"


def test_projects_and_lock_files_are_read():
    """A project lists what it wants, a lock file what it gets."""
    project = '[project]\ndependencies = ["qiskit[all]>=2", "numpy==2.4.6"]\n'
    assert [f.value["pinned"] for f in pyproject(project, "p")] == [False, True]
    lock = '[[package]]\nname = "qiskit"\nversion = "2.6.2"\n'
    assert pyproject(lock, "p")[0].value == {"name": "qiskit", "version": "2.6.2", "pinned": True}


def test_what_is_stated_stays():
    """Facts fill gaps and lists, and never change what the owner wrote."""
    found = [*python(PYTHON, "model.py"), *requirements("qiskit\nqiskit", "r.txt")]
    data = facts.fill({"model": {"encoder": "basis"}, "name": "mine"}, found)
    assert data["model"]["encoder"] == "basis"
    assert data["model"]["qubits"] == 4
    assert len(data["dependencies"]) == 1
    assert set(data["provider"]["error_mitigation"]) == {
        "zero-noise extrapolation",
        "readout correction",
    }


def test_filled_data_are_a_pipeline():
    """What the readers find fits the schema of a pipeline."""
    found = [*python(PYTHON, "model.py"), *requirements("qiskit", "r.txt")]
    data = facts.fill({"name": "mine", "components": {}}, found)
    source = document.Document(data, "pipeline.yaml", "")
    assert system.check(source, killchain.load()).model.encoder == "angle"


def test_files_are_read_by_their_suffix(tmp_path):
    """Other kinds, folders and bytes are refused with a sentence."""
    (tmp_path / "model.py").write_text("x = 1\n")
    assert facts.read(tmp_path / "model.py") == ()
    with pytest.raises(InputError, match="facts are read from"):
        facts.read(tmp_path / "model.ipynb")
    with pytest.raises(InputError, match="cannot read"):
        facts.read(tmp_path / "none.py")
    (tmp_path / "bad.py").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        facts.read(tmp_path / "bad.py")
    (tmp_path / "bad.py").write_text("def (")
    with pytest.raises(InputError, match="is not Python"):
        facts.read(tmp_path / "bad.py")
