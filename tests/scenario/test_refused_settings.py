"""Rules between settings: each is broken once, alone, and the line says where and what."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import BadInput

P, ROLE = "practices.practice.", "practices.practice.role.gp."
KIND = P + "demand.kinds.acute_minor."
ADMINISTRATOR = "practices.practice.role.administrator."


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The small practice where every request goes to a GP and notes are shared, so that a change breaks one rule."""
    shipped = composed("practice=small", "run=quick")
    plain: dict[str, object] = {P + "triage.elsewhere": {}, P + "backoffice.requests": {}}
    plain |= {P + f"triage.places.{kind}": {"gp": 1.0} for kind in shipped.practices["practice"].triage.places}
    return with_settings(shipped, plain | {P + "backoffice.items.fit_note.by": {"gp": 0.7, "administrator": 0.3}})


def refusals(scenario: Scenario, changes: dict[str, object]) -> list[str]:
    with pytest.raises(BadInput) as refused:
        with_settings(scenario, changes)
    return [f"{fault.where}: {fault.rule}" for fault in refused.value.faults]


LOOK = {
    "role": "gp", "mode": "telephone", "mean_min": 4.0, "cv": 0.5, "sessions_share": 0.3, "within_days": 1,
    "settled_share": {"acute_minor": 0.3}, "resolve_factor": 1.0,
}  # fmt: skip

