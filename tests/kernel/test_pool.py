from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcqa_sim.kernel.environment import Environment, Event
from pcqa_sim.kernel.pool import Pool, Request
from pcqa_sim.kernel.process import follow


def served(env: Environment, pool: Pool, minutes: float, seen: list[Any], name: str, **asked: Any) -> None:
    """Follow one caller who waits with some patience, is served, and goes; write down what happened when."""
    patience = asked.pop("patience", float("inf"))

    def story() -> Generator[Event, Any, None]:
        request = pool.ask(**asked)
        granted = yield from pool.wait(request, patience)
        seen.append((env.now, name, "served" if granted else "gone"))
        if granted:
            yield env.timeout(minutes)
            pool.release(request)

    follow(story())


def at(env: Environment, minute: float, act: Any) -> None:
    env.timeout(minute).callbacks.append(lambda _: act())


def test_somebody_free_answers_at_once_without_an_event() -> None:
    env = Environment()
    pool = Pool(env, 1)
    request = pool.ask()
    assert request.granted
    assert env.peek() == float("inf")


def test_first_come_first_served_within_a_priority() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 1)
    for name, priority in (("first", 1), ("second", 1), ("third", 1), ("urgent", 0)):
        served(env, pool, 5, seen, name, priority=priority)
    env.run()
    assert seen == [(0, "first", "served"), (5, "urgent", "served"), (10, "second", "served"), (15, "third", "served")]


def test_impatient_callers_go_at_their_minute_and_cost_no_turn() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 1)
    served(env, pool, 10, seen, "first")
    served(env, pool, 10, seen, "impatient", patience=3)
    served(env, pool, 10, seen, "patient", patience=30)
    env.run()
    assert seen == [(0, "first", "served"), (3, "impatient", "gone"), (10, "patient", "served")]
    assert (pool.busy, pool.waiting) == (0, 0)


def test_a_grant_and_the_end_of_patience_in_the_same_minute_is_a_grant_if_it_came_first() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 1)
    served(env, pool, 10, seen, "first")
    served(env, pool, 10, seen, "second", patience=10)
    env.run()
    assert seen[1] == (10, "second", "served")
    assert pool.busy == 0


def test_people_going_home_finish_the_current_call() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 2)
    for name in ("first", "second", "third"):
        served(env, pool, 10, seen, name)
    at(env, 5, lambda: pool.resize(0))
    at(env, 30, lambda: pool.resize(1))
    env.run(until=6)
    assert (pool.busy, pool.capacity, pool.waiting) == (2, 0, 1)
    env.run()
    assert seen[-1] == (30, "third", "served")
    assert env.now == 40


def test_people_coming_in_serve_those_who_wait_at_once() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 0)
    for name in ("first", "second", "third"):
        served(env, pool, 10, seen, name)
    at(env, 7, lambda: pool.resize(2))
    env.run()
    assert [(when, name) for when, name, _ in seen] == [(7, "first"), (7, "second"), (17, "third")]


def test_a_grant_is_not_lost_when_the_waiting_story_is_closed() -> None:
    """A story closed between the grant and the moment it hears of it gives the grant to the next in line."""
    env, seen = Environment(), []
    pool = Pool(env, 1)
    first = pool.ask()
    request = pool.ask()
    story = pool.wait(request)
    next(story)
    served(env, pool, 5, seen, "next")
    pool.release(first)
    assert request.granted
    story.close()
    env.run()
    assert seen == [(0, "next", "served")]
    assert (pool.busy, pool.waiting) == (0, 0)


def test_a_waiting_request_can_be_withdrawn() -> None:
    env = Environment()
    pool = Pool(env, 1)
    first, second = pool.ask(), pool.ask()
    pool.withdraw(second)
    pool.withdraw(second)
    assert pool.waiting == 0
    pool.withdraw(first)
    assert pool.busy == 0


def test_release_needs_a_grant_and_happens_once() -> None:
    pool = Pool(Environment(), 1)
    request, waiting = pool.ask(), pool.ask()
    with pytest.raises(RuntimeError, match="released once"):
        pool.release(waiting)
    pool.release(request)
    with pytest.raises(RuntimeError, match="released once"):
        pool.release(request)


def test_an_exception_thrown_into_a_waiting_story_withdraws_its_request() -> None:
    env = Environment()
    pool = Pool(env, 0)
    story = pool.wait(pool.ask(), 5)
    next(story)
    with pytest.raises(KeyError):
        story.throw(KeyError())
    assert pool.waiting == 0
    env.run()


def test_a_pool_has_nobody_unless_told_and_requests_are_of_middling_priority() -> None:
    env = Environment()
    pool = Pool(env)
    plain, late, early = pool.ask(), pool.ask(0.5), pool.ask(-0.5)
    assert (pool.capacity, pool.busy, pool.waiting) == (0, 0, 3)
    assert [request.priority for request in (plain, late, early)] == [0, 0.5, -0.5]
    turns = []
    for capacity in (1, 2, 3):
        pool.resize(capacity)
        turns.append([request.granted for request in (early, plain, late)])
    assert turns == [[True, False, False], [True, True, False], [True, True, True]]


