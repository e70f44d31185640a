"""The AND/OR graph of one attacker and one goal, and its cheapest minimal derivations."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from redqubit.killchain.requirement import Requirement

Need = tuple[tuple[int, tuple["Need", ...]], ...]
"""Clauses that must all hold; a clause holds with one word of its mask or one nested need."""

WORK: Final = 3_000  # unions tried before enumeration gives way to search


@dataclass(frozen=True)
class Option:
    """A technique an attacker could take as a step; ``cost`` is a positive whole number."""

    id: str
    cost: int
    requires: Requirement
    grants: tuple[str, ...]


class Ground:
    """The options that can ever run from a start, whatever the goal; their order does not matter.

    ``steps`` maps their ids, sorted, to cost, need and the mask of words they grant; ``index``
    gives each word that can be gained its bit, from 1.
    """

    def __init__(self, options: Iterable[Option], start: frozenset[str]) -> None:
        usable, words = _forward(sorted(options, key=lambda item: item.id), start)
        self.start = start
        self.index = {word: i for i, word in enumerate(sorted(words - start), 1)}
        self.steps: dict[str, tuple[int, Need, int]] = {}
        self.granting: dict[int, list[str]] = {}
        for item in usable:
            need = _need(item.requires, start, self.index)
            grants = mask_of(self.index[word] for word in item.grants if word in self.index)
            self.steps[item.id] = (item.cost, need, grants)
            for word in bits(grants):
                self.granting.setdefault(word, []).append(item.id)


class Graph:
    """The steps that can come to matter for a goal, as bit masks over steps and over words.

    A set of steps *derives* the goal if, run as soon as their requirements are met, they reach it.
    Deriving is monotone in the set; a minimal deriving set is a path. The goal, word 0, is reached
    when one of ``targets`` (ids of options) runs or ``capability`` is held. Steps that no
    derivation needs are left out.
    """

    def __init__(
        self, ground: Ground, targets: frozenset[str] = frozenset(), capability: str = ""
    ) -> None:
        self.met = capability in ground.start
        last = [name for name in sorted(targets) if name in ground.steps]
        last += ground.granting.get(ground.index.get(capability, -1), [])
        kept = set[str]() if self.met else set(last)
        wanted, stack = 0, list(kept)
        while stack:
            new = words_of(ground.steps[stack.pop()][1]) & ~wanted
            wanted |= new
            for word in bits(new):
                more = [name for name in ground.granting[word] if name not in kept]
                kept.update(more)
                stack += more
        steps = {name: step for name, step in ground.steps.items() if name in kept}
        self.names = tuple(steps)
        self.costs = tuple(cost for cost, _, _ in steps.values())
        self.needs = tuple(need for _, need, _ in steps.values())
        self.grants = tuple(
            grants & wanted | (name in last) for name, (_, _, grants) in steps.items()
        )
        self.all = (1 << len(steps)) - 1
        self.granting: dict[int, list[int]] = {}
        self.using: dict[int, list[int]] = {}
        for i in range(len(steps)):
            for word in bits(self.grants[i]):
                self.granting.setdefault(word, []).append(i)
            for word in bits(words_of(self.needs[i])):
                self.using.setdefault(word, []).append(i)

    def cost(self, steps: int) -> int:
        """Return what a set of steps costs together."""
        return sum(self.costs[i] for i in bits(steps))

    def names_of(self, steps: int) -> list[str]:
        """Return the ids of a set of steps, sorted."""
        return [self.names[i] for i in bits(steps)]

    def mask(self, names: Iterable[str]) -> int:
        """Return the set of the steps with these ids; ids that are not in the graph are dropped."""
        wanted = set(names)
        return mask_of(i for i, name in enumerate(self.names) if name in wanted)

    def without(self, names: Iterable[str]) -> int:
        """Return all steps but those with these ids."""
        return self.all & ~self.mask(names)

    def run(self, steps: int) -> tuple[list[int], int]:
        """Return the steps of a set that can run, in an order that works, and the words held."""
        order: list[int] = []
        words = 0
        waiting = list(bits(steps))
        while True:
            ready = [i for i in waiting if holds(self.needs[i], words)]
            if not ready:
                return order, words
            order += ready
            for i in ready:
                words |= self.grants[i]
            done = set(ready)
            waiting = [i for i in waiting if i not in done]

    def derives(self, steps: int) -> bool:
        """Say whether a set of steps reaches the goal."""
        return self.met or bool(self.run(steps)[1] & 1)

    def shrink(self, steps: int) -> int:
        """Drop steps, dearest first, until none can be dropped."""
        for i in sorted(bits(steps), key=lambda i: (-self.costs[i], -i)):
            if self.derives(steps & ~(1 << i)):
                steps &= ~(1 << i)
        return steps

    def is_path(self, names: Iterable[str]) -> bool:
        """Say whether steps with these ids reach the goal and all of them are needed."""
        wanted = tuple(names)
        steps = self.mask(wanted)
        complete = steps.bit_count() == len(set(wanted))
        return complete and self.derives(steps) and self.shrink(steps) == steps

    def some(self, allowed: int, weights: Sequence[float]) -> int | None:
        """Return a minimal deriving subset of low weight, not always the lowest, or None.

        Each word is reached by the step that is lightest with everything it needs, shared needs
        counted twice: Knuth (1977), Information Processing Letters 6, 1-5.
        """
        if self.met:
            return 0
        best: dict[int, tuple[float, int]] = {}  # word: (weight, steps)
        heap: list[tuple[float, int]] = []
        for i in bits(allowed):
            if not self.needs[i]:
                heapq.heappush(heap, (weights[i], i))
        done: set[int] = set()
        held = 0
        while heap:
            weight, i = heapq.heappop(heap)
            if i in done:
                continue
            done.add(i)
            steps = (1 << i) | _cheapest(self.needs[i], best, held)[1]
            fresh = list(bits(self.grants[i] & ~held))
            for word in fresh:
                best[word] = (weight, steps)
            if 0 in best:
                return self.shrink(best[0][1])
            held |= self.grants[i]
            for user in {u for word in fresh for u in self.using.get(word, ())} - done:
                if allowed >> user & 1 and holds(self.needs[user], held):
                    total = _cheapest(self.needs[user], best, held)[0] + weights[user]
                    heapq.heappush(heap, (total, user))
        return None

    def enumerate(self, work: int) -> list[int] | None:
        """Return every minimal deriving set, or None when that takes more than ``work`` unions.

        The least fixpoint of "a word is held by the sets of each step that grants it", each kept
        free of supersets; cycles add only supersets and so end it.
        """
        ways: dict[int, list[int]] = {}
        rank = {step: n for n, step in enumerate(self.run(self.all)[0])}
        queue = sorted(rank.values())
        step_at = {n: step for step, n in rank.items()}
        queued = set(queue)
        while queue:
            n = heapq.heappop(queue)
            queued.discard(n)
            i = step_at[n]
            before, work = _combine(self.needs[i], ways, work)
            if work < 0:
                return None
            sets = [steps | 1 << i for steps in before if not steps >> i & 1]
            for word in bits(self.grants[i]):
                old = ways.get(word, [])
                new = _antichain([*old, *sets])
                work -= len(sets)
                if new != old:
                    ways[word] = new
                    for user in self.using.get(word, ()):
                        if rank[user] not in queued:
                            queued.add(rank[user])
                            heapq.heappush(queue, rank[user])
        return ways.get(0, [])


def bits(mask: int) -> Iterator[int]:
    """Yield the indices of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(indices: Iterable[int]) -> int:
    """Return the mask with these bits set."""
    mask = 0
    for i in indices:
        mask |= 1 << i
    return mask


