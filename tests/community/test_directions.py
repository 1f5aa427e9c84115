"""Directions that anybody in primary care expects of the community, as paired intervals on the same people and luck."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.results.run import Run
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK

pytestmark = pytest.mark.slow
PAIRS = 6
REFERRED = "community.social_prescribing.referred"
SHORT = ("practice=small", "practice.list_size=1200", "run.warm_up_weeks=0")
FULL = (*SHORT, "run.measured_weeks=14", f"{REFERRED}.social=1", f"{REFERRED}.mental_health=0.6")
MORE = f"{REFERRED}.ongoing_condition=0.4"
POSTS = ("intervention=[more_link_workers]", "intervention.more_link_workers.posts_per_10000=1.8")
HOMES = (  # of a list with more residents than most, who are seen at home
    *SHORT, "run.measured_weeks=10",
    *(f"demand.kinds.{kind}.home_visit_share=0.4" for kind in ("acute_minor", "ongoing_condition", "musculoskeletal")),
    "people.ages.age_75_84.share=0.2", "people.ages.age_18_34.share=0.086",
    "people.ages.age_75_84.segments={care_home: 0.2, frail_or_complex: 0.05, stable_long_term_condition: 0.43}",
)  # fmt: skip


EFFECT = "effect={{rate_times: 0.25, onset_weeks: {}, lasts_weeks: 208, after_sessions: {}}}"
YOUNG = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=24",
         "people.state.unsettled_share=0",  # who is unsettled has many more needs: in a short list that is luck of few
         "community.social_prescribing.places_per_10000=0")  # fmt: skip
LINK_WORKERS = (  # busy from the first day, and what they do is soon there
    *YOUNG, "intervention=[more_link_workers]", "intervention.more_link_workers.posts_per_10000=1",
    f"{REFERRED}.social=1", f"{REFERRED}.mental_health=0.6",
    f"community.social_prescribing.{EFFECT.format(1, 1)}",
)  # fmt: skip
CHAMPIONS = (  # one at first, two before long; what groups do grows on after the run
    *YOUNG, "intervention=[community_champions]", "intervention.community_champions.start_per_1000=1",
    "intervention.community_champions.joins_share=1", "intervention.community_champions.referred_share=1",
    f"{REFERRED}.social=0",  # all go to groups: shares of places together are at most 1
    "community.community_groups.champions.growth_per_week=0.1",
    f"community.community_groups.{EFFECT.format(26, 3)}",
)  # fmt: skip


@cache
def _run(replication: int, *overrides: str) -> Run:
    return simulate(composed(*overrides), replication=replication)


def _begun(run: Run, place: str) -> float:
    return float(((run.events["event"] == log.PLACE_BEGAN) & (run.events["who"] == place)).sum())


def _of_pairs(values: list[float]) -> ConfidenceInterval:
    assert len(values) == PAIRS
    assert np.isfinite(values).all()
    return interval(values)


def _gained(*change: str) -> ConfidenceInterval:
    """How many more begin with a link worker whose caseload is full."""
    place = "social_prescribing"
    return _of_pairs([_begun(_run(n, *FULL, *change), place) - _begun(_run(n, *FULL), place) for n in range(PAIRS)])


def test_a_full_caseload_gains_nothing_from_more_referrals_and_gains_from_more_posts() -> None:
    referrals, posts = _gained(MORE), _gained(*POSTS)
    assert referrals.low <= 0
    assert referrals.high < posts.mean / 2
    assert posts.low > 0
    for n in range(PAIRS):
        few, more = (run.events["event"].eq(log.PLACE_SENT).sum() for run in (_run(n, *FULL), _run(n, *FULL, MORE)))
        assert more > 1.05 * few


def _mean_week(run: Run) -> float:
    """The week in which the mean need is kept away that an intervention keeps away; without it nothing is."""
    rows = run.events[(run.events["event"] == log.NEEDS_KEPT_AWAY) & (run.events["code"] == log.OF_EVERYBODY)]
    rows = rows[rows["who"] == ""]
    assert rows["amount"].iloc[-1] > 0.005  # of all needs of the list: there is something whose time can be told
    return float(np.average(rows["time_min"] / WEEK, weights=rows["amount"]))


def test_the_effect_of_champions_comes_later_than_that_of_link_workers() -> None:
    """Measured where it is, in needs that do not arise; how much is growth and how much onset is in test_effects."""
    later = [_mean_week(_run(n, *CHAMPIONS)) - _mean_week(_run(n, *LINK_WORKERS)) for n in range(3)]
    assert interval(later).low > 0.5


def _of_alignment(metric: str, group: str, *settings: str) -> ConfidenceInterval:
    aligned = (*settings, "intervention=[care_home_alignment]")
    return _of_pairs(
        [_run(n, *aligned).value(metric, group) - _run(n, *settings).value(metric, group) for n in range(PAIRS)]
    )


def test_alignment_lowers_urgent_contacts() -> None:
    assert _of_alignment("care_home_contacts_per_resident_year", "flagged=yes", *HOMES).high < 0


def test_alignment_lowers_visits() -> None:
    assert _of_alignment("care_home_visits_per_resident_year", "", *HOMES).high < 0
