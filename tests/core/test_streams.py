"""Random streams depend on their name alone."""

from redqubit.core.streams import seed_of, stream


def test_same_name_same_numbers_in_any_order():
    """A stream gives the same numbers whether other streams were drawn before it or not."""
    first = stream(7, "attack", 0).random(5)
    stream(7, "defense").random(100)
    assert (stream(7, "attack", 0).random(5) == first).all()


def test_different_names_never_share_a_seed():
    """Paths that would be equal when glued together have different seeds."""
    paths = [
        ("ab", "c"),
        ("a", "bc"),
        ("abc",),
        ("abc", ""),
        ("abc", 0),
        ("abc", "0"),
        ("abc", 0.0),
    ]
    assert len({seed_of(7, *path) for path in paths} | {seed_of(8, "abc")}) == len(paths) + 1
