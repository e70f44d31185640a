"""Entry point: ``kestrel run circuit.qasm --backend ...``"""
from __future__ import annotations

import click
from qiskit import qasm3, transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2, Session

from . import angles, convert, login, models, qasm_tools


@click.group()
@click.version_option()
def main() -> None:
    """Run prepared circuits."""


def _ghz(n: int):
    from qiskit import QuantumCircuit

    qc = QuantumCircuit(n)
    qc.h(0)
    for i in range(n - 1):
        qc.cx(i, i + 1)
    qc.measure_all()
    return qc


@main.command()
@click.option("--backend", "backend_name", required=True)
@click.option("--shots", type=click.IntRange(1, 10_000), default=1000)
@click.option("--qubits", type=click.IntRange(2, 20), default=3)
def ghz(backend_name: str, shots: int, qubits: int) -> None:
    """GHZ state on hardware."""
    service = QiskitRuntimeService()
    backend = service.backend(backend_name)
    isa = transpile(_ghz(qubits), backend, optimization_level=3)
    with Session(backend=backend) as session:
        sampler = SamplerV2(mode=session)
        job = sampler.run([isa], shots=shots)
        click.echo(f"job {job.job_id()}")
        counts = job.result()[0].data.meas.get_counts()
    for bits, n in sorted(counts.items(), key=lambda kv: -kv[1])[:8]:
        click.echo(f"{bits}  {n}")


@main.command()
@click.option("--qubits", type=click.IntRange(2, 20), default=3)
def show(qubits: int) -> None:
    click.echo(qasm3.dumps(_ghz(qubits)))


main.add_command(angles.angle)
main.add_command(convert.convert)
main.add_command(login.login)
main.add_command(models.classify)
main.add_command(qasm_tools.stats)
