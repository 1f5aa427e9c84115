"""The table of a sweep on the terminal."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from fakeunits import plan_of

from pcqa_sim.report.sweeps import MOST_ROWS, table, what_was_done
from pcqa_sim.study.design.plan import Plan, Point
from pcqa_sim.study.execute import Outcome


def summary_of(plan: Plan, **more: object) -> pd.DataFrame:
    rows = [
        {
            "point": number,
            "scenario": point.scenario,
            **point.values,
            "practice": "practice",
            "group": float("nan"),
            "metric": "failure_share",
            "unit": "share of contacts",
            "mean": 0.2 + number / 1000,
            "low": -0.01,
            "high": 1.2,
            "replications": 5,
        }
        | more
        for number, point in enumerate(plan.points)
    ]
    return pd.DataFrame(rows)


def test_numbers_stand_to_the_right_and_shares_stay_between_0_and_100() -> None:
    plan = plan_of(2, 5)
    plan = replace(
        plan, points=(Point({"n": "4", "intervention": "[]"}, "a"), Point({"n": "16", "intervention": "[b]"}, "c"))
    )
    head, *lines = table(summary_of(plan), plan, "failure_share")
    assert head.startswith("failure_share: failure demand, share of contacts")
    assert lines == [
        "  point   n  intervention  failure_share",
        "      0   4  []            20.0 % (0.0 to 100.0)",
        "      1  16  [b]           20.1 % (0.0 to 100.0)",
    ]


def test_one_replication_has_no_interval_and_a_long_table_ends() -> None:
    plan = plan_of(MOST_ROWS + 5, 1)
    lines = table(summary_of(plan, replications=1), plan, "failure_share")
    assert lines[2].endswith("20.0 %")
    assert lines[-1] == "  ... and 5 more in summary.csv"


def test_several_practices_are_named() -> None:
    plan = plan_of(1, 5)
    both = pd.concat([summary_of(plan), summary_of(plan, practice="north")])
    lines = table(both, plan, "failure_share")
    assert "practice" in lines[1]
    assert "north" in lines[3]


def test_a_metric_without_values_says_so() -> None:
    plan = plan_of(1, 5)
    assert table(summary_of(plan), plan, "missed_share")[1] == "  nothing to measure at any point"


def test_what_was_done() -> None:
    done = Outcome(found=2, seconds=7.2)
    assert what_was_done(plan_of(2, 3), done, "2 processes here") == (
        "2 scenarios x 3 replications = 6 units, 2 of them there already; 7 s on 2 processes here."
    )
    assert what_was_done(plan_of(1, 1), Outcome(), "x").startswith("1 scenario x 1 replication = 1 unit")
