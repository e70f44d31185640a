"""A full assessment made up from formulas: plausible shapes, obviously synthetic numbers."""

import math
from dataclasses import replace

from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Mean, Rate
from redqubit.core.evidence import (
    Check,
    Control,
    Curve,
    Evidence,
    Finding,
    Point,
    Provenance,
    Series,
)
from redqubit.core.record import digest

N = 200
CLEAN = 0.965
RADII = (0.1, 0.2, 0.3, 0.5)
FRACTIONS = (0.1, 0.3, 0.5)
QUERIES = (32, 64, 128, 256)
R_LABEL = "radius, rad (L-inf)"
PROVENANCE = Provenance(
    seed=7,
    versions={
        "redqubit": "0.1.0",
        "Python": "3.11.7",
        "torch": "2.13.0",
        "qiskit": "2.6.2",
        "numpy": "2.4.1",
    },
    device="CPU, 2 cores (synthetic)",
    created="2026-01-02T03:04:05Z",
    data="digits, classes 0 to 3, 400 train, 200 test, PCA to 8, seed 7",
    model="QNN: angle (X) encoder, strongly entangling ansatz, 8 qubits, 3 layers, 72 weights",
)
# name: technique, radius at which half the inputs fall, clean-accuracy factor of the analogue
EVASION = {
    "fast_gradient_sign": ("QML.T0010.001", 0.41, 0.3),
    "projected_gradient": ("QML.T0010.002", 0.36, 0.3),
    "square": ("QML.T0012", 0.43, 0.3),
    "universal_perturbation": ("QML.T0011", 0.66, 0.5),
    "transfer_evasion": ("QML.T0013", 0.40, 0.3),
}
# name: mitigation, clean accuracy, factor on the radius, adaptive view, techniques it maps to
DEFENSES = {
    "adversarial_training": ("QML.M0001", 0.953, 1.5, "exact", "evasion"),
    "noise_layer": ("QML.M0002", 0.955, 1.02, "surrogate", "evasion extraction"),
    "prediction_rounding": ("QML.M0003", 0.965, 1.0, "no gradient", "score extraction"),
    "top_one": ("QML.M0004", 0.965, 1.0, "no gradient", "score extraction"),
    "label_sanitation": ("QML.M0005", 0.96, 1.0, "exact", "poisoning"),
}


def rate(value: float, n: int = N) -> Rate:
    return Rate(min(n, max(0, round(value * n))), n)


def robust(radius: float, half: float, clean: float = CLEAN) -> float:
    fall = 1 / (1 + math.exp((radius - half) / 0.085))
    return clean * fall * (1 + math.exp(-half / 0.085))


def points(xs, function) -> tuple[Point, ...]:
    return tuple(Point(x, rate(function(x))) for x in xs)


def make(kind, attack, technique, **fields) -> Evidence:
    made = Evidence("", kind, technique, attack, "measured", PROVENANCE, **fields)
    return replace(made, id=digest(made))


def defended(name: str, view: str) -> dict:
    return {"defense": name, "mitigation": DEFENSES[name][0], "view": view}


