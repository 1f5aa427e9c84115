"""The benches on explicit short lists, whose every minute can be worked out by hand."""

import math

import numpy as np
import pytest

from pcqa_sim.values.distributions import Deterministic, Exponential
from pcqa_sim.verification import BenchResult, Profile, phone, pool
from pcqa_sim.verification.bench import Redial

BENCHES = pytest.mark.parametrize("bench", [phone, pool])
ONCE = 100_000.0  # a period that no test reaches twice


def waits(result: BenchResult) -> list[float]:
    return result.calls.sort_values("caller")["wait"].tolist()


def endings(result: BenchResult) -> list[str]:
    return result.calls.sort_values(["caller", "attempt"])["ending"].tolist()


@BENCHES
def test_one_call_handler_takes_callers_in_turn(bench) -> None:
    result = bench([0.0, 1.0, 2.0], [4.0, 4.0, 1.0], 1)
    assert waits(result) == [0.0, 3.0, 6.0]
    assert result.calls["ended"].tolist() == [4.0, 8.0, 9.0]
    assert endings(result) == ["answered"] * 3


@BENCHES
def test_staff_who_come_at_a_minute_answer_who_calls_at_that_minute(bench) -> None:
    result = bench([10.0, 10.0, 10.0], [5.0, 5.0, 5.0], [(10.0, 2)], period=ONCE)
    assert waits(result) == [0.0, 0.0, 5.0]


@BENCHES
def test_staff_who_leave_at_a_minute_answer_nobody_who_calls_at_that_minute(bench) -> None:
    result = bench([10.0], [5.0], [(0.0, 1), (10.0, 0), (30.0, 1)], period=ONCE)
    assert waits(result) == [20.0]


@BENCHES
def test_staff_who_go_home_finish_the_call_they_are_in(bench) -> None:
    result = bench([0.0, 0.0, 5.0], [20.0, 8.0, 1.0], [(0.0, 2), (1.0, 1)], period=ONCE, intervals=[(0.0, 8.0)])
    assert result.calls["ended"].tolist() == [20.0, 8.0, 21.0]
    assert waits(result) == [0.0, 0.0, 15.0]
    assert result.intervals["mean_busy"].tolist() == [2.0]


@BENCHES
def test_staff_who_come_serve_those_who_wait_at_once(bench) -> None:
    result = bench([0.0, 1.0, 2.0], [30.0, 1.0, 1.0], [(0.0, 1), (10.0, 3)], period=ONCE)
    assert waits(result) == [0.0, 9.0, 8.0]


@BENCHES
def test_staffing_repeats_every_period(bench) -> None:
    result = bench([5.0, 25.0, 45.0], [1.0, 1.0, 1.0], [(0.0, 1), (10.0, 0)], period=20.0, until=60.0)
    assert waits(result) == [0.0, 0.0, 0.0]
    result = bench([15.0], [1.0], [(0.0, 1), (10.0, 0)], period=20.0, until=60.0)
    assert waits(result) == [5.0]


@BENCHES
def test_patience_ends_a_wait(bench) -> None:
    result = bench([0.0, 1.0, 2.0], [10.0, 1.0, 1.0], 1, patience=[math.inf, 3.0, math.inf])
    assert endings(result) == ["answered", "missed", "answered"]
    assert waits(result) == [0.0, 3.0, 8.0]
    assert result.calls["ended"].tolist() == [10.0, 4.0, 11.0]
    assert math.isnan(result.calls["answered"][1])


@BENCHES
def test_a_caller_answered_at_once_needs_no_patience(bench) -> None:
    assert endings(bench([0.0], [1.0], 1, patience=[0.0])) == ["answered"]


@BENCHES
def test_of_two_things_at_one_minute_that_settled_first_comes_first(bench) -> None:
    result = bench([0.0, 1.0], [10.0, 1.0], 1, patience=[math.inf, 9.0])
    assert endings(result) == ["answered", "answered"]


@BENCHES
def test_urgent_callers_go_first_and_interrupt_nobody(bench) -> None:
    result = bench([0.0, 1.0, 2.0, 3.0], [10.0, 1.0, 1.0, 1.0], 1, priorities=[2, 2, 1, 1])
    assert waits(result) == [0.0, 11.0, 8.0, 8.0]
    assert result.calls.sort_values("caller")["priority"].tolist() == [2, 2, 1, 1]


