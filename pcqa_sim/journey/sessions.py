"""Clinicians at work: a day is walked session by session and slot by slot, early, on time or late.

A booked patient is seen at the slot's start or when the one before comes out, whichever is later; what runs over
delays the next, who is then given less time. A slot that nobody has booked, or whose patient does not come, is a gap;
what gaps and quick consultations leave over goes to paperwork.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from pcqa_sim.clinic.consultation import attends
from pcqa_sim.clinic.rota import Clinic
from pcqa_sim.kernel.process import follow
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import Contact, Slot

if TYPE_CHECKING:
    from pcqa_sim.journey.journey import Journey
    from pcqa_sim.practice.practice import OpenPractice

_CONSULTATION = activity("consultation", often=True)

Steps = Generator[Event, Any, None]


def work_day(practice: OpenPractice, journey: Journey, clinics: list[Clinic]) -> Steps:
    """Work one clinician's sessions of a day, in order of time."""
    env = practice.env
    for clinic in clinics:
        if env.now < clinic.starts:
            yield env.timeout(clinic.starts - env.now)
        began = min(env.now, clinic.ends)
        consulting = 0.0
        for slot in clinic.slots:  # extras may be put on meanwhile
            if practice.list_stops(clinic):
                for contact in practice.send_away(slot):
                    follow(journey.move(contact))
            else:
                consulting += yield from _work_slot(practice, journey, slot)
        clinic.over = True
        stays = practice.stays_on(clinic, consulting, began)
        if env.now < clinic.ends or stays:
            yield env.timeout(max(0.0, clinic.ends - env.now) + stays)
        for contact in practice.session_ended(clinic, began, consulting):
            journey.after_result(contact)


def _work_slot(practice: OpenPractice, journey: Journey, slot: Slot) -> Generator[Event, Any, float]:
    """Work one slot and return the minutes of consultation.

    A patient booked already costs one kernel event: the clinician waits for the end of the consultation and not
    first for its beginning. Only gaps, slots booked at the last moment and patients who do not come cost another.
    """
    env = practice.env
    if env.now < slot.start and (slot.contact is None or not _comes(practice, slot, slot.contact)):
        yield env.timeout(slot.start - env.now)
    contact = practice.diary.call(slot)
    if contact is None:
        return 0.0
    if not _comes(practice, slot, contact):
        practice.diary.finish(slot)
        practice.note(contact, log.DID_NOT_ATTEND, slot.clinician, amount=_lead_days(slot, contact))
        journey.after_missed_appointment(contact)
        return 0.0
    late = env.now - slot.start
    squeeze = practice.settings.appointments.squeeze
    squeezed = late > squeeze.late_from_min
    minutes = _minutes(practice, slot, contact)
    if squeezed:
        minutes *= squeeze.minutes_factor
        practice.note(contact, log.SQUEEZED, slot.clinician, amount=late)
    yield env.timeout(max(0.0, -late) + minutes)
    practice.diary.finish(slot)
    journey.after_consultation(contact, slot, minutes, squeezed)
    return minutes


def _minutes(practice: OpenPractice, slot: Slot, contact: Contact) -> float:
    """Return the minutes a consultation needs: by role, mode and kind of need, at this clinician's pace."""
    law = practice.consultation_law(slot, contact.need.kind)
    return law.quantile(contact.need.luck.u(_CONSULTATION)) * practice.clinician(slot).pace


def _lead_days(slot: Slot, contact: Contact) -> int:
    """Return the calendar days between booking and appointment."""
    return day_of(slot.start) - day_of(contact.booked_at)


def _comes(practice: OpenPractice, slot: Slot, contact: Contact) -> bool:
    """Decide, once for each booking, whether the patient comes."""
    if contact.comes is None:
        rates = practice.settings.appointments.not_attending
        factor = float(practice.missing_factor[contact.need.person])
        contact.comes = attends(_lead_days(slot, contact), slot.mode, factor, rates, contact.need.luck)
    return contact.comes