def evasion(name: str, defense: str = "none", view: str = "none") -> Evidence:
    technique, half, radius = *EVASION[name][:2], EVASION[name][2]
    clean, factor = DEFENSES[defense][1:3] if defense != "none" else (CLEAN, 1.0)
    if view == "oblivious":
        factor *= 1.12
    if defense in ("prediction_rounding", "top_one"):
        factor *= 1.6 if name == "square" else 1.05
    half *= factor
    xs = (0.3, 0.5, 0.8) if name == "universal_perturbation" else RADII
    eligible = round(clean * N)
    series = (
        Series(name.replace("_", " "), "attack", points(xs, lambda r: robust(r, half, clean))),
        Series("random change", "control", points(xs, lambda r: clean - 0.12 * r * r)),
        Series("classical analogue", "control", points(xs, lambda r: robust(r, 0.39, 0.95))),
    )
    gone = 1 - robust(radius, half, clean) / clean
    checks = (
        Check("zero radius equals clean", True, "success 0 of 193 at radius 0"),
        Check("iterated at least single step", True, "52.3 % against 47.7 %"),
        Check("gradient norm floor", None, "no gradient in this view")
        if view == "no gradient"
        else Check("gradient norm floor", True, "smallest norm 3e-3"),
        Check("huge radius succeeds", name != "square", "91.2 % at radius pi; 100 % expected"),
    )
    return make(
        "evasion",
        name,
        technique,
        parameters={
            "goal": None,
            "radius": {"norm": "linf", "space": "angle", "value": radius},
            **({"steps": 20} if name == "projected_gradient" else {}),
        },
        radius=Radius(radius),
        success=rate(gone, eligible),
        rates={
            "clean_accuracy": rate(clean),
            "attacked_accuracy": rate(robust(radius, half, clean)),
        },
        means={"fidelity": Mean(0.931, 0.92, 0.94, N)},
        controls=(
            Control("random change", rate(0.02, eligible), "signs at random, same radius"),
            Control("base rate", rate(0.005, eligible), "the clean model on other samples"),
            Control(
                "classical analogue",
                rate(1 - robust(radius, 0.39, 0.95) / 0.95, 190),
                "the same attack on softmax regression",
                "analogue",
            ),
        ),
        checks=checks,
        curves=(Curve("Robust accuracy", R_LABEL, "robust accuracy", series),),
        cost=Cost(20 * N, 40 * N, 0, 0.8),
        **(defended(defense, view) if defense != "none" else {}),
    )


def poisoning(name: str, defense: str = "none", view: str = "none") -> Evidence:
    technique = {"label_flip": "QML.T0001", "quid": "QML.T0002"}[name]
    harm = {"label_flip": 0.3, "quid": 1.7}[name] * (0.15 if defense != "none" else 1.0)
    clean = DEFENSES[defense][1] if defense != "none" else CLEAN

    def accuracy(weight):
        return lambda f: clean - weight * f * f

    controls = (
        Control("base rate", rate(0.015, 193), "the clean model trained with another seed"),
    )
    series = (Series(name.replace("_", " "), "attack", points(FRACTIONS, accuracy(harm))),)
    if name == "quid":
        controls = (
            Control("random flip", rate(0.03, 193), "the same number of random flips"),
            Control(
                "Euclidean distance", rate(0.16, 193), "the same rule in feature space", "analogue"
            ),
        )
        series += (
            Series("random flip", "control", points(FRACTIONS, accuracy(0.3))),
            Series("Euclidean distance", "control", points(FRACTIONS, accuracy(1.85))),
        )
    else:
        series += (Series("base rate", "control", points(FRACTIONS, lambda f: clean)),)
    return make(
        "poisoning",
        name,
        technique,
        parameters={"fraction": 0.3},
        success=rate(harm * 0.09, 193),
        rates={"clean_accuracy": rate(clean), "attacked_accuracy": rate(accuracy(harm)(0.3))},
        controls=controls,
        checks=(Check("zero fraction equals clean", True, "same weights"),),
        curves=(
            Curve("Accuracy after poisoning", "fraction of training labels", "accuracy", series),
        ),
        cost=Cost(0, 0, 0, 42.0),
        **(defended(defense, view) if defense != "none" else {}),
    )


def extraction(name: str, defense: str = "none", view: str = "none") -> Evidence:
    technique = {"learned_extraction": "QML.T0020", "fourier_extraction": "QML.T0021"}[name]
    weaker = 0.0 if defense == "none" else 0.02
    if name == "fourier_extraction":
        agreement = {"none": 1.0, "noise_layer": 0.97, "prediction_rounding": 0.93}.get(
            defense, 0.44
        )
        curves, queries = (), 6561
    else:
        agreement = 0.96 - weaker
        queries = 256
        series = (
            Series(
                "learned clone",
                "attack",
                points(QUERIES, lambda q: 0.97 - weaker - 3.2 / (q + 10)),
            ),
            Series("base rate", "control", points(QUERIES, lambda q: 0.265)),
        )
        curves = (
            Curve("Agreement with the victim", "queries", "agreement with the victim", series),
        )
    return make(
        "extraction",
        name,
        technique,
        parameters={} if name == "fourier_extraction" else {"queries": 256},
        success=rate(agreement),
        rates={"clone_accuracy": rate(agreement * CLEAN)},
        controls=(Control("base rate", rate(0.265), "always the most frequent answer"),),
        checks=(Check("a clone of itself agrees", True, "200 of 200"),),
        curves=curves,
        values={"queries": float(queries)},
        cost=Cost(queries, queries, 0, 3.5, 0.35 * queries / 100),
        **(defended(defense, view) if defense != "none" else {}),
    )