def test_a_caller_who_finds_every_line_taken_hears_the_engaged_tone() -> None:
    result = phone([0.0, 1.0, 2.0, 11.0], [10.0, 5.0, 1.0, 1.0], 1, lines=2)
    assert endings(result) == ["answered", "answered", "engaged", "answered"]
    calls = result.calls.set_index("caller")
    assert math.isnan(calls.loc[2, "wait"])
    assert calls.loc[2, "ended"] == 2.0
    assert calls.loc[3, "wait"] == 4.0


def test_a_line_that_falls_free_at_a_minute_serves_the_caller_of_that_minute() -> None:
    assert endings(phone([0.0, 10.0], [10.0, 1.0], 1, lines=1)) == ["answered", "answered"]


def test_callers_who_found_it_engaged_redial_after_their_delay() -> None:
    again: Redial = (1.0, Deterministic(5.0))
    calls = phone([0.0, 1.0], [12.0, 1.0], 1, lines=1, redial_after_engaged=again).calls
    mine = calls[calls["caller"] == 1]
    assert mine["arrival"].tolist() == [1.0, 6.0, 11.0, 16.0]
    assert mine["attempt"].tolist() == [1, 2, 3, 4]
    assert mine["ending"].tolist() == ["engaged"] * 3 + ["answered"]


def test_callers_who_gave_up_redial_and_have_the_same_patience_and_talk() -> None:
    again: Redial = (1.0, Deterministic(2.0))
    calls = phone([0.0, 1.0], [12.0, 4.0], 1, patience=[3.0, 3.0], redial_after_reneging=again).calls
    mine = calls[calls["caller"] == 1]
    assert mine["arrival"].tolist() == [1.0, 6.0, 11.0]
    assert mine["ending"].tolist() == ["missed", "missed", "answered"]
    assert mine["wait"].tolist() == [3.0, 3.0, 1.0]
    assert mine["ended"].tolist() == [4.0, 9.0, 16.0]


def test_each_kind_of_redial_answers_to_its_own_cause() -> None:
    again: Redial = (1.0, Deterministic(2.0))
    after_engaged = phone([0.0, 1.0], [12.0, 1.0], 1, patience=[3.0, 3.0], redial_after_engaged=again)
    assert endings(after_engaged) == ["answered", "missed"]
    after_reneging = phone([0.0, 1.0], [12.0, 1.0], 1, lines=1, redial_after_reneging=again)
    assert endings(after_reneging) == ["answered", "engaged"]


def test_no_redial_comes_at_or_after_the_end_of_redialling() -> None:
    again: Redial = (1.0, Deterministic(5.0))
    lists = ([0.0, 1.0], [100.0, 1.0])
    calls = phone(*lists, 1, lines=1, redial_after_engaged=again, redial_until=16.0).calls
    assert calls.loc[calls["caller"] == 1, "arrival"].tolist() == [1.0, 6.0, 11.0]
    calls = phone(*lists, 1, lines=1, redial_after_engaged=again, redial_until=16.1).calls
    assert calls.loc[calls["caller"] == 1, "arrival"].tolist() == [1.0, 6.0, 11.0, 16.0]


def test_redials_with_a_probability_happen_about_as_often() -> None:
    arrivals = np.linspace(1.0, 50.0, 2000).tolist()
    services = [1000.0, *[1.0] * 1999]
    again: Redial = (0.3, Deterministic(100.0))
    calls = phone([0.0, *arrivals[1:]], services, 1, lines=1, redial_after_engaged=again, until=140.0).calls
    engaged = (calls["ending"] == "engaged").sum()
    second = (calls["attempt"] == 2).sum()
    assert engaged > 2000
    assert second / 1999 == pytest.approx(0.3 * 40 / 49, abs=0.04)


