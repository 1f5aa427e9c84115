from __future__ import annotations

import gc
from collections.abc import Generator
from typing import Any

import pytest
from shortruns import composed

from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.process import follow
from pcqa_sim.simulation import Ongoing
from pcqa_sim.values.form import COMPILED, form
from pcqa_sim.values.needs import Need


def test_a_story_runs_at_once_and_goes_on_when_its_event_happens() -> None:
    env, seen = Environment(), []

    def story() -> Generator[Event, Any, None]:
        seen.append(env.now)
        yield env.timeout(3)
        seen.append(env.now)
        yield from part()
        seen.append(env.now)

    def part() -> Generator[Event, Any, None]:
        yield env.timeout(4)

    follow(story())
    assert seen == [0]
    env.run()
    assert seen == [0, 3, 7]


def test_a_fault_in_a_story_stops_the_simulation() -> None:
    env = Environment()

    def story() -> Generator[Event, Any, None]:
        yield env.timeout(1)
        raise KeyError("lost")

    follow(story())
    with pytest.raises(KeyError, match="lost"):
        env.run()


def test_a_story_costs_only_the_events_it_waits_for() -> None:
    env = Environment()

    def story() -> Generator[Event, Any, None]:
        yield env.timeout(1)

    follow(story())
    env.step()
    assert env.peek() == float("inf")


def test_stories_leave_nothing_for_the_collector() -> None:
    """Needs and contacts name each other while they last; a need that has ended goes at once, with all of its own.

    Compiled, one in twenty-five is left to the collector, and one in ten is too many.
    """
    ongoing = Ongoing(composed("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2"), 1, 0)
    gc.collect()
    gc.disable()
    try:
        ongoing.go_on(14)
        left = _needs()
    finally:
        gc.enable()
    gc.collect()
    kept = _needs()
    assert kept > 100
    assert left == kept or (form() == COMPILED and left < 1.1 * kept)


def _needs() -> int:
    return sum(type(one) is Need for one in gc.get_objects())
