"""Nothing gets into the markup except as text."""

import html as stdlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.report.markup import Safe, clean, escape, join, slug, tag


class Reader(HTMLParser):
    """Collects elements, attributes and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""

    def handle_starttag(self, name, attributes):
        """Note an element with its attributes."""
        self.tags.append(name)
        self.attributes += attributes

    def handle_data(self, data):
        """Note text."""
        self.text += data


@given(st.text(), st.text())
def test_any_text_stays_text(content, value):
    """Whatever the content and the attribute, one element with one attribute comes out."""
    reader = Reader()
    reader.feed(tag("p", content, title=value))
    reader.close()
    assert reader.tags == ["p"]
    assert reader.attributes == [("title", clean(value))]
    assert reader.text == clean(content)


@given(st.text())
def test_any_text_is_well_formed_xml(content):
    """The same element parses as XML, so no forbidden character is left."""
    ElementTree.fromstring(tag("p", content, title=content))


def test_markup_is_not_escaped_twice():
    """Elements nest; strings beside them are escaped; None is nothing."""
    assert tag("p", tag("b", "a<b"), "&", None) == "<p><b>a&lt;b</b>&amp;</p>"
    assert join("<", Safe("<br>")) == "&lt;<br>"
    assert escape(Safe("<i>")) == "<i>"


def test_attributes_follow_their_values():
    """Underscores become hyphens, None and False vanish, True stands alone, void closes itself."""
    made = tag("meta", class_="a", stroke_width=2, open=True, hidden=False, id=None)
    assert made == '<meta class="a" stroke-width="2" open>'


@pytest.mark.parametrize("hostile", ["\x00", "\x1b", "\ud800", "\u202e", "\u2066", "\ufffe"])
def test_control_and_reordering_characters_are_replaced(hostile):
    """Characters that break XML or disguise text become the replacement character."""
    assert clean(f"a{hostile}b") == "a\ufffdb"
    stdlib.escape(clean(hostile)).encode()


@given(st.text(), st.text())
def test_a_slug_is_a_plain_fragment_of_its_own(name, other):
    """Fragments hold plain characters only, are never empty, and differ where names differ."""
    made = slug(name)
    assert made
    assert re.fullmatch(r"[A-Za-z0-9._-]+", made)
    assert (slug(other) == made) == (other == name)


def test_registry_names_are_their_own_fragment():
    """Ids and registry names stay readable in addresses."""
    assert slug("projected_gradient") == "projected_gradient"
    assert slug("QML.T0010.002") == "QML.T0010.002"
