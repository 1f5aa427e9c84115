"""What happens when a need gets worse while its person waits: they ask again at once, or go to A&E."""

from __future__ import annotations

from pcqa_sim.journey.contacts import Ask, Contacts
from pcqa_sim.journey.pending import Pending
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import AN_EMERGENCY, DETERIORATED, EMERGENCY_DEPARTMENT, PHONE, Contact, Need

LATEST_DAYS = 90  # days; later than that nobody is looked after for the same illness


@mypyc_attr(allow_interpreted_subclasses=True)
class Deteriorating:
    """Lets needs of one practice's people get worse that wait: to be asked about again, or for the day of a booking."""

    def __init__(self, practice: OpenPractice, contacts: Contacts, pending: Pending, ask: Ask) -> None:
        self._practice = practice
        self._env = practice.env
        self._contacts = contacts
        self._pending = pending
        self._ask = ask

    def begin(self, need: Need) -> None:
        """Let time run for a need that is asked about, or has got worse."""
        rules = self._practice.worsening
        if rules is None or need.urgency == 0 or need.steady:
            return
        after = rules.at(need, self._env.now) - self._env.now
        if after < LATEST_DAYS * DAY:
            self._env.timeout(after).callbacks.append(lambda _: self._worsen(need))

    def _worsen(self, need: Need) -> None:
        """Become more urgent, unless somebody has seen to it meanwhile."""
        contact = need.latest
        if need.steady or contact is None:
            return
        is_emergency = need.urgency == AN_EMERGENCY
        need.urgency = min(need.urgency + 1, AN_EMERGENCY)
        need.today, need.given_back = True, -1  # any day will do, the sooner the better
        self._practice.recorder.note(contact, log.DETERIORATED, amount=need.urgency)
        if need.urgency == AN_EMERGENCY:
            self._go_to_hospital(contact)
        else:
            self._ask_now(contact)
        if not is_emergency:
            self.begin(need)

    def _go_to_hospital(self, contact: Contact) -> None:
        """Give up what is waited for and go to A&E; who is speaking to somebody, or about to be seen, does not."""
        if self._stops_waiting(contact, self._env.now):
            self._contacts.close(contact, EMERGENCY_DEPARTMENT)

    def _ask_now(self, contact: Contact) -> None:
        """Ask again as soon as somebody answers, unless an appointment today is booked already."""
        if not self._stops_waiting(contact, (day_of(self._env.now) + 1) * DAY):
            return
        at = self._env.now
        if not self._practice.reception.lines_open(at):
            at = self._practice.calendar.next_opening(at) + self._contacts.timing.after_opening(contact.need)
        timer = self._env.timeout(at - self._env.now)
        timer.callbacks.append(lambda _: follow(self._ask(contact.need, contact, DETERIORATED, PHONE)))

    def _stops_waiting(self, contact: Contact, before: float) -> bool:
        """End what somebody waits for, if it is not to come before a minute; tell whether they waited at all."""
        if contact.asks:
            contact.asks = False
            return True
        slot = contact.slot
        if slot is None or slot.contact is not contact or contact.comes is not None or slot.triage:
            return False
        if slot.start <= max(before, self._env.now):
            return False
        self._pending.bring_forward(contact)
        if self._pending.freed is not None:
            self._pending.freed(slot)
        return True
