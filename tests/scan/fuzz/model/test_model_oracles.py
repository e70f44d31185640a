"""Each oracle for models finds its seeded fault and is silent on the clean model."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.model import ALL, Model, fuzz_model
from redqubit.scan.fuzz.model.oracles import oracle

NAMES = ("x[0]", "x[1]", "x[2]")
WEIGHTS = np.array([0.3, -0.8, 1.1])


def outputs(rows: np.ndarray) -> np.ndarray:
    """Return <Z> of RX encoding and RX weights, of each qubit and of all."""
    return weighted(WEIGHTS, rows)


def weighted(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the same for any weights; rows that are not finite are refused."""
    if not np.isfinite(rows).all():
        raise ValueError("features are finite")
    each = np.cos(np.remainder(rows, 2 * np.pi) + weights)
    return np.column_stack([each, each.prod(axis=1)])


def gradient(rows: np.ndarray) -> np.ndarray:
    """Return the derivatives of the outputs by features, shape (n, 4, 3)."""
    return weight_gradient(WEIGHTS, rows)


def weight_gradient(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the derivatives by weights, which are those by features."""
    cosine, sine = np.cos(rows + weights), np.sin(rows + weights)
    result = np.zeros((len(rows), 4, 3))
    for k in range(3):
        result[:, k, k] = -sine[:, k]
        result[:, 3, k] = -sine[:, k] * np.delete(cosine, k, axis=1).prod(axis=1)
    return result


def sampled(rows: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Return estimates of the outputs from shots."""
    up = (1 + np.clip(outputs(rows), -1, 1)) / 2
    return 2 * np.random.default_rng(seed).binomial(shots, up) / shots - 1


def kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the fidelity kernel of RX encoding."""
    return (np.cos((first[:, None] - second[None]) / 2) ** 2).prod(axis=-1)


def named(values: Any) -> np.ndarray:
    """Return the outputs of features given by name."""
    return outputs(np.array([[values[name] for name in NAMES]]))[0]


def train(weights: np.ndarray) -> float:
    """Return the loss after descending 1 - cos to its minimum."""
    for _ in range(60):
        weights = weights - 0.5 * np.sin(weights)
    return float(np.max(1 - np.cos(weights)))


CLEAN = Model(
    outputs,
    3,
    period=2 * math.pi,
    rows=np.array([[0.1, 0.2, 0.3], [0.1, 0.2, 0.4]]),
    gradient=gradient,
    weights=WEIGHTS,
    weighted=weighted,
    weight_gradient=weight_gradient,
    parameter_shift=True,
    sampled=sampled,
    kernel=kernel,
    named=named,
    names=NAMES,
    train=train,
    converged=1.9999,
)


def directions(rows: np.ndarray) -> np.ndarray:
    """Return outcome probabilities of amplitude encoding; a row of zeros is refused."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(rows).all() or not (length > 0).all() or not np.isfinite(length).all():
        raise ValueError("no direction")
    scaled = rows / np.abs(rows).max(axis=1, keepdims=True)
    return (scaled / np.linalg.norm(scaled, axis=1, keepdims=True)) ** 2


AMPLITUDE = Model(directions, 4, low=-1.0, high=1.0, amplitude=True)


def test_clean_models_are_silent() -> None:
    """Correct models pass every oracle over many batches."""
    for model, count in ((CLEAN, 8), (AMPLITUDE, 3)):
        campaign = fuzz_model(model, examples=60, seed=3)
        assert campaign.findings == ()
        assert len(campaign.verdicts) == count
        assert sum(item["unknown"] for item in campaign.verdicts.values()) == 0
        assert len(campaign.verdicts) + len(campaign.not_applicable) == len(ALL)


@pytest.mark.parametrize("seed", range(8))
def test_shot_noise_raises_no_alarm(seed: int) -> None:
    """Binomial estimates stay within the bound whatever the seed."""
    assert fuzz_model(CLEAN, ["M16"], examples=60, seed=seed).findings == ()


def without_norm(rows: np.ndarray) -> np.ndarray:
    return rows**2


def zeros_as_nan(rows: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)) ** 2


def batch_mean(rows: np.ndarray) -> np.ndarray:
    return outputs(rows - rows.mean(axis=0))


def by_position(rows: np.ndarray) -> np.ndarray:
    return outputs(rows) + 0.01 * np.arange(len(rows))[:, None]


