"""Proofs of robustness: the complete verifier, and the published bound beside it."""

from redqubit.certify import hypothesis_testing, shots
from redqubit.certify.certificate import (
    Certificate,
    MinimalPerturbation,
    RobustAccuracy,
    RobustPoint,
)
from redqubit.certify.perturbation import minimal_perturbation
from redqubit.certify.robustness import robust_accuracy, robustness

__all__ = [
    "Certificate",
    "MinimalPerturbation",
    "RobustAccuracy",
    "RobustPoint",
    "hypothesis_testing",
    "minimal_perturbation",
    "robust_accuracy",
    "robustness",
    "shots",
]
