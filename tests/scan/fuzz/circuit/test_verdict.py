"""The tolerance rule: exact relations, compilers' approximations and large angles."""

import math

from redqubit.scan.fuzz.circuit.verdict import Verdict, judge, worst


def test_exact_relations_hold_to_a_billionth() -> None:
    """Beyond 1e-9 an exact relation is broken."""
    assert judge(1e-10, 0.0, "x").outcome == "agree"
    assert judge(1e-8, 0.0, "x").outcome == "differ"


def test_compilers_may_approximate() -> None:
    """Between 1e-9 and 1e-4 a compiler is neither right nor wrong."""
    assert judge(1e-10, 0.0, "x", compiled=True).outcome == "agree"
    assert judge(1e-6, 0.0, "x", compiled=True).outcome == "unknown"
    assert judge(1e-3, 0.0, "x", compiled=True).outcome == "differ"


def test_rounded_angles_decide_nothing() -> None:
    """An angle of 1e17 has no meaning modulo 2 pi, so a difference is unknown."""
    assert judge(1.0, 1e17, "x").outcome != "differ"
    assert judge(1.0, 1e13, "x").outcome == "unknown"
    assert judge(1e-3, 1e6, "x").outcome == "differ"
    assert judge(math.inf, 1.0, "x", compiled=True).outcome == "differ"


def test_a_difference_outweighs_the_unknown() -> None:
    """Of several verdicts, a difference counts first and an unknown second."""
    verdicts = [Verdict("agree", 1e-12), Verdict("unknown"), Verdict("differ", 1.0)]
    assert worst(verdicts).outcome == "differ"
    assert worst(verdicts[:2]).outcome == "unknown"
    assert worst(verdicts[:1]).distance == 1e-12
