"""Models of Qiskit Machine Learning are stored with dill.

## What
``load`` of ``VQC``, ``QSVC``, ``NeuralNetworkClassifier`` and the other serializable models on a
path that is not constant.

## Why bad
The file is a dill pickle: whoever writes it runs code when the model is loaded.

## Example
``model = VQC.load(sys.argv[1])``

## Instead
Keep weights as plain arrays and rebuild the model from code, or verify a signature of the file
first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import FunctionNode
from redqubit.scan.static.trust import digest_checked, origin_of, own_file

ID: Final = "DES-11"
NAME: Final = "Model file is a pickle"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (502,)
FRAMEWORKS: Final = ("Qiskit",)
TRIGGERS: Final = ("qiskit_machine_learning",)
ADVICE: Final = (
    "Store the weights as arrays and build the model from code; or verify the file's signature."
)

_MODELS: Final = (
    "SerializableModelMixin",
    "TrainableModel",
    "VQC",
    "VQR",
    "QSVC",
    "QSVR",
    "PegasosQSVC",
    "NeuralNetworkClassifier",
    "NeuralNetworkRegressor",
    "QBayesian",
)


_LOADERS: Final = tuple(
    f"qiskit_machine_learning..{name}.{verb}" for name in _MODELS for verb in ("load", "from_dill")
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads of model files that the source does not fix."""
    for call in [*module.calls(*_LOADERS), *_inherited(module)]:
        path = call.arg(0, "file_name")
        if path is None or module.fold(path) is not UNKNOWN:
            continue
        if own_file(module, path) or digest_checked(module, call.node):
            continue
        flow = origin_of(module, path)
        yield Hit(
            call.node,
            f"{call.module.source(call.node.func)}() unpickles a file whose path is not fixed.",
            severity="note" if module.in_test else None,
            flow=flow.hops if flow is not None else (),
        )


def _inherited(module: Module) -> Iterator[Call]:
    """Yield the loads by classes of the project that extend a model, or by a class by its name."""
    for call in module.calls(".load"):
        maker = call.receiver
        if isinstance(maker, ast.Call) and module.name_of(maker.func) == "getattr" and maker.args:
            if module.name_of(maker.args[0]).startswith("qiskit_machine_learning"):
                yield call
            continue
        found = module.project.definition(call.name.removesuffix(".load"), module)
        if found is None or not isinstance(found[1], ast.ClassDef):
            continue
        home, owner = found[0], found[1]
        bases = [home.name_of(base) for base in owner.bases]
        own = any(isinstance(item, FunctionNode) and item.name == "load" for item in owner.body)
        if not own and any(
            name.startswith("qiskit_machine_learning") and name.endswith(_MODELS) for name in bases
        ):
            yield call
