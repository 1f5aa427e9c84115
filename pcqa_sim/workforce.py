"""Clinicians at work: a day is walked slot by slot, early, on time or late.

A booked patient is seen at the slot's start or when the one before comes out, whichever is later; what runs over
delays the next. A slot that nobody has booked, or whose patient does not come, is a gap.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from pcqa_sim import eventlog as log
from pcqa_sim.clock import day_of
from pcqa_sim.luck import activity
from pcqa_sim.needs import Contact, Slot
from pcqa_sim.outcome import attends

if TYPE_CHECKING:
    from pcqa_sim.journey import Journey
    from pcqa_sim.practice import OpenPractice

_CONSULTATION = activity("consultation")


def work_day(practice: OpenPractice, journey: Journey, slots: list[Slot]) -> Generator[Event, Any, None]:
    """Work one clinician's slots of a day, in order of time.

    A patient booked already costs one kernel event: the clinician waits for the end of the consultation and not
    first for its beginning. Only gaps, slots booked at the last moment and patients who do not come cost another.
    """
    env, book = practice.env, practice.book
    for slot in slots:
        if env.now < slot.start and (book.booked(slot) is None or not _comes(practice, slot, book.booked(slot))):
            yield env.timeout(slot.start - env.now)
        contact = book.call(slot)
        if contact is None:
            continue
        if not _comes(practice, slot, contact):
            practice.note(contact, log.DID_NOT_ATTEND, slot.role, amount=_lead_days(slot, contact))
            journey.after_missed_appointment(contact)
            continue
        minutes = practice.consultation.quantile(contact.need.luck.u(_CONSULTATION))
        yield env.timeout(max(0.0, slot.start - env.now) + minutes)
        practice.note(contact, log.CONSULT_ENDED, slot.role, amount=minutes)
        journey.after_consultation(contact, slot.role)


def _lead_days(slot: Slot, contact: Contact) -> int:
    """Return the calendar days between booking and appointment."""
    return day_of(slot.start) - day_of(contact.booked_at)


def _comes(practice: OpenPractice, slot: Slot, contact: Contact | None) -> bool:
    """Decide, once for each booking, whether the patient comes."""
    if contact is None:
        return False
    if contact.comes is None:
        rates = practice.settings.appointments.dna_share
        contact.comes = attends(_lead_days(slot, contact), rates, contact.need.luck)
    return contact.comes
