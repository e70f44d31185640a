"""The command that shows the kill chain in a browser, or writes it as a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redqubit.cli.app import app
from redqubit.core.errors import InputError

HOST = "127.0.0.1"  # never another: the pages are for whoever sits here


@app.command()
def explore(
    export: Annotated[
        Path | None, typer.Option(help="Write a static site into this folder; nothing is served.")
    ] = None,
    runs: Annotated[
        Path, typer.Option(help="Folder with runs of 'redqubit assess', or one run.")
    ] = Path("out"),
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 8321,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of another kill chain; default ours.")
    ] = None,
) -> None:
    """Explore the kill chain in a browser: on 127.0.0.1, or as a static site with --export."""
    from redqubit import killchain
    from redqubit.serve import site
    from redqubit.serve.runs import read

    chain = killchain.load(data)
    found = runs if runs.is_dir() else None
    if export is not None:
        pages = site.export(chain, export, read(found) if found else ())
        typer.echo(f"wrote {pages} pages; open {export / 'index.html'}", err=True)
        return
    import uvicorn

    from redqubit.serve.app import app as build

    _free(port)
    typer.echo(f"http://{HOST}:{port}/ shows the explorer; Ctrl-C ends it", err=True)
    uvicorn.run(build(chain, found), host=HOST, port=port, log_level="warning", server_header=False)


def _free(port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InputError(
                f"port {port} of {HOST} cannot be used: {error.strerror}; name another with --port"
            ) from error
