import json

import pytest
from jinja2 import UndefinedError

from redqubit.report.markup import tag
from redqubit.serve.page import address, data, environment


def render(text, **names):
    return environment().from_string(text).render(**names)


def test_text_is_escaped_and_drawings_pass():
    """Only markup made by this project's own elements is markup."""
    assert render("{{ x }}", x="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"
    assert render("{{ x }}", x=tag("b", "<")) == "<b>&lt;</b>"
    assert render("{{ x }}", x="a\u202eb\x00c") == "a\ufffdb\ufffdc"


def test_an_undefined_name_is_an_error():
    """A slip in a template cannot ship as an empty place."""
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


def test_data_are_ascii_json():
    """A value arrives whole, whatever it holds."""
    value = {"a": "</script>\u2028\ud7ff", "b": [1, None]}
    text = data("x", value)
    assert text.isascii()
    assert json.loads(text.partition("redqubit.data.x = ")[2].rstrip(";\n")) == value


def test_only_objects_with_a_page_have_an_address(chain):
    """A stray object is refused, and addresses are unique."""
    with pytest.raises(TypeError, match="str has no page"):
        address("QML.T0001")
    items = (*chain.techniques, *chain.mitigations, *chain.cases, *chain.sources, *chain.evidence)
    assert len({address(item) for item in items}) == len(items)


def test_own_measurements_reach_the_pages(site, texts):
    """A measured technique shows its newest measurement on its page and in the matrix."""
    measured = [name for name in site.own if site.newest(name)]
    assert measured
    for name in measured:
        assert "Measured on your model" in texts[f"technique/{name}.html"]
    assert '<option value="success">' in texts["index.html"]
    assert 'class="success"' in texts["index.html"]
