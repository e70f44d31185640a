"""A model named by ``module:name``. This imports the user's code: only for users who ask for it."""

from __future__ import annotations

import importlib
import re

from redqubit.core.errors import InputError, unknown
from redqubit.scan.fuzz.model.model import Model

_FORM = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


def load(reference: str) -> Model:
    """Import a module and return the `Model` in it, or what the function of that name returns.

    Raises
    ------
    InputError
        The reference has another form, the module or the name does not exist, or it is no `Model`.
    """
    if not _FORM.fullmatch(reference):
        raise InputError(f"a model is given as package.module:name, not {reference!r}")
    module_name, _, name = reference.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise InputError(
            f"no module {error.name!r}; run in the folder that holds it or install it"
        ) from error
    found = vars(module).get(name)
    if found is None:
        raise unknown("model", name, (key for key in vars(module) if not key.startswith("_")))
    if not isinstance(found, Model) and callable(found):
        found = found()
    if not isinstance(found, Model):
        raise InputError(
            f"{reference} is a {type(found).__name__}; give a redqubit.scan.fuzz.model.Model or a "
            "function without arguments that returns one"
        )
    return found
