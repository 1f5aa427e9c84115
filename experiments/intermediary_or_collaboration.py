"""Link workers or champions: more referrals, more posts, groups that grow, and what is hoped of both, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pcqa_sim.report.experiments import Experiment, Measure, Results
from pcqa_sim.study.statistics.intervals import interval

HOPE = "{{rate_times: 0.72, onset_weeks: {onset}, lasts_weeks: 208, after_sessions: {after}}}"
MORE_REFERRALS = "twice as many referred, no more posts"
MORE_POSTS = "twice the posts"
CHAMPIONS = "champions"
HOPED_POSTS = "twice the posts, and what is hoped of link workers"
HOPED_CHAMPIONS = "champions, and what is hoped of groups"
PLACE, GROUPS = "community.social_prescribing", "community.community_groups"

MET = Measure("needs met in the community, a week per 1,000", "community_met_per_1000_week", digits=2)
MET_LINK = Measure("met by link workers", "community_met_per_1000_week", "place=social_prescribing", digits=2)
MET_GROUPS = Measure("met in groups", "community_met_per_1000_week", "place=community_groups", digits=2)
WAITING = Measure("people on their list, per 1,000", "community_waiting_per_1000", "place=social_prescribing", digits=2)
WAIT = Measure("days on link workers' list", "community_wait_days", "place=social_prescribing", digits=0)
GP = Measure("GP appointments a day per 1,000", "appointments_per_1000_working_day", "role=gp", digits=2)
COST = Measure("pounds a day at the community's places", "community_gbp_per_working_day", digits=0)
HOURS = Measure("minutes a day of people and volunteers", "resource_min_per_working_day", "of=community", digits=0)
GAINS = Measure(
    "needs met, struggling with life", "needs_met_of_arisen_share", "segment=struggling_with_life", per_cent=True
)
KEPT = Measure("needs that do not arise because of it", "needs_kept_away_share", per_cent=True, digits=2)
GAIN_WELL = Measure("needs met, generally well", "needs_met_of_arisen_share", "segment=generally_well", per_cent=True)
MEASURES = (MET, MET_LINK, MET_GROUPS, WAITING, WAIT, GP, COST, HOURS, GAINS, GAIN_WELL, KEPT)
TOLD = (MET, WAIT, GP, COST, HOURS, GAINS, GAIN_WELL)


def read(found: Results) -> list[str]:
    """Say what each arm changes, whether referrals without posts gain anything, and when a hope would show."""
    said = [f"With {arm}: {found.all_went(arm, TOLD)}." for arm in found.others]
    gained = "gains" if found.clear(MORE_REFERRALS, MET_LINK) else "does not clearly gain"
    said.insert(0, f"Sending twice as many to link workers whose caseload is full {gained} anything.")
    said += [f"{arm[0].upper()}{arm[1:]}: {_arrives(found, arm)}." for arm in (HOPED_POSTS, HOPED_CHAMPIONS)]
    posts, groups = (_mean_weeks(found, arm) for arm in (HOPED_POSTS, HOPED_CHAMPIONS))
    later = interval([of_groups - of_posts for of_posts, of_groups in zip(posts, groups, strict=True)])
    if not math.isnan(later.mean):
        bounds = "" if math.isnan(later.low) else f" ({later.low:,.1f} to {later.high:,.1f})"
        said.append(f"What is hoped of groups comes {later.mean:,.1f} weeks{bounds} after what is hoped of posts.")
    return said


def _arrives(found: Results, arm: str) -> str:
    """Say in which week the mean need is kept away, and how many are in the last week, of what is hoped."""
    weeks = found.weeks(arm, KEPT)
    if not weeks or math.isnan(mean := interval(_mean_weeks(found, arm)).mean):
        return "it keeps no needs away in these weeks"
    last = max(weeks)
    return (
        f"{100 * weeks[last].mean:,.1f} in 100 needs no longer arise in week {last}, the last of the run; it comes "
        f"slowly: the needs kept away would have arisen in week {mean:,.0f} on average"
    )


def _mean_weeks(found: Results, arm: str) -> list[float]:
    """Return the mean week of the run of the needs that an arm keeps away, replication by replication."""
    weeks = sorted(found.weeks(arm, KEPT))
    kept = [found.values(arm, KEPT, f"w{week:02d}") for week in weeks]
    return [_mean_week(weeks, of_one) for of_one in zip(*kept, strict=True)]


def _mean_week(weeks: Sequence[int], shares: Sequence[float]) -> float:
    """Return the mean of some weeks, weighted by a share of each; NaN where there is none."""
    whole = sum(shares)
    return sum(week * share for week, share in zip(weeks, shares, strict=True)) / whole if whole else math.nan


EXPERIMENT = Experiment(
    question="Link workers, or people themselves: what does the community meet, when, and at what cost?",
    arms={
        MORE_REFERRALS: (f"{PLACE}.referred={{social: 0.37, mental_health: 0.074, ongoing_condition: 0.018}}",),
        MORE_POSTS: ("intervention=[more_link_workers]",),
        CHAMPIONS: ("intervention=[community_champions]",),
        HOPED_POSTS: ("intervention=[more_link_workers]", f"{PLACE}.effect={HOPE.format(onset=8, after=1)}"),
        HOPED_CHAMPIONS: ("intervention=[community_champions]", f"{GROUPS}.effect={HOPE.format(onset=78, after=4)}"),
    },
    measures=MEASURES,
    read=read,
    notes=(
        "Trials found no effect on GP appointments (social_prescribing_controlled_effect); what is hoped is an "
        "uncontrolled figure (social_prescribing_gp_reduction_polley, 28 %).",
        "When it comes: what people gain from groups grows for 18 months at the least "
        "(community_participation_qaly_gain_18m); of link workers nothing is published, eight weeks are an assumption.",
        "Referrals are doubled of people whom clinicians see; who is on a list may leave it.",
    ),
)
