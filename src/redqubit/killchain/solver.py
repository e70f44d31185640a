"""Exact minimization of a weighted yes-or-no choice under linear constraints, by HiGHS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redqubit.core.errors import RedqubitError


@dataclass(frozen=True)
class Optimum:
    """The columns chosen, what they weigh, and the proven lower bound on any choice."""

    chosen: frozenset[int]
    value: float
    bound: float


class Program:
    """Minimize ``cost @ x`` over columns that are 0 or 1.

    Rows are added between solves. One thread, fixed seed and no gap: equal programs have equal
    answers.

    Source: HiGHS, Huangfu and Hall (2018), Mathematical Programming Computation 10, 119-142.
    """

    def __init__(self, cost: Sequence[float]) -> None:
        import highspy
        import numpy as np

        self._cost = tuple(cost)
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
            "mip_heuristic_run_feasibility_jump": False,  # slower than they save on hitting sets
            "mip_heuristic_run_rins": False,
            "mip_heuristic_run_rens": False,
        }.items():
            self._solver.setOptionValue(option, value)
        count = len(cost)
        self._solver.addVars(count, np.zeros(count), np.ones(count))
        columns = np.arange(count, dtype=np.int32)
        self._solver.changeColsCost(count, columns, np.asarray(cost, dtype=float))
        kinds = np.full(count, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        self._solver.changeColsIntegrality(count, columns, kinds)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._infeasible = (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )

    def at_least(self, terms: Mapping[int, float], least: float) -> None:
        """Require that the weighted sum of some columns is at least ``least``."""
        import numpy as np

        columns = np.fromiter(terms, dtype=np.int32, count=len(terms))
        weights = np.fromiter(terms.values(), dtype=float, count=len(terms))
        self._solver.addRow(least, np.inf, len(terms), columns, weights)

    def solve(self) -> Optimum | None:
        """Return a cheapest choice, or None if there is none.

        Raises
        ------
        RedqubitError
            The solver stopped without an answer.
        """
        if not self._cost:  # HiGHS calls a program without columns empty, not solved
            return Optimum(frozenset(), 0.0, 0.0)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in self._infeasible:
            return None
        if status != self._optimal:
            told = self._solver.modelStatusToString(status)
            raise RedqubitError(f"the solver stopped without an answer: {told}")
        values = self._solver.getSolution().col_value
        chosen = frozenset(i for i in range(len(self._cost)) if values[i] > 0.5)
        value = float(sum(self._cost[i] for i in sorted(chosen)))
        bound = float(self._solver.getInfo().mip_dual_bound)
        return Optimum(chosen, value, bound)
