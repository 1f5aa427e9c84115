"""What a triage model may ask of a practice at this minute (`policy.PracticeNow`), answered only when asked."""

from __future__ import annotations

from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.emergency import EmergencyCapacity
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.values.needs import Contact, Slot, SlotRequest


class TriageView(PracticeNow):
    """A read-only view of one practice."""

    def __init__(
        self, env: Environment, requests: SlotRequests, book: AppointmentBook, emergency: EmergencyCapacity
    ) -> None:
        self._env = env
        self._requests = requests
        self._book = book
        self._emergency = emergency

    @property
    def minute(self) -> float:
        """Return the simulated minute."""
        return self._env.now

    def planned_role(self, kind: str) -> str:
        """Return the role that does a kind of planned care, "" for what people bring themselves."""
        return self._requests.planned_role(kind)

    def who_sees(self, contact: Contact, role: str) -> str:
        """Return the role that is to see a person sent to a role."""
        return self._requests.who_sees(contact, role)

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        """Return what a person would ask of the diary, if they are to see a role."""
        return self._requests.slot_request(contact, role)

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot the diary offers for a slot request, or None."""
        return self._book.earliest(slot_request)

    def overbooked(self, slot_request: SlotRequest) -> Slot | None:
        """Return the slot overbooked that could be had for a slot request where nothing is free, or None."""
        return self._book.overbooked(slot_request)

    def slot_today(self, contact: Contact, role: str) -> Slot | None:
        """Return an appointment today for a need flagged as urgent, by a role or by others, or None."""
        return self._emergency.slot(contact, role)

    def sends_on_to(self, contact: Contact) -> str:
        """Return where a flagged need is handed over that nobody here can see today."""
        return self._emergency.place(contact.need.luck)

    def is_administrative(self, kind: str) -> bool:
        """Tell whether a kind of need has no clinical question."""
        return self._requests.is_administrative(kind)

    def clinician_triage(self) -> SlotRequest:
        """Return what a request asks of the diary if a clinician is to triage it."""
        return self._requests.clinician_triage()
