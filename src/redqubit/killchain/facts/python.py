"""What Python source says about a quantum model, from its syntax tree alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain.facts.fact import Found

# Names of public libraries whose use settles a field.
_NAMES: Final[dict[str, tuple[str, Any]]] = {
    "AngleEmbedding": ("model.encoder", "angle"),
    "AmplitudeEmbedding": ("model.encoder", "amplitude"),
    "RawFeatureVector": ("model.encoder", "amplitude"),
    "StatePreparation": ("model.encoder", "amplitude"),
    "MottonenStatePreparation": ("model.encoder", "amplitude"),
    "BasisEmbedding": ("model.encoder", "basis"),
    "IQPEmbedding": ("model.encoder", "IQP"),
    "ZZFeatureMap": ("model.encoder", "IQP"),
    "zz_feature_map": ("model.encoder", "IQP"),
    "PauliFeatureMap": ("model.encoder", "IQP"),
    "ZFeatureMap": ("model.encoder", "angle"),
    "z_feature_map": ("model.encoder", "angle"),
    "QAOAEmbedding": ("model.encoder", "re-uploading"),
    "StronglyEntanglingLayers": ("model.ansatz", "strongly entangling"),
    "BasicEntanglerLayers": ("model.ansatz", "basic entangler"),
    "SimplifiedTwoDesign": ("model.ansatz", "simplified two-design"),
    "RealAmplitudes": ("model.ansatz", "real amplitudes"),
    "real_amplitudes": ("model.ansatz", "real amplitudes"),
    "EfficientSU2": ("model.ansatz", "efficient SU(2)"),
    "efficient_su2": ("model.ansatz", "efficient SU(2)"),
    "TwoLocal": ("model.ansatz", "two-local"),
    "FidelityQuantumKernel": ("model.family", "QSVM"),
    "FidelityStatevectorKernel": ("model.family", "QSVM"),
    "QSVC": ("model.family", "QSVM"),
    "PegasosQSVC": ("model.family", "QSVM"),
    "EstimatorQNN": ("model.family", "QNN"),
    "SamplerQNN": ("model.family", "QNN"),
    "NeuralNetworkClassifier": ("model.family", "QNN"),
    "VQC": ("model.family", "QNN"),
    "TorchLayer": ("model.family", "QNN"),
    "QiskitRuntimeService": ("provider.location", "cloud"),
    "AwsDevice": ("provider.location", "cloud"),
    "AQTProvider": ("provider.location", "cloud"),
    "LocalSimulator": ("provider.hardware", "simulator"),
    "AerSimulator": ("provider.hardware", "simulator"),
    "StatevectorEstimator": ("provider.hardware", "simulator"),
    "StatevectorSampler": ("provider.hardware", "simulator"),
}
_MODULES: Final[dict[str, tuple[str, Any]]] = {
    "flwr": ("training.federated", True),
    "qiskit_ibm_runtime": ("provider.hardware", "superconducting"),
    "qiskit_ionq": ("provider.hardware", "trapped ion"),
    "qiskit_aqt_provider": ("provider.hardware", "trapped ion"),
    "bloqade": ("provider.hardware", "neutral atom"),
    "pulser": ("provider.hardware", "neutral atom"),
    "strawberryfields": ("provider.hardware", "photonic"),
    "perceval": ("provider.hardware", "photonic"),
}
_WORDS: Final = {  # parts of device names
    "ionq": "trapped ion",
    "quantinuum": "trapped ion",
    "aqt": "trapped ion",
    "rigetti": "superconducting",
    "iqm": "superconducting",
    "ibm_": "superconducting",
    "aquila": "neutral atom",
    "default.": "simulator",
    "lightning.": "simulator",
}


def python(text: str, name: str) -> tuple[Found, ...]:
    """Read family, encoder, ansatz, qubits, shots, device and error mitigation of Python source.

    Raises
    ------
    InputError
        The text is not Python.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{name} is not Python: {error}") from error
    kept: dict[str, Found] = {}
    for field, value, line, why in _facts(tree):
        key = field if field != "provider.error_mitigation" else f"{field}={value}"
        kept.setdefault(key, Found(field, value, f"{name}:{line}", why))
    return tuple(kept[key] for key in sorted(kept))


def _facts(tree: ast.AST) -> Iterator[tuple[str, Any, int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            roots = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            for root in roots:
                if fact := _MODULES.get(root.partition(".")[0]):
                    yield *fact, node.lineno, f"imports {root}"
                if root.partition(".")[0] == "mitiq":
                    mitigation = "zero-noise extrapolation"
                    yield "provider.error_mitigation", mitigation, node.lineno, f"imports {root}"
        elif isinstance(node, ast.Call):
            yield from _call(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for word, hardware in _WORDS.items():
                if node.value.casefold().startswith(word) or f"/{word}" in node.value.casefold():
                    why = f"names the device {node.value!r:.60}"
                    yield "provider.hardware", hardware, node.lineno, why
                    break


def _call(node: ast.Call) -> Iterator[tuple[str, Any, int, str]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    called = node.func.id if isinstance(node.func, ast.Name) else called
    if fact := _NAMES.get(called):
        yield *fact, node.lineno, f"calls {called}"
    if called == "QuantumCircuit" and node.args and (count := _integer(node.args[0])):
        yield "model.qubits", count, node.lineno, "calls QuantumCircuit"
    for keyword in node.keywords:
        count = _integer(keyword.value)
        if keyword.arg == "shots" and count:
            yield "model.shots", count, node.lineno, f"shots of {called}"
        elif keyword.arg in ("wires", "num_qubits", "n_qubits") and count:
            yield "model.qubits", count, node.lineno, f"{keyword.arg} of {called}"
        elif keyword.arg == "resilience_level" and count is not None:
            if count >= 1:
                mitigation = "readout correction"
                why = f"resilience level {count}"
                yield "provider.error_mitigation", mitigation, node.lineno, why
            if count >= 2:
                mitigation = "zero-noise extrapolation"
                why = f"resilience level {count}"
                yield "provider.error_mitigation", mitigation, node.lineno, why
        elif keyword.arg == "approximation_degree" and not _is(keyword.value, 1.0):
            yield "transpile.approximate", True, node.lineno, "approximation_degree is set"


def _integer(node: ast.expr) -> int | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if type(value) is int and 0 <= value < 10**9 else None


def _is(node: ast.expr, value: float) -> bool:
    return isinstance(node, ast.Constant) and node.value == value
