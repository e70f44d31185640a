"""Randomness that cannot be repeated where it must be, or can be where it must not.

## What
A split or the first weights drawn from NumPy's global generator in a file that never seeds it, or
noise that is meant as a defense drawn from a generator with a constant seed.

## Why bad
Without a seed nobody can repeat a measured robustness. With a constant seed the attacker repeats
the noise: a defense by randomness becomes a known, fixed circuit.

## Example
``def add_defense_noise(angles): return angles + np.random.default_rng(0).normal(0, 0.1, 4)``

## Instead
``np.random.default_rng(seed)`` with a seed that is an argument, stored with the result; for noise
as a defense a seed of ``secrets.randbits(128)``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.surroundings import QUANTUM, on_quantum, shallow
from redqubit.scan.static.training_loop import owners

ID: Final = "VAR-05"
NAME: Final = "Wrong randomness"
SEVERITY: Final[Severity] = "low"
CWE: Final = (330,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "poison", "attack", "adversarial", "backdoor")
ADVICE: Final = "Use default_rng with a stored seed to measure, and secrets to defend."

_DRAWS: Final = re.compile(
    r"^(?:numpy|pennylane\.numpy|jax\.numpy)\.random\."
    r"(?:rand|randn|random|uniform|normal|permutation|shuffle|choice|randint)$"
)
_ORDERS: Final = frozenset({"permutation", "shuffle"})
_FIRST: Final = re.compile(
    r"weight|theta|param|init|\bw\d?\b|\bx0\b|split|train|perm|idx", re.IGNORECASE
)
_GENERATORS: Final = (
    "numpy.random.default_rng", "numpy.random.seed", "numpy.random.RandomState",
    "torch.manual_seed", "random.seed",
)  # fmt: skip
_DEFENDS: Final = re.compile(
    r"defen[cs]e|defend|privacy|privati|_dp_|^dp_|smoothing|obfuscat|mask_gradient|randomi[sz]ed_enc"
    r"|hide_|harden",
    re.IGNORECASE,
)
_HIDES: Final = re.compile(
    r"attacker can(?:not|'t)|defen[cs]e|defend|adversar\w+ (?:noise|robust)|smoothing|privacy",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(r"noise|noisy|perturb|mask|randomi[sz]e|smooth|jitter|drop", re.I)
_SECURITY: Final = re.compile(
    r"attack|adversarial|robust|poison|backdoor|evasion|defen[cs]e|perturb|epsilon|fgsm|pgd",
    re.IGNORECASE,
)
_SEEDS: Final = re.compile(
    r"^(?:numpy|pennylane\.numpy|np|pnp)\.random\.seed$|seed_everything|set_seed"
    r"|algorithm_globals|PRNGKey"
)
_STARTS: Final = re.compile(r"^(?:main|setup|setUp|run|fix)$|(?:^|_)seeds?(?:$|_)")


def check(module: Module) -> Iterator[Hit]:
    """Yield unseeded splits and starting points of security tests, and defenses with a seed."""
    if not on_quantum(module) and not module.project.holds(*QUANTUM):
        return
    if not module.in_test:
        yield from _fixed(module)
    trains = next(owners(module), None) is not None
    if _seeded(module) or not (trains or _SECURITY.search(module.text)):
        return
    seen: set[ast.AST | None] = set()
    for call in module.calls():
        split = call.name.endswith("sklearn.model_selection.train_test_split")
        if split and (call.starred or call.arg(None, "random_state") is not None):
            continue
        if not split and not (_DRAWS.match(call.name) and _for_weights(module, call, trains)):
            continue
        home = module.function(call.node)
        if home in seen or (home is not None and _seeds(module, home)):
            continue
        seen.add(home)
        what = "train_test_split()" if split else f"{call.tail}() of the global generator"
        yield Hit(
            call.node,
            f"{what} has no seed, so what is measured cannot be repeated.",
            severity="note" if module.in_example and not _attacks(module, call) else None,
        )


def _seeded(module: Module) -> bool:
    """Return whether the global generators get a seed before the program's functions run."""
    starts = [item for item in module.functions if _STARTS.search(item.name)]
    return any(_seeds(module, item) for item in (shallow(module.tree), *starts))


def _seeds(module: Module, scope: ast.AST, depth: int = 2) -> bool:
    """Return whether code seeds NumPy's generator; the one of ``random`` is another."""
    for node in ast.walk(scope):
        if not isinstance(node, ast.Call):
            continue
        name, text = module.name_of(node.func), ast.unparse(node.func)
        if _SEEDS.search(name) or (not name and _SEEDS.search(text)):
            return True
        if depth > 0 and re.search(r"seed|reproduc|determinis", text):
            found = module.project.definition(name, module) if name else None
            if found is None and not name.startswith(("random.", "torch.")):
                return name == "" or not name.startswith(("numpy.", "pennylane.", "secrets."))
            if found is not None and _seeds(found[0], found[1], depth - 1):
                return True
    return False


def _attacks(module: Module, call: Call) -> bool:
    """Return whether the function or file around a call is an attack or its test by its name."""
    function = module.function(call.node)
    name = function.name if function is not None else ""
    return bool(_SECURITY.search(f"{name} {PurePosixPath(module.file).stem}"))


def _for_weights(module: Module, call: Call, trains: bool) -> bool:
    if call.tail in _ORDERS or _attacks(module, call):
        return True
    if trains and _is_fallback(module, call):
        return False
    if not trains and not _SECURITY.search(" ".join(item.name for item in module.functions)):
        return False  # a word in a comment makes no security test
    statement = module.order.statement(call.node)
    if isinstance(statement, ast.Assign):
        return any(_FIRST.search(ast.unparse(target)) for target in statement.targets)
    return False


def _is_fallback(module: Module, call: Call) -> bool:
    """Return whether a draw is one of many restarts, or only made where the caller gives none."""
    for item in module.around(call.node):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        if isinstance(item, ast.For | ast.While):
            return True
        if isinstance(item, ast.If | ast.IfExp) and " is " in ast.unparse(item.test):
            return True
    return False


def _fixed(module: Module) -> Iterator[Hit]:
    for call in module.calls(*_GENERATORS):
        seed = call.literal(0, "seed")
        if seed is UNKNOWN or seed is None:
            continue
        name = _defense(module, call)
        if name is not None:
            yield Hit(
                call.node,
                f"The seed {seed!r} is constant, so an attacker draws the same noise as {name}.",
            )


def _defense(module: Module, call: Call) -> str | None:
    """Return what hides something with the numbers of a generator, None if nothing does."""
    function, owner = module.function(call.node), module.class_of(call.node)
    for item in (function, owner):
        if item is not None and _DEFENDS.search(item.name):
            return item.name
    statement = module.order.statement(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    held = {dotted(target) for target in targets} - {""}
    if function is not None and not any(name.startswith("self.") for name in held):
        return None
    about = _DEFENDS.search(PurePosixPath(module.file).stem) or _HIDES.search(
        ast.get_docstring(module.tree) or ""
    )
    for user in module.functions:
        if user is function or not held & names(user):
            continue
        outer = module.class_of(user)
        told = " ".join(
            f"{item.name} {ast.get_docstring(item) or ''}" for item in (user, outer) if item
        )
        noisy = _NOISE.search(f"{told} {' '.join(held)}")
        if _DEFENDS.search(user.name) or _HIDES.search(told) or (about and noisy):
            return user.name
    return None
