"""A past day or week must not change when the run goes on: every metric of a short and a long run, in all groups."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from network_of_three import EVENINGS, MEMBERS, ROLES, SENT

from pcqa_sim import load_scenario, simulate
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.people import CHOSEN_OVER
from pcqa_sim.results.run import Run
from pcqa_sim.values.clock import WEEK

SHORT, LONG = 10, 14  # weeks; longer than what groups of people are chosen over
KEY = ["need", "contact"]
AGAIN = {  # weeks at the end without a value
    ("contact_again_share", "within=7_days"): 1,
    ("contact_again_share", "within=14_days"): 2,
    ("contact_again_share", "within=28_days"): 4,
    ("after_failure_share", "answer=nothing"): 1,
}
OF_THE_WHOLE = {  # of the measured weeks together: they have no value for a week or a day, or none in so short a run
    "top_tenth_consultation_share",
    "usual_gp_interval_ratio",
    "frequent_consultation_share",
    "frequent_contact_share",
    "over_3_contacts_a_month_share",
    "frequent_people_share",
    "frequent_needs_share",
    "still_frequent_share",
    "not_seen_in_a_year_share",
    "not_seen_by_gp_in_a_year_share",
    "asks_for_nothing_share",
    "minutes_of_tenth_share",
    "picked_before_after_ratio",
    "programme_contacts_per_month",
    "programme_ratio",
    "mdt_ending_share",
    "referred_contacts_per_4_weeks",  # eight weeks on either side of a referral
}

USUAL = ("practice.list_size=1500",)
WAITING = (  # callbacks and forms pile up over nights and weekends
    "practice.list_size=1000",
    "triage=gp_phone_first",
    "phones.callback.accepted_share=1",
    "phones.callback.offered_from_waiting=0",
    "phones.talk.median_min=32",
    "practice.fte_level={gp: 0.7}",  # so that people are told to call another day
    "channels.inbox_min=120",
    "channels.inbox_cv=0",  # minutes that the log keeps to the last digit
    "channels.desk_cv=0",
    "phones.callback.lapses_at_closing=false",
    "phones.callback.patience_mean_min=null",
)
WIDER = (  # an MDT, a weekly round of a care home, places that change how often people need help
    "practice.list_size=1500",
    "mdt=frail",
    "mdt.frail.selects.per_year=12",
    "mdt.frail.members.pharmacist.needed=false",
    "intervention=[care_home_alignment]",
    "community.social_prescribing.effect={rate_times:0.8,onset_weeks:2,lasts_weeks:26}",
)
TOGETHER = (  # practices that share somebody, evenings and what is left today
    f"network.members={{{MEMBERS}}}",
    ROLES,
    SENT,
    "network.shared_roles={physio:{role:fcp,posts:1,sessions_each:6}}",
    EVENINGS,
    "network.same_day_overflow=true",
    "network.hand_off={delay_days:2}",
)
AT_NIGHT = """\
defaults: [standard@_here_, _self_]
phone:
  first_days: null
  whole_blocks: false
  monday: {"00:00": 0, "08:00": 3, "10:00": 2, "13:00": 1.5, "18:30": 1}
  tuesday_friday: {"00:00": 0, "08:00": 2, "10:00": 1.5, "16:00": 1, "18:30": 1}
desk:
  tuesday_friday: {"00:00": 0, "08:00": 1, "18:30": 1}
"""


@cache
def made(weeks: int, *overrides: str, rota: str = "") -> Run:
    """A run of so many weeks, the first two of them warm-up; `rota` is a file of the user's own."""
    with TemporaryDirectory() as folder:
        if rota:
            (Path(folder) / "rota").mkdir()
            (Path(folder) / "rota" / "own.yaml").write_text(rota)
            overrides = ("rota=own", *overrides)
        lasts = ("run.warm_up_weeks=2", f"run.measured_weeks={weeks - 2}")
        return simulate(load_scenario("practice=small", *lasts, *overrides, user_folder=Path(folder)))


def metrics_of(weeks: int, *overrides: str, rota: str = "") -> pd.DataFrame:
    """Every value of a week or day of the short run's time."""
    frame = made(weeks, *overrides, rota=rota).all_metrics
    days = [f"d{day:03d}" for day in range(2 * 7, SHORT * 7)]
    weekly = [f"w{week:02d}" for week in range(SHORT)]
    return frame[frame["period"].isin([*weekly, *days])].set_index(["metric", "group", "period"])


