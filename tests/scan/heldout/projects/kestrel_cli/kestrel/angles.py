import math

import click
import sympy as sp
from qiskit import QuantumCircuit

from .arith import evaluate

GATES = {"rx": QuantumCircuit.rx, "ry": QuantumCircuit.ry, "rz": QuantumCircuit.rz}


def symbolic(expression: str) -> float:
    value = sp.sympify(expression)
    return float(value.subs(sp.pi, math.pi))


def one_gate(gate: str, angle_: float) -> QuantumCircuit:
    qc = QuantumCircuit(1)
    GATES[gate](qc, angle_, 0)
    qc.measure_all()
    return qc


@click.command("angle")
@click.argument("gate", type=click.Choice(sorted(GATES)))
@click.argument("expression")
@click.option("--symbolic/--plain", "use_sympy", default=False)
def angle(gate: str, expression: str, use_sympy: bool) -> None:
    """Draw a rotation, e.g. kestrel angle rx 'pi/3'."""
    theta = symbolic(expression) if use_sympy else evaluate(expression)
    if not math.isfinite(theta) or abs(theta) > 2 * math.pi:
        raise click.BadParameter("angle must be within one turn")
    click.echo(one_gate(gate, theta).draw("text"))
