from __future__ import annotations

from collections.abc import Sequence

import pytest
from shortruns import composed, run_of

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Job, here
from pcqa_sim.study.methods.sizing import Price, looks_up_to, sized
from pcqa_sim.study.methods.trials import Trials, need_values
from pcqa_sim.study.result import Result
from pcqa_sim.study.statistics.criterion import Yardstick, read_target
from pcqa_sim.values.faults import BadInput

QUICK = ("practice=small", "run=quick")
MISSED, FAILURE = Yardstick("missed_share", "practice"), Yardstick("failure_share", "practice")


def scenario_at(values: Sequence[float]) -> Scenario:
    return composed(
        *QUICK, "intervention=[more_call_handlers]", f"intervention.more_call_handlers.extra={int(values[0])}"
    )


def trials(asked: list[Job], told: list[int] | None = None) -> Trials:
    def work(jobs: Sequence[Job]) -> list[Result]:
        asked.extend(jobs)
        return list(here()(jobs))

    return Trials(scenario_at, [MISSED, FAILURE], 1, work, done=None if told is None else told.append)


def test_each_trial_is_run_once_and_gives_what_a_run_gives() -> None:
    asked: list[Job] = []
    mine = trials(asked)
    zero, one = ((0.0,), 0), ((1.0,), 0)
    found = mine([zero, one, zero])
    assert found == [found[0], found[1], found[0]]
    assert mine([one]) == [found[1]]
    assert (len(asked), mine.runs) == (2, 2)
    metrics = run_of(*QUICK, "intervention=[more_call_handlers]").metrics()
    assert found[1] == MISSED.value(metrics)
    assert mine.value(one, FAILURE) == FAILURE.value(metrics)


def test_the_same_replication_has_the_same_luck_at_every_point() -> None:
    asked: list[Job] = []
    trials(asked)([((0.0,), 2), ((3.0,), 2)])
    assert [(job.seed, job.replication) for job in asked] == [(1, 2), (1, 2)]
    assert len({job.scenario.hash() for job in asked}) == 2


def test_what_was_run_is_kept_for_the_files() -> None:
    mine = trials([])
    mine([((1.0,), 0), ((0.0,), 1), ((0.0,), 0)])
    assert set(mine.scenarios) == {(0.0,), (1.0,)}
    frame = mine.metrics
    assert set(frame["period"]) == {"all"}
    assert list(frame[["scenario", "replication"]].drop_duplicates()["replication"]) in ([0, 1, 0], [0, 0, 1])
    assert (mine.replications((0.0,)), mine.replications((1.0,)), mine.replications((2.0,))) == (2, 1, 0)


def test_progress_counts_the_runs() -> None:
    told: list[int] = []
    mine = trials([], told)
    mine([((0.0,), 0)])
    mine([((0.0,), 0), ((1.0,), 0)])
    assert told == [1, 2]


def test_a_metric_without_any_value_is_refused() -> None:
    need_values(MISSED, [float("nan"), 0.1])
    with pytest.raises(BadInput, match="missed_share: has no value"):
        need_values(MISSED, [float("nan")])


def test_looks_end_at_the_most_allowed() -> None:
    assert looks_up_to(5) == (5,)
    assert looks_up_to(40) == (5, 10, 20, 40)
    assert looks_up_to(50) == (5, 10, 20, 40, 50)


def test_a_price_is_the_sum_over_settings_or_a_metric() -> None:
    mine = trials([])
    mine([((2.0,), 0), ((2.0,), 1)])
    assert Price((1.0,), (30.0,)).of((2.0,), mine) == 30
    mean = (mine.value(((2.0,), 0), FAILURE) + mine.value(((2.0,), 1), FAILURE)) / 2
    assert Price(metric=FAILURE).of((2.0,), mine) == pytest.approx(mean)


@pytest.mark.slow
def test_a_sizing_of_real_scenarios_agrees_with_running_them_all() -> None:
    """The answer is the smallest value whose mean keeps a target set halfway between two values' means."""
    every = trials([])
    means = [sum(every([((float(v),), r) for r in range(5)])) / 5 for v in (0, 2)]
    bound = sum(means) / 2
    target = read_target(f"missed_share<={bound:.6f}", "practice")
    found = sized(scenario_at, [[0.0, 2.0, 4.0]], target, 1, do=here()).found
    assert getattr(found, "answer", None) == 2.0


def test_a_group_that_is_not_there_costs_one_run_only() -> None:
    asked: list[Job] = []

    def work(jobs: Sequence[Job]) -> list[Result]:
        asked.extend(jobs)
        return list(here()(jobs))

    target = read_target("next_action_share[next_action=farmacy]<=0.1", "practice")
    with pytest.raises(BadInput, match="did you mean next_action=pharmacy"):
        sized(scenario_at, [[0.0, 1.0]], target, 1, do=work)
    assert len(asked) == 1