@pytest.mark.parametrize(
    ("overrides", "rota"),
    [(USUAL, ""), (WAITING, ""), (USUAL, AT_NIGHT), (WIDER, ""), (TOGETHER, "")],
    ids=["usual", "waiting", "at night", "wider", "together"],
)
def test_the_past_stays_as_it_was(overrides: tuple[str, ...], rota: str) -> None:
    short, long = (
        metrics_of(weeks, *overrides, rota=rota).set_index("practice", append=True) for weeks in (SHORT, LONG)
    )
    new = long.index.difference(short.index)
    assert set(new.get_level_values("metric")) <= {metric for metric, _ in AGAIN}
    assert short.index.difference(long.index).empty
    both = long.loc[short.index, "value"]
    differ = short[~np.isclose(short["value"], both, rtol=0, atol=1e-9)]
    assert differ.empty, differ.groupby("metric").size().to_string()


def test_what_is_compared_is_every_metric_but_of_the_whole() -> None:
    seen: set[str] = set()
    for overrides in (USUAL, WAITING, WIDER, TOGETHER):
        seen |= set(metrics_of(SHORT, *overrides).index.get_level_values("metric"))
    assert seen == set(METRICS) - OF_THE_WHOLE


def test_the_waiting_wait_over_the_end_of_the_short_run() -> None:
    """Otherwise the comparison would not see what is decided, answered or worked after its end."""
    run = made(SHORT, *WAITING)
    contacts = run.contacts
    asked = contacts["ending"] == "callback_requested"
    assert (asked & contacts["called_back_after"].isna()).any()
    assert ((contacts["channel"] == "online") & (contacts["ending"] == "") & contacts["front_at"].isna()).any()


@pytest.mark.parametrize(("metric", "group"), list(AGAIN))
def test_the_last_weeks_do_not_say_what_comes_after_them(metric: str, group: str) -> None:
    short = metrics_of(SHORT, *USUAL).loc[metric].loc[group]
    weeks = {period for period in short.index if period.startswith("w")}
    assert weeks == {f"w{week:02d}" for week in range(SHORT - AGAIN[metric, group])}


def test_minutes_belong_to_the_day_on_which_they_are_worked() -> None:
    """Plain counting: reception's minutes for who is told to call another day are extra on the day they are worked."""
    run = made(SHORT, *WAITING)
    extra = run.counted["practice"].extra_work.frame()
    mine = extra[extra["line"] == "failure"]
    weekly = metrics_of(SHORT, *WAITING).loc["failure_min_per_working_day"]["value"]
    of_week = mine["minutes"].groupby(mine["time"] // WEEK).sum()
    assert weekly.loc["", "w06"] == pytest.approx(of_week[6] / 5)
    told = run.contacts.query("disposition == 'call_another_day' and channel != 'practice'")
    rows = run.events[run.events["event"].isin(("talk_ended", "front_seen"))]
    of_told = pd.MultiIndex.from_frame(rows[KEY]).isin(pd.MultiIndex.from_frame(told[KEY]))
    counted = mine[(mine["cause"] == "told_another_day") & mine["role"].isin(("call_handler", "front_desk"))]
    told_at = rows["time_min"] + rows["amount"].where(rows["event"] == "front_seen", 0)  # written as they begin
    assert set(told_at[of_told]) <= set(counted["time"])
    assert of_told.sum() > 50


def test_the_tenth_is_chosen_in_the_weeks_before() -> None:
    run = made(SHORT, *USUAL)
    people = run.happened.people["practice"]
    grown = np.flatnonzero([people.ages[age] not in ("age_0_4", "age_5_17") for age in people.age])
    seen = run.appointments.query("status == 'attended' and role == 'gp' and mode == 'face_to_face'")
    seen = seen[seen["person"].isin(grown)]
    week = seen["start"] // WEEK
    for judged in range(CHOSEN_OVER, SHORT):
        before = (
            seen[(week < judged) & (week >= judged - CHOSEN_OVER)]["person"].value_counts().reindex(grown, fill_value=0)
        )
        top = before.sort_values(ascending=False, kind="stable").index[: len(grown) // 10]
        mine = seen[week == judged]["person"]
        value = metrics_of(SHORT, *USUAL).loc[("earlier_top_tenth_share", "", f"w{judged:02d}"), "value"]
        assert value == pytest.approx(mine.isin(top).mean())
    weeks = metrics_of(SHORT, *USUAL).loc["earlier_top_tenth_share"].index.get_level_values("period")
    assert f"w{CHOSEN_OVER - 1:02d}" not in weeks
