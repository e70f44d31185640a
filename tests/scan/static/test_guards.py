"""Tests that dominate a place, and what they prove."""

import pytest

from redqubit.scan.static import guards
from redqubit.scan.static.guards import allow_listed, opted_in
from redqubit.scan.static.module import Module


def sink(text: str):
    """Return the module and the argument of its only call of ``sink``."""
    module = Module("a.py", text)
    (call,) = module.calls(".sink")
    return module, call.arg(0)


@pytest.mark.parametrize(
    "text",
    [
        "if x in {'a'}:\n    sink(x)",
        "if x not in NAMES:\n    raise ValueError\nsink(x)",
        "if not x in ('a',):\n    exit()\nsink(x)",
        "assert x == 'a'\nsink(x)",
        "sink(x) if x in ['a'] else None",
        "x in ('a', 'b') and sink(x)",
        "if y and x.startswith('a.'):\n    sink(x)",
        "if x.lower().strip() in ('a',):\n    sink(x)",
        "if x.split('.')[0] not in ('a',):\n    raise ValueError\nsink(x)",
        "for x in y:\n    if x not in ('a',):\n        continue\n    sink(x)",
        "import re\nif not re.fullmatch('[a-z]+', x):\n    raise ValueError\nsink(x)",
        "D = {'a': 1}\nif x in D.keys():\n    sink(x)",
        "if x != 'a':\n    raise ValueError\nsink(x)",
        "while x in ('a',):\n    sink(x)",
        "[sink(x) for x in y if x in ('a',)]",
        "from urllib.parse import urlsplit\nparts = urlsplit(x)\n"
        "if parts.scheme != 'https' or parts.hostname not in HOSTS:\n    raise ValueError\nsink(x)",
        "from urllib.parse import urlparse\nhost = urlparse(x).hostname or ''\n"
        "if not host.endswith('.example.org'):\n    raise ValueError\nsink(x)",
        "def check(v):\n    if v not in ('a',):\n        raise ValueError\ncheck(x)\nsink(x)",
        "def known(v):\n    return v in NAMES\nif not known(x):\n    raise ValueError\nsink(x)",
        "class C:\n  def ok(self, v):\n    return v in ('a',)\n  def f(self, x):\n"
        "    if self.ok(x):\n      sink(x)",
    ],
)
def test_membership_in_constants_is_proved(text):
    """In, not in with a way out, equality, prefixes and full matches."""
    module, node = sink(text)
    assert allow_listed(module, node)


@pytest.mark.parametrize(
    "text",
    [
        "sink(x)",
        "if x in names:\n    sink(x)",
        "if x not in ('a',):\n    sink(x)",
        "if x not in ('a',):\n    print('bad')\nsink(x)",
        "if x in ('a',) or y:\n    sink(x)",
        "if y in ('a',):\n    sink(x)",
        "if x.get('k') == 'a':\n    sink(x)",
        "if 'a' in x:\n    sink(x)",
        "def f():\n    assert x == 'a'\nsink(x)",
        "x in ('a',) or sink(x)",
        "if x is None:\n    raise ValueError\nsink(x)",
        "from urllib.parse import urlsplit\nif urlsplit(x).scheme not in ('a',):\n"
        "    raise ValueError\nsink(x)",
        "if not x.endswith('.npz'):\n    raise ValueError\nsink(x)",
        "def check(v):\n    if v not in ('a',):\n        print(v)\ncheck(x)\nsink(x)",
        "def check(v):\n    if v not in ('a',):\n        raise ValueError\ncheck(y)\nsink(x)",
        "def known(v):\n    return v not in NAMES\nif known(x):\n    sink(x)",
    ],
)
def test_other_tests_prove_nothing(text):
    """Variable collections, other values, parts of the value, and tests that do not dominate."""
    module, node = sink(text)
    assert not allow_listed(module, node)


def test_guards_end_at_the_function():
    """A test around the definition says nothing about the call."""
    module, node = sink("if a:\n    def f():\n        if b:\n            sink(x)")
    assert [module.source(item.test) for item in guards.guards(module, node)] == ["b"]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("    if trust:\n        sink(x)", True),
        ("    if not trust:\n        raise ValueError\n    sink(x)", True),
        ("    if trust and x:\n        sink(x)", True),
        ("    if not trust:\n        sink(x)", False),
        ("    if trust or x:\n        sink(x)", False),
        ("    if not trust or x:\n        raise ValueError\n    sink(x)", True),
        ("    sink(x)", False),
        ("    if other:\n        sink(x)", False),
    ],
)
def test_a_flag_that_is_off_by_default_opts_in(body, answer):
    """Whoever sets the flag says that the data is trusted."""
    module, node = sink(f"def f(x, other=True, *, trust=False):\n{body}")
    assert opted_in(module, node) is answer
