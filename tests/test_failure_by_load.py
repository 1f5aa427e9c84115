"""Failure demand over load, and the search for a second regime: what their experiments read off a table of counts."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pandas as pd
import pytest
from documents import PROJECT, text_of
from shortruns import composed

from pcqa_sim.study.statistics.intervals import interval

SMALL = ("practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")
WEEKS = 12


def experiment(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PROJECT / "experiments" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)  # where its dataclass looks for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def load() -> ModuleType:
    return experiment("failure_by_load")


@pytest.fixture(scope="module")
def regime() -> ModuleType:
    return experiment("second_regime")


@pytest.mark.parametrize(
    ("light", "heavy", "apart", "says"),
    [
        (2.0, 2.2, [0.1, 0.2, 0.3], "fixed chance"),
        (2.0, 4.0, [1.9, 2.0, 2.1], "responds"),
        (2.0, 4.0, [-6.0, 2.0, 10.0], "not clear"),
        (4.0, 2.0, [-1.9, -2.0, -2.1], "falls with load"),
        (0.01, 0.1, [0.09, 0.09, 0.09], "rare"),
    ],
)
def test_a_cause_responds_where_it_grows_clearly_and_by_more_than_a_quarter(
    load: ModuleType, light: float, heavy: float, apart: list[float], says: str
) -> None:
    assert load.verdict(light, heavy, interval(apart)) == says


def test_staff_at_a_level_are_all_roles_and_reception(load: ModuleType) -> None:
    asked = load.Asked(("practice.list_size=1000",), 1, 1, 0)
    before = composed("practice.list_size=1000").practices["practice"]
    for level in (0.6, 1.6):
        practice = asked.scenario(load.STAFF, level).practices["practice"]
        assert {role: practice.fte(role) / before.fte(role) for role in practice.role} == pytest.approx(
            dict.fromkeys(practice.role, level)
        )
        assert practice.rota.written_for_list_size == round(before.rota.written_for_list_size / level)
        assert asked.scenario(load.DEMAND, level).practices["practice"].demand_level == level


def test_growth_is_from_the_lightest_load_to_the_heaviest_in_pairs(load: ModuleType) -> None:
    rows = [
        (axis, level, number, cause, 0.2, {load.DEMAND: 10 * level, load.STAFF: 10 / level}[axis] + number)
        for axis in (load.DEMAND, load.STAFF)
        for level in load.LEVELS
        for number in range(3)
        for cause in ("", "reneged")
    ]
    table = pd.DataFrame(rows, columns=["axis", "level", "replication", "cause", "share", "per_100"])
    light, heavy, apart = load.growth(table, load.DEMAND, "reneged")
    assert (light, heavy) == pytest.approx((7.0, 17.0))
    assert (apart.low, apart.high) == pytest.approx((10.0, 10.0))
    light, heavy, _ = load.growth(table, load.STAFF, "reneged")
    assert (light, heavy) == pytest.approx((10 / 1.6 + 1, 10 / 0.6 + 1))
    assert load.lines(table)[-1].count("responds") == 2


def two_sides(regime: ModuleType, apart: list[float]) -> pd.DataFrame:
    """Weekly values of two replications, from behind so much above from empty."""
    rows = [
        (number, metric, 0.3 + number / 100 + (apart[week] if start == regime.BEHIND else 0.0), start, 1.2, week)
        for number in range(2)
        for metric in regime.MEASURES
        for start in (regime.EMPTY, regime.BEHIND)
        for week in range(WEEKS)
    ]
    return pd.DataFrame(rows, columns=["replication", "metric", "value", "start", "level", "week"])


def test_sides_that_meet_are_one_regime_and_sides_that_stay_apart_are_two(regime: ModuleType) -> None:
    fading = two_sides(regime, [0.5] * 4 + [0.0] * 8)
    assert regime.meets_in(fading, 1.2, "failure_share", 0.02) == 7  # a mean over four weeks
    assert regime.apart(fading, 1.2, "failure_share", range(8, WEEKS)).high == pytest.approx(0.0)
    staying = two_sides(regime, [0.5] * WEEKS)
    assert regime.meets_in(staying, 1.2, "failure_share", 0.02) is None
    assert regime.apart(staying, 1.2, "failure_share", range(8, WEEKS)).low == pytest.approx(0.5)
    assert "the end" in regime.lines(staying, 4)[2]
    assert "+50.0 points" in regime.lines(staying, 4)[2]


def test_a_side_begins_from_empty_or_with_a_full_diary() -> None:
    empty, behind = (
        composed(*SMALL, f"experiment={name}").practices["practice"] for name in ("from_empty", "from_backlog")
    )
    assert (empty.appointments.booked_at_start_share, behind.appointments.booked_at_start_share) == (0, 1)
    assert (empty.backoffice.backlog_at_start_days, behind.backoffice.backlog_at_start_days) == (0, 60)
    assert (empty.start_belief, behind.start_belief) == (0, 0.9)
    assert behind.appointments.booked_at_start_days == 60


@pytest.mark.parametrize("mark", ["failure by load", "second regime", "directions"])
def test_the_document_shows_what_the_experiments_wrote(mark: str) -> None:
    text = text_of(PROJECT / "docs" / "validation.md")
    ends = "end of the directions" if mark == "directions" else f"end of {mark}"
    assert text.partition(f"<!-- {mark} -->")[2].partition(f"<!-- {ends} -->")[0].count("\n|") > 5
