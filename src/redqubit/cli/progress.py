"""Progress of a run on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from redqubit.assess.plan import Job
    from redqubit.core.evidence import Evidence


class Line:
    """One line of progress on standard error that is written over; only on a terminal."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted and sys.stderr.isatty()

    def __enter__(self) -> Line:
        return self

    def show(self, *what: object) -> None:
        """Show what is being done."""
        if self.wanted:
            sys.stderr.write(f"\r{' '.join(map(str, what))[:78]:<78}")

    def __exit__(self, *_: object) -> None:
        if self.wanted:
            sys.stderr.write("\r" + " " * 79 + "\r")


class Progress:
    """Progress on standard error: a bar with the time left on a terminal, else a line a job."""

    def __init__(self, total: int, wanted: bool) -> None:
        self.total, self.done = total, 0
        self.wanted = wanted
        self.bar: Any = None

    def __enter__(self) -> Progress:
        if self.wanted and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self.bar.start()
            self.task = self.bar.add_task("training the model", total=self.total)
        return self

    def advance(self, job: Job, evidence: Evidence) -> None:
        """Count one finished job."""
        self.done += 1
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done, description=job.title[:48])
        elif self.wanted:
            typer.echo(f"[{self.done}/{self.total}] {job.title}: {evidence.status}", err=True)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
