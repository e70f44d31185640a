"""Generators give valid payloads, mutators change them, oracles say what the outcome shows."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.admission import AdmissionError, admit
from redqubit.core.errors import InputError
from redqubit.scan.fuzz.payload.bombs import bomb
from redqubit.scan.fuzz.payload.corpus import Corpus
from redqubit.scan.fuzz.payload.judge import judge
from redqubit.scan.fuzz.payload.mutators import mutate_json, mutate_qpy, mutate_text
from redqubit.scan.fuzz.payload.mutators.binary import places
from redqubit.scan.fuzz.payload.outcome import ENDINGS, Outcome, describe, from_fields, worst
from redqubit.scan.fuzz.payload.seeds import seed_payload
from redqubit.scan.fuzz.payload.shrink import shrink
from redqubit.scan.fuzz.payload.targets import ALL, Target

KINDS = ("qasm2", "qasm3", "qpy", "json")
MUTATE = {"qasm2": mutate_text, "qasm3": mutate_text, "qpy": mutate_qpy, "json": mutate_json}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_seeds_are_admitted(kind: str, rng: random.Random) -> None:
    """Valid payloads pass admission control, or are JSON."""
    payload = seed_payload(kind, rng)
    if kind == "json":
        assert json.loads(payload)["params"]["pubs"]
    else:
        assert admit(payload, kind=kind).qubits >= 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["qasm2", "qasm3"]), st.randoms(use_true_random=False))
def test_generated_programs_are_valid(kind: str, rng: random.Random) -> None:
    """Qiskit reads every program of the grammar."""
    qasm2 = pytest.importorskip("qiskit.qasm2")
    payload = seed_payload(kind, rng)
    if kind == "qasm2":
        assert qasm2.loads(payload.decode()).num_qubits >= 1
    else:
        assert pytest.importorskip("openqasm3").parse(payload.decode()).statements


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_handmade_qpy_files_are_valid(rng: random.Random) -> None:
    """Qiskit loads every file that is written without it."""
    io, qpy = pytest.importorskip("io"), pytest.importorskip("qiskit.qpy")
    assert len(qpy.load(io.BytesIO(seed_payload("qpy", rng)))) == 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 2**32))
def test_mutators_are_deterministic_and_bounded(kind: str, seed: int) -> None:
    """The same stream gives the same change, and no change explodes."""
    payload = seed_payload(kind, random.Random(seed))
    first = MUTATE[kind](payload, random.Random(seed), payload)
    assert first == MUTATE[kind](payload, random.Random(seed), payload)
    assert len(first) < 200 * len(payload) + 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_mutators_change_most_payloads(kind: str) -> None:
    """At least four of five mutated payloads are not what they were, also from damaged ones."""
    changed = 0
    payload = seed_payload(kind, random.Random(1))
    for seed in range(100):
        result = MUTATE[kind](payload, random.Random(seed))
        changed += result != payload
        MUTATE[kind](result[: len(result) // 2], random.Random(seed), result)
    assert changed >= 80
    assert isinstance(MUTATE[kind](b"", random.Random(0)), bytes)


def test_qpy_places_are_length_fields() -> None:
    """The version and the number of programs are among the places to change."""
    payload = seed_payload("qpy", random.Random(3))
    assert {(6, 1), (10, 8)} <= set(places(payload))
    assert places(b"") == ()


@pytest.mark.parametrize("kind", ["qasm2", "qasm3", "qpy"])
def test_bombs_are_refused_by_admission_control(kind: str) -> None:
    """Nearly every bomb breaks a rule; what passes is small."""
    passed = 0
    for seed in range(200):
        payload = bomb(kind, random.Random(seed))
        try:
            found = admit(payload, kind=kind)
        except AdmissionError:
            continue
        passed += 1
        assert found.gates <= 20_000
    assert passed < 60


def test_shrinking_keeps_what_fails() -> None:
    """What is left fails, and nothing of it can be left out."""
    text = b"a;\n" * 40 + b"the needle;\n" + b"b {\nc\n}\n" * 10
    assert shrink(text, "qasm3", lambda one: b"needle" in one) == b"needle"
    data = bytes(range(200))
    assert shrink(data, "qpy", lambda one: b"\x10" in one and b"\x90" in one) == b"\x10\x90"
    assert shrink(b"\xff\xfea", "qasm2", lambda one: b"\xff" in one) == b"\xff"
    assert shrink(b"abc", "json", lambda one: b"a" in one, trials=0) == b"abc"


def test_outcomes_group_by_cause() -> None:
    """Numbers and quoted names of a message do not make another bucket; the type does."""
    first = Outcome("untyped", "KeyError", "no 'a' at 0x12 of 7", "a.py:b")
    assert first.bucket == Outcome("untyped", "KeyError", "no 'b' at 0x99 of 9", "a.py:b").bucket
    assert first.bucket != Outcome("untyped", "ValueError", "no 'a' at 0x12 of 7", "a.py:b").bucket
    assert worst(first, Outcome("abort", "SIGSEGV")).ending == "abort"
    assert ENDINGS[0] == "abort"


def test_exceptions_are_described() -> None:
    """Subclasses of a documented exception count as documented."""

    class BadTextError(ValueError):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    assert describe(BadTextError(), ("ValueError",))[0] == "rejected"
    assert describe(BadTextError(), ())[0] == "untyped"
    assert describe(BadTextError(), ())[2] == ""
    assert describe(MemoryError(), ("MemoryError",))[0] == "exhausted"
    assert describe(SystemExit(1), ())[0] == "panic"


@pytest.mark.parametrize("fields", [{}, {"ending": "fine"}, {"ending": "abort", "seconds": "1"}])
def test_outcomes_from_a_worker_are_checked(fields: dict[str, object]) -> None:
    """What a child wrote is not trusted."""
    with pytest.raises(ValueError, match="outcome"):
        from_fields(fields)


def test_amplification_scales_with_size() -> None:
    """Two seconds are too long for a hundred bytes and fine for ten thousand."""
    target = Target("toy", "qasm3", "redqubit", (), lambda: len, ())
    slow = Outcome("accepted", seconds=2.0)
    assert [one.rule for one in judge("qasm3", b"a" * 100, [(target, slow)])] == ["FUZ-24"]
    assert judge("qasm3", b"a" * 10_000, [(target, slow)]) == ()
    heavy = Outcome("rejected", megabytes=300.0)
    found = judge("qasm3", b"while (true) { }", [(target, heavy)])[0]
    assert "300 MB" in found.message
    assert "refuses it by 'loops'" in found.advice


def test_targets_are_named_once() -> None:
    """Names are unique, and only parsers of others vote."""
    assert len({target.name for target in ALL}) == len(ALL)
    for target in ALL:
        assert target.votes == (not target.name.startswith("redqubit."))


def test_bad_files_of_a_corpus_are_named(tmp_path: Path) -> None:
    """Unknown, linked and huge files are skipped with a reason; a bad state is refused."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.qasm2").write_bytes(b"\xff")
    (inputs / "b.txt").write_text("")
    (inputs / "c.qpy").symlink_to(inputs / "c.qpy")
    (inputs / "d.json").write_bytes(bytes(1_000_001))
    good, bad = Corpus(tmp_path).stored("inputs")
    assert good == [("qasm2", b"\xff")]
    assert [one.file for one in bad] == ["inputs/b.txt", "inputs/c.qpy", "inputs/d.json"]
    (tmp_path / "payloads.json").write_text('{"version": 1, "seed": true, "next": 0}')
    with pytest.raises(InputError, match="remove it to begin again"):
        Corpus(tmp_path).start(1)
