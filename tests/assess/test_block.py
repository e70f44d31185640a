"""YAML blocks become constructor arguments, and every slip is named."""

from dataclasses import dataclass, field

import pytest

from redqubit.assess.block import Block, call, construct
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError


@dataclass(frozen=True)
class Inner:
    """A nested technique."""

    radius: Radius = field(default_factory=lambda: Radius(0.1))
    steps: int = 20


@dataclass(frozen=True)
class Outer:
    """A technique with a nested one."""

    inner: Inner
    fraction: float = 0.3
    mode: str | None = None


def choose(name):
    return {"inner": Inner, "outer": Outer}[name]


def test_a_bare_number_is_a_radius_in_radians():
    """A number where a radius is due means radians of the encoder's angle in the L-inf norm."""
    assert construct(Inner, {"radius": 0.3}, "attack inner", choose) == Inner(Radius(0.3))
    spelled = {"radius": {"value": 0.3, "norm": "l2", "space": "angle"}}
    assert construct(Inner, spelled, "attack inner", choose) == Inner(Radius(0.3, "l2"))


def test_a_mapping_with_a_name_is_a_nested_technique():
    """Nested techniques are built with their own arguments."""
    made = construct(Outer, {"inner": {"name": "inner", "steps": 5}}, "attack outer", choose)
    assert made == Outer(Inner(steps=5))


@pytest.mark.parametrize(
    ("cls", "arguments", "says"),
    [
        (Inner, {"step": 5}, r"parameter of attack.*did you mean 'steps'"),
        (Inner, {"steps": 5.5}, "steps must be int"),
        (Inner, {"radius": "wide"}, "radius must be a mapping"),
        (Inner, {"radius": -1}, ">= 0"),
        (Outer, {"inner": {"name": "inner", "stepz": 1}}, "did you mean 'steps'"),
        (Outer, {"inner": {"name": "inner"}, "fraction": "half"}, "fraction must be float"),
    ],
)
def test_slips_are_named(cls, arguments, says):
    """Unknown parameters, wrong types and refused values are errors that name the parameter."""
    with pytest.raises(InputError, match=says):
        construct(cls, arguments, "attack x", choose)


def test_a_block_needs_a_name():
    """A block is a name or a mapping with one."""
    assert Block.of("quid", "attacks[0]") == Block("quid")
    assert Block.of({"name": "quid", "fraction": 0.3}, "") == Block("quid", {"fraction": 0.3})
    for wrong in (3, {"fraction": 0.3}, None):
        with pytest.raises(InputError, match=r"attacks\[0\]"):
            Block.of(wrong, "attacks[0]")


def test_calls_name_unknown_and_missing_arguments():
    """A function's arguments are checked before it is called."""

    def encoder(n, axis="x"):
        return n, axis

    assert call(encoder, {"n": 2}, "encoder angle") == (2, "x")
    with pytest.raises(InputError, match="did you mean 'axis'"):
        call(encoder, {"n": 2, "axes": "y"}, "encoder angle")
    with pytest.raises(InputError, match="lacks the parameter 'n'"):
        call(encoder, {}, "encoder angle")
