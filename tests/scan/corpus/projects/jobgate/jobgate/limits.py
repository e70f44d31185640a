"""The limits every submission obeys."""

MAX_SHOTS = 8192
MAX_QUBITS = 20
MAX_DEPTH = 400
BACKENDS = frozenset({"ibm_brisbane", "ibm_torino"})


def bounded_shots(value) -> int:
    shots = int(value)
    if shots < 1 or shots > MAX_SHOTS:
        raise ValueError(f"shots must lie in 1..{MAX_SHOTS}")
    return shots


def known_backend(name: str) -> str:
    if name not in BACKENDS:
        raise ValueError("backend is not offered")
    return name


def small_enough(circuit) -> None:
    if circuit.num_qubits > MAX_QUBITS or circuit.depth() > MAX_DEPTH:
        raise ValueError("circuit is too large")
