"""How patient and clinician meet: written answers need nobody there, and are counted with video as published."""

from __future__ import annotations

import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.consultation import Attendance, attends
from pcqa_sim.results.run import Run
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import Luck, join
from pcqa_sim.values.needs import ANY_MODE, FACE_TO_FACE, HOME_VISIT, MODES, ONLINE_MESSAGE, VIDEO

LEADS = ("same_day", "days_1", "days_2_7", "days_8_14", "days_15_21", "days_22_28", "days_over_28")
SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=8")


@pytest.fixture(scope="module")
def missing() -> Run:
    """A practice whose appointments are missed as often as settings allow: with all factors nearly certain."""
    rates = composed(*SHORT).practices["practice"].appointments.not_attending
    most = 0.995 * rates.lead.greatest / rates.greatest
    return run_of(*SHORT, *(f"appointments.not_attending.lead.{name}={most:.6f}" for name in LEADS))


@pytest.fixture(scope="module")
def measured(average_run: Run) -> dict[tuple[str, str], float]:
    return average_run.metrics().set_index(["metric", "group"])["value"].to_dict()


def test_a_message_is_never_missed_at_the_bound_of_the_rate(missing: Run) -> None:
    rates = missing.scenario.practices["practice"].appointments.not_attending
    assert 0.99 < rates.greatest <= 1
    held = missing.appointments[missing.appointments["status"].isin(("attended", "dna"))]
    missed = (held["status"] == "dna").groupby(held["mode"]).mean()
    assert (held["mode"] == ONLINE_MESSAGE).sum() > 30
    assert missed[ONLINE_MESSAGE] == 0
    assert missed[FACE_TO_FACE] > 0.1
    assert missed[VIDEO] > 0.1


def test_nobody_has_to_be_there_whatever_their_luck(missing: Run) -> None:
    rates = missing.scenario.practices["practice"].appointments.not_attending
    assert all(attends(40, ONLINE_MESSAGE, 1.75, Attendance(rates), Luck(join(7, number))) for number in range(2000))


def test_the_published_group_is_both_modes_together(measured: dict[tuple[str, str], float]) -> None:
    parts = [f"mode={mode}" for mode in (VIDEO, ONLINE_MESSAGE)]
    for metric in ("mode_share", "consultations_per_need"):
        assert all(measured[metric, part] > 0 for part in parts)
        assert measured[metric, "mode=video_online"] == pytest.approx(sum(measured[metric, part] for part in parts))
    share = [measured["mode_share", part] for part in parts]
    missed = sum(of * measured["dna_share", part] for of, part in zip(share, parts, strict=True)) / sum(share)
    assert measured["dna_share", "mode=video_online"] == pytest.approx(missed)
    assert sum(measured["mode_share", f"mode={mode}"] for mode in MODES) == pytest.approx(1)


def test_what_need_not_be_seen_can_be_answered_in_writing() -> None:
    assert set(MODES) - {HOME_VISIT} == ANY_MODE


def test_a_message_waits_for_its_slot_and_takes_a_clinicians_minutes(average_run: Run) -> None:
    answered = average_run.appointments.query(f"status == 'attended' and mode == '{ONLINE_MESSAGE}'")
    assert (answered["start"] > answered["booked"]).all()
    assert (answered["late_min"] >= 0).all()
    assert (answered["minutes"] > 0).all()


def test_forms_are_answered_in_writing_where_clinicians_read_them_first() -> None:
    run = run_of(*SHORT, "triage=total_digital")
    looks = run.appointments[run.appointments["release"] == "triage"]
    assert set(looks["mode"]) == {ONLINE_MESSAGE}
    assert not (looks["status"] == "dna").any()


def test_every_role_that_answers_in_writing_says_how_long_it_takes() -> None:
    roles = composed("experiment=named_roles").practices["practice"].role
    writing = {name for name, role in roles.items() if any(b.mode == ONLINE_MESSAGE for b in role.template)}
    assert writing == {"gp", "practice_nurse", "pharmacist", "anp"}
    for role in roles.values():
        assert (VIDEO in role.consultation_min) == (ONLINE_MESSAGE in role.consultation_min)


def test_the_name_of_both_together_is_no_mode() -> None:
    with pytest.raises(BadInput, match="video, online_message"):
        composed("triage=total_digital", "triage.clinician_triage.mode=video_online")
