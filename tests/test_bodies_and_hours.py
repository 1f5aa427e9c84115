"""Who is examined has to come, visits have a way to go, what is written takes somebody."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.results.run import Run
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, HOUR
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import DESK, FACE_TO_FACE, HOME_VISIT, INFORMED

SHORT = ("practice=average", "practice.list_size=3500", "run.warm_up_weeks=0", "run.measured_weeks=3")
THIS_DAY = 9


@pytest.fixture(scope="module")
def usual() -> Run:
    return run_of(*SHORT)


@pytest.fixture(scope="module")
def tables(usual: Run) -> Tables:
    return usual.counted["practice"].tables


def test_what_takes_a_needle_or_a_look_is_done_face_to_face(tables: Tables) -> None:
    booked = tables.appointments.merge(tables.needs["kind"], left_on="need", right_index=True)
    there = ("childhood_immunisation", "cervical_screening", "blood_test", "dressing_or_injection")
    modes = booked[booked["kind"].isin(there)]["mode"]
    assert len(modes) > 50
    assert set(modes) == {FACE_TO_FACE}
    reviews = booked[booked["kind"] == "medication_review"]["mode"].value_counts(normalize=True)
    assert 0.6 < reviews["telephone"] < 0.9


def test_needs_belong_to_ages(usual: Run, tables: Tables) -> None:
    people = usual.counted["practice"].people
    needs = tables.needs
    infants = needs[people.age[needs["person"]] == people.ages.index("age_0_4")]
    assert len(infants) > 20
    assert not set(infants["kind"]) & {"frailty_crisis", "mental_health", "social", "social_care_generated"}


def test_nobody_is_called_in_before_they_can_be_there(tables: Tables) -> None:
    booked = tables.appointments.merge(tables.contacts[["need", "contact", "channel"]], on=["need", "contact"])
    came = booked[(booked["mode"] == FACE_TO_FACE) & (booked["lead_days"] == 0)]
    from_home = came[came["channel"] != DESK]
    assert len(from_home) > 50
    assert (from_home["start"] - from_home["booked"]).min() >= 20 - 0.01  # starts are rounded
    by_telephone = booked[(booked["mode"] == "telephone") & (booked["lead_days"] == 0)]
    assert (by_telephone["start"] - by_telephone["booked"]).min() < 20


def test_visits_come_after_morning_surgery_and_take_a_way(tables: Tables) -> None:
    visits = tables.appointments.query("mode == @HOME_VISIT")
    assert (visits["start"] % DAY).min() >= 12 * HOUR
    held = visits[visits["status"].isin(("attended", "dna"))]
    rows = tables.rows(log.SESSION_ENDED)
    travelled = rows.amount[rows.code == log.TRAVELLING].sum()
    to_homes = tables.needs["kind"].reindex(held["need"]) != "care_home_visit"
    expected = 21.6 * to_homes.sum() + 21.6 * 0.3 * (~to_homes).sum()
    assert len(held) > 4
    assert travelled == pytest.approx(expected, rel=0.5)


def test_a_visit_leaves_time_for_the_way_there_and_back() -> None:
    practice = composed(*SHORT).practices["practice"]
    for clinic in clinics(practice, THIS_DAY, Absences(1, 21)):
        for one, following in zip(clinic.slots, clinic.slots[1:], strict=False):
            assert one.start + one.length <= following.start + 1e-9
        visits = [slot for slot in clinic.slots if slot.mode == HOME_VISIT]
        surgery = [slot for slot in clinic.slots if slot.mode != HOME_VISIT]
        morning = clinic.starts % DAY < 12 * HOUR
        for visit in visits:
            assert visit.start % DAY >= 12 * HOUR
            assert all(slot.start < visit.start for slot in surgery) == morning


def test_a_fit_note_takes_a_gp_and_more_than_a_moment(tables: Tables) -> None:
    rows = tables.rows(log.RESULT_BACK)
    notes = rows.amount[rows.code == "fit_note"]
    assert len(notes) > 20
    assert notes.min() >= 4 * HOUR
    made = tables.rows(log.PAPERWORK_MADE)
    assert set(made.who[made.code == "fit_note"].tolist()) == {"gp"}


def test_no_recording_answers_what_is_clinical(usual: Run, tables: Tables) -> None:
    kinds = usual.scenario.practices["practice"].demand.kinds
    informed = tables.needs[tables.needs["ending"] == INFORMED]["kind"]
    assert len(informed) > 10
    assert all(kinds[kind].administrative for kind in informed)


def test_minutes_at_the_desk_differ_and_keep_their_mean(tables: Tables) -> None:
    minutes = tables.rows(log.FRONT_SEEN).amount
    assert len(np.unique(minutes)) > len(minutes) / 2
    assert minutes.mean() == pytest.approx(2.5, rel=0.12)


def test_shares_of_modes_that_make_no_whole_are_refused() -> None:
    with pytest.raises(BadInput, match=r"modes: the shares sum to 0\.5, but must sum to 1"):
        composed("planned.programmes.blood_test.modes={face_to_face: 0.5}")
    with pytest.raises(BadInput, match="what is done at home"):
        composed("planned.programmes.care_home_visit.modes={telephone: 1}")
    with pytest.raises(BadInput, match="some need an appointment by video, and hca has none that can be booked"):
        composed("planned.programmes.blood_test.modes={face_to_face: 0, video: 1}")