def silent(rows: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.cos(rows)


def half_gradient(rows: np.ndarray) -> np.ndarray:
    return 0.5 * gradient(rows)


def without_sign(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.abs(weight_gradient(weights, rows))


def few_shots(rows: np.ndarray, shots: int, seed: int) -> np.ndarray:
    return sampled(rows, shots // 4, seed)


def biased(rows: np.ndarray, shots: int, seed: int) -> np.ndarray:
    return 0.6 * sampled(rows, shots, seed)


def lopsided(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return kernel(first, second) + 1e-3 * np.sin(first[:, None, 0] - second[None, :, 0])


def dimmed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return 0.9 * kernel(first, second)


def signed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    values = np.cos((first[:, None] - second[None]) / 2).prod(axis=-1)
    return np.where(np.arange(len(first))[:, None] == np.arange(len(second)), values, -values)


def indefinite(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    distance = np.abs(first[:, None] - second[None]).sum(axis=-1)
    return (distance < 3.0).astype(float)


def in_given_order(values: Any) -> np.ndarray:
    return outputs(np.array([list(values.values())]))[0]


def stuck(weights: np.ndarray) -> float:
    return float("nan") if weights[0] > 0.5 else train(weights)


FAULTS = [
    ("M14", replace(CLEAN, period=math.pi)),
    ("M14", replace(CLEAN, period=(2 * math.pi, 2 * math.pi, 1.0))),
    ("M14", replace(CLEAN, rows=np.array([[0.1, 0.2, 0.3], [0.1, 0.2 + 2 * math.pi, 0.3]]))),
    ("M15", replace(CLEAN, gradient=half_gradient)),
    ("M15", replace(CLEAN, weight_gradient=without_sign)),
    ("M15", replace(CLEAN, gradient=lambda rows: gradient(rows)[:, :, :2])),
    (
        "M15",
        replace(
            CLEAN,
            weighted=lambda w, x: weighted(2 * w, x),
            weight_gradient=lambda w, x: 2 * weight_gradient(2 * w, x),
        ),
    ),
    ("M16", replace(CLEAN, sampled=few_shots)),
    ("M16", replace(CLEAN, sampled=biased)),
    ("M17", replace(AMPLITUDE, outputs=without_norm)),
    ("M17", replace(AMPLITUDE, outputs=zeros_as_nan)),
    ("M18", replace(CLEAN, outputs=silent)),
    ("M18", replace(AMPLITUDE, outputs=zeros_as_nan)),
    ("M19", replace(CLEAN, kernel=lopsided)),
    ("M19", replace(CLEAN, kernel=dimmed)),
    ("M19", replace(CLEAN, kernel=signed)),
    ("M19", replace(CLEAN, kernel=indefinite)),
    ("M20", replace(CLEAN, outputs=batch_mean)),
    ("M20", replace(CLEAN, outputs=by_position)),
    ("M21", replace(CLEAN, named=in_given_order)),
    ("M26", replace(CLEAN, train=stuck)),
]


@pytest.mark.parametrize(
    ("name", "model"), FAULTS, ids=[f"{k}-{pair[0]}" for k, pair in enumerate(FAULTS)]
)
def test_seeded_faults_are_found_on_few_rows(name: str, model: Model) -> None:
    """Each fault gives one finding of its rule, with at most a handful of rows."""
    campaign = fuzz_model(model, [name], examples=80, seed=1)
    (finding,) = campaign.findings
    assert finding.rule == oracle(name).rule
    assert campaign.verdicts[name]["differ"] == 1
    assert "row" in finding.message
    assert "InputError" not in finding.message
    if name not in {"M16", "M19", "M26"}:
        assert finding.flow[0].text.count("[") <= 4
    assert fuzz_model(model, [name], examples=80, seed=1).findings == campaign.findings


def test_special_values_say_which() -> None:
    """The message about a silent NaN names the feature that caused it."""
    (finding,) = fuzz_model(replace(CLEAN, outputs=silent), ["M18"]).findings
    assert "the feature" in finding.message
    assert any(text in finding.flow[0].text for text in ('"nan"', '"inf"', '"-inf"'))


def test_an_error_on_a_valid_row_is_a_finding() -> None:
    """A model that raises for ordinary rows breaks every relation but special values."""

    def fragile(rows: np.ndarray) -> np.ndarray:
        if (rows > 1).any():
            raise RuntimeError("too warm")
        return outputs(rows)

    (finding,) = fuzz_model(replace(CLEAN, outputs=fragile), ["M20"]).findings
    assert "the model raised RuntimeError: too warm" in finding.message


def test_sampled_outputs_have_to_be_expectation_values() -> None:
    """Where outputs leave [-1, 1] the shot-noise bound is unknown, not broken."""
    model = replace(CLEAN, outputs=lambda rows: 3 + outputs(rows))
    campaign = fuzz_model(model, ["M16"], examples=5)
    assert campaign.findings == ()
    assert campaign.verdicts["M16"]["unknown"] > 0


def test_far_rows_do_not_decide_about_the_period() -> None:
    """Beyond a million radians rounding hides the period, so the verdict is unknown."""
    campaign = fuzz_model(replace(CLEAN, low=1e7, high=2e7), ["M14"], examples=5)
    assert campaign.findings == ()
    assert campaign.verdicts["M14"]["unknown"] > 0


def test_an_unknown_oracle_is_refused() -> None:
    """A typing error is answered with the allowed ids."""
    with pytest.raises(InputError, match="allowed: M14"):
        oracle("M99")
