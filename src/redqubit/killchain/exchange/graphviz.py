"""Techniques, cases, paths and pipelines in DOT, the language of Graphviz.

Source: the DOT grammar of Graphviz. Names and labels are always quoted; in labels a backslash and
an ampersand are doubled or written out, so that no text can end a string, reach an attribute or
become markup.
"""

from __future__ import annotations

from typing import Final

from redqubit.killchain.exchange import drawing
from redqubit.killchain.exchange.dataflow import Diagram
from redqubit.killchain.exchange.drawing import Drawing, Node, Subject
from redqubit.killchain.model import KillChain

_SHAPES: Final = {
    "technique": "box",
    "capability": "ellipse",
    "goal": "hexagon",
    "process": "circle",
    "store": "cylinder",
    "actor": "box",
}
_HEAD: Final = (
    "  rankdir=LR;",
    '  graph [fontname="Helvetica", charset="UTF-8"];',
    '  node [fontname="Helvetica", fontsize=10];',
    '  edge [fontname="Helvetica", fontsize=9, arrowsize=0.7];',
)


def write(chain: KillChain, subject: Subject = None) -> str:
    """Return a technique with its neighbors, a case, a path, or all techniques as a graph."""
    return render(drawing.of(chain, subject))


def pipeline(diagram: Diagram) -> str:
    """Return a pipeline as a graph."""
    return render(drawing.pipeline(diagram))


def render(made: Drawing) -> str:
    """Return any drawing as a graph."""
    nodes = {node.id: node for node in made.nodes}
    lines = [f'digraph "{escape(made.title)}" {{', *_HEAD]
    grouped = set()
    for i, group in enumerate(made.groups):
        lines.append(f"  subgraph cluster_{i} {{")
        lines.append(f'    label="{escape(group.title)}";')
        lines += [f"    {_node(nodes[name])}" for name in group.nodes]
        lines.append("  }")
        grouped |= set(group.nodes)
    lines += [f"  {_node(node)}" for node in made.nodes if node.id not in grouped]
    for arrow in made.arrows:
        said = [f'label="{escape(arrow.label)}"'] if arrow.label else []
        said += ["style=dashed"] if arrow.optional else []
        more = f" [{', '.join(said)}]" if said else ""
        lines.append(f'  "{escape(arrow.source)}" -> "{escape(arrow.target)}"{more};')
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node) -> str:
    more = ", penwidth=2.5" if node.focus else ""
    return f'"{escape(node.id)}" [label="{escape(node.label)}", shape={_SHAPES[node.kind]}{more}];'


def escape(text: str) -> str:
    """Return text as the inside of a quoted string; what cannot be printed becomes a space."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return kept.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
