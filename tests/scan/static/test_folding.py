"""Constant folding: exact where the source decides, unknown elsewhere."""

import ast

import pytest

from redqubit.scan.static.folding import UNKNOWN, Unknown
from redqubit.scan.static.module import Module


def last(text: str) -> tuple[Module, ast.expr]:
    """Return a module and the expression its last line consists of."""
    module = Module("a.py", text)
    statement = module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    return module, statement.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a' + 'b'", "ab"),
        ("A = 2\nA * 8 - 1", 15),
        ("H = 'h'\nf'http://{H}/x'", "http://h/x"),
        ("import os\nos.path.join('a', 'b')", "a/b"),
        ("from pathlib import Path\nPath('a') / 'b'", "a/b"),
        ("'-'.upper()", "-"),
        ("{'a': (1, 2)}['a'][1]", 2),
        ("not True", False),
        ("class C:\n    X = 3\nx = 1 << 4\nx", 16),
        ("import math\nmath.pi > 3", UNKNOWN),
        ("import numpy as np\n2 * np.pi", 2 * 3.141592653589793),
        ("[1, 'a']", [1, "a"]),
        ("x = 1\nx = 2\nx", 2),
        ("'{}/{}'.format('a', 'b')", UNKNOWN),
    ],
)
def test_constants_are_folded(text, value):
    """Names, arithmetic, texts and paths that the source alone decides have a value."""
    module, node = last(text)
    assert module.fold(node) == value


@pytest.mark.parametrize(
    "text",
    [
        "f()",
        "x",
        "x = 1\nif y:\n    x = 2\nx",
        "'a' * 10**9",
        "10 ** 10 ** 10",
        "1 / 0",
        "1 << 99999",
        "'%999999999d' % 1",
        "a = b\nb = a\na",
        "f'{1:999999999}'",
        "'a' - 1",
        "int('9' * 5000)",
        "+".join(["1"] * 500),
    ],
)
def test_what_is_not_constant_or_too_large_is_unknown(text):
    """Hostile constants cost nothing: no power towers, no huge texts, no endless names."""
    module, node = last(text)
    assert module.fold(node) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("f'http://{x}/y'", "http://"),
        ("B = 'https://h'\nB + '/' + x", "https://h/"),
        ("'http://{}/a'.format('h')", "http://h/a"),
        ("'http://{}/{}'.format('h', x)", "http://h/"),
        ("'http://%s/' % x", "http://"),
        ("x + 'a'", ""),
    ],
)
def test_the_start_of_a_text_is_known(text, start):
    """The literal part before the first unknown value is kept."""
    module, node = last(text)
    assert module.prefix(node) == start


def test_unknown_has_a_name():
    """It reads well in a failed assertion."""
    assert repr(Unknown()) == "UNKNOWN"
