"""Random circuits are valid, repeatable and of the profile asked for."""

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit.generator import BOUNDARY, LARGE, PROFILES, generate
from redqubit.scan.fuzz.circuit.subject import SHAPES, from_data


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES])
def test_circuits_are_valid_and_repeatable(name: str) -> None:
    """A circuit depends on seed and index only, and fits the stored format."""
    for index in range(20):
        subject = generate(7, index, profiles=(name,), qubits=5, depth=4)
        assert 2 <= subject.qubits <= 5
        assert from_data(subject.data) == subject
        assert subject == generate(7, index, profiles=(name,), qubits=5, depth=4)


def test_all_gates_and_boundary_angles_occur() -> None:
    """A few hundred circuits hold every gate of the table and every boundary angle."""
    gates = [gate for k in range(300) for gate in generate(1, k, profiles=("universal",)).gates]
    assert {gate.name for gate in gates} == set(SHAPES)
    angles = {angle for gate in gates for angle in gate.angles}
    assert set(BOUNDARY) <= angles
    assert not set(LARGE) & angles


@pytest.mark.parametrize(
    ("arguments", "word"),
    [({"qubits": 1}, "from 2"), ({"qubits": 99}, "to 12"), ({"depth": 0}, "depth")],
)
def test_impossible_sizes_are_refused(arguments: dict[str, int], word: str) -> None:
    """Sizes the reference cannot hold are errors."""
    with pytest.raises(InputError, match=word):
        generate(1, 0, **arguments)


def test_an_unknown_profile_names_the_near_miss() -> None:
    """A typing error is answered with the profile that was meant."""
    with pytest.raises(InputError, match="did you mean 'clifford'"):
        generate(1, 0, profiles=("cliford",))
