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
from redqubit.scan.static.bound import own_sinks
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.frameworks import QUANTUM, beside_quantum, on_quantum
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.training_loop import owners

ID: Final = "VAR-05"
NAME: Final = "Wrong randomness"
SEVERITY: Final[Severity] = "low"
CWE: Final = (330,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (
    *QUANTUM, "poison", "attack", "adversarial", "backdoor", "sklearn", "random",
    "defen", "dimod", "dwave",
)  # fmt: skip
ADVICE: Final = "Use default_rng with a stored seed to measure, and secrets to defend."

_DRAWS: Final = re.compile(
    r"^(?:numpy|pennylane\.numpy|jax\.numpy)\.random\."
    r"(?:rand|randn|random|uniform|normal|permutation|shuffle|choice|randint)$"
)
_ANNEALERS: Final = ("dimod", "dwave")
_SPLITTERS: Final = frozenset(
    ["train_test_split", "ShuffleSplit", "StratifiedShuffleSplit", "shuffle", "resample"]
)  # fmt: skip
_ORDERS: Final = frozenset({"permutation", "shuffle"})
_FIRST: Final = re.compile(
    r"weight|theta|param|init|\bw\d?\b|\bx0\b|split|train|perm|idx", re.IGNORECASE
)
_GENERATORS: Final = (
    "numpy.random.default_rng", "numpy.random.seed", "numpy.random.RandomState",
    "torch.manual_seed", "random.seed", "random.Random", "jax.random.PRNGKey", "jax.random.key",
    "torch.Generator.manual_seed", "numpy.random.PCG64", "numpy.random.SeedSequence",
    "numpy.random.MT19937", "numpy.random.Philox", "tensorflow.random.set_seed",
    "pennylane.numpy.random.default_rng", "pennylane.numpy.random.seed",
)  # fmt: skip
_DEFENDS: Final = re.compile(
    r"defen[cs]|defend|privacy|privati|_dp_|^dp_|smoothing|obfuscat|mask_gradient|randomi[sz]ed_enc"
    r"|hide_|harden",
    re.IGNORECASE,
)
_HIDES: Final = re.compile(
    r"(?:attacker|adversary|client|caller)s? (?:can|could|must|should|may|do|does)(?:\s?not|n't)"
    r"|defen[cs]|defend|adversar\w+ (?:noise|robust)|smoothing|privacy|against \w*[ -]?\w*"
    r"(?:evasion|attack|extraction|inversion|stealing)",
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
    anneals = any(word in module.text for word in _ANNEALERS)
    if not (anneals or on_quantum(module) or module.project.holds(*QUANTUM)):
        return
    if not module.in_test:
        yield from _fixed(module)
    trains = next(owners(module), None) is not None
    tests = trains or _SECURITY.search(module.text) is not None
    if _seeded(module) or not (tests or anneals or on_quantum(module) or beside_quantum(module)):
        return
    seen: set[ast.AST | None] = set()
    for call in module.calls():
        split = _splits(call)
        if split and (call.starred or _is_seeded(module, call)):
            continue
        if not split and not _draws(module, call, trains=trains, tests=tests):
            continue
        home = module.function(call.node)
        if home in seen or (home is not None and _seeds(module, home)):
            continue
        seen.add(home)
        what = f"{call.tail}()" if split else f"{call.tail}() of the global generator"
        yield Hit(
            call.node,
            f"{what} has no seed, so what is measured cannot be repeated.",
            severity="note" if module.in_example and not _attacks(module, call) else None,
        )


def _splits(call: Call) -> bool:
    """Return whether a call of scikit-learn draws a split."""
    if not call.name.startswith("sklearn."):
        return False
    if call.tail in {"KFold", "StratifiedKFold"}:
        return call.literal(None, "shuffle") is True
    return call.tail in _SPLITTERS


def _is_seeded(module: Module, call: Call) -> bool:
    """Return whether a call gets a seed, or keeps the order."""
    seed = call.arg(None, "random_state")
    if call.tail == "train_test_split" and call.literal(None, "shuffle") is False:
        return True
    return seed is not None and module.fold(seed) is not None


def _draws(module: Module, call: Call, *, trains: bool, tests: bool) -> bool:
    """Return whether a call of the global generator decides a split or the first weights."""
    if _DRAWS.match(call.name) is None:
        return False
    if _takes_part(module, call) or (not module.in_test and _starts(module, call)):
        return True
    return tests and _for_weights(module, call, trains)


def _takes_part(module: Module, call: Call) -> bool:
    """Return whether a draw of rows is taken apart: one part to train on, the rest held out."""
    drawn = call.tail == "choice" and call.literal(None, "replace") is False
    if not drawn and call.tail not in _ORDERS:
        return False
    statement = module.order.statement(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else call.node.args[:1]
    text = ast.unparse(shallow(module.function(call.node) or module.tree))
    for name in map(re.escape, filter(None, map(dotted, targets))):
        halves = re.search(rf"\b{name}\[:[^\]]+\]", text), re.search(rf"\b{name}\[[^\]:]+:\]", text)
        rest = rf"(?:setdiff1d|delete|difference)\([^\n]*\b{name}\b|not in {name}\b|\[{name}\] = "
        if all(halves) or re.search(rest, text):
            return True
    return False


def _starts(module: Module, call: Call) -> bool:
    """Return whether a draw gives the weights that a circuit of the file is called with."""
    statement = module.order.statement(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    held = {dotted(target) for target in targets} - {""}
    if not any(_FIRST.search(name) for name in held) or _is_fallback(module, call):
        return False
    home = module.function(call.node)
    return any(
        not sink.binds and dotted(sink.value) in held and module.function(sink.call.node) is home
        for sink in own_sinks(module)
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
