import re
from dataclasses import replace

import pytest

from redqubit import killchain
from redqubit.killchain.model import Case, Step
from redqubit.serve import strip

CHAIN = killchain.load()


@pytest.mark.parametrize("case", CHAIN.cases, ids=lambda case: case.id)
def test_every_step_is_drawn_in_order(case):
    """The marks carry the numbers of the steps, left to right by tactic, never on one point."""
    drawn = strip.draw(case, CHAIN.tactics)
    assert re.findall(r">(\d+)</text>", drawn) == [str(i + 1) for i in range(len(case.steps))]
    points = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert len(set(points)) == len(case.steps)
    order = {tactic.id: tactic.order for tactic in CHAIN.tactics}
    found = sorted(zip((float(x) for x, _ in points), case.steps, strict=True), key=lambda p: p[0])
    orders = [order[step.tactic] for _, step in found]
    assert orders == sorted(orders)


def test_one_case_through_all_tactics_fits():
    """Fourteen tactics stay inside the frame."""
    technique = CHAIN.techniques[0].id
    steps = tuple(Step(tactic.id, technique, "text") for tactic in CHAIN.tactics)
    case = Case("QML.CS999", "All", "s", "executed", steps, command="redqubit attack x")
    drawn = strip.draw(case, CHAIN.tactics)
    assert max(map(float, re.findall(r'cx="([\d.]+)"', drawn))) < strip.WIDTH
    assert strip.draw(replace(case, steps=steps[:1]), CHAIN.tactics).count("<circle") == 1
