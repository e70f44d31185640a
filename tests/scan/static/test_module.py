"""A parsed file: names, calls, arguments and places."""

import ast

import pytest

from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Span


def names(text: str, **options) -> list[str]:
    """Return the resolved names of a text's calls, in source order."""
    module = Module("a.py", text, **options)
    calls = sorted(module.calls(), key=lambda call: (call.node.lineno, call.node.end_col_offset))
    return [call.name for call in calls]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import pickle\npickle.load(f)", "pickle.load"),
        ("import pickle as pk\npk.load(f)", "pickle.load"),
        ("from pickle import load as read\nread(f)", "pickle.load"),
        ("import os.path\nos.path.join(a)", "os.path.join"),
        ("import qiskit.qpy as q\nq.load(f)", "qiskit.qpy.load"),
        ("from qiskit import *\nQuantumCircuit(2)", "qiskit.QuantumCircuit"),
        ("try:\n    import cPickle as p\nexcept ImportError:\n    import pickle as p\np.load(f)",
         "cPickle.load"),
        ("import torch\nread = torch.load\nread(f)", "torch.load"),
        ("class A:\n    def f(self):\n        self.g()", "A.g"),
        ("def f(s: requests.Session):\n    s.get()\nimport requests", "requests.Session.get"),
        ("import io\ndef f(s: 'x' = None):\n    s.get()", ""),
        ("eval(x)", "eval"),
        ("def eval(x): ...\neval(x)", "eval"),
        ("def f(eval):\n    eval(x)", ""),
        ("x.eval()", ""),
        ("def f():\n    import pickle\n    pickle.load(f)", "pickle.load"),
        ("a = b\nb = a\na()", ""),
    ],
)  # fmt: skip
def test_a_call_has_the_name_its_imports_give_it(text, name):
    """Aliases, star imports, re-assignments, annotations and classes are followed."""
    assert names(text)[-1] == name


def test_a_method_of_a_made_value_carries_the_name_of_the_call():
    """What a constructor or a with statement made is known by its call."""
    text = (
        "import requests\ns = requests.Session()\ns.get(u).json()\n"
        "with open(p) as f:\n    f.read()\n"
        "class C:\n    def __init__(self):\n        self.s = s = requests.Session()\n"
        "    def g(self):\n        self.s.post(u)\n"
    )
    found = names(text)
    assert "requests.Session.get.json" in found
    assert "open.read" in found
    assert found[-1] == "requests.Session.post"


def test_relative_imports_are_resolved_in_their_package():
    """One dot is the package itself, two the one around it."""
    text = "from . import a\nfrom ..b import c\na.f()\nc()"
    assert names(text, name="p.q.m", package="p.q") == ["p.q.a.f", "p.b.c"]


def test_a_name_means_what_reaches_it():
    """A later assignment hides an earlier one; the other branch of an if does not count."""
    text = (
        "import json, pickle\nlib = pickle\nlib = json\nlib.load(f)\n"
        "if x:\n    lib = pickle\nelse:\n    lib.load(f)\n"
    )
    assert names(text) == ["json.load", "json.load"]


def test_patterns_match_across_re_exports():
    """Two dots stand for any modules in between, a leading dot for any receiver."""
    module = Module(
        "a.py", "from qiskit.circuit import QuantumCircuit as Q\nQ.from_qasm_str(t)\nz.f()"
    )
    (call,) = module.calls("qiskit..QuantumCircuit.from_qasm_str")
    assert not call.matches("qiskit.QuantumCircuit.from_qasm_str", "cirq..from_qasm_str")
    assert [found.tail for found in module.calls(".f")] == ["f"]


def test_arguments_are_found_by_position_and_keyword():
    """What may hide behind a star is not taken for another argument."""
    module = Module("a.py", "f(1, *r, 3, k=4)\nf(*r, **o)")
    first, second = module.calls(".f")
    assert first.literal(0) == 1
    assert first.arg(2) is None
    assert first.literal(9, "k") == 4
    assert second.starred
    assert second.arg(0) is None


def test_places_count_characters_from_one():
    """Columns are characters, not bytes; a notebook's places are inside their cell."""
    module = Module("a.py", "x = 'é' + f(1)")
    (call,) = module.calls()
    place = module.place(call.node)
    assert (place.line, place.column, place.end_column) == (1, 11, 15)
    book = Module("b.ipynb", "a = 1\n\nb()", cells=((1, 1), (3, 1), (3, 2)))
    (call,) = book.calls()
    assert book.place(call.node).text == "b.ipynb:cell 3:2:1"
    assert book.place(Span(1, 1, 1, 2, cell=9)).cell == 9


def test_surroundings_are_known():
    """Enclosing function and class, and test file."""
    module = Module("tests/a.py", "class A:\n    def f(self):\n        g()\n")
    (first,) = module.calls()
    assert module.function(first.node).name == "f"
    assert module.class_of(first.node).name == "A"
    assert module.in_test
    assert not Module("attests/a.py", "").in_test


def test_code_that_is_not_python_is_refused():
    """The caller decides what to do with it."""
    with pytest.raises(SyntaxError):
        Module("a.py", "def (")
    assert Module("a.env", "A=%%%", python=False).tree.body == []


def test_comprehension_variables_mean_their_own_loop():
    """The same letter in two comprehensions is two variables."""
    module = Module("a.py", "a = [x.f() for x in first]\nb = [x.g() for x in second]")
    (call,) = module.calls(".g")
    (binding,) = module.bindings(call.receiver)
    assert isinstance(binding.value, ast.Name)
    assert binding.value.id == "second"


def test_what_a_function_of_the_file_returns_has_its_name() -> None:
    """The value of ``make()`` is named after what is returned, or after the annotation."""
    module = Module(
        "a.py",
        "from qiskit_ibm_runtime import QiskitRuntimeService as Service\n"
        "def make(): return Service()\n"
        "def cached() -> Service: return POOL.pop()\n"
        "def either(x): return Service() if x else None\n"
        "def itself(): return itself()\n"
        "make().job(1)\ncached().job(2)\nitself().job(3)\n",
    )
    names = [call.name for call in module.calls(".job")]
    wanted = "qiskit_ibm_runtime.QiskitRuntimeService.job"
    assert names == [wanted, wanted, "itself.job"]
