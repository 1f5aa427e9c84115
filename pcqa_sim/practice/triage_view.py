"""What a triage model may ask of a practice at this minute (`policy.PracticeNow`), answered only when asked."""

from __future__ import annotations

from simpy import Environment

from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.slot_request import SlotRequests


class TriageView:
    """A read-only view of one practice."""

    def __init__(self, env: Environment, requests: SlotRequests, book: AppointmentBook) -> None:
        self._env = env
        self.slot_request = requests.slot_request
        self.clinician_triage = requests.clinician_triage
        self.planned_role = requests.planned_role
        self.who_sees = requests.who_sees
        self.earliest = book.earliest
        self.overbooked = book.overbooked

    @property
    def minute(self) -> float:
        """Return the simulated minute."""
        return self._env.now
