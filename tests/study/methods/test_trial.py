"""A trial: one phase from a week on, weeks until charts signal to the side of the change, and falsely by other luck."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from shortruns import composed

from pcqa_sim.report.trial import first, rows_of, shows_it, weeks_of
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Job
from pcqa_sim.study.methods.trial import Trial, spread, trialled, with_change
from pcqa_sim.study.result import Result
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.study.statistics.promise import read_promises
from pcqa_sim.values.faults import BadInput

WEEKS = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=1", "run.measured_weeks=20")
BEFORE = 12
MISSED = Yardstick("missed_share", "practice")


@pytest.fixture(scope="module")
def base() -> Scenario:
    return composed(*WEEKS)


@pytest.fixture(scope="module")
def other(base: Scenario) -> Scenario:
    return with_change(base, composed(*WEEKS, "phones.lines=7"), 1 + BEFORE)


class Told:
    """Does jobs by writing what is given: missed is 0.10 and 0.12 in turn, and jumps with the change."""

    def __init__(self, base: Scenario, jump: float) -> None:
        self.base, self.jump = base, jump
        self.jobs: list[Job] = []

    def __call__(self, jobs: Sequence[Job]) -> Sequence[Result]:
        self.jobs += jobs
        return [self._result(job) for job in jobs]

    def _result(self, job: Job) -> Result:
        found = Result(job.unit, None)
        jump = self.jump if job.scenario is not self.base else 0.0
        rows = []
        for week in range(21):
            value = 0.10 + 0.02 * (week % 2) + (jump if week > BEFORE else 0.0)
            rows.append((f"w{week:02d}", value))
            rows += [(f"d{7 * week + day:03d}", value) for day in range(5)]
        frame = pd.DataFrame(rows, columns=["period", "value"])
        found.__dict__["metrics"] = frame.assign(
            practice="practice", metric="missed_share", group="", unit="share of calls", replication=job.replication,
            scenario=job.unit.scenario,
        )  # fmt: skip
        return found


def tried(base: Scenario, other: Scenario, jump: float) -> tuple[Trial, Told]:
    do = Told(base, jump)
    promises = read_promises(["missed_share<=0.11"], "practice")
    return trialled(do, base, other, BEFORE, [MISSED], promises, 5), do


def test_a_change_is_one_phase_from_its_week_on(base: Scenario, other: Scenario) -> None:
    assert other.in_force("practice", BEFORE) == base.practices["practice"]
    assert other.in_force("practice", BEFORE + 1).phones.lines == 7
    with pytest.raises(BadInput, match="leave from_week out"):
        with_change(base, other, 1 + BEFORE)


@pytest.mark.parametrize(("jump", "up"), [(0.3, True), (-0.3, False)])
def test_a_jump_is_shown_at_once_and_never_falsely(base: Scenario, other: Scenario, jump: float, up: bool) -> None:
    found, do = tried(base, other, jump)
    (chart,) = found.charts
    assert chart.up is up
    assert chart.shown == (1,) * 5
    assert chart.false == found.any_false == (None,) * 5
    assert (chart.before, chart.after - chart.without) == pytest.approx((0.11, jump))
    luck = [(job.scenario is base, job.replication) for job in do.jobs]
    assert luck == [(False, number) for number in range(5)] + [(True, number) for number in range(5, 10)]
    assert shows_it(chart)
    assert next(first(found)) == "First to show it: missed, after 1 week (8 practices in 10: 1 to 1)."


def test_nothing_is_shown_where_nothing_changes(base: Scenario, other: Scenario) -> None:
    found, _ = tried(base, other, 0.0)
    (chart,) = found.charts
    assert chart.shown == (None,) * 5
    assert not shows_it(chart)
    assert next(first(found)).startswith("No chart shows it within 8 weeks")
    assert weeks_of(chart, 8) == "more than 8 weeks (8 practices in 10: more than 8)"
    assert rows_of(chart, 8)[4:] == ("0 of 5", "over 8 (over 8 to over 8)", "0 of 5")


def test_promises_are_of_the_days_before_after_and_alone(base: Scenario, other: Scenario) -> None:
    found, _ = tried(base, other, 0.3)
    ((before, after, alone),) = found.promised
    assert [one.days.mean for one in (before, after, alone) if one.days] == [0.5, 0.0, 0.5]
    assert before.half_hours is None


def test_the_middle_of_weeks_and_what_8_in_10_lie_between() -> None:
    assert spread([3, 1, 2, 5, 4, 6, 7, 8, 9, 10]) == (5, 1, 9)
    assert spread([1, None, None, 2, 3]) == (3, 1, math.inf)
