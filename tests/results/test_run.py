"""A run as its users see it: one metric alone is what it is among all."""

from __future__ import annotations

import math

import pytest

from pcqa_sim.results.run import Run


def test_one_metric_alone_is_what_it_is_among_all(small_run: Run) -> None:
    whole = small_run.metrics()
    for row in whole[
        whole["metric"].isin(["failure_share", "next_action_share", "answered_share", "needs_per_working_day"])
    ].itertuples():
        assert small_run.value(row.metric, row.group) == row.value


def test_a_metric_or_a_group_that_is_not_there(small_run: Run) -> None:
    for metric, group in (("no_such_metric", ""), ("failure_share", "role=astronaut"), ("answered_share", "role=gp")):
        with pytest.raises(KeyError):
            small_run.value(metric, group)
    assert math.isnan(small_run.value("contact_again_share", "within=28_days"))  # two weeks are too short for it
