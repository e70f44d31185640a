"""Techniques, cases, paths and pipelines as Mermaid flowcharts.

Source: the flowchart syntax of Mermaid 11. Text stands in quotes, and every character but letters,
digits and a few marks is written as a numbered entity, so that no text can end a label, open a
directive or become HTML.
"""

from __future__ import annotations

from typing import Final

from redqubit.killchain.exchange import drawing
from redqubit.killchain.exchange.dataflow import Diagram
from redqubit.killchain.exchange.drawing import Drawing, Node, Subject
from redqubit.killchain.model import KillChain

MOST_ARROWS: Final = 500  # that Mermaid draws unless its host raises ``maxEdges``
_PLAIN: Final = frozenset(" .,()+-=*/!?'")
_SHAPES: Final = {
    "technique": ("[", "]"),
    "capability": ("([", "])"),
    "goal": ("{{", "}}"),
    "process": ("(", ")"),
    "store": ("[(", ")]"),
    "actor": ("[", "]"),
}
_STYLE: Final = (
    "  classDef capability fill:#f4f4f4,stroke:#999999,color:#222222",
    "  classDef focus stroke-width:3px",
)


def write(chain: KillChain, subject: Subject = None) -> str:
    """Return a technique with its neighbors, a case, a path, or all techniques as a flowchart.

    Over 500 arrows a comment says so, since Mermaid then draws nothing unless its host allows it.
    """
    return render(drawing.of(chain, subject))


def pipeline(diagram: Diagram) -> str:
    """Return a pipeline as a flowchart."""
    return render(drawing.pipeline(diagram))


def render(made: Drawing) -> str:
    """Return any drawing as a flowchart."""
    names = {node.id: f"n{i}" for i, node in enumerate(made.nodes)}
    nodes = {node.id: node for node in made.nodes}
    lines = ["flowchart LR"]
    if len(made.arrows) > MOST_ARROWS:
        lines.append(f"  %% {len(made.arrows)} arrows; the host must set maxEdges above that")
    grouped = set()
    for i, group in enumerate(made.groups):
        lines.append(f'  subgraph g{i}["{escape(group.title)}"]')
        lines += [f"    {_node(names[name], nodes[name])}" for name in group.nodes]
        lines.append("  end")
        grouped |= set(group.nodes)
    lines += [f"  {_node(names[node.id], node)}" for node in made.nodes if node.id not in grouped]
    for arrow in made.arrows:
        line = "-.->" if arrow.optional else "-->"
        label = f'|"{escape(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {names[arrow.source]} {line}{label} {names[arrow.target]}")
    lines += _STYLE
    soft = [names[node.id] for node in made.nodes if node.kind == "capability"]
    focus = [names[node.id] for node in made.nodes if node.focus]
    for members, style in ((soft, "capability"), (focus, "focus")):
        if members:
            lines.append(f"  class {','.join(members)} {style}")
    return "\n".join(lines) + "\n"


def _node(name: str, node: Node) -> str:
    left, right = _SHAPES[node.kind]
    return f'{name}{left}"{escape(node.label)}"{right}'


def escape(text: str) -> str:
    """Return text as the inside of a quoted label; line breaks and control characters are spaces.

    An empty label becomes a space, which Mermaid asks for.
    """

    def one(sign: str) -> str:
        if sign.isalnum() or sign in _PLAIN:
            return sign
        return f"#{ord(sign)};" if sign.isprintable() else " "

    return "".join(map(one, text)) or " "
