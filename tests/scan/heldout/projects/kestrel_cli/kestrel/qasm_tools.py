from pathlib import Path

import click
from qiskit import QuantumCircuit, qasm2
from qiskit.qasm2 import LEGACY_CUSTOM_INSTRUCTIONS

LIMIT = 256 * 1024


def read_program(path: str):
    return qasm2.load(path, custom_instructions=LEGACY_CUSTOM_INSTRUCTIONS)


def read_limited(path: Path):
    """Used for programs that partners mail us."""
    if path.stat().st_size > LIMIT:
        raise click.BadParameter("file is too large")
    return qasm2.loads(path.read_text("ascii"), include_path=(), strict=True)


def legacy_program(path: str):
    """Programs of the 2021 course need the old parser's file lookup."""
    return QuantumCircuit.from_qasm_file(path)


def summarise(circuit) -> dict:
    two = sum(1 for inst in circuit.data if inst.operation.num_qubits == 2)
    return {"qubits": circuit.num_qubits, "depth": circuit.depth(), "two_qubit": two}


@click.command()
@click.argument("program", type=click.Path(exists=True, dir_okay=False))
@click.option("--partner", is_flag=True, help="program comes from a partner")
@click.option("--legacy", is_flag=True)
@click.option("--tail", default="", help="angle of a last rz on qubit 0")
def stats(program: str, partner: bool, legacy: bool, tail: str) -> None:
    """Print the size of a program."""
    if legacy:
        circuit = legacy_program(program)
    else:
        circuit = read_limited(Path(program)) if partner else read_program(program)
    if tail:
        click.echo(qasm2.dumps(circuit) + f"\nrz({tail}) q[0];")
    for key, value in summarise(circuit).items():
        click.echo(f"{key:>10}: {value}")
