"""The command line called in this process."""

import sys

import pytest

from redqubit import cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs the command line: ``(code, standard output, standard error)``."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["redqubit", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        captured = capsys.readouterr()
        return end.value.code or 0, captured.out, captured.err

    return call
