"""The story of whole runs: what must be true of every person's log."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shortruns import composed, joined_plainly, run_of

from pcqa_sim import simulate
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK, WEEKDAYS
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    APP,
    ASKED_THROUGH,
    AWAITING_TEST,
    BACK_AS_ADVISED,
    BEFORE,
    BOUNCED,
    CALL_ANOTHER_DAY,
    CALLED_WHILE_CLOSED,
    CANCELLED_BY_PRACTICE,
    CHASE,
    DESK,
    DETERIORATED,
    DNA_REBOOK,
    INFORMED,
    INVITED,
    LOST_HAND_OFF,
    NEVER_ASKED,
    NEW,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    NO_SLOT_ONLINE,
    NOT_CALLED_BACK,
    NOT_OFFERED,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    RECOVERED,
    REFERRED,
    SELF_TREATED,
    SIGNPOSTED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
    WAITED_TOO_LONG,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
)

EVENTFUL = (
    "run.measured_weeks=4",
    "phones.lines=6",
    "phones.callback.accepted_share=0.9",
    "backoffice.items.result.expected_days=3",
)


@pytest.fixture(scope="module")
def eventful() -> Run:
    """A run in which everything happens: lines are engaged, results late, clinicians sick."""
    return run_of(*EVENTFUL)


@pytest.fixture(scope="module")
def plain() -> Run:
    """A run with one person to a slot, where nobody waits for the clinician they know, and minutes are fixed."""
    own: dict[str, object] = {
        "appointments.continuity.beyond_latest": False,
        "appointments.continuity.today_waits_share": 0.0,
        "appointments.double_booking": None,
        "channels.desk_cv": 0.0,
        "channels.inbox_cv": 0.0,
    }
    base = composed("practice.list_size=4000", "run.measured_weeks=4")
    return simulate(base.changed(lambda practice: with_settings(practice, own)))


@pytest.fixture(scope="module")
def children(eventful: Run) -> pd.DataFrame:
    """Contacts beside what came of their parents, with how the parent's appointment ended."""
    contacts, booked = eventful.contacts, eventful.appointments
    theirs = pd.MultiIndex.from_frame(contacts[["need", "contact"]])
    for name in ("status", "start"):
        contacts[name] = booked.set_index(["need", "contact"])[name].reindex(theirs).to_numpy()
    return contacts[contacts["parent"] >= 0].merge(
        contacts, left_on=["need", "parent"], right_on=["need", "contact"], suffixes=("", "_of_parent")
    )


EXPECTED = {
    CALLED_WHILE_CLOSED: lambda p: (p["why_of_parent"] == "closed") | (p["channel_of_parent"] == DESK),
    AFTER_BALKING: lambda p: p["why_of_parent"] == "balked",
    AFTER_ENGAGED: lambda p: p["ending_of_parent"] == "engaged",
    AFTER_RENEGING: lambda p: (p["ending_of_parent"] == "missed") & (p["why_of_parent"] != "closed"),
    TOLD_ANOTHER_DAY: lambda p: (
        (p["disposition_of_parent"] == CALL_ANOTHER_DAY)
        | ((p["channel_of_parent"] == PRACTICE) & ~p["booked_of_parent"])
    ),
    UNRESOLVED: lambda p: p["outcome_of_parent"] == UNRESOLVED,
    WRONG_CLINICIAN: lambda p: p["outcome_of_parent"] == WRONG_CLINICIAN,
    NO_CONTINUITY: lambda p: p["outcome_of_parent"] == NO_CONTINUITY,
    PLANNED_FOLLOW_UP: lambda p: p["outcome_of_parent"] == PLANNED_FOLLOW_UP,
    CHASE: lambda p: (p["outcome_of_parent"] == AWAITING_TEST) | (p["disposition_of_parent"] == PAPERWORK_TO_DO),
    DNA_REBOOK: lambda p: p["status_of_parent"] == "dna",
    WAITED_TOO_LONG: lambda p: p["booked_of_parent"],
    REARRANGED: lambda p: p["status_of_parent"] == "cancelled",
    CANCELLED_BY_PRACTICE: lambda p: p["status_of_parent"] == "cancelled",
    NO_SLOT_ONLINE: lambda p: (p["channel_of_parent"] == APP) & ~p["booked_of_parent"],
    INVITED: lambda p: (p["channel_of_parent"] == PRACTICE) & ~p["booked_of_parent"],
    NO_NEXT_STEP: lambda p: p["disposition_of_parent"] == NO_NEXT_STEP,
    BACK_AS_ADVISED: lambda p: p["disposition_of_parent"].str.startswith(SIGNPOSTED),
    BOUNCED: lambda p: (
        p["disposition_of_parent"].str.startswith(SIGNPOSTED)
        & (p["disposition_of_parent"] != SIGNPOSTED + SELF_TREATED)
    ),
    WRONGLY_ADVISED: lambda p: p["disposition_of_parent"] == SIGNPOSTED + SELF_TREATED,
    LOST_HAND_OFF: lambda p: p["outcome_of_parent"] == REFERRED,
    DETERIORATED: lambda p: (
        ~p["booked_of_parent"] | (p["opened"] < p["start_of_parent"]) | (p["status_of_parent"] == "dna")
    ),
    NOT_CALLED_BACK: lambda p: p["ending_of_parent"] == "callback_requested",
}


