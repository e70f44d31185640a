"""How a parser ended on one input, from worst to best."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Ending = Literal["abort", "panic", "hang", "exhausted", "untyped", "rejected", "accepted"]
ENDINGS: Final[tuple[Ending, ...]] = get_args(Ending)
FINE: Final = ("rejected", "accepted")
_DETAIL: Final = re.compile(r"0x[\da-f]+|\d+|'[^']*'|\"[^\"]*\"|[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run showed.

    Parameters
    ----------
    ending
        ``abort``: the process died; ``panic``: an exception that ``except Exception`` does not
        catch; ``hang``: stopped by a time limit; ``exhausted``: RecursionError or MemoryError;
        ``untyped``: an exception the parser does not document; ``rejected``: a documented one;
        ``accepted``: a result.
    error
        Type of the exception, or name of the signal.
    message
        First 200 characters of the exception's text.
    where
        File name and function where it was raised.
    seconds
        Processor time.
    megabytes
        Growth of the peak of resident memory.
    """

    ending: Ending
    error: str = ""
    message: str = ""
    where: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def bucket(self) -> str:
        """Return what outcomes with the same cause share: no numbers, no names from the input."""
        if self.ending == "accepted":
            return "accepted"
        text = "" if self.ending in ("abort", "hang") else _DETAIL.sub("#", self.message)[:60]
        return "|".join((self.ending, self.error, self.where, text))


def worst(first: Outcome, second: Outcome) -> Outcome:
    """Return the outcome that stands earlier in `ENDINGS`."""
    return min(first, second, key=lambda outcome: ENDINGS.index(outcome.ending))


def describe(error: BaseException, typed: tuple[str, ...]) -> tuple[Ending, str, str, str]:
    """Return ending, type, message and place of an exception.

    Parameters
    ----------
    typed
        Names of the exception classes that the parser documents; subclasses count.
    """
    names = [kind.__name__ for kind in type(error).__mro__]
    if isinstance(error, RecursionError | MemoryError):
        ending: Ending = "exhausted"
    elif set(names) & set(typed):
        ending = "rejected"
    elif not isinstance(error, Exception):
        ending = "panic"
    else:
        ending = "untyped"
    place = ""
    trace = error.__traceback__
    if ending == "untyped":
        while trace is not None:
            code = trace.tb_frame.f_code
            place = f"{code.co_filename.rsplit('/', 1)[-1]}:{code.co_name}"
            trace = trace.tb_next
    try:
        message = str(error)[:200]
    except Exception:
        message = ""
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}."
    return ending, module + kind.__name__, message, place


def from_fields(fields: Mapping[str, object]) -> Outcome:
    """Read an outcome that a worker sent.

    Raises
    ------
    ValueError
        The fields are not those of an outcome.
    """
    ending = fields.get("ending")
    if ending not in ENDINGS:
        raise ValueError(f"an outcome does not end as {ending!r}")
    numbers = [fields.get(name, 0.0) for name in ("seconds", "megabytes")]
    seconds, megabytes = (float(one) if isinstance(one, int | float) else -1.0 for one in numbers)
    if min(seconds, megabytes) < 0:
        raise ValueError("seconds and megabytes of an outcome are not negative numbers")
    error, message, where = (str(fields.get(name, "")) for name in ("error", "message", "where"))
    return Outcome(ending, error, message, where, seconds, megabytes)