def test_day_factors_and_steps_shape_the_arrivals() -> None:
    profile = Profile(((60.0, 2.0), (120.0, 0.0)), period=200.0, day_factors=(1.0, 0.0, 3.0))
    arrivals = pool(profile, Deterministic(0.0), 1, until=3000.0).calls["arrival"].to_numpy()
    within = arrivals % 200
    assert within.min() >= 60
    assert within.max() < 120
    counts = np.bincount((arrivals // 200).astype(int) % 3, minlength=3) / (5 * 120)
    assert counts == pytest.approx([1.0, 0.0, 3.0], abs=0.15)


@BENCHES
def test_time_averages_are_exact(bench) -> None:
    windows = [(0.0, 4.0), (0.0, 8.0), (3.0, 5.0), (8.0, 20.0), (2.0, 2.5)]
    result = bench([0.0, 1.0, 2.0], [4.0, 4.0, 1.0], 1, intervals=windows)
    intervals = result.intervals
    assert list(zip(intervals["start"], intervals["end"], strict=True)) == windows
    assert intervals["mean_waiting"].tolist() == pytest.approx([5 / 4, 9 / 8, 3 / 2, 0.0, 2.0])
    assert intervals["mean_busy"].tolist() == pytest.approx([1.0, 1.0, 1.0, 1 / 12, 1.0])


@BENCHES
def test_little_holds_exactly_on_a_list_served_to_the_end(bench) -> None:
    rng = np.random.default_rng(5)
    arrivals = np.sort(rng.uniform(0, 100, 80)).tolist()
    result = bench(arrivals, rng.exponential(3.0, 80).tolist(), 2, patience=Exponential(8.0), intervals=[(0.0, 400.0)])
    assert result.intervals["mean_waiting"][0] * 400 == pytest.approx(result.calls["wait"].sum(), rel=1e-5)
    worked = (result.calls["ended"] - result.calls["answered"]).sum()
    assert result.intervals["mean_busy"][0] * 400 == pytest.approx(worked, rel=1e-5)


@BENCHES
def test_the_end_leaves_open_what_is_open(bench) -> None:
    calls = bench([0.0, 1.0, 9.0], [4.0, 20.0, 1.0], 1, until=5.0).calls
    assert calls["caller"].tolist() == [0, 1]
    assert calls["ended"].isna().tolist() == [False, True]
    calls = bench([0.0, 1.0], [9.0, 1.0], 1, until=5.0).calls
    assert calls["ending"].tolist() == ["answered", "in_progress"]


@BENCHES
def test_an_empty_list_of_callers_is_a_quiet_day(bench) -> None:
    result = bench([], [], 1, intervals=[(0.0, 10.0)])
    assert len(result.calls) == 0
    assert result.intervals["mean_busy"].tolist() == [0.0]


@BENCHES
def test_the_same_luck_gives_the_same_calls_and_other_luck_others(bench) -> None:
    def calls(**luck):
        return bench(Profile.constant(1.0), Exponential(3.0), 3, until=100.0, **luck).calls

    assert calls(seed=1).equals(calls(seed=1))
    assert not calls(seed=1).equals(calls(seed=2))
    assert not calls(seed=1, replication=0).equals(calls(seed=1, replication=1))


def test_a_phone_with_lines_to_spare_is_a_pool() -> None:
    settings = {"patience": Exponential(26.5), "until": 3000.0, "intervals": [(100.0, 2900.0)]}
    calling, asking = (bench(Profile.constant(1.0), Exponential(3.0), 3, **settings) for bench in (phone, pool))
    assert calling.calls["wait"].equals(asking.calls["wait"])
    assert calling.intervals.equals(asking.intervals)


@BENCHES
def test_watching_changes_nothing(bench) -> None:
    watched, unwatched = (
        bench(Profile.constant(1.0), Exponential(3.0), 3, until=500.0, watch=watch) for watch in (True, False)
    )
    assert watched.calls.equals(unwatched.calls)


@BENCHES
@pytest.mark.parametrize(
    ("lists", "more", "says"),
    [
        (([0.0, 1.0], [1.0]), {}, "service: 1 values for 2 callers"),
        (([0.0, 1.0], [1.0, 1.0]), {"patience": [1.0]}, "patience: 1 values for 2 callers"),
        (([0.0, 1.0], [1.0, 1.0]), {"priorities": [1.0]}, "priorities: 1 values for 2 callers"),
        (([1.0, 0.0], [1.0, 1.0]), {}, "arrivals: times ascend"),
        (([-1.0, 0.0], [1.0, 1.0]), {}, "not negative"),
        ((Profile.constant(1.0), Exponential(1.0)), {}, "until: a profile of arrivals needs an end"),
    ],
)
def test_lists_that_do_not_fit_are_refused(bench, lists, more, says) -> None:
    with pytest.raises(ValueError, match=says):
        bench(*lists, 1, **more)


@BENCHES
def test_lists_may_be_longer_than_the_callers(bench) -> None:
    assert waits(bench([0.0, 1.0], [4.0, 1.0, 9.0], 1, priorities=[1, 1, 1], patience=[9.0] * 5)) == [0.0, 3.0]
