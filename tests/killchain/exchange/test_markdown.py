"""Markdown of the whole kill chain: complete, linked, and without a way out of the text."""

import posixpath
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from redqubit.killchain.exchange import markdown

RENDERER = MarkdownIt("commonmark")


def tags(text):
    """Return the tags of rendered Markdown but the anchors we set."""
    made = re.sub(r'<a id="[\w.-]+"></a>', "", RENDERER.render(text))
    return set(re.findall(r"<\s*/?\s*([^\s>/]+)", made))


OURS = {"h1", "h2", "h3", "h4", "h5", "p", "ul", "ol", "li", "a", "strong"}


def test_every_object_has_a_section(chain):
    """The document holds an anchor for each object, and every link inside it leads to one."""
    text = markdown.write(chain)
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)
    assert {name if "." in name else f"source-{name}" for name in chain.by_id} <= set(anchors)
    assert text.startswith(f"# {chain.edition.name}\n")
    assert text.endswith("\n")


def test_every_object_has_a_page(chain):
    """Each page is in the index, and every link between pages leads to one."""
    made = markdown.pages(chain)
    assert len(made) == len(chain.by_id) + 1
    for path, text in made.items():
        for link in re.findall(r"\]\(([^):#]+\.md)\)", text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) in made
    index = set(re.findall(r"\]\(([^):#]+\.md)\)", made["index.md"]))
    assert index == made.keys() - {"index.md"}


def test_pages_are_headed_by_their_object(chain):
    """A page starts with the id and name of its object."""
    item = chain.techniques[0]
    page = markdown.pages(chain)[f"techniques/{item.id}.md"]
    assert page.startswith(f"# {item.id} ")
    assert item.summary in page


def test_hostile_text_stays_text(sample):
    """Markup in texts is shown, not acted on: no tag but ours is rendered."""
    for text in (markdown.write(sample), *markdown.pages(sample).values()):
        assert tags(text) <= OURS
        assert "&lt;script" in RENDERER.render(text) or "<script" not in text


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_kill_chain_renders_to_our_tags(chains, data):
    """Whatever the texts, rendering gives the tags of our own structure."""
    assert tags(markdown.write(data.draw(chains))) <= OURS


@given(text=st.text(alphabet=st.sampled_from("ab 1.)#*_`[]()<>&!\\|~+-=\n$:/")) | st.text())
def test_plain_text_reads_as_it_is(text):
    """Rendered and stripped of paragraphs, a text is itself up to its white space."""
    shown = RENDERER.render(markdown.plain(text))
    assert not set(re.findall(r"<\s*/?\s*([^\s>/]+)", shown)) - {"p"}
    words = re.sub(r"</?p>", " ", shown)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, sign)
    wanted = "".join(
        sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text
    )
    assert words.split() == wanted.split()


@pytest.mark.parametrize(
    "text",
    [
        "# a",
        "- a",
        "+ a",
        "1. a",
        "12) a",
        "***",
        "---",
        "a\n===",
        "    code",
        "> q",
        "```\nx",
        "![a](b)",
        "[a](javascript:x)",
        "[a]: b",
        "<b>",
        "&copy;",
        "a  \nb",
        "~~~",
        "| a |\n|---|",
    ],
)
def test_no_syntax_is_active(text):
    """Headings, lists, rules, code, quotes, images, links and markup are shown as written."""
    assert tags(markdown.plain(text)) <= {"p"}
    assert tags(f"before\n\n{markdown.plain(text)}\n\nafter") <= {"p"}
