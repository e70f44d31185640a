"""What attributes hold, what factories and starters call, and which part a name takes."""

import pytest

from redqubit.scan.static.module import Module

REQUEST = "from flask import request\n"


def flow(text: str, **options):
    """Return the flow into the argument of ``sink``."""
    module = Module("a.py", text)
    (call,) = module.calls(".sink")
    return module.flow(call.arg(0), **options)


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    x: list\nsink(A(request.json).x)",
        "class A:\n    def __init__(self, y):\n        self.x = y\na = A(request.json)\nsink(a.x)",
        "class A:\n    x: list\n    def f(self):\n        sink(self.x)\nA(request.json)",
        "class A:\n    def __init__(self, y):\n        self.x = y\n"
        "def make() -> A:\n    return A(request.json)\nsink(make().x)",
        "class A:\n    def get(self):\n        return request.json\n"
        "def make() -> 'A':\n    return A()\nsink(make().get())",
        "def make():\n    def f(x):\n        sink(x)\n    return f\nmake()(request.json)",
        "def make():\n    def f(x):\n        sink(x)\n    return f\ng = make()\ng(request.json)",
        "import threading\ndef f(x):\n    sink(x)\n"
        "threading.Thread(target=f, args=(request.json,)).start()",
        "def f(x):\n    sink(x)\ntasks.add_task(f, request.json)",
        "def f(x):\n    sink(x)\nf.delay(request.json)",
        "T = {'a': lambda: 1, 'b': read}\ndef read():\n    return request.json\nsink(T[k]())",
        "from fastapi import Depends\ndef read():\n    return request.json\n"
        "@app.post('/x')\ndef f(x=Depends(read)):\n    sink(x)",
        "for a, b in zip(names, request.json):\n    sink(b)",
        "def f():\n    return 1, request.json\na, b = f()\nsink(b)",
    ],
)
def test_a_flow_is_followed(text: str) -> None:
    """Data passes through objects, factories, threads, tables and tuples."""
    found = flow(REQUEST + text)
    assert found is not None
    assert found.origin == "request"


@pytest.mark.parametrize(
    "text",
    [
        "for i, b in enumerate(request.json):\n    sink(i)",
        "for a, b in zip(names, request.json):\n    sink(a)",
        "def f():\n    return 1, request.json\na, b = f()\nsink(a)",
        "class A:\n    def __init__(self, y):\n        self.x = 1\n        self.y = y\n"
        "a = A(request.json)\nsink(a.x)",
        "from sklearn.model_selection import train_test_split\n"
        "a, b, c, d = train_test_split(rows, request.json)\nsink(a)",
    ],
)
def test_the_other_part_is_left_alone(text: str) -> None:
    """A counter and what stands beside the data are not the data."""
    assert flow(REQUEST + text) is None


def test_the_fields_that_are_read_are_known() -> None:
    """They tell which part of a schema matters."""
    found = flow(REQUEST + "d = request.json\nsink(d['a'].b)")
    assert found.fields == ("a", "b")
