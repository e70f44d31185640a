"""The meter every target carries."""

from __future__ import annotations

from redqubit.core.budget import Cost
from redqubit.core.errors import BudgetExceededError, InputError


class Meter:
    """Counts what a target was asked for, and refuses what would exceed the limit.

    ``queries`` are input samples sent, ``circuits`` the circuits a quantum computer would run for
    them (two more for each feature occurrence when a gradient is wanted: the parameter shift) and
    ``shots`` their repetitions; exact simulation has no shots. ``gradients`` counts samples whose
    gradient was taken.
    """

    def __init__(self, limit: int | None = None) -> None:
        if limit is not None and limit < 0:
            raise InputError(f"a query limit must be None or >= 0, got {limit}")
        self._limit = limit
        self._queries = self._circuits = self._shots = self._gradients = 0

    @property
    def limit(self) -> int | None:
        """Return how many queries may be spent in all, or None."""
        return self._limit

    @property
    def queries(self) -> int:
        """Return how many samples were sent."""
        return self._queries

    @property
    def circuits(self) -> int:
        """Return how many circuits that took."""
        return self._circuits

    @property
    def shots(self) -> int:
        """Return how many shots that took, 0 for exact answers."""
        return self._shots

    @property
    def gradients(self) -> int:
        """Return for how many samples a gradient was taken."""
        return self._gradients

    @property
    def cost(self) -> Cost:
        """Return everything spent so far; time and money are not the meter's business."""
        return Cost(self._queries, self._circuits, self._shots)

    def spend(
        self, queries: int, *, circuits: int | None = None, shots: int = 0, gradients: int = 0
    ) -> None:
        """Count ``queries`` samples, one circuit each unless ``circuits`` says otherwise.

        Raises
        ------
        BudgetExceededError
            More queries than the limit leaves; nothing is counted then.
        """
        if self._limit is not None and self._queries + queries > self._limit:
            raise BudgetExceededError(
                f"the query limit is {self._limit} and {self._queries} are spent, so {queries} "
                f"more would exceed it; ask for at most {self._limit - self._queries}"
            )
        self._queries += queries
        self._circuits += queries if circuits is None else circuits
        self._shots += shots
        self._gradients += gradients