def certificate(defense: str = "none") -> Evidence:
    clean, factor = DEFENSES[defense][1:3] if defense != "none" else (CLEAN, 1.0)
    xs = (0.05, 0.1, 0.2, 0.3, 0.5)
    series = (
        Series("exact", "certificate", points(xs, lambda r: robust(r, 0.355 * factor, clean))),
        Series(
            "hypothesis testing",
            "certificate",
            points(xs, lambda r: robust(r, 0.14 * factor, clean)),
        ),
    )
    return make(
        "certificate",
        "",
        "",
        rates={"exact_robust_accuracy": series[0].points[3].rate},
        values={"nodes": 1435.0, "undecided": 0.0},
        means={"exact_radius": Mean(0.34, 0.33, 0.35, N)},
        curves=(Curve("Certified accuracy", R_LABEL, "robust accuracy", series),),
        cost=Cost(0, 0, 0, 1.9),
        **({"defense": defense, "mitigation": DEFENSES[defense][0]} if defense != "none" else {}),
    )


def baseline(defense: str = "none") -> Evidence:
    clean = DEFENSES[defense][1] if defense != "none" else CLEAN
    return make(
        "baseline",
        "",
        "",
        rates={"clean_accuracy": rate(clean), "train_accuracy": rate(0.99, 400)},
        parameters={"radius": 0.3} if defense == "adversarial_training" else {},
        cost=Cost(0, 0, 0, 95.0 if defense == "adversarial_training" else 14.0),
        **({"defense": defense, "mitigation": DEFENSES[defense][0]} if defense != "none" else {}),
    )


def attack(name: str, defense: str = "none", view: str = "none") -> Evidence:
    if name in EVASION:
        return evasion(name, defense, view)
    return (poisoning if name in ("label_flip", "quid") else extraction)(name, defense, view)


ATTACKS = (*EVASION, "label_flip", "quid", "learned_extraction", "fourier_extraction")


def mapped(name: str, defense: str) -> bool:
    kinds = DEFENSES[defense][4].split()
    if "score" in kinds and name in ("square", "transfer_evasion"):
        return True
    if "evasion" in kinds and name in EVASION:
        return True
    if name in ("label_flip", "quid"):
        return "poisoning" in kinds
    return "extraction" in kinds and name.endswith("extraction")


def evidence() -> list[Evidence]:
    made = [baseline(), *(baseline(name) for name in DEFENSES)]
    for name in ATTACKS:
        made.append(attack(name))
        for defense, (_, _, _, view, _) in DEFENSES.items():
            if mapped(name, defense):
                made += [attack(name, defense, seen) for seen in ("oblivious", view)]
    made += [certificate(), certificate("adversarial_training")]
    missing = make("extraction", "copy_by_side_channel", "QML.T0020")
    made.append(
        replace(
            missing,
            status="not run",
            reason="needs a trace probe, which this pipeline does not offer",
        )
    )
    return made


def omitted() -> list[tuple[str, str, str]]:
    return [
        (
            name,
            defense,
            f"the kill chain has no edge from {DEFENSES[defense][0]} to "
            f"{attack(name).technique}; set 'pairs: all' to run it all the same",
        )
        for name in ATTACKS
        for defense in DEFENSES
        if not mapped(name, defense)
    ]


def findings(records: list[Evidence]) -> list[Finding]:
    found = []
    for item in records:
        low = item.success.low if item.success else None
        bars = [c.rate.high or 0.0 for c in item.controls if c.role == "null"]
        if low is not None and low > max([0.05, *bars]):
            steps = (("critical", 0.7), ("high", 0.3), ("medium", 0.1), ("low", 0.0))
            severity = next(name for name, bar in steps if low >= bar)
            found.append(
                Finding(
                    "attack-succeeds",
                    severity,
                    f"{item.attack} succeeds on {item.success} of eligible inputs",
                    item.technique,
                    (item.id,),
                )
            )
        found += [
            Finding(
                "self-check-failed",
                "low",
                f"{item.attack}: {check.name}: {check.message}",
                item.technique,
                (item.id,),
            )
            for check in item.checks
            if check.passed is False
        ]
    return found
