"""The k cheapest minimal derivations of a goal, by best-first search with an admissible bound."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

from redqubit.killchain.derivation import WORK, Graph, Need, bits, holds, mask_of, words_of

NODES: Final = 20_000  # nodes opened before the search gives up on the proof
TIES: Final = 64  # sets beyond the k-th looked at because they cost the same

Landmark = tuple[int, int]
"""A part of the cost, and a set of steps of which every derivation takes at least one."""


@dataclass(frozen=True)
class Cheapest:
    """The cheapest minimal deriving sets, by cost, then by ids.

    ``exhausted`` says that there are no others, ``proven`` that no cheaper one is missing.
    """

    sets: tuple[int, ...]
    exhausted: bool
    proven: bool = True


def cheapest(graph: Graph, k: int, *, work: int = WORK, nodes: int = NODES) -> Cheapest:
    """Return the ``k`` cheapest minimal deriving sets of a graph.

    Small graphs are enumerated; when that would take more than ``work`` unions, a best-first
    branch and bound opens at most ``nodes`` nodes. If even that is not enough, what is proven is
    returned, or one set that is not proven to be the cheapest.
    """
    if graph.met:
        return Cheapest((0,), True)
    if not graph.derives(graph.all):
        return Cheapest((), True)
    listed = graph.enumerate(work)
    if listed is not None:
        return Cheapest(_first(graph, listed, k), len(listed) <= k)
    some = graph.some(graph.all, graph.costs) or 0
    horizon = graph.cost(some) * 3 // 2
    while True:
        search = _Search(graph, horizon)
        if not search.run(k, nodes):
            return Cheapest(_first(graph, search.found, k) or (some,), False, False)
        if len(search.found) > k or search.everything:
            return Cheapest(_first(graph, search.found, k), len(search.found) <= k)
        horizon *= 2


def _first(graph: Graph, sets: list[int], k: int) -> tuple[int, ...]:
    return tuple(sorted(sets, key=lambda steps: (graph.cost(steps), graph.names_of(steps)))[:k])


@dataclass(frozen=True)
class _Node:
    """All deriving sets that contain ``taken`` and nothing of ``barred``."""

    taken: int
    barred: int
    landmarks: tuple[Landmark, ...]
    bounded: bool


class _Search:
    """Best-first branch and bound over sets of steps that cost at most ``horizon``.

    A node is bounded by what it has taken and by disjoint shares of cost over landmarks, found by
    cutting the graph where the dearest need of each step is reached. Its children take one step of
    a landmark each and bar those before, so that every set belongs to one leaf. A child inherits
    the landmarks it does not touch.

    Source: Helmert and Domshlak (2009), ICAPS 19 (landmark cut); Pommerening and Helmert (2013),
    ICAPS 23 (inherited landmarks).
    """

    def __init__(self, graph: Graph, horizon: int) -> None:
        self.graph = graph
        self.horizon = horizon
        self.found: list[int] = []
        self._heap: list[tuple[int, int, _Node]] = []
        self._count = 0
        near = self._near()
        self.everything = near == graph.all
        self._grants = [tuple(bits(mask)) for mask in graph.grants]
        self._sources = [i for i in bits(near) if not graph.needs[i]]
        self._users: dict[int, list[int]] = {}
        for i in bits(near):
            for word in bits(words_of(graph.needs[i])):
                self._users.setdefault(word, []).append(i)

    def _near(self) -> int:
        """Return the steps that a set within the horizon can hold.

        Reaching a step costs at least what its dearest need costs, and from there to the goal at
        least the cheapest chain of steps.
        """
        graph = self.graph
        price = _prices(graph)
        chain = {0: 0}  # word: the cheapest chain of steps from holding it to the goal
        heap = [(0, 0)]
        while heap:
            cost, word = heapq.heappop(heap)
            if cost > chain[word]:
                continue
            for i in graph.granting[word]:
                total = cost + graph.costs[i]
                for need in bits(words_of(graph.needs[i])):
                    if total < chain.get(need, total + 1):
                        chain[need] = total
                        heapq.heappush(heap, (total, need))
        return mask_of(
            i
            for i, cost in price.items()
            if cost + min(chain[word] for word in bits(graph.grants[i])) <= self.horizon
        )

    def run(self, k: int, nodes: int) -> bool:
        """Search until k + 1 sets and all that tie with the k-th are found, or no set is left.

        Returns whether that came about within the number of nodes.
        """
        self._push(0, _Node(0, 0, (), False))
        while self._heap:
            bound, _, node = self._heap[0]
            if len(self.found) > k:
                last = self.graph.cost(self.found[k - 1])  # found in order of cost
                if bound > last or len(self.found) > k + TIES:
                    return True
            heapq.heappop(self._heap)
            if any(steps & node.taken == steps for steps in self.found):
                continue
            if node.bounded:
                self._open(bound, node)
                continue
            if not nodes:
                return False
            nodes -= 1
            landmarks = self._cut(node)
            if landmarks is not None:
                total = self.graph.cost(node.taken) + sum(cost for cost, _ in landmarks)
                self._push(total, _Node(node.taken, node.barred, landmarks, True))
        return True

    def _push(self, bound: int, node: _Node) -> None:
        if bound > self.horizon and not self.everything:
            return
        self._count += 1
        heapq.heappush(self._heap, (bound, -self._count, node))  # the newest of equals first

    def _open(self, bound: int, node: _Node) -> None:
        """Keep a node that reaches the goal if it is minimal, else push its children."""
        if not node.landmarks:
            if self.graph.shrink(node.taken) == node.taken:
                self.found.append(node.taken)
            return
        _, choices = min(node.landmarks, key=lambda mark: (mark[1].bit_count(), -mark[0]))
        barred = node.barred
        for i in bits(choices):
            taken = node.taken | 1 << i
            kept = tuple(
                (cost, steps & ~barred) for cost, steps in node.landmarks if not steps >> i & 1
            )
            if all(steps for _, steps in kept):
                total = self.graph.cost(taken) + sum(cost for cost, _ in kept)
                self._push(max(bound, total), _Node(taken, barred, kept, False))
            barred |= 1 << i

    def _cut(self, node: _Node) -> tuple[Landmark, ...] | None:
        """Add landmarks until the goal costs nothing more; None if it cannot be reached."""
        left = list(self.graph.costs)
        for i in bits(node.taken):
            left[i] = 0
        landmarks = list(node.landmarks)
        for cost, steps in landmarks:
            for i in bits(steps):
                left[i] -= cost
        while True:
            reached = self._relax(left, node.barred)
            if reached is None:
                return None
            price, gates = reached
            if price == 0:
                return tuple(landmarks)
            steps = self._border(left, gates)
            share = min(left[i] for i in bits(steps))
            for i in bits(steps):
                left[i] -= share
            landmarks.append((share, steps))

    def _relax(self, left: list[int], barred: int) -> tuple[int, dict[int, int]] | None:
        """Return what the goal costs if a step cost its dearest need only, and every step's gate.

        The gate of a step are the words of the clause of its need that is met last; some word of
        it is held whenever the step runs. Steps without needs have the gate 0.
        """
        needs, grants, users = self.graph.needs, self._grants, self._users
        gates = {i: 0 for i in self._sources if not barred >> i & 1}
        heap = [(left[i], word) for i in gates for word in grants[i]]
        heapq.heapify(heap)
        held, goal = 0, -1
        while heap:
            price, word = heapq.heappop(heap)
            if held >> word & 1:
                continue
            before, held = held, held | 1 << word
            if word == 0:
                goal = price
            for i in users.get(word, ()):
                if i not in gates and not barred >> i & 1 and holds(needs[i], held):
                    gates[i] = _gate(needs[i], before)
                    for other in grants[i]:
                        if not held >> other & 1:
                            heapq.heappush(heap, (price + left[i], other))
        return None if goal < 0 else (goal, gates)

    def _border(self, left: list[int], gates: dict[int, int]) -> int:
        """Return the steps that enter the zone from which the goal is reached at no cost."""
        free: dict[int, list[int]] = {}
        behind: dict[int, list[int]] = {}
        for i, gate in gates.items():
            if left[i] == 0:
                for word in self._grants[i]:
                    free.setdefault(word, []).append(i)
            for word in bits(gate):
                behind.setdefault(word, []).append(i)
        zone, stack = 1, [0]
        while stack:
            for i in free.get(stack.pop(), ()):
                new = gates[i] & ~zone
                zone |= new
                stack += bits(new)
        seen = zone
        stack = [i for i, gate in gates.items() if not gate]
        passed = set(stack)
        while stack:
            i = stack.pop()
            new = self.graph.grants[i] & ~seen
            seen |= new
            for word in bits(new):
                for user in behind.get(word, ()):
                    if user not in passed:
                        passed.add(user)
                        stack.append(user)
        return mask_of(i for i in passed if self.graph.grants[i] & zone)


def _prices(graph: Graph) -> dict[int, int]:
    """Return for every step a lower bound on what a set costs in which it runs."""
    price = {i: graph.costs[i] for i, need in enumerate(graph.needs) if not need}
    heap = [(cost, i) for i, cost in price.items()]
    heapq.heapify(heap)
    held = 0
    while heap:
        cost, step = heapq.heappop(heap)
        new = graph.grants[step] & ~held
        held |= new
        for word in bits(new):
            for i in graph.using.get(word, ()):
                if i not in price and holds(graph.needs[i], held):
                    price[i] = cost + graph.costs[i]
                    heapq.heappush(heap, (price[i], i))
    return price


def _gate(need: Need, held: int) -> int:
    """Return the words of the first clause of a need that is not met, nested ones by their own."""
    for mask, nested in need:
        if not (mask & held or any(holds(inner, held) for inner in nested)):
            for inner in nested:
                mask |= _gate(inner, held)
            return mask
    return 0
