"""Circuit fuzzing: random circuits, relations that must hold, and minimal counterexamples."""

from redqubit.scan.fuzz.circuit.campaign import fuzz_circuits
from redqubit.scan.fuzz.circuit.generator import PROFILES, STANDARD
from redqubit.scan.fuzz.circuit.mutation import Score, mutation_score
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles import ALL
from redqubit.scan.fuzz.circuit.subject import Gate, Subject

__all__ = [
    "ALL",
    "PROFILES",
    "STANDARD",
    "Gate",
    "Oracle",
    "Score",
    "Subject",
    "fuzz_circuits",
    "mutation_score",
]