@pytest.mark.slow
@pytest.mark.parametrize("cause", sorted(EXPECTED))
def test_every_cause_is_what_happened_to_the_parent(cause: str, children: pd.DataFrame) -> None:
    mine = children[children["cause"] == cause]
    assert len(mine) > 0
    assert EXPECTED[cause](mine).all()
    assert (mine["opened"] >= mine["opened_of_parent"]).all()


def test_no_other_cause_occurs(children: pd.DataFrame) -> None:
    assert set(children["cause"]) == set(EXPECTED)


def test_a_need_begins_with_the_one_contact_that_nothing_caused(eventful: Run) -> None:
    first = eventful.contacts[eventful.contacts["contact"] == 0]
    assert (first["cause"] == NEW).all()
    assert (first["parent"] == -1).all()
    assert first["need"].is_unique


def test_nobody_does_anything_after_their_need_has_ended(eventful: Run) -> None:
    closed = eventful.needs["closed"].dropna()
    last = eventful.contacts.groupby("need")["opened"].max().reindex(closed.index).dropna()
    assert (closed.loc[last.index] >= last).all()


def test_who_never_asks_has_a_need_and_no_contact(eventful: Run) -> None:
    never = eventful.needs[eventful.needs["ending"] == NEVER_ASKED]
    assert len(never) > 100
    assert (never["contacts"] == 0).all()
    joined = never.index.isin(joined_plainly(eventful))  # went to a place by themselves
    assert (never["closed"] == never["arose"])[~joined].all()
    assert (never["closed"] >= never["arose"])[joined].all()
    assert 0 < joined.sum() < 0.1 * len(never)


def test_some_ask_days_after_their_need_arose_or_recover_first(eventful: Run) -> None:
    needs = eventful.needs[eventful.needs["origin"] != "practice"]
    late = needs[needs["asked"] > needs["arose"]]
    assert len(late) > 50
    recovered = needs[(needs["ending"] == RECOVERED) & (needs["contacts"] == 0)]
    assert len(recovered) > 10
    share = (len(late) + len(recovered)) / len(needs)
    kinds = eventful.scenario.practices["practice"].demand.kinds
    late_share = needs["kind"].map({name: kind.asked_late_share for name, kind in kinds.items()}).mean()
    assert share == pytest.approx(late_share, rel=0.35)


