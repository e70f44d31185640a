"""Interleaved timing is fair, bounded and leaves the process as it was."""

import gc
import itertools

from benchmarks.timing import MAX_REPEATS, MIN_REPEATS, interleave, repeats_for


class Clock:
    """A clock that only steps move."""

    def __init__(self):
        self.now = 0.0
        self.calls = []

    def __call__(self):
        """Return the time."""
        return self.now

    def step(self, name, seconds):
        """Return a step that takes the given seconds."""

        def run():
            self.calls.append(name)
            self.now += seconds

        return run


def test_times_are_those_of_the_clock():
    """A step of constant duration has that duration as median and as minimum."""
    clock = Clock()
    slow, fast = interleave([clock.step("a", 0.5), clock.step("b", 0.001)], 4.0, clock)
    assert abs(slow.median_s - 0.5) < 1e-9
    assert abs(fast.median_s - 0.001) < 1e-9
    assert abs(fast.min_s - 0.001) < 1e-9


def test_contenders_take_turns():
    """No contender finishes before every other one has begun, and each is called in many turns."""
    clock = Clock()
    interleave([clock.step("a", 0.01), clock.step("b", 0.01)], 1.0, clock)
    changes = sum(one != two for one, two in itertools.pairwise(clock.calls))
    assert changes >= 16


def test_repeats_fit_the_budget():
    """Repeats never go below three nor above the cap, except one for a call beyond the budget."""
    assert repeats_for(0.1, 4.0) == 40
    assert repeats_for(3.9, 4.0) == MIN_REPEATS
    assert repeats_for(1e-9, 4.0) == MAX_REPEATS
    assert repeats_for(5.0, 4.0) == 1


def test_all_repeats_are_taken():
    """The number of timed calls is the number planned, however it divides into rounds."""
    clock = Clock()
    timings = interleave([clock.step("a", s) for s in (5.0, 1.4, 0.5, 0.03)], 4.0, clock)
    assert [timing.repeats for timing in timings] == [1, 3, 8, 133]


def test_garbage_collection_is_off_only_while_timing():
    """Steps run without garbage collection and it is on again afterwards."""
    seen = []
    interleave([lambda: seen.append(gc.isenabled())], 0.001)
    assert not any(seen)
    assert gc.isenabled()
