"""Notebooks: joined cells, magics taken out, lines mapped, broken parts named."""

import json

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.static import notebook


def book(*cells, **metadata) -> str:
    """Return a notebook of code cells (texts) and given cells (mappings)."""
    made = [
        cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell, "outputs": []}
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def test_cells_are_joined_and_lines_mapped():
    """Line 3 of the text is line 1 of the second code cell."""
    markdown = {"cell_type": "markdown", "source": ["# title"]}
    read = notebook.read(book(["a = 1\n", "b = 2"], markdown, "c = 3"), "n.ipynb")
    assert read.text == "a = 1\nb = 2\nc = 3"
    assert read.lines == ((1, 1), (1, 2), (3, 1))
    assert read.prose == (notebook.Prose(2, "# title"),)
    assert read.broken == ()


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\nx = 1",
        "!pip install qiskit \\\n  pennylane\nx = 1",
        "%%time\nx = 1",
        "files = !ls\nx = 1",
        "t = %timeit -o f()\nx = 1",
        "qml.RX?\nx = 1",
        "if True:\n    !ls\nx = 1",
        "await f()\nx = 1",
    ],
)
def test_magics_leave_code_with_the_same_lines(cell):
    """Shell lines, line and cell magics and help requests are taken out, the rest stays."""
    read = notebook.read(book(cell), "n.ipynb")
    assert read.broken == ()
    assert read.code.count("\n") == cell.count("\n")
    assert read.code.endswith("x = 1")
    assert read.text == cell


def test_cells_of_other_languages_and_broken_cells_are_left_out():
    """A shell cell is silent, a cell that does not parse is named; the others are read."""
    read = notebook.read(book("%%bash\nls -l", "def (", "x = 1"), "n.ipynb")
    assert read.code == "\n\n\nx = 1"
    assert len(read.broken) == 1
    assert read.broken[0].startswith("cell 2: not Python")


def test_outputs_are_kept_for_secrets():
    """Streams, values and tracebacks are text; pictures are not."""
    outputs = [
        {"output_type": "stream", "text": ["one\n", "two"]},
        {"output_type": "display_data", "data": {"text/plain": "three", "image/png": "four"}},
        {"output_type": "error", "traceback": ["five"]},
    ]
    cell = {"cell_type": "code", "source": "x", "outputs": outputs}
    read = notebook.read(book(cell), "n.ipynb")
    assert [prose.text for prose in read.prose] == ["one\ntwo", "three", "five"]


def test_other_languages_are_not_read():
    """A Julia notebook has no Python."""
    assert notebook.read(book("x", kernelspec={"language": "julia"}), "n.ipynb") is None
    assert notebook.read(book("x", language_info={"name": "python3"}), "n.ipynb") is not None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', "[" * 100_000, '{"cells": NaN}']
)
def test_what_is_no_notebook_is_refused(text):
    """Broken, hostile and foreign JSON is an error that names the file."""
    with pytest.raises(InputError, match=r"n\.ipynb"):
        notebook.read(text, "n.ipynb")


def test_old_worksheets_are_read():
    """Format 3 keeps its cells in worksheets."""
    text = json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]})
    assert notebook.read(text, "n.ipynb").code == "x = 1"
