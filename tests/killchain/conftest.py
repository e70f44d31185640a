"""Kill chains made for tests: tiny random ones, and a large one in layers."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st

from redqubit.killchain.model import (
    Actor,
    Capability,
    Detectability,
    Edge,
    Edition,
    Effort,
    Impact,
    KillChain,
    Mitigation,
    Start,
    Tactic,
    Technique,
    Term,
)
from redqubit.killchain.path import Goal
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Attacker, Pipeline, Placement

GOAL = Goal("results", "integrity")
PIPELINE = Pipeline("test", {"C1": Placement("user")})
ATTACKER = Attacker("someone")


def technique(name, requires=(), grants=(), *, hits=False, days=1.0, tactic="QML.TA01", **other):
    """Return a technique of a test chain; ``hits`` makes it reach the goal."""
    if not isinstance(requires, Requirement):
        requires = Requirement(all=tuple(requires))
    fields = {
        "id": name,
        "name": f"Technique {name}",
        "tactics": (tactic,),
        "summary": "A made-up technique.",
        "how": "Made up.",
        "components": ("C1",),
        "assets": ("results",),
        "actors": ("someone",),
        "knowledge": ("black",),
        "access": ("oracle",),
        "impact": Impact(integrity="high") if hits else Impact(),
        "requires": requires,
        "grants": tuple(grants),
        "cost": Effort("Counted in days.", "low", money=(0.0, 0.0), days=(days, days)),
        "detectability": Detectability("low", "None."),
        "hardware": ("any",),
        "maturity": "theory",
        "evidence": "none found",
    }
    return Technique(**(fields | other))


def mitigation(name, techniques, *, strength="strong", kind="prevent"):
    """Return a mitigation with one edge of a strength for each technique."""
    edges = tuple(Edge(item, "It helps.", strength, "none found") for item in techniques)
    return Mitigation(name, f"Mitigation {name}", kind, "It helps.", ("C1",), "None.", edges)


def chain_of(techniques, start=(), mitigations=(), actors=("someone",)):
    """Return a kill chain of these techniques; every actor starts with ``start``."""
    words = {word for item in techniques for word in (*item.grants, *item.requires.words)}
    words |= set(start)
    return KillChain(
        edition=Edition("test", "2026.01", "1.0.0"),
        tactics=tuple(Tactic(f"QML.TA{i:02d}", f"Tactic {i}", "Why?", i) for i in range(1, 15)),
        techniques=tuple(techniques),
        mitigations=tuple(mitigations),
        evidence=(),
        cases=(),
        claims=(),
        challenges=(),
        sources=(),
        capabilities=tuple(Capability(word, f"Word {word}", "Made up.") for word in sorted(words)),
        traits=(),
        actors=tuple(
            Actor(name, f"Actor {name}", "Made up.", tuple(Start(word) for word in start))
            for name in actors
        ),
        components=(Term("C1", "Raw data", "Made up."),),
        assets=(Term("results", "Results", "Made up."),),
        parties=(Term("user", "User", "Made up."),),
        executables=(),
    )


def derives(chain, names, start, goal=GOAL):
    """Say by the definition whether a set of techniques reaches the goal from ``start``."""
    held, left = set(start), [item for item in chain.techniques if item.id in names]
    while True:
        ready = [item for item in left if item.requires.met(frozenset(held))]
        if any(item.impact.integrity == "high" for item in ready):
            return True
        if not ready:
            return False
        for item in ready:
            held |= set(item.grants)
            left.remove(item)


def brute_force(chain, start):
    """Return every minimal set of techniques that reaches the goal, by looking at all subsets."""
    names = [item.id for item in chain.techniques]
    found = []
    for size in range(1, len(names) + 1):
        for subset in itertools.combinations(names, size):
            if not any(known <= set(subset) for known in found) and derives(chain, subset, start):
                found.append(set(subset))
    return {frozenset(item) for item in found}


WORDS = tuple("abcdef")


@st.composite
def requirements(draw, depth=1):
    """Draw an AND/OR expression over six words, nested at most twice."""
    entry = st.sampled_from(WORDS)
    if depth:
        entry = entry | requirements(depth=depth - 1)
    every = draw(st.lists(entry, max_size=2))
    some = draw(st.lists(entry, max_size=3)) if draw(st.booleans()) else []
    return Requirement(tuple(every), tuple(some))


@st.composite
def graphs(draw, most=8):
    """Draw a small chain with its start and mitigations; cycles and dead ends are common."""
    count = draw(st.integers(2, most))
    techniques = []
    for i in range(count):
        hits = i >= count - 2
        techniques.append(
            technique(
                f"QML.T{i:04d}",
                draw(requirements()),
                draw(st.lists(st.sampled_from(WORDS), max_size=2, unique=True)),
                hits=hits,
                days=float(draw(st.integers(1, 4))),
            )
        )
    start = tuple(sorted(draw(st.sets(st.sampled_from(WORDS[:3]), max_size=2))))
    names = [item.id for item in techniques]
    mitigations = []
    for i in range(draw(st.integers(0, 5))):
        covered = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        strength = draw(st.sampled_from(("strong", "strong", "partial")))
        kind = draw(st.sampled_from(("prevent", "prevent", "prevent", "detect")))
        mitigations.append(mitigation(f"QML.M{i:04d}", covered, strength=strength, kind=kind))
    return SimpleNamespace(chain=chain_of(techniques, start, mitigations), start=start)


def layered(count, seed=0, layers=14):
    """Return a chain of ``count`` techniques in layers that looks like the one that ships.

    Two techniques a capability; four capabilities in ten can be given, and an actor is given a
    fifth of those. A quarter of the techniques asks for nothing beyond alternatives, half for one
    capability, a third has alternatives, all from any layer before. Some capabilities are granted
    by many techniques, most by few; grants to layers before close cycles.
    """
    rng = np.random.default_rng(seed)
    words = [f"c{i:04d}" for i in range(max(8, count // 2))]
    at = np.sort(rng.integers(0, layers, len(words)))
    fame = rng.permutation(1 / np.arange(1, len(words) + 1) ** 0.7)
    given = [word for word in words if rng.random() < 0.4]
    start = tuple(sorted(map(str, rng.choice(given, max(1, len(given) // 5), replace=False))))

    def pick(low, high, size):
        pool = np.flatnonzero((at >= low) & (at <= high))
        chance = fame[pool] / fame[pool].sum()
        chosen = rng.choice(pool, min(size, len(pool)), replace=False, p=chance)
        return tuple(words[i] for i in chosen)

    techniques = []
    for i in range(count):
        layer = i * layers // count
        before = max(0, layer - 1)
        every = pick(0, before, rng.choice([0, 1, 2, 3], p=[0.25, 0.5, 0.18, 0.07]))
        some = pick(0, before, 2) if rng.random() < 0.35 else ()
        grants = pick(max(0, layer - 2), layer + 2, rng.choice([1, 2, 4], p=[0.7, 0.22, 0.08]))
        techniques.append(
            technique(
                f"QML.T{i:04d}",
                Requirement(every, some),
                grants,
                hits=layer >= layers - 2 and rng.random() < 0.2,
                days=round(float(rng.uniform(0.5, 20)), 2),
                tactic=f"QML.TA{layer + 1:02d}",
            )
        )
    names = [item.id for item in techniques]
    mitigations = [
        mitigation(f"QML.M{i:04d}", sorted(set(map(str, rng.choice(names, 12)))))
        for i in range(count // 4)
    ]
    return chain_of(techniques, start, mitigations, actors=("someone", "other"))


@pytest.fixture(scope="session")
def made():
    """Return the helpers that make chains."""
    return SimpleNamespace(
        technique=technique,
        mitigation=mitigation,
        chain_of=chain_of,
        derives=derives,
        brute_force=brute_force,
        graphs=graphs,
        layered=layered,
        goal=GOAL,
        pipeline=PIPELINE,
        attacker=ATTACKER,
    )
