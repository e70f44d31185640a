"""Mermaid flowcharts hold to a small grammar, whatever the texts."""

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.exchange import dataflow, mermaid
from redqubit.killchain.exchange.drawing import Arrow, Drawing, Group, Node

TEXT = r'"(?:[^"#;:&<>{}\[\]|%`\\\x00-\x1f]|#\d+;)+"'
SHAPES = "|".join(
    re.escape(left) + TEXT + re.escape(right) for left, right in mermaid._SHAPES.values()
)
LINE = re.compile(
    rf"flowchart LR|  %% \d+ arrows; the host must set maxEdges above that|"
    rf"  subgraph g\d+\[{TEXT}\]|  end|(?:  |    )n\d+(?:{SHAPES})|"
    rf"  n\d+ (?:-->|-\.->)(?:\|{TEXT}\|)? n\d+|"
    r"  classDef (?:capability fill:#\w+,stroke:#\w+,color:#\w+|focus stroke-width:3px)|"
    r"  class n\d+(?:,n\d+)* (?:capability|focus)"
)
HOSTILE = (
    '"] --> n9["x',
    '%%{init: {"theme": "dark"}}%%',
    "<script>alert(1)</script>",
    "`**markdown**`",
    "style:#f00; x",
    "end",
    'click n0 href "javascript:alert(1)"',
    "\n  n0 --> n0\nsubgraph x",
    "---\nconfig: x\n---",
    "#35; &lt; \\n",
    "",
    "é∞😀",
)


def holds(text):
    assert text.endswith("\n")
    wrong = [line for line in text[:-1].split("\n") if not LINE.fullmatch(line)]
    assert not wrong, wrong


def shown(label):
    """Return what Mermaid shows for an escaped label."""
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", label))


def test_everything_shipped_keeps_the_grammar(chain):
    """All techniques, every neighborhood and every case are valid and small enough to draw."""
    texts = [mermaid.write(chain, item) for item in (None, *chain.techniques, *chain.cases)]
    for text in texts:
        holds(text)
        assert text.count("->") <= mermaid.MOST_ARROWS
        assert len(text) < 50_000


def test_hostile_text_stays_text(sample):
    """Names full of markup and syntax end up inside quotes, character by character."""
    for item in (None, *sample.techniques, *sample.cases):
        holds(mermaid.write(sample, item))
    nodes = tuple(Node(text, text, "technique") for text in HOSTILE)
    arrows = tuple(Arrow(text, HOSTILE[0], text, bool(text)) for text in HOSTILE)
    holds(mermaid.render(Drawing(HOSTILE[0], nodes, arrows, (Group(HOSTILE[1], HOSTILE[:2]),))))


@given(text=st.text())
def test_labels_show_their_text(text):
    """Undoing the entities gives the text back, with spaces for what cannot be printed."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    assert shown(mermaid.escape(text)) == (kept or " ")


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_pipeline_keeps_the_grammar(chain, pipelines, data):
    """A pipeline is drawn with its zones as subgraphs."""
    text = mermaid.pipeline(dataflow.of(chain, data.draw(pipelines)))
    holds(text)
    assert text.count("  subgraph") == text.count("  end")


def test_too_many_arrows_are_announced():
    """Over 500 arrows the file says that the host must allow them."""
    nodes = (Node("a", "a", "technique"), Node("b", "b", "capability"))
    text = mermaid.render(Drawing("t", nodes, (Arrow("a", "b"),) * 501))
    holds(text)
    assert "501 arrows" in text
