"""Runs on a processor of the cloud service."""

import sys

import cirq
import cirq_google

PROCESSORS = ("rainbow", "weber")


def bell() -> cirq.Circuit:
    q = cirq.GridQubit.rect(1, 2)
    return cirq.Circuit(cirq.H(q[0]), cirq.CNOT(*q), cirq.measure(*q, key="z"))


def run(processor: str, repetitions: int):
    engine = cirq_google.get_engine()
    sampler = engine.get_sampler(processor_id=processor)
    return sampler.run(bell(), repetitions=repetitions)


def run_checked(processor: str, repetitions: int):
    if processor not in PROCESSORS:
        raise ValueError("unknown processor")
    repetitions = max(1, min(repetitions, 5000))
    engine = cirq_google.get_engine()
    sampler = engine.get_sampler(processor_id=processor)
    result = sampler.run(bell(), repetitions=repetitions)
    if result.repetitions != repetitions:
        raise RuntimeError("repetitions are missing")
    return result


if __name__ == "__main__":
    result = run(sys.argv[1], int(sys.argv[2]))
    print(result.histogram(key="z"))
