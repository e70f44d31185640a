import os
import stat
from pathlib import Path

import click
from qiskit_ibm_runtime import QiskitRuntimeService


@click.command()
@click.option("--token", prompt=True, hide_input=True)
@click.option("--instance", default=None)
@click.option("--verbose", is_flag=True)
def login(token: str, instance: str | None, verbose: bool) -> None:
    """Remember the account for later calls."""
    QiskitRuntimeService.save_account(
        channel="ibm_quantum_platform",
        token=token,
        instance=instance,
        overwrite=True,
    )
    if verbose:
        saved = QiskitRuntimeService.saved_accounts()
        for name, record in saved.items():
            click.echo(f"{name}: {record}")
    click.echo("saved")


def remember_profile(path: Path, profile: str) -> None:
    """Profile names are no secret, the mode is restricted anyway."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(fd, "w") as handle:
        handle.write(profile + "\n")
