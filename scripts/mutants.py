"""Put one fault at a time into a copy of the source and see that the named test notices it.

python scripts/mutants.py            # all faults; exit code 1 if one goes unnoticed
python scripts/mutants.py --write    # also rewrite the table in docs/testing.md
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "testing.md"
HEAD = "| Fault | Where | Noticed by |\n|---|---|---|\n"


@dataclass(frozen=True)
class Mutant:
    """One fault: what it breaks, the text it replaces, and the tests that must fail."""

    fault: str
    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant(
        "sign of the sine in every rotation gate",
        "engine/gates.py",
        "torch.complex(zero, -sin)",
        "torch.complex(zero, sin)",
        "tests/engine/test_lowering.py",
    ),
    Mutant(
        "sign of the shifted difference in parameter shift",
        "engine/gradients.py",
        "sign = 1.0 if number % 2 == 0 else -1.0",
        "sign = 1.0",
        "tests/engine/test_gradients.py",
    ),
    Mutant(
        "sign in the adjoint of the product state",
        "engine/product_adjoint.py",
        "(square * low.conj()",
        "(square * low",
        "tests/engine",
    ),
    Mutant(
        "QUID takes the nearest class instead of the farthest",
        "attacks/poisoning/quid.py",
        "np.where(sizes > 0, mean, -np.inf).argmax(axis=1)",
        "np.where(sizes > 0, mean, np.inf).argmin(axis=1)",
        "tests/attacks/poisoning/test_quid.py",
    ),
    Mutant(
        "label flip may keep the true label",
        "attacks/poisoning/label_flip.py",
        "rng.integers(1, n_classes, len(y))",
        "rng.integers(0, n_classes, len(y))",
        "tests/attacks/poisoning/test_label_flip.py",
    ),
    Mutant(
        "success counted on all samples instead of eligible ones",
        "attacks/metric.py",
        "return Rate.of(reached[eligible(model, X, y, goal)])",
        "return Rate.of(reached)",
        "tests/attacks/test_metric.py",
    ),
    Mutant(
        "projected gradient descends",
        "models/ascent.py",
        "x.detach() + size * direction",
        "x.detach() - size * direction",
        "tests/models/test_ascent.py",
    ),
    Mutant(
        "the square attack keeps changes that do not help",
        "attacks/evasion/square.py",
        "better = found > lead[active]",
        "better = found == found",
        "tests/attacks/evasion",
    ),
    Mutant(
        "the meter forgets queries",
        "models/meter.py",
        "self._queries += queries",
        "self._queries += 0",
        "tests/models/test_target.py",
    ),
    Mutant(
        "the interval of a rate is too narrow",
        "core/estimate.py",
        "Z95**2 / (4 * n**2)",
        "0 * n",
        "tests/core/test_estimate.py",
    ),
    Mutant(
        "random streams ignore the order of names",
        "core/streams.py",
        "for part in (seed, *names):",
        "for part in (seed, *sorted(map(str, names))):",
        "tests/core/test_streams.py",
    ),
    Mutant(
        "a control to beat is ignored",
        "assess/policy.py",
        'if control.role == "null"',
        'if control.role == "none"',
        "tests/assess/test_policy.py",
    ),
    Mutant(
        "a half-written record is kept",
        "assess/store.py",
        "complete = lines[:-1]",
        "complete = [line for line in lines if line]",
        "tests/assess/test_store.py",
    ),
    Mutant(
        "amplitude damping excites instead",
        "engine/channels.py",
        "keep, drop = math.sqrt(1 - gamma), math.sqrt(gamma)",
        "drop, keep = math.sqrt(1 - gamma), math.sqrt(gamma)",
        "tests/engine/test_channels.py",
    ),
    Mutant(
        "the verifier forgets its rounding margin",
        "certify/worst_case.py",
        "bounds = margins.min(axis=2) - rounding",
        "bounds = margins.max(axis=2) - rounding",
        "tests/certify",
    ),
    Mutant(
        "label sanitation drops what its neighbors confirm",
        "defenses/label_sanitation.py",
        "return X[~suspicious], y[~suspicious]",
        "return X[suspicious], y[suspicious]",
        "tests/defenses/test_label_sanitation.py",
    ),
)


def noticed(mutant: Mutant) -> bool:
    """Run the tests of a mutant on a mutated copy; say whether they failed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("src", "tests"):
            shutil.copytree(ROOT / name, copy / name)
        shutil.copy(ROOT / "pyproject.toml", copy)
        target = copy / "src" / "redqubit" / mutant.file
        text = target.read_text(encoding="utf-8")
        if text.count(mutant.old) < 1:
            raise SystemExit(f"{mutant.file} no longer holds {mutant.old!r}; update the mutant")
        target.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        result = subprocess.run(
            [*command, mutant.tests],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(copy / "src"), "OMP_NUM_THREADS": "1"},
        )
        if result.returncode not in (0, 1):
            raise SystemExit(f"{mutant.fault}: pytest ended with {result.returncode}")
        return result.returncode == 1


def main() -> int:
    """Run every mutant and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite the table in the docs")
    write = parser.parse_args().write
    survivors = 0
    rows = []
    for number, mutant in enumerate(MUTANTS, start=1):
        caught = noticed(mutant)
        survivors += not caught
        rows.append(f"| {mutant.fault} | `{mutant.file}` | `{mutant.tests}` |\n")
        said = "noticed" if caught else "NOT NOTICED"
        print(f"[{number}/{len(MUTANTS)}] {said}: {mutant.fault}", flush=True)
    if write and not survivors:
        before = PAGE.read_text(encoding="utf-8").split(HEAD)[0]
        PAGE.write_text(before + HEAD + "".join(rows), encoding="utf-8")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
