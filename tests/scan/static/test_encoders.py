"""Arguments through which numbers reach a circuit, and what was done to them before."""

import ast

import pytest

from redqubit.scan.static.encoders import entrances, flow_into
from redqubit.scan.static.module import Module
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("import pennylane as qml\nqml.AngleEmbedding(x, wires=[0])", "angle", "x"),
        ("import pennylane as qml\nqml.RX(phi=x, wires=0)", "angle", "x"),
        ("from qiskit import QuantumCircuit\nQuantumCircuit(1).ry(x, 0)", "angle", "x"),
        ("import cirq\ncirq.rx(x)(q)", "angle", "x"),
        ("from braket.circuits import Circuit\nCircuit().rz(0, x)", "angle", "x"),
        ("from qiskit import QuantumCircuit\nQuantumCircuit(1).initialize(x)", "amplitude", "x"),
        ("import cirq\ncirq.resolve_parameters(c, x)", "bind", "x"),
        (
            "from qiskit.primitives import StatevectorEstimator as E\nE().run([(c, o, x)])",
            "bind",
            "x",
        ),
    ],
)
def test_an_encoder_is_found_with_its_argument(text: str, kind: str, value: str) -> None:
    """Each framework's encoders name the argument that carries features."""
    found = [(item.kind, ast.unparse(item.value)) for item in entrances(Module("a.py", text),
             "angle", "amplitude", "bind")]  # fmt: skip
    assert found == [(kind, value)]


@pytest.mark.parametrize(
    "text", ["state.initialize(x)", "import tkinter\ntkinter.Canvas().rx(x)", "rx(x)"]
)
def test_other_methods_of_these_names_are_no_encoders(text: str) -> None:
    """A name alone is not enough."""
    assert list(entrances(Module("a.py", text), "angle", "amplitude")) == []


@pytest.mark.parametrize(
    ("check", "finite"),
    [
        ("pass", False),
        ("assert np.isfinite(x)", True),
        ("assert -1 <= x <= 1", True),
        ("assert len([x]) < 2", False),
        ("validate(x)", True),
        ("validate(y)", False),
    ],
)
def test_a_check_counts_if_it_reads_the_data(check: str, finite: bool) -> None:
    """Finiteness, comparisons and validation count; lengths and other names do not."""
    text = (
        "import numpy as np, pennylane as qml\nfrom flask import request\n"
        f"def f(y):\n    x = float(request.args['x'])\n    {check}\n    qml.RX(x, wires=0)\n"
    )
    module = Module("a.py", text)
    (item,) = entrances(module, "angle")
    flow = flow_into(module, item.value, origins=OUTSIDE)
    assert flow is not None
    assert Surroundings(module, item.value, flow).finite() is finite
