"""The story of whole runs: what must be true of every person's log."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.clock import DAY
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    BEFORE,
    DNA_REBOOK,
    INFORMED,
    PLANNED_FOLLOW_UP,
    RANG_WHILE_CLOSED,
    RECOVERED,
    TOLD_ANOTHER_DAY,
    UNRESOLVED,
)
from pcqa_sim.run import Run


def parents(run: Run) -> "pd.DataFrame":  # noqa: F821, UP037
    """Contacts beside what came of their parents."""
    contacts = run.contacts
    keys = ["need", "contact"]
    return contacts[contacts["parent"] >= 0].merge(
        contacts, left_on=["need", "parent"], right_on=keys, suffixes=("", "_of_parent")
    )


EXPECTED = {
    RANG_WHILE_CLOSED: lambda p: p["why_of_parent"] == "closed",
    AFTER_PUT_OFF: lambda p: p["why_of_parent"] == "put_off",
    AFTER_ENGAGED: lambda p: p["ending_of_parent"] == "engaged",
    AFTER_ABANDONING: lambda p: (p["ending_of_parent"] == "missed") & (p["why_of_parent"] != "closed"),
    TOLD_ANOTHER_DAY: lambda p: p["disposition_of_parent"] == "ring_another_day",
    UNRESOLVED: lambda p: p["outcome_of_parent"] == "unresolved",
    PLANNED_FOLLOW_UP: lambda p: p["outcome_of_parent"] == "planned_follow_up",
    DNA_REBOOK: lambda p: (
        (p["disposition_of_parent"].str.startswith("booked") | (p["channel_of_parent"] == BEFORE))
        & (p["outcome_of_parent"] == "")
    ),
}


@pytest.mark.parametrize("cause", sorted(EXPECTED))
def test_every_cause_is_what_happened_to_the_parent(cause: str) -> None:
    run = run_of("run.measured_weeks=4", "phones.lines=6")
    children = parents(run)
    mine = children[children["cause"] == cause]
    assert len(mine) > 0
    assert EXPECTED[cause](mine).all()
    assert (mine["opened"] > mine["opened_of_parent"]).all()


def test_nobody_rings_again_after_their_need_has_gone(average_run: Run) -> None:
    needs = average_run.needs
    contacts = average_run.contacts
    last = contacts.groupby("need")["opened"].max()
    assert (needs["closed"].dropna() >= last.reindex(needs.index).loc[needs["closed"].dropna().index]).all()


def test_booked_people_come_at_their_slot_or_not_at_all(average_run: Run) -> None:
    held = average_run.appointments.query("status != 'open'")
    assert (held["start"] > held["booked"]).all()
    lead = (held["start"] // DAY - held["booked"] // DAY).astype(int)
    assert (lead == held["lead_days"]).all()


def test_same_day_needs_are_seen_the_same_day_or_not_here(average_run: Run) -> None:
    kinds = average_run.needs["kind"]
    booked = average_run.appointments
    mine = booked[kinds.reindex(booked["need"]).to_numpy() == "new_problem"]
    assert (mine["lead_days"] == 0).all()


def test_appointments_run_late_by_minutes_and_not_by_hours(average_run: Run) -> None:
    late = average_run.appointments["late_min"].dropna()
    assert (late > -1e-6).all()
    assert late.median() < 10
    assert late.max() < 120


def test_talk_is_log_normal_with_the_published_median() -> None:
    run = run_of("run.measured_weeks=4")
    factor = {name: kind.talk_factor for name, kind in run.scenario.practices["practice"].demand.kinds.items()}
    kinds = run.needs["kind"]
    calls = run.contacts[run.contacts["talk_min"].notna()]
    talk = calls["talk_min"].to_numpy() / np.array([factor[k] for k in kinds.reindex(calls["need"])])
    settings = run.scenario.practices["practice"].phones.talk
    standard_error = settings.sigma / np.sqrt(len(talk))
    assert abs(np.log(talk).mean() - np.log(settings.median_min)) < 4 * standard_error
    assert np.log(talk).std() == pytest.approx(settings.sigma, rel=4 / np.sqrt(2 * len(talk)))


def test_people_recover_by_themselves_only_while_they_wait(average_run: Run) -> None:
    needs = average_run.needs
    recovered = needs[needs["ending"] == RECOVERED]
    assert len(recovered) > 0
    assert (recovered["closed"] >= recovered["arose"]).all()


def test_the_message_answers_only_needs_nobody_has_heard_of(average_run: Run) -> None:
    contacts = average_run.contacts
    informed = contacts[contacts["why"] == INFORMED]
    heard = contacts[contacts["disposition"] != ""]
    first_heard = heard.groupby("need")["opened"].min()
    assert not set(informed["need"]) & set(first_heard.index)


def test_nobody_is_answered_while_the_practice_is_closed(average_run: Run) -> None:
    calendar = average_run.scenario.calendar.working()
    answered = average_run.contacts.query("ending == 'answered'")["opened"]
    assert all(calendar.is_open(minute) for minute in answered)


def test_a_bank_holiday_sends_its_needs_to_the_days_after() -> None:
    scenario = composed(
        "practice=small", "run.warm_up_weeks=0", "run.measured_weeks=3", "calendar.start_date=2026-03-30"
    )
    with_holidays = simulate(scenario).needs.query("arose > 0")["arose"] // DAY
    plain = scenario.calendar.model_copy(update={"bank_holidays": "none"})
    without = simulate(scenario.replaced(calendar=plain)).needs.query("arose > 0")["arose"] // DAY
    good_friday, easter_monday, tuesday = 4, 7, 8
    for holiday in (good_friday, easter_monday):
        assert (with_holidays == holiday).sum() < 0.5 * (without == holiday).sum()
    assert (with_holidays == tuesday).sum() > 1.2 * (without == tuesday).sum()
    assert abs(len(with_holidays) - len(without)) <= 3


def test_what_ends_a_phase_changes_from_its_week_on() -> None:
    scenario = composed("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=6")
    more = scenario.changed(
        lambda p: p.model_copy(update={"rota": p.rota.model_copy(update={"extra_call_handlers": 2})}), from_week=3
    )
    before, after = simulate(scenario), simulate(more)
    early = before.events["time_min"] < 3 * 7 * DAY
    late = after.events["time_min"] < 3 * 7 * DAY
    assert before.events[early].equals(after.events[late])
    roster = after.events.query("event == 'roster' and who == 'call_handler'")
    assert roster[roster["time_min"] < 3 * 7 * DAY]["amount"].max() == 1
    assert roster[roster["time_min"] >= 3 * 7 * DAY]["amount"].max() == 3


def test_a_rush_that_would_come_after_closing_is_no_rush() -> None:
    """The mean delay after opening may be set to two hours; nobody then rings yesterday or at midnight."""
    scenario = composed(
        "practice=small", "demand.rush.most_share=1", "demand.rush.after_opening_mean_min=120", "run.measured_weeks=20"
    )
    needs = simulate(scenario).needs
    assert (needs["arose"] >= 0).all()
