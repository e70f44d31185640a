"""Measures a victim without any attack: what every other figure is compared to."""

from __future__ import annotations

from typing import Any

from redqubit.attacks import metric
from redqubit.core.estimate import Mean
from redqubit.models.victim import Victim


def measure(victim: Victim) -> dict[str, Any]:
    """Return the fields of an `redqubit.core.evidence.Evidence`: accuracy, recall, confidence."""
    data, model = victim.data, victim.model
    confidence = model.predict_proba(data.X_test).max(axis=1)
    return {
        "rates": {
            "clean_accuracy": metric.accuracy(model, data.X_test, data.y_test),
            "training_accuracy": metric.accuracy(model, data.X_train, data.y_train),
            **{
                f"recall of class {name}": rate
                for name, rate in metric.recall(model, data.X_test, data.y_test).items()
            },
        },
        "means": {"confidence": Mean.of(confidence)},
    }
