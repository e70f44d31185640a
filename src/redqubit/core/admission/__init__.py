"""Admission control: what a circuit would cost, bounded before any parser sees it.

`estimate` reads OpenQASM 2 and 3 text and QPY files in time linear in their bytes, loads nothing
and never raises for what is in them; `admit` compares the estimate with `Limits` and refuses with
the rule, what came and the limit.
"""

from redqubit.core.admission.decide import DEFAULT, AdmissionError, Limits, admit, estimate
from redqubit.core.admission.found import CAP, Estimate, Fault

__all__ = [
    "CAP",
    "DEFAULT",
    "AdmissionError",
    "Estimate",
    "Fault",
    "Limits",
    "admit",
    "estimate",
]
