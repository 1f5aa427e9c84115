"""What the practice sets going: invitations to planned care, appointments it has to move, the diary as it begins."""

from __future__ import annotations

from pcqa_sim.clinic.rota import FRONT_DESK
from pcqa_sim.journey.pending import Waiting
from pcqa_sim.journey.telling import MOVING_LAST, Story
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    BEFORE,
    CANCELLED_BY_PRACTICE,
    NEW,
    NOT_OFFERED,
    PRACTICE,
    RING_ANOTHER_DAY,
    TOLD_ANOTHER_DAY,
    Contact,
    Need,
    Slot,
    Wish,
)


class Inviting(Waiting):
    """What the practice itself sets going."""

    def booked_before(self, need: Need, slot: Slot, days: int) -> None:
        """Enter somebody who booked so many days before the run began: a need, its contact and its booking."""
        self.arise(need)
        contact = self._open(need, None, NEW, BEFORE)
        need.heard = True
        self._book(contact, slot, days)

    def invite(self, need: Need, parent: Contact | None = None, tries: int = 1, cause: str = NEW) -> None:
        """Invite a person to planned care: book what is free between the first and last day, or try again later."""
        practice = self._practice
        programme = practice.kinds[need.kind].programme
        assert programme is not None
        if parent is None:
            self.arise(need)
        contact = self._open(need, parent, cause, PRACTICE)
        contact.tries = tries
        need.heard = True
        today = self._practice.today
        horizon = today + practice.settings.appointments.horizon_days
        first, last = practice.invitation_days(need, programme)
        modes = practice.modes_for(need, practice.kinds[need.kind])
        slot = practice.earliest(Wish(programme.role, today + first, min(today + last, horizon), modes))
        if slot is not None:
            self._book(contact, slot)
        else:
            self._invite_again(contact)

    def _invite_again(self, contact: Contact) -> None:
        """Invite again some weeks later, or give the invitation up."""
        planned, need = self._practice.settings.planned, contact.need
        if contact.tries >= planned.most_tries:
            self._close(contact, NOT_OFFERED)
            return
        at = self._working_time(need, self._env.now + planned.invite_again_weeks * 7 * DAY)
        timer = self._env.timeout(at - self._env.now)
        timer.callbacks.append(lambda _: self.invite(need, contact, contact.tries + 1, TOLD_ANOTHER_DAY))

    def move(self, contact: Contact) -> Story:
        """Have an appointment that the practice cancelled replaced, by somebody at the desk."""
        need, slot = contact.need, contact.slot
        assert slot is not None
        self._note(contact, log.CANCELLED, slot.clinician, log.BY_PRACTICE, slot.start - self._env.now)
        moved = self._open(need, contact, CANCELLED_BY_PRACTICE, PRACTICE)
        yield from self._seen_at_front(moved, MOVING_LAST, self._practice.settings.channels.desk_min)
        found = self._practice.earliest(self._wish_again(moved, self._practice.who_sees(moved, slot.role)))
        name = RING_ANOTHER_DAY if found is None else self._name(found)
        self._note(moved, log.DECIDED, FRONT_DESK, name, self._env.now - moved.opened)
        if found is not None:
            self._book(moved, found)
        elif self._practice.kinds[need.kind].programme is not None:
            self._invite_again(moved)
        else:
            self._choose_fate(moved, TOLD_ANOTHER_DAY)

    def _wish_again(self, moved: Contact, role: str) -> Wish:
        """Return the wish for a replacement of the same role, as soon as can be."""
        need, today = moved.need, self._practice.today
        last = today + max(7, self._practice.kinds[need.kind].latest_days)
        horizon = today + self._practice.settings.appointments.horizon_days
        modes = self._practice.modes_for(need, self._practice.kinds[need.kind])
        return Wish(role, today, min(last, horizon), modes, urgent=True)
