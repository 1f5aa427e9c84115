"""Booking in the app: of which role, and which slot a person finds there."""

from __future__ import annotations

from pcqa_sim.clinic.covering import Covering
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import Contact, Slot


@mypyc_attr(allow_interpreted_subclasses=True)
class AppBooking:
    """What the app shows to one practice's people."""

    def __init__(self, requests: SlotRequests, book: AppointmentBook) -> None:
        self._requests = requests
        self._book = book

    def use(self, covering: Covering) -> None:
        """Let settings take effect: which roles have appointments to book in the app."""
        self._covering = covering

    def shows(self, role: str) -> bool:
        """Tell whether a role has any appointments to book in the app."""
        return self._covering.any_online(role)

    def slot(self, contact: Contact, u: float) -> Slot | None:
        """Return the slot a person finds in the app, of a role that sees to such needs, or None."""
        need = contact.need
        if planned := self._requests.planned_role(need.kind):
            return self._book.online(self._requests.slot_request(contact, planned))
        roles = self._covering.online(need.kind, self._requests.modes(need), need.today)
        return None if roles is None else self._book.online(self._requests.slot_request(contact, roles.pick(u)))
