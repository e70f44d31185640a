"""A small kill chain with one of everything, and a strategy that makes many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from redqubit import killchain
from redqubit.killchain import model as m
from redqubit.killchain import system
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Pipeline

HOSTILE = '<script>alert("x")</script> {{ 7*7 }} %s \u2028 \x85 \x00 é ∞ 😀 #: - [a]\n\n| yes'


@pytest.fixture(scope="session")
def chain() -> m.KillChain:
    """Return the kill chain that ships with redqubit."""
    return killchain.load()


@pytest.fixture(scope="session")
def sample() -> m.KillChain:
    """Return a kill chain with one of everything and hostile text wherever text can stand."""
    return build([HOSTILE] * 40)


@pytest.fixture(scope="session")
def chains() -> st.SearchStrategy[m.KillChain]:
    """Return a strategy of kill chains that differ in every text and many choices."""
    text = st.text(max_size=30)
    return st.builds(
        build,
        st.lists(text, min_size=40, max_size=40),
        mapped=st.sampled_from([(), ("T1588.001",), ("TA0043", "M1017")]),
        value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        span=st.none() | st.tuples(*2 * [st.floats(0, 1e300)]).map(sorted).map(tuple),
        nothing=st.booleans(),
        techniques=st.integers(1, 4),
    )


def build(
    words: list[str],
    mapped: tuple[str, ...] = ("T1588.001",),
    value: float | None = 1e-7,
    span: Any = (0.5, 1e22),
    nothing: bool = False,
    techniques: int = 3,
) -> m.KillChain:
    """Return a consistent kill chain whose texts are taken from a list, made unique by a number."""
    texts = iter(words)

    def named(thing: str) -> str:
        return f"{next(texts)} {thing}"

    attack = tuple(m.Anchor("ATT&CK", key, next(texts)) for key in mapped)
    mappings = (m.Anchor("ATLAS", "AML.T0020", "Poison Training Data", "theirs"), *attack)
    odd = (m.Anchor("CWE", "not a number", ""), m.Anchor("CAPEC", "CAPEC-439", "x"))
    tree = Requirement(("held",), (Requirement((), ("asked", "held")), "asked"))
    none_or: Any = "none found" if nothing else ("QML.E0001",)
    cost = m.Effort(next(texts), "low", span, None, span, span)
    tactics = tuple(
        m.Tactic(f"QML.TA{i:02d}", named(f"tactic {i}"), next(texts), i, mappings) for i in (1, 2)
    )
    made = [
        m.Technique(
            f"QML.T{2 * i:04d}" + f".{child:03d}" * bool(child),
            f"technique {i} {child} {words[i]}",
            ("QML.TA02", "QML.TA01") if child else ("QML.TA01",),
            words[i + 5],
            words[i + 6],
            ("C1", "C10"),
            () if nothing else ("data",),
            ("insider",),
            ("black", "white"),
            ("oracle",),
            m.Impact("none", "high", "low"),
            Requirement() if nothing else tree,
            ("held", "asked"),
            cost,
            m.Detectability("low", words[i + 7]),
            ("any", "photonic"),
            ("proposed", "real QPU", "incident", "noisy simulation")[i - 1],  # type: ignore[arg-type]
            none_or,
            Requirement((), ("trait",)),
            mappings + odd,
            () if nothing else (words[i + 8], ""),
        )
        for i in range(1, techniques + 1)
        for child in (0, 1)
    ]
    edge = m.Edge("QML.T0002", next(texts), "partial", none_or)
    mitigations = (
        m.Mitigation(
            "QML.M0001", named("a"), "prevent", next(texts), ("C3",), next(texts), (edge,)
        ),
        m.Mitigation("QML.M0002", named("b"), "detect", next(texts), (), next(texts), ()),
    )
    evidence = (
        m.Record("QML.E0001", next(texts), "a2020b", next(texts), "V", value=value, qubits=4),
        m.Record("QML.E0002", next(texts), "b2026", "", "M", contradicts=("QML.E0001",)),
    )
    step = m.Step("QML.TA02", "QML.T0002.001", next(texts))
    published = m.Step("QML.TA01", "QML.T0002", next(texts))
    return m.KillChain(
        edition=m.Edition(named("kill chain"), "2026.11", "1.0.0"),
        tactics=tactics,
        techniques=tuple(made),
        mitigations=mitigations,
        evidence=evidence,
        cases=(
            m.Case("QML.CS001", named("case"), next(texts), "published", (published,), ("c2021",)),
            m.Case("QML.CS002", named("run"), next(texts), "executed", (step, step), (), "run it"),
        ),
        claims=(
            m.Claim(
                "QML.CL001",
                next(texts),
                "someone",
                none_or if nothing else ("c2021",),
                "",
                "open",
                "",
            ),
        ),
        challenges=(m.Challenge("QML.OC01", named("open"), next(texts), ("QML.T0002",)),),
        sources=(
            m.Source(
                "a2020b", named("paper"), ("A. Author", "B. Other"), 2020, "V", arxiv="2001.00030"
            ),
            m.Source("b2026", named("own"), ("The redqubit developers",), 2026, "O"),
            m.Source("c2021", named("page"), ("Someone",), 2021, "V2", url="https://example.org/p"),
        ),
        capabilities=(
            m.Capability("asked", named("asked"), ""),
            m.Capability("held", named("held"), next(texts), True, "gray"),
        ),
        traits=(m.Trait("trait", named("trait"), "", (m.Fact("provider.tenancy", ("x", True)),)),),
        actors=(
            m.Actor("insider", named("actor"), "", (m.Start("held", Requirement(("trait",))),)),
        ),
        components=(
            m.Term("C1", named("data"), ""),
            m.Term("C3", named("encoder"), ""),
            m.Term("C10", named("readout"), ""),
        ),
        assets=(m.Term("data", "data", ""),),
        parties=(m.Term("owner", "owner", ""),),
        executables=(
            m.Executable("QML.T0002", "attack", "label_flip", "Label flip"),
            m.Executable("QML.M0001", "defense", "rounding", "Rounding"),
        ),
    )


@pytest.fixture(scope="session")
def pipelines(chain) -> st.SearchStrategy[Pipeline]:
    """Return a strategy of pipelines that the shipped kill chain accepts."""

    def ids(items: Any, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
        names = st.sampled_from([item.id for item in items])
        return st.lists(names, max_size=most, unique=True).map(tuple)

    def facts(kind: Any, **fields: Any) -> st.SearchStrategy[Any]:
        return st.builds(kind, **fields)

    limit = st.none() | st.floats(0, 1e300)
    count = st.none() | st.integers(0, 10**12)
    text = st.text(max_size=20)
    attackers = st.builds(
        system.Attacker,
        actor=st.sampled_from([item.id for item in chain.actors]),
        **dict.fromkeys(("queries", "shots", "money", "days"), limit),
        capabilities=ids(chain.capabilities),
        without=ids(chain.capabilities),
    )
    placements = st.builds(
        system.Placement, party=st.sampled_from([item.id for item in chain.parties]), trust=...
    )
    return st.builds(
        Pipeline,
        name=text,
        description=text,
        components=st.dictionaries(
            st.sampled_from([item.id for item in chain.components]), placements
        ),
        model=facts(system.ModelFacts, qubits=count, shots=count, ansatz=text, encoder=...),
        data=facts(system.DataFacts, sensitivity=..., origin=...),
        training=facts(system.TrainingFacts, where=..., federated=...),
        transpile=facts(system.TranspileFacts, by=..., plugins=...),
        provider=facts(system.ProviderFacts, tenancy=..., error_mitigation=..., reset=...),
        service=facts(system.ServiceFacts, queries=..., output=..., decimals=count),
        dependencies=st.lists(facts(system.Dependency, name=text, version=text), max_size=2).map(
            tuple
        ),
        mitigations=ids(chain.mitigations),
        actors=st.lists(attackers, max_size=2).map(tuple),
    )


@pytest.fixture(scope="session")
def damaged() -> Callable[[Any, Any], Any]:
    """Return a function that puts something wrong at one place of plain data, drawn by chance."""

    def damage(draw: Any, value: Any) -> Any:
        if isinstance(value, dict | list) and value and draw(st.integers(0, 9)):
            key = draw(
                st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value)))
            )
            made = value.copy()
            made[key] = damage(draw, value[key])
            return made
        junk = [None, True, -1, 1e308, "", "x", "\x00", [], [[]], [1], {}, {"a": {}}, "9" * 5000]
        return draw(st.sampled_from(junk))

    return damage