def _forward(
    options: Sequence[Option], start: frozenset[str]
) -> tuple[list[Option], frozenset[str]]:
    """Return the options that can ever run, by id, and every word that can ever be held."""
    held, waiting = start, list(options)
    done: set[str] = set()
    while True:
        ready = [item for item in waiting if item.requires.met(held)]
        if not ready:
            return [item for item in options if item.id in done], held
        done |= {item.id for item in ready}
        held = held.union(*(item.grants for item in ready))
        waiting = [item for item in waiting if item.id not in done]


def _need(requires: Requirement, start: frozenset[str], index: dict[str, int]) -> Need:
    """Return a requirement without what is held at the start or can never be held."""
    clauses: list[tuple[int, tuple[Need, ...]]] = []
    for entry in requires.all:
        if isinstance(entry, Requirement):
            clauses += _need(entry, start, index)
        elif entry not in start:
            clauses.append((1 << index[entry] if entry in index else 0, ()))
    if requires.any and not any(
        entry in start if isinstance(entry, str) else entry.met(start) for entry in requires.any
    ):
        words = mask_of(index[e] for e in requires.any if isinstance(e, str) and e in index)
        nested = tuple(
            inner
            for inner in (_need(e, start, index) for e in requires.any if not isinstance(e, str))
            if holds(inner, -1)
        )
        clauses.append((words, nested))
    return tuple(dict.fromkeys(clauses))


def words_of(need: Need) -> int:
    """Return every word a need mentions."""
    found = 0
    for words, nested in need:
        found |= words
        for inner in nested:
            found |= words_of(inner)
    return found


def holds(need: Need, words: int) -> bool:
    """Say whether a need is met; with every word held it is unless a clause has no way at all."""
    return all(
        mask & words or any(holds(inner, words) for inner in nested) for mask, nested in need
    )


def _cheapest(need: Need, best: dict[int, tuple[float, int]], held: int) -> tuple[float, int]:
    """Return the weight and the steps of the lightest way to meet a need that can be met."""
    total, steps = 0.0, 0
    for mask, nested in need:
        choices = [best[word] for word in bits(mask & held)]
        choices += [_cheapest(inner, best, held) for inner in nested if holds(inner, held)]
        weight, more = min(choices)
        total += weight
        steps |= more
    return total, steps


def _combine(need: Need, ways: dict[int, list[int]], work: int) -> tuple[list[int], int]:
    """Return the minimal sets of steps that meet a need, and the work left (negative: stopped)."""
    found = [0]
    for mask, nested in need:
        choices = [steps for word in bits(mask) for steps in ways.get(word, ())]
        for inner in nested:
            more, work = _combine(inner, ways, work)
            choices += more
        work -= len(found) * len(choices)
        if work < 0:
            return [], work
        found = _antichain(a | b for a in found for b in _antichain(choices))
    return found, work


def _antichain(sets: Iterable[int]) -> list[int]:
    """Return the sets without those that contain another, smallest first."""
    kept: list[int] = []
    for item in sorted(set(sets), key=lambda steps: (steps.bit_count(), steps)):
        if not any(other & item == other for other in kept):
            kept.append(item)
    return kept
