"""Assessments: YAML -> plan -> jobs -> evidence -> policy -> verdict."""

from redqubit.assess.experiment import run
from redqubit.assess.plan import Assessment, Job, LeftOut, Plan
from redqubit.assess.policy import Policy, exit_code
from redqubit.assess.store import Store
from redqubit.assess.sweep import run_plan

__all__ = [
    "Assessment",
    "Job",
    "LeftOut",
    "Plan",
    "Policy",
    "Store",
    "exit_code",
    "run",
    "run_plan",
]
