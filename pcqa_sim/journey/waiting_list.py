"""The waiting list: who would come sooner, if something is free.

On it are people who were told to call another day and have not done so yet, and people booked far ahead who said they
would come sooner. Who is on it is one decision of the person's each time; whether they answer an offer is another.
"""

from __future__ import annotations

from typing import Final

from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario.groups import WaitingList as Rules
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import PLANNED_FOLLOW_UP, Contact, Slot

_JOINS: Final = activity("joins_waiting_list", often=True)
_ANSWERS: Final = activity("answers_offer")
_ANSWERS_AT: Final = activity("answers_offer_at")


@mypyc_attr(allow_interpreted_subclasses=True)
class WaitingList:
    """Who would come sooner, in the order in which they said so."""

    def __init__(self, practice: OpenPractice) -> None:
        self._practice = practice
        self._env = practice.env
        self._told: list[Contact] = []
        self._booked: dict[str, list[Contact]] = {}

    @property
    def rules(self) -> Rules | None:
        """Return the rules that hold now, None where there is no list."""
        return self._practice.in_force.waiting_list

    def may_join_told(self, contact: Contact) -> None:
        """Let a share of the people who were told to call another day, and will ask again, wait for a slot besides."""
        rules = self.rules
        if rules is not None and contact.asks and contact.need.luck.u(_JOINS) < rules.told_share:
            self._told.append(contact)

    def may_join_booked(self, contact: Contact, slot: Slot) -> None:
        """Let a share of the people booked far ahead say that they would come sooner; follow-ups have their time."""
        rules = self.rules
        if rules is None or slot.triage or contact.cause == PLANNED_FOLLOW_UP:
            return
        far = slot.start - self._env.now >= rules.from_days * DAY
        if far and contact.need.luck.u(_JOINS) < rules.booked_share:
            self._booked.setdefault(slot.role, []).append(contact)

    def next_for(self, slot: Slot) -> Contact | None:
        """Take the first who could have a slot off the list: who was told to call another day before who is booked."""
        self._told = [contact for contact in self._told if contact.asks]
        told = next((contact for contact in self._told if self._suits(contact, slot)), None)
        if told is not None:
            self._told.remove(told)
            return told
        now = self._env.now
        booked = self._booked[slot.role] = [c for c in self._booked.get(slot.role, ()) if _is_ahead(c, now)]
        ahead = next((contact for contact in booked if self._gains(contact, slot)), None)
        if ahead is not None:
            booked.remove(ahead)
        return ahead

    def still_wants(self, contact: Contact, slot: Slot) -> bool:
        """Tell whether somebody who was offered a slot would still gain by it."""
        return contact.asks or (_is_ahead(contact, self._env.now) and self._gains(contact, slot))

    def answer(self, contact: Contact, rules: Rules) -> float | None:
        """Return after how many minutes a person answers an offer, None for one who does not answer in time."""
        luck = contact.need.luck
        return luck.u(_ANSWERS_AT) * rules.answer_min if luck.u(_ANSWERS) < rules.answers_share else None

    def _suits(self, contact: Contact, slot: Slot) -> bool:
        """Tell whether a slot could meet the need of somebody who was told to call another day."""
        need, practice = contact.need, self._practice
        row = practice.settings.triage.places.get(need.kind, {})
        planned = practice.requests.planned_role(need.kind)
        sees = slot.role == planned if planned else row.get(slot.role, 0.0) > 0 and slot.role != need.wrong_role
        if not sees:
            return False
        request = practice.requests.slot_request(contact, slot.role)
        return request.first <= slot.start // DAY <= request.last and practice.book.diary.suits(
            slot, request, self._env.now
        )

    def _gains(self, contact: Contact, slot: Slot) -> bool:
        """Tell whether a slot is in a mode that will do and at least a day before the one somebody has.

        Who cancelled one before gains nothing by what is no later than that.
        """
        assert contact.slot is not None
        if contact.slot.start - slot.start < DAY or day_of(slot.start) <= contact.need.given_back:
            return False
        request = self._practice.requests.slot_request(contact, slot.role)
        return self._practice.book.diary.suits(slot, request, self._env.now)


def _is_ahead(contact: Contact, now: float) -> bool:
    """Tell whether somebody still has the booking that is far ahead."""
    slot = contact.slot
    return slot is not None and slot.contact is contact and contact.comes is None and slot.start > now