def test_who_waits_for_ever_has_no_timer_and_who_leaves_early_no_event() -> None:
    env = Environment()
    pool = Pool(env)
    request = pool.ask()
    story = pool.wait(request)
    next(story)
    assert env.peek() == float("inf")
    story.close()
    assert (request.over, request.granted, pool.waiting) == (True, False, 0)
    assert env.peek() == float("inf")


@pytest.mark.parametrize("granted", [True, False])
def test_waiting_for_what_is_settled_takes_no_time(granted: bool) -> None:
    env = Environment()
    pool = Pool(env, 1)
    first, second = pool.ask(), pool.ask()
    pool.give_up(second)
    with pytest.raises(StopIteration) as ended:
        next(pool.wait(first if granted else second))
    assert ended.value.value is granted
    assert env.peek() == float("inf")


def test_giving_up_is_for_those_who_wait() -> None:
    pool = Pool(Environment(), 1)
    first, second = pool.ask(), pool.ask()
    pool.give_up(first)
    assert (first.over, pool.busy) == (False, 1)
    for _ in range(2):
        pool.give_up(second)
    assert (second.over, pool.waiting) == (True, 0)
    pool.release(first)
    assert (first.over, pool.busy, second.granted) == (True, 0, False)


def test_the_watcher_sees_who_gives_up_withdraws_and_is_cut_off_and_when() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 1, watch=lambda *now: seen.append(now))
    first, second, third = pool.ask(), pool.ask(), pool.ask()
    del seen[:]
    env.run(until=2)
    pool.give_up(second)
    pool.withdraw(first)
    pool.withdraw(third)
    assert seen == [(2, 1, 1), (2, 1, 0), (2, 0, 0)]
    pool.watch = None
    pool.ask()
    assert len(seen) == 3


def test_the_watcher_sees_every_change() -> None:
    seen: list[tuple[float, int, int]] = []
    pool = Pool(Environment(), 1, watch=lambda *now: seen.append(now))
    first = pool.ask()
    pool.ask()
    pool.release(first)
    pool.resize(2)
    assert seen == [(0, 1, 0), (0, 1, 1), (0, 1, 0), (0, 1, 0)]


ACTS = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 2)),
    st.tuples(st.just("release"), st.integers(0, 50)),
    st.tuples(st.just("give_up"), st.integers(0, 50)),
    st.tuples(st.just("withdraw"), st.integers(0, 50)),
    st.tuples(st.just("resize"), st.integers(0, 4)),
)


@settings(max_examples=300)
@given(st.lists(ACTS, max_size=60))
def test_whatever_happens_the_counts_are_right_and_nobody_is_passed_over(acts: list[tuple[str, int]]) -> None:
    pool = Pool(Environment(), 1)
    requests: list[Request] = []
    for act, number in acts:
        chosen = requests[number % len(requests)] if requests else None
        if act == "ask":
            requests.append(pool.ask(number))
        elif act == "resize":
            pool.resize(number)
        elif chosen is not None and act == "release":
            if chosen.granted and not chosen.over:
                pool.release(chosen)
        elif chosen is not None:
            getattr(pool, act)(chosen)
        held = [r for r in requests if r.granted and not r.over]
        waiting = [(r.priority, i) for i, r in enumerate(requests) if not r.granted and not r.over]
        assert pool.busy == len(held)
        assert pool.waiting == len(waiting)
        assert not waiting or pool.busy >= pool.capacity
        if act in ("release", "resize", "withdraw") and waiting:
            granted_later = [(r.priority, i) for i, r in enumerate(requests) if r.granted and not r.over]
            _assert_nobody_overtaken(requests, waiting, granted_later)


def _assert_nobody_overtaken(requests: list[Request], waiting: list[Any], granted: list[Any]) -> None:
    """Nobody waits while somebody of the same or a later turn, who asked after them, holds a grant."""
    for priority, place in waiting:
        assert not [g for g in granted if g[0] >= priority and g[1] > place]


def test_the_random_run_conserves_people() -> None:
    env, seen = Environment(), []
    pool = Pool(env, 3)
    for number in range(500):
        minute, minutes, patience = number * 0.7, 1 + number * 7 % 5, 0.5 + number * 13 % 9
        at(
            env,
            minute,
            lambda number=number, minutes=minutes, patience=patience: served(
                env, pool, minutes, seen, str(number), patience=patience, priority=number % 2
            ),
        )
    for minute in range(0, 350, 10):
        at(env, minute, lambda minute=minute: pool.resize(minute // 10 % 4))
    at(env, 400, lambda: pool.resize(3))
    env.run()
    assert len(seen) == 500
    assert {name for _, name, _ in seen} == {str(number) for number in range(500)}
    assert (pool.busy, pool.waiting) == (0, 0)
    assert 100 < sum(what == "gone" for _, _, what in seen) < 450