THERE = {"resolved_share": 0.8, "return_days": 3.0}
REFUSED: list[tuple[dict[str, object], str]] = [
    # The calendar.
    ({"calendar.start_date": "2026-01-06"}, "the start date is a Monday; 2026-01-06 is a Tuesday"),
    ({"calendar.start_date": "1989-12-25"}, "the start date is between 1990 and 2200"),
    ({"calendar.start_date": 1767571200}, "must be a date, written YYYY-MM-DD"),
    ({"calendar.opening_hours.monday.closes": "08:00"}, "the end comes after the start: opens < closes"),
    ({"calendar.opening_hours": dict.fromkeys(WEEKDAYS)}, "opens on at least one day of the week"),
    ({"calendar.opening_hours": {"monday": None}}, "must name each of monday, tuesday"),
    # What reception does.
    (
        {P + "triage.places.acute_minor": {"gp": 0.9, "pharmacy": 0.1}, P + "community": {}},
        "must have pharmacy, where triage.places.acute_minor sends people",
    ),
    ({P + "triage.places.acute_minor": {"gp": 0.9, "pharmcy": 0.1}}, "did you mean pharmacy?"),
    ({P + "triage.places.acute_minor": {"gp": 0.9, "paperwork": 0.1}}, "must say which item it is"),
    ({P + "triage.places.acute_minor": {"no_next_step": 1.0}}, "somebody must get more than no_next_step"),
    (
        {P + "triage.places.acute_minor": {"self_care": 1.0}, P + "triage.elsewhere": {"self_care": THERE}},
        "must name a role for those who come back from self_care",
    ),
    ({P + "triage.elsewhere": {"gp": THERE}}, "elsewhere: gp is none of self_care, pharmacy"),
    ({P + "triage.invited": {"gp": 1.0}}, "invited: gp is none of booked, told_or_done"),
    # Times and shares.
    ({P + "channels.first.form_by_hour.clinical": {"08:00": 2.0}}, 'the first time is "00:00"'),
    ({P + "channels.first.form_by_hour.clinical": {"00:00": 1.0, "08:10": 2.0}}, "on the hour or the half hour"),
    ({P + "channels.next_actions.gave_up": 0.5}, "but must sum to 1"),
    ({P + "channels.next_actions": {"gave_up": 1.0}}, "must name each of"),
    ({P + "channels.first.clinical": {"phone": 1.0}}, "must name each of phone, online, desk, app"),
    ({P + "phones.menu.informed_share": 0.9}, "informed_share + balking_share is at most 1"),
    # Demand and people.
    ({P + "demand.rush.least_share": 0.9}, "least_share is at most most_share"),
    ({KIND + "never_asked_share": 0.95}, "never_asked_share + asked_late_share is at most 1"),
    ({P + "demand.weekday_share": {"monday": 1.0}}, "weekday_share: must name each of"),
    ({KIND + "share": 0.9}, "kinds: the shares sum to"),
    ({P + "people.ages.age_0_4.share": 0.9}, "ages: the shares sum to"),
    ({P + "people.ages.age_0_4.segments": {"giants": 1.0}}, "giants"),
    ({P + "people.deprivation_factor": {"fifth_1": 1.0}}, "deprivation_factor: must name each of fifth_1, fifth_2"),
    ({P + "people.rate_factor": {5000: 2.0}}, "person 5000 is not on a list of 2000"),
    ({P + "people.rate_factor": {5: 20.0}, P + "demand_level": 2.0}, "20.0 x demand_level is at most 20"),
    # Appointments and planned care.
    ({P + "appointments.releases.routine": {"at": "08:00"}}, "has days_before or hours_before, one of the two"),
    ({P + "appointments.not_attending.mode_factor": {"video": 1.0}}, "must name each of face_to_face"),
    ({P + "appointments.not_attending.lead.days_over_28": 0.9}, "but a share is at most 1"),
    ({P + "appointments.releases": {"routine": {"days_before": 3}}}, "releases: must have a rule named on_the_day"),
    ({P + "planned.programmes.long_term_review.first_days": 99}, "first_days is at most last_days"),
    ({P + "planned.programmes.long_term_review.by_segment": {}}, "by_age: a programme must say who is on it"),
    # The back office.
    ({P + "backoffice.items": {}}, "must have result: tests make one"),
    ({P + "backoffice.items.result.taken_over": {"hca": 0.6, "gp": 0.6}}, "must sum to 1 at the most"),
    ({P + "backoffice.items.record.by": {"locum": 1.0}}, "none of locum has a rota: fte_per_10000 or fte_level is 0"),
    # Roles.
    ({ROLE + "sessions.0.ends": "08:00"}, "the end comes after the start: starts < ends"),
    ({ROLE + "sessions.1.starts": "12:00"}, "sessions must not overlap"),
    ({ROLE + "differences.judgement.line_to": 0.1}, "line_from <= line_to"),
    ({ROLE + "weekday_factor": {"monday": 1.0}}, "weekday_factor: must name each of"),
    ({ROLE + "weekday_factor": dict.fromkeys(WEEKDAYS, 0.0)}, "works on at least one weekday"),
    ({ADMINISTRATOR + "scope": {"acute_minor": 0.5}}, "a role without appointments (its template is empty) resolves"),
    ({ROLE + "scope": {"acute_minor": 0.0}}, "must be able to resolve at least one kind of need"),
    ({ROLE + "template.0.slots": 50}, "do not fit a session of 250 minutes"),
    ({ROLE + "consultation_min": {"telephone": 5.0}}, "must name the minutes of face_to_face"),
    # What must fit together.
    ({P + "demand.seeking.never_factor_by_age": {"age_0_5": 1.0}}, "age_0_5 is no age band; did you mean age_0_4?"),
    ({P + "backoffice.items.record.by": {"administratr": 1.0}}, "is no role; did you mean administrator?"),
    ({P + "triage.places": {"acute_minor": {"gp": 1.0}}}, "must say where acute_urgent goes"),
    ({P + "triage.places.acute_minor": {"gq": 1.0}}, "acute_minor: gq is no role; did you mean gp?"),
    ({P + "triage.places.medication": {"hca": 1.0}}, "the role has no scope for it; see role.hca.scope"),
    ({P + "triage.clinician_triage": LOOK, P + "fte_level": {"gp": 0.0}}, "gp has no rota"),
    ({P + "triage.overbooking": {"most_per_session": 1, "duty_only": False, "within_days": 0, "fallback_role": "gq"}},
     "triage.overbooking.fallback_role: gq is no role; did you mean gp?"),
    ({P + "appointments.complex_needs": {"segments": ["frail"], "minutes_factor": 2, "resolves_more_share": 0}},
     "frail is no segment"),
    ({KIND + "follow_up_share": 1.0}, "each contact with the role"),
    # Phases.
    ({"phases": [{"from_week": 2, "practices": {}}, {"from_week": 1, "practices": {}}]}, "from_week ascends"),
    ({"phases": [{"from_week": 2, "practices": {}}, {"from_week": 2, "practices": {}}]}, "from_week ascends"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[said[:50] for _, said in REFUSED])
def test_a_broken_rule_is_told(scenario: Scenario, changes: dict[str, object], said: str) -> None:
    (line,) = refusals(scenario, changes)
    assert said in line


def test_a_phase_is_of_a_practice_there_is_and_changes_nobody(scenario: Scenario) -> None:
    practice = scenario.practices["practice"]
    (line,) = refusals(scenario, {"phases": [{"from_week": 1, "practices": {"other": practice}}]})
    assert "unknown practice 'other'; known: practice" in line
    longer = with_settings(practice, {"list_size": 2100})
    (line,) = refusals(scenario, {"phases": [{"from_week": 1, "practices": {"practice": longer}}]})
    assert "the list and its people stay the same through a run" in line


def test_only_a_practice_that_is_there_can_be_changed(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="unknown practice 'other'; known: practice"):
        scenario.changed(lambda practice: practice, only=("other",))


def test_a_change_that_is_refused_says_from_which_week_on(scenario: Scenario) -> None:
    with pytest.raises(BadInput) as refused:
        scenario.changed(lambda practice: with_settings(practice, {"phones.lines": 0}), from_week=2)
    assert "week 2" in str(refused.value)
    assert "phones.lines" in str(refused.value)


def test_a_role_to_which_nobody_is_sent_may_be_missing(scenario: Scenario) -> None:
    places = scenario.practices["practice"].triage.places["acute_minor"]
    changed = with_settings(scenario, {P + "triage.places.acute_minor": places | {"locum": 0.0}})
    assert changed.practices["practice"].triage.places["acute_minor"]["locum"] == 0


def test_the_settings_themselves_break_none() -> None:
    shipped = composed("practice=small", "run=quick")
    assert with_settings(shipped, {"run.seed": 2}).practices == shipped.practices
