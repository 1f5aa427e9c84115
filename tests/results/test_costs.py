"""Costs: what falls when people are turned away is not called better."""

from __future__ import annotations

from shortruns import composed, paired

from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import with_settings


def test_no_cost_is_called_better_that_falls_when_people_are_turned_away() -> None:
    """With two fifths more needs and the same staff fewer needs are met, and each that is met costs less."""
    base = composed("practice=small", "run=quick")
    more = base.changed(lambda one: with_settings(one, {"demand_level": 1.4 * one.demand_level}))
    for name in ("needs_met_share", "cost_per_need_met"):
        assert paired(base, more, name, replications=10).high < 0
    for name in ("cost_per_need_met", "cost_per_need_asked", "cost_gbp_per_working_day"):
        assert METRICS[name].better == "neither"
