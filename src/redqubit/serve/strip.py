"""A case as a strip: the tactics from left to right, its steps as numbered marks on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from redqubit.killchain.model import Case, Tactic
from redqubit.report.frame import px
from redqubit.report.labels import wrap
from redqubit.report.markup import Safe, tag

WIDTH: Final = 976.0
NARROW: Final = 22.0  # the column of a tactic without a step
ROW: Final = 30.0
HEAD: Final = 46.0
FONT: Final = 12.0


def draw(case: Case, tactics: Sequence[Tactic]) -> Safe:
    """Draw the steps of a case in order; steps of one tactic stand below each other.

    Only the tactics with a step are named; the others are narrow, so that all fourteen fit.
    """
    count = Counter(step.tactic for step in case.steps)
    wide = (WIDTH - NARROW * (len(tactics) - len(count))) / len(count)
    place: dict[str, float] = {}
    left = 0.0
    for tactic in tactics:
        width = wide if tactic.id in count else NARROW
        place[tactic.id] = left + width / 2
        left += width
    height = HEAD + ROW * max(count.values())
    seen: Counter[str] = Counter()
    points = []
    for step in case.steps:
        points.append((place[step.tactic], HEAD + ROW * (seen[step.tactic] + 0.5)))
        seen[step.tactic] += 1
    names = {tactic.id: tactic.name for tactic in tactics}
    told = "; ".join(f"{i}: {names[step.tactic]}" for i, step in enumerate(case.steps, 1))
    heads = []
    for tactic in tactics:
        x = px(place[tactic.id])
        heads.append(tag("path", d=f"M{x} {px(HEAD)}V{px(height)}", class_="lane"))
        if tactic.id in count:
            rows = wrap(tactic.name, FONT, 1.15 * wide, most=2)
            top = HEAD - 8 - 15 * (len(rows) - 1)
            heads += [tag("text", row, x=x, y=px(top + 15 * i)) for i, row in enumerate(rows)]
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
        viewBox=f"0 0 {px(WIDTH)} {px(height)}",
        class_="strip",
        role="img",
        aria_labelledby=f"{case.id}-title {case.id}-desc",
    )
