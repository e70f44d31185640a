"""Two pieces of evidence side by side: the same attack without and with a defense."""

from __future__ import annotations

from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence
from redqubit.report.markup import clean
from redqubit.report.wording import MISSING, VIEWS, interval, percent, phrase, points, title


def compare(bare: Evidence, defended: Evidence) -> str:
    """Say in plain text what a defense changes about one attack.

    Parameters
    ----------
    bare, defended
        Evidence of the same attack within the same budget.

    Raises
    ------
    InputError
        The two are not the same attack, or its budget differs.
    """
    if bare.attack != defended.attack:
        raise InputError(
            f"compare takes one attack on two models, got {bare.attack!r} and {defended.attack!r}"
        )
    if bare.radius != defended.radius:
        raise InputError(
            f"compare takes one budget, got {bare.radius or 'none'} and {defended.radius or 'none'}"
        )
    name = phrase(defended.defense)
    if defended.view != "none":
        name += f" ({VIEWS[defended.view]})"
    before = "no defense" if bare.defense == "none" else phrase(bare.defense)
    measure = "agreement" if bare.kind == "extraction" else "success"
    lines = [("", before, name, "change, points")]
    pairs = [(measure, bare.success, defended.success)]
    pairs += [
        (key.replace("_", " "), bare.rates.get(key), defended.rates.get(key))
        for key in dict.fromkeys([*bare.rates, *defended.rates])
    ]
    lines += [(key, _cell(a), _cell(b), _change(a, b)) for key, a, b in pairs]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    budget = f", {bare.radius}" if bare.radius else ""
    technique = f" ({bare.technique})" if bare.technique else ""
    head = f"{title(bare.attack)}{technique}{budget}"
    rows = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines]
    told = _sentence(bare.success, defended.success, measure)
    return clean("\n".join(row.rstrip() for row in [head, *rows, told]))


def _cell(rate: Rate | None) -> str:
    if rate is None or rate.value is None:
        return "not judged"
    return f"{percent(rate.value)} ({interval(rate)}, n = {rate.n:,})"


def _change(before: Rate | None, after: Rate | None) -> str:
    if before is None or after is None or before.value is None or after.value is None:
        return MISSING
    return points(after.value - before.value)


def _sentence(before: Rate | None, after: Rate | None, measure: str) -> str:
    if before is None or after is None or before.value is None or after.value is None:
        return "One of the two could not be judged, so nothing follows."
    low, high = after.low or 0.0, after.high or 0.0
    if high < (before.low or 0.0):
        return f"The defense cuts {measure}: the intervals do not overlap."
    if low > (before.high or 1.0):
        return f"The defense raises {measure}: the intervals do not overlap."
    return f"The intervals overlap: no change of {measure} is shown."
