"""Assessments: YAML -> plan -> jobs -> evidence -> policy -> verdict.

Names load on first use: evidence can be read and judged without torch.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Assessment": "plan",
    "Job": "plan",
    "LeftOut": "plan",
    "Plan": "plan",
    "Policy": "policy",
    "Store": "store",
    "exit_code": "policy",
    "run": "experiment",
    "run_plan": "sweep",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a name from its module on first access."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"redqubit.assess.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'redqubit.assess' has no attribute {name!r}")
