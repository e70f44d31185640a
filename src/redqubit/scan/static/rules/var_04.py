"""A training loop goes on after the loss became NaN or infinite.

## What
A loop steps an optimizer, or subtracts a multiple of the gradient, and nothing in its function
looks whether loss, gradient or weights are finite. Where the weights are stored afterwards this is
medium, else low.

## Why bad
One bad sample makes every weight NaN; the loop then burns its budget of circuits and stores
a model that answers one class for everything.

## Example
``for _ in range(100): weights, loss = opt.step_and_cost(cost, weights)`` and ``np.save(...)``

## Instead
``if not np.isfinite(loss): weights = last_good; break``, and store only finite weights.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.frameworks import QUANTUM, near_quantum
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import FunctionNode
from redqubit.scan.static.surroundings import called
from redqubit.scan.static.training_loop import called_steps, descents, trainings

ID: Final = "VAR-04"
NAME: Final = "Training without a stop on NaN"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (754,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "torch", "optax", "theta", "weights")
ADVICE: Final = "Stop when the loss is not finite and keep the last weights that were."

_LOOKS: Final = re.compile(
    r"isfinite|isnan|isinf|nan_to_num|[Ee]arly_?[Ss]top|detect_anomaly|debug_nans|finite|GradScaler"
    r"|patience|checkify|apply_if_finite|assert_allclose"
    r"|\bBCELoss\(|binary_cross_entropy\("  # these raise on NaN
)
_DATA: Final = re.compile(
    r"(?:isfinite|isnan|isinf|nan_to_num)\((?:self\.)?(?:x|X|y|data|table|rows?|feat\w*|inputs?|X_?\w*|df)\b"
)
_STORES: Final = re.compile(
    r"\.(?:save|savez|savez_compressed|dump|savetxt|save_weights|to_csv|tofile|save_model|write_text"
    r"|log_model|save_pretrained)\(|\b(?:save|store|persist|publish)_\w+\("
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the training loops that never test for NaN."""
    if module.in_test or not near_quantum(module):
        return
    for place, what, loop in _loops(module):
        scope = module.function(place) or shallow(module.tree)
        texts = [ast.unparse(scope)]
        outer = module.function(loop)
        texts += [ast.unparse(outer)] if outer is not None and outer is not scope else []
        texts += [ast.unparse(item) for _, item in called(module, loop)]
        texts += [ast.unparse(item) for _, item in called(module, scope) if _asks(item)]
        if any(_LOOKS.search(_without_data(text)) for text in texts) or _stops_on_loss(loop):
            continue
        stored = _STORES.search(texts[0]) is not None
        yield Hit(
            place,
            f"Nothing tests whether {what} is finite"
            + (", and the weights are stored afterwards." if stored else "."),
            severity="note" if module.in_example else SEVERITY if stored else "low",
        )


def _asks(function: FunctionNode) -> bool:
    """Return whether a helper outside the loop is about the loss or the weights by its name."""
    return re.search(r"stop|loss|finite|nan|weights|diverg|check", function.name) is not None


def _without_data(text: str) -> str:
    """Return code without the tests of finiteness that are about the data."""
    return _DATA.sub("", text)


def _loops(module: Module) -> Iterator[tuple[ast.AST, str, ast.For | ast.While]]:
    """Yield the steps of training: the place, what should be finite, and the loop around it."""
    for training in trainings(module):
        if training.loop is not None and training.step.tail != "minimize":
            yield training.step.node, f"the loss of {training.step.tail}()", training.loop
    for call, around in called_steps(module):
        yield call.node, f"the loss of {call.tail}()", around
    for step, loop in descents(module):
        yield step, "the gradient that is subtracted", loop


def _stops_on_loss(loop: ast.For | ast.While) -> bool:
    """Return whether the loop raises (or breaks on a loss that is not itself)."""
    return any(_is_itself(node) for node in ast.walk(loop)) or any(
        isinstance(node, ast.If)
        and any(isinstance(item, ast.Raise) for item in node.body)
        and re.search(r"loss|cost|grad|value|energy", ast.unparse(node.test))
        for node in ast.walk(loop)
    )


def _is_itself(node: ast.AST) -> bool:
    """Return whether a value is compared with itself, which only NaN is not equal to."""
    return isinstance(node, ast.Compare) and ast.unparse(node.left) == ast.unparse(
        node.comparators[0]
    )