@pytest.mark.slow
def test_booked_people_come_at_their_slot_or_not_at_all(average_run: Run) -> None:
    held = average_run.appointments.query("status in ('attended', 'dna')")
    assert (held["start"] > held["booked"]).all()
    lead = (held["start"] // DAY - held["booked"] // DAY).astype(int)
    assert (lead == held["lead_days"]).all()


def test_who_wants_help_today_and_takes_no_other_day_is_booked_for_today_or_not_at_all(plain: Run) -> None:
    kinds = plain.scenario.practices["practice"].demand.kinds
    urgent = [n for n, kind in kinds.items() if kind.today_share == 1 and kind.accepts_later_share == 0]
    assert urgent
    booked = plain.appointments.merge(plain.contacts[["need", "contact", "cause", "channel"]])
    booked["kind"] = plain.needs["kind"].reindex(booked["need"]).to_numpy()
    follow_ups = plain.contacts.query("cause == 'planned_follow_up'").groupby("need")["contact"].min()
    before_any = ~(booked["contact"] >= booked["need"].map(follow_ups).fillna(np.inf))
    asked = booked["channel"].isin(ASKED_THROUGH)
    mine = booked[booked["kind"].isin(urgent) & before_any & asked]
    assert len(mine) > 100
    assert (mine["lead_days"] == 0).all()


def test_nobody_is_booked_later_than_acceptable(plain: Run) -> None:
    """Needs that are wanted seen to at once: booked for a day within latest_days of being asked about."""
    kinds = plain.scenario.practices["practice"].demand.kinds
    latest = {name: kind.latest_days for name, kind in kinds.items() if kind.wanted_mean_days == 0}
    booked = plain.appointments.merge(plain.contacts[["need", "contact"]])
    booked["kind"] = plain.needs["kind"].reindex(booked["need"]).to_numpy()
    mine = booked[(booked["contact"] == 0) & booked["kind"].isin(latest) & (booked["booked"] > 0)]
    assert len(mine) > 100
    assert (mine["lead_days"] <= mine["kind"].map(latest)).all()


def test_home_visits_are_for_the_frail_and_the_care_homes(average_run: Run) -> None:
    people = average_run.happened.people["practice"]
    visited = average_run.appointments.query("mode == 'home_visit' and booked > 0")["person"]
    assert len(visited) > 10
    assert {people.segments[n] for n in people.segment[visited]} <= {"frail_or_complex", "care_home"}


def test_appointments_run_late_by_minutes_and_not_by_hours(average_run: Run) -> None:
    late = average_run.appointments["late_min"].dropna()
    assert (late > -1e-6).all()
    assert late.median() < 10
    assert late.max() < 180


def test_talk_is_log_normal_with_the_published_median(average_run: Run) -> None:
    practice = average_run.scenario.practices["practice"]
    factor = {name: kind.talk_factor for name, kind in practice.demand.kinds.items()}
    kinds = average_run.needs["kind"]
    decided = ~average_run.contacts["disposition"].isin(("appointment_stands", "result_not_back", ""))
    calls = average_run.contacts[average_run.contacts["talk_min"].notna() & decided]
    talk = calls["talk_min"].to_numpy() / np.array([factor.get(k, 1.0) for k in kinds.reindex(calls["need"])])
    settings = practice.phones.talk
    assert abs(np.log(talk).mean() - np.log(settings.median_min)) < 4 * settings.sigma / np.sqrt(len(talk))
    assert np.log(talk).std() == pytest.approx(settings.sigma, rel=4 / np.sqrt(2 * len(talk)))


def test_the_message_answers_only_needs_nobody_has_heard_of(average_run: Run) -> None:
    contacts = average_run.contacts
    informed = contacts[contacts["why"] == INFORMED]
    assert len(informed) > 10
    heard = contacts[contacts["disposition"] != ""]
    assert not set(informed["need"]) & set(heard["need"])


def test_nobody_is_answered_or_seen_at_the_desk_while_the_practice_is_closed(average_run: Run) -> None:
    calendar = average_run.scenario.calendar.working()
    extended = average_run.scenario.practices["practice"].phones.extended_hours
    answered = average_run.contacts.query("ending == 'answered'")["opened"]
    at_desk = average_run.contacts.query("channel == 'desk' and front_min == front_min")["opened"]
    assert len(at_desk) > 100
    assert all(calendar.is_open(minute) for minute in at_desk)
    others = [minute for minute in answered if not calendar.is_open(minute)]
    assert len(others) > 5
    for minute in others:
        hours = extended[WEEKDAYS[int(minute // DAY) % 7]]
        assert hours.opens <= minute % DAY < hours.closes


def test_forms_are_read_when_somebody_is_there_and_take_their_minutes(plain: Run) -> None:
    channels = plain.scenario.practices["practice"].channels
    front = plain.events[plain.events["event"] == log.FRONT_SEEN]
    calendar = plain.scenario.calendar.working()
    assert all(calendar.is_open(minute) for minute in front["time_min"])
    minutes = plain.contacts.groupby("channel")["front_min"].unique()
    assert [m for m in minutes[ONLINE] if m == m] == pytest.approx([channels.inbox_min])
    assert [m for m in minutes[DESK] if m == m] == pytest.approx([channels.desk_min])


@pytest.mark.parametrize("run", ["plain", "eventful"])
def test_who_cancels_to_have_another_is_booked_for_a_later_day(run: str, request: pytest.FixtureRequest) -> None:
    """Whether they get through at once or on another try; who is taken for urgent, or worse, is seen today."""
    events = request.getfixturevalue(run).events
    urgent = set(events[events["event"].isin((log.FLAGGED, log.DETERIORATED))]["need"])
    offered = set(events[(events["code"] == REARRANGED) & (events["who"] == PRACTICE)]["need"])
    cancelled = set(events[events["code"] == log.BY_PATIENT]["need"]) - urgent - offered
    rows = events[events["event"].isin((log.CANCELLED, log.BOOKED)) & events["need"].isin(cancelled)]
    day = ((rows["time_min"] + rows["amount"]) // DAY).astype(int)
    again = 0
    for _, mine in rows.assign(day=day).groupby("need"):
        gave_back = mine["code"] == log.BY_PATIENT
        for at in np.flatnonzero(gave_back):
            after = mine.iloc[at + 1 :]
            assert (after["day"] > mine.iloc[at]["day"]).all()
            again += len(after) > 0
    assert again > 10


def test_cancelled_slots_are_booked_again_by_others(plain: Run) -> None:
    booked = plain.appointments
    again = booked.duplicated(["clinician", "start"], keep=False)
    mine = booked[again].sort_values(["clinician", "start", "booked"])
    earlier = mine.duplicated(["clinician", "start"], keep="last")
    assert earlier.sum() > 10
    assert (mine.loc[earlier, "status"] == "cancelled").all()


def test_a_sick_clinicians_patients_are_moved_or_told(eventful: Run) -> None:
    contacts, events = eventful.contacts, eventful.events
    moved = contacts[contacts["cause"] == CANCELLED_BY_PRACTICE]
    by_practice = events[(events["event"] == log.CANCELLED) & (events["code"] == log.BY_PRACTICE)]
    assert len(moved) == len(by_practice) > 20
    decided = moved[moved["disposition"] != ""]
    assert (decided["booked"] == decided["disposition"].str.startswith("booked")).all()
    absent = events[events["event"] == log.ABSENT]
    days_off = set(zip(absent["who"], absent["time_min"] // DAY, strict=True))
    seen = events[events["event"].isin((log.CONSULT_ENDED, log.DID_NOT_ATTEND))]
    assert not days_off & set(zip(seen["who"], seen["time_min"] // DAY, strict=True))


def test_results_come_back_and_end_their_needs(eventful: Run) -> None:
    events = eventful.events
    back = events[events["event"] == log.RESULT_BACK]
    assert len(back) > 50
    closed = eventful.needs.loc[back["need"], "closed"].to_numpy()
    on_the_phone = back.loc[closed != back["time_min"].to_numpy(), "need"]
    assert len(on_the_phone) < 0.1 * len(back)
    for need in on_the_phone:  # who is calling about the result just then hears it out: the need ends with the call
        chases = eventful.contacts.query("need == @need and cause == 'chase'")
        assert (chases["opened"] < back.set_index("need").loc[need, "time_min"]).any()
    tested = (events["event"] == log.CONSULT_ENDED) & (events["code"] == AWAITING_TEST)
    passed_on = (events["event"] == log.DECIDED) & (events["code"] == PAPERWORK_TO_DO)
    awaited = events[tested | passed_on]
    since = awaited.set_index(["need", "contact"])["time_min"]
    wait = back["time_min"].to_numpy() - since.loc[list(zip(back["need"], back["contact"], strict=True))].to_numpy()
    assert back["amount"].to_numpy() == pytest.approx(wait, rel=1e-5)


def test_planned_care_is_invited_booked_or_given_up(average_run: Run) -> None:
    practice = average_run.scenario.practices["practice"]
    contacts, needs = average_run.contacts, average_run.needs
    mine = needs[needs["origin"] == "practice"]
    assert set(mine["kind"]) <= set(practice.planned.programmes)
    theirs = contacts[contacts["need"].isin(mine.index)]
    assert theirs.loc[theirs["contact"] == 0, "channel"].isin((PRACTICE, BEFORE)).all()
    with_slot = theirs[theirs["booked"]].merge(average_run.appointments[["need", "contact", "role"]])
    role = {name: one.role for name, one in practice.planned.programmes.items()}
    assert (with_slot["role"] == needs["kind"].reindex(with_slot["need"]).map(role).to_numpy()).all()
    given_up = mine[mine["ending"] == NOT_OFFERED]
    tries = theirs[theirs["need"].isin(given_up.index)].groupby("need").size()
    assert (tries >= practice.planned.most_tries).all()


def test_the_diary_is_booked_before_the_run_and_emptier_further_ahead() -> None:
    run = run_of("run.measured_weeks=4")
    appointments = run.scenario.practices["practice"].appointments
    before = run.appointments[run.appointments["booked"] < 0]
    before = before[before["need"].isin(run.contacts.query("channel == @BEFORE")["need"])]
    day = before["start"] // DAY
    assert day.max() < appointments.booked_at_start_days
    first, last = (day < 7).sum(), ((day >= 14) & (day < 21)).sum()
    assert first > 1.5 * last > 0


def test_a_bank_holiday_sends_its_needs_to_the_days_after() -> None:
    scenario = composed(
        "practice=small", "run.warm_up_weeks=0", "run.measured_weeks=3", "calendar.start_date=2026-03-30"
    )
    people_bring = "arose > 0 and origin != 'practice'"
    with_holidays = simulate(scenario).needs.query(people_bring)
    without = simulate(with_settings(scenario, {"calendar.bank_holidays": "none"})).needs.query(people_bring)
    good_friday, easter_monday, tuesday = 4, 7, 8
    days = [needs.loc[needs["ending"] != NEVER_ASKED, "arose"] // DAY for needs in (with_holidays, without)]
    for holiday in (good_friday, easter_monday):
        assert (days[0] == holiday).sum() < 0.5 * (days[1] == holiday).sum()
    assert (days[0] == tuesday).sum() > 1.2 * (days[1] == tuesday).sum()
    assert len(with_holidays) == pytest.approx(len(without), rel=0.02)


def test_what_ends_a_phase_changes_from_its_week_on() -> None:
    scenario = composed("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=6")
    more = scenario.changed(lambda practice: with_settings(practice, {"rota.extra_call_handlers": 2}), from_week=3)
    before, after = simulate(scenario), simulate(more)
    early = before.events["time_min"] < 3 * WEEK
    late = after.events["time_min"] < 3 * WEEK
    assert before.events[early].equals(after.events[late])
    roster = after.events.query("event == 'roster' and who == 'call_handler'")
    most = [
        roster.loc[when, "amount"].max() for when in (roster["time_min"] < 3 * WEEK, roster["time_min"] >= 3 * WEEK)
    ]
    assert most[1] == most[0] + 2


def test_a_rush_that_would_come_after_closing_is_no_rush() -> None:
    """The mean delay after opening may be set to two hours; nobody then calls yesterday or at midnight."""
    scenario = composed(
        "practice=small", "demand.rush.most_share=1", "demand.rush.after_opening_mean_min=120", "run.measured_weeks=6"
    )
    needs = simulate(scenario).needs
    assert (needs["arose"] >= 0).all()


def test_the_patients_who_call_are_those_who_ask_by_phone(average_run: Run) -> None:
    first = average_run.contacts.query("contact == 0")
    assert set(first["channel"]) == {*ASKED_THROUGH, BEFORE, PRACTICE}
    people = average_run.happened.people["practice"]
    online = first[first["channel"].isin((ONLINE, APP))]
    assert people.digital[online["person"].to_numpy()].all()
    assert (first["channel"] == PHONE).sum() > len(online)
