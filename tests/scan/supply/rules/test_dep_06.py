"""Machine code and compiled Python, real ones and what only looks like them."""

import io
import py_compile
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

LIBRARY = Path(np.__file__).parent / "_core"


def _extension():
    """Return the bytes of a real extension module of this system."""
    return next(LIBRARY.glob("_multiarray_umath*.so")).read_bytes()[:20_000]


FORMS = [
    b"\x7fELF\x02\x01\x01" + bytes(100),
    b"\xcf\xfa\xed\xfe" + bytes(100),
    b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + bytes(100),
    b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(100),
]


def _found(project, files):
    return [
        (item.rule, item.severity, item.place.file)
        for item in project(files).findings
        if item.rule == "DEP-06"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="names of extension modules differ")
def test_a_real_extension_module(project):
    """A library without its source is low; beside its source it is silent."""
    assert _found(project, {"fast/_kernels.cpython-311.so": _extension()}) == [
        ("DEP-06", "low", "fast/_kernels.cpython-311.so")
    ]
    assert _found(project, {"fast/kernels.pyx": "def f(): pass"}) == []


@pytest.mark.parametrize("content", FORMS)
def test_every_form(project, content):
    """ELF, Mach-O, fat Mach-O and PE are told by their bytes, whatever they are called."""
    assert [severity for _, severity, _ in _found(project, {"data.bin": content})] == ["low"]


@pytest.mark.parametrize(
    "content", [b"MZ is how a text may start", b"\xca\xfe\xba\xbe\x00\x00\x00\x41", b"\x7fEL", b""]
)
def test_what_only_looks_like_it(project, content):
    """Text, a Java class, a cut mark and an empty file are silent."""
    assert _found(project, {"data.bin": content}) == []


def test_compiled_python(project, tmp_path):
    """A .pyc file is found where its .py is missing."""
    source = tmp_path / "made.py"
    source.write_text("x = 1\n")
    content = Path(py_compile.compile(str(source), cfile=str(tmp_path / "made"))).read_bytes()
    assert _found(
        project, {"a/gone.pyc": content, "b/here.pyc": content, "b/here.py": "x = 1"}
    ) == [("DEP-06", "low", "a/gone.pyc")]


def test_in_a_wheel(look):
    """Inside an archive it is a note, since wheels are made to hold it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("q/_fast.so", FORMS[0] + bytes(9_000))
        archive.writestr("q/__init__.py", "")
    [hit] = look(file.getvalue(), "q-1-cp311-cp311-linux_x86_64.whl")
    assert (hit.rule, hit.severity) == ("DEP-06", "note")
    assert "q/_fast.so" in hit.message
