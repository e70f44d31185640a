"""Batched, differentiable simulation of circuits in torch: exact, noisy, frozen, with shots."""

from redqubit.engine.lowering import Lowered, lower
from redqubit.engine.program import Frozen, Program, compile

__all__ = ["Frozen", "Lowered", "Program", "compile", "lower"]
