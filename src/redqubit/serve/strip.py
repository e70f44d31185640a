"""A case as a strip: the tactics from left to right, its steps as numbered marks on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from redqubit.killchain.model import Case, Tactic
from redqubit.report.frame import px
from redqubit.report.labels import wrap
from redqubit.report.markup import Safe, tag

COLUMN: Final = 76.0
ROW: Final = 30.0
HEAD: Final = 42.0


def draw(case: Case, tactics: Sequence[Tactic]) -> Safe:
    """Draw the steps of a case in order; steps of one tactic stand below each other."""
    place = {tactic.id: i for i, tactic in enumerate(tactics)}
    used = {step.tactic for step in case.steps}
    count: defaultdict[str, int] = defaultdict(int)
    points = []
    for step in case.steps:
        x = COLUMN * (place[step.tactic] + 0.5)
        points.append((x, HEAD + ROW * (count[step.tactic] + 0.5)))
        count[step.tactic] += 1
    most = max(Counter(step.tactic for step in case.steps).values())
    width, height = COLUMN * len(tactics), HEAD + ROW * most
    names = {tactic.id: tactic.name for tactic in tactics}
    told = "; ".join(f"{i}: {names[step.tactic]}" for i, step in enumerate(case.steps, 1))
    heads = []
    for tactic in tactics:
        x = COLUMN * (place[tactic.id] + 0.5)
        kind = "used" if tactic.id in used else "unused"
        heads.append(tag("path", d=f"M{px(x)} {px(HEAD)}V{px(height)}", class_="lane"))
        rows = wrap(tactic.name, 10.5, COLUMN - 4, most=2)
        heads += [
            tag("text", row, x=px(x), y=px(HEAD - 20 + 13 * i), class_=kind)
            for i, row in enumerate(rows)
        ]
    line = " ".join(f"{px(x)},{px(y)}" for x, y in points)
    marks = [
        tag(
            "g",
            tag("circle", cx=px(x), cy=px(y), r=11),
            tag("text", i, x=px(x), y=px(y + 4), class_="number"),
        )
        for i, (x, y) in enumerate(points, 1)
    ]
    return tag(
        "svg",
        tag("title", f"{case.name}: its steps by tactic", id=f"{case.id}-title"),
        tag("desc", told, id=f"{case.id}-desc"),
        *heads,
        tag("polyline", points=line),
        *marks,
        viewBox=f"0 0 {px(width)} {px(height)}",
        class_="strip",
        role="img",
        aria_labelledby=f"{case.id}-title {case.id}-desc",
    )
