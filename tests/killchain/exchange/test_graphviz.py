"""DOT files parse, and labels are what they were, whatever the texts."""

import json
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.killchain.exchange import dataflow, graphviz
from redqubit.killchain.exchange.drawing import Arrow, Drawing, Group, Node
from redqubit.killchain.system import Pipeline, Placement

DOT = shutil.which("dot")
HOSTILE = (
    '"]; evil [label="x',
    "\\",
    'a\\"b',
    "\\N \\G \\l \\n",
    "&lt;b&gt; &#34; &amp;",
    "<b>html</b>",
    "a\nb -> c;\n}",
    "digraph",
    "é∞😀 \x00\x85\u2028",
    "// c /* d */ # e",
    "a:n",
    "",
)


def parsed(text):
    """Return names and labels as Graphviz reads them, and pairs of arrow ends."""
    done = subprocess.run(
        [DOT, "-Tdot_json"], input=text.encode(), capture_output=True, check=True, timeout=60
    )
    assert not done.stderr
    data = json.loads(done.stdout)
    nodes = [item for item in data.get("objects", ()) if "nodes" not in item]
    names = [item["name"] for item in nodes]
    ids = {item["_gvid"]: item["name"] for item in data.get("objects", ())}
    ends = {(ids[edge["tail"]], ids[edge["head"]]) for edge in data.get("edges", ())}
    return names, [item["label"] for item in nodes], ends, data


@pytest.mark.skipif(DOT is None, reason="Graphviz is not installed")
def test_graphviz_reads_what_is_shipped(chain):
    """All techniques, a neighborhood, a case and a pipeline are read with every box and arrow."""
    names, _, ends, _ = parsed(graphviz.write(chain))
    assert {item.id for item in chain.techniques} <= set(names)
    assert len(ends) == graphviz.write(chain).count(" -> ")
    for item in (chain.techniques[0], chain.cases[0]):
        assert parsed(graphviz.write(chain, item))[2]
    diagram = dataflow.of(chain, Pipeline("p", {f"C{i}": Placement("user") for i in range(1, 16)}))
    assert len(parsed(graphviz.pipeline(diagram))[2]) == len(diagram.flows)


@pytest.mark.skipif(DOT is None, reason="Graphviz is not installed")
def test_hostile_text_stays_text(sample):
    """Quotes, backslashes, entities and statements in names add no box, arrow or attribute."""
    kept = ["".join(sign if sign.isprintable() else " " for sign in text) for text in HOSTILE]
    nodes = tuple(Node(f"{i}{text}", text, "technique") for i, text in enumerate(HOSTILE))
    arrows = tuple(Arrow(a.id, b.id, a.label) for a, b in pairwise(nodes))
    drawn = Drawing(HOSTILE[0], nodes, arrows, (Group(HOSTILE[1], (nodes[0].id,)),))
    names, labels, ends, data = parsed(graphviz.render(drawn))
    assert len(names) == len(HOSTILE)
    assert len(ends) == len(arrows)
    said = [text.replace("\\", "\\\\").replace("&", "&amp;") for text in kept]
    assert sorted(labels) == sorted(said)
    assert {key for item in data["objects"] for key in item} <= {
        "_gvid",
        "name",
        "label",
        "shape",
        "nodes",
        "charset",
        "fontname",
        "fontsize",
        "rankdir",
    }
    for item in (None, *sample.techniques, *sample.cases):
        parsed(graphviz.write(sample, item))


@given(text=st.text())
def test_strings_end_where_they_should(text):
    """Inside a string every quote has a backslash of its own and every backslash a partner."""
    made = graphviz.escape(text)
    assert "\n" not in made
    left = made.replace("\\\\", "").replace('\\"', "")
    assert not set(left) & {'"', "\\"}
