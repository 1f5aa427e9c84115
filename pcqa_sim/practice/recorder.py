"""One practice's pen: writes each row of the event log, with the minute, the practice, and whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pcqa_sim.frontdoor.phone import Pen
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventlog import NOBODY, EventLog
from pcqa_sim.values.needs import Contact, Need


class Recorder(Pen):
    """Writes what happens in one practice; `needs_open` counts needs that arose and have not ended."""

    def __init__(self, env: Environment, event_log: EventLog, key: str) -> None:
        self._env = env
        self._practice = event_log.practices.index(key)
        self._rows = event_log.rows
        self.needs_open = 0

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about a contact."""
        need = contact.need
        now, practice = self._env.now, self._practice
        self._rows.write(now, practice, need.person, need.number, contact.ordinal, event, who, code, amount)

    def _write(self, person: int, need: int, contact: int, event: str, who: str, code: str, amount: float) -> None:
        """Write one row of this minute."""
        self._rows.write(self._env.now, self._practice, person, need, contact, event, who, code, amount)

    def need_arose(self, need: Need, origin: str) -> None:
        """Write that a need arose, and where it comes from."""
        self.needs_open += 1
        self._write(need.person, need.number, NOBODY, log.NEED_AROSE, origin, need.kind, float(need.urgency))

    def need_ended(self, need: Need, contact: int, ending: str) -> None:
        """Write that a need ended, and with which contact (-1 for none)."""
        self.needs_open -= 1
        self._write(need.person, need.number, contact, log.NEED_CLOSED, "", ending, 0.0)

    def note_at_place(self, need: Need, contact: int, event: str, place: str, code: str, amount: float) -> None:
        """Write one row about somebody at a place in the community, sent there at a contact (-1 for none)."""
        self._write(need.person, need.number, contact, event, place, code, amount)

    def note_world(self, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        """Write one row about the practice and nobody in particular."""
        self._write(NOBODY, NOBODY, NOBODY, event, who, code, amount)

    def note_states(self, people: Sequence[int], unsettled: Sequence[bool]) -> None:
        """Write of some people that they are unsettled, or settled again: about the person, and no need of theirs."""
        for person, now in zip(people, unsettled, strict=True):
            code = log.UNSETTLED if now else log.SETTLED_AGAIN
            self._write(person, NOBODY, NOBODY, log.STATE, "", code, 0.0)

    def note_resident(self, person: int, home: str, code: str) -> None:
        """Write that a resident of a care home went to hospital: about the person, and no need of theirs."""
        self._write(person, NOBODY, NOBODY, log.CARE_HOME_HOSPITAL, home, code, 0.0)

    def note_home_called(self, need: Need, home: str, whom: str) -> None:
        """Write whom the staff of a care home called about a resident's need, the practice being closed."""
        self._write(need.person, need.number, NOBODY, log.CARE_HOME_CALLED, home, whom, 0.0)

    def note_person(self, person: int, number: int, event: str, who: str, code: str, amount: float) -> None:
        """Write one row about a person and no need of theirs; `number` stands where a contact's would."""
        self._write(person, NOBODY, number, event, who, code, amount)

    def note_rise(
        self, event: str, after: Mapping[tuple[str, str], int], before: Mapping[tuple[str, str], int]
    ) -> None:
        """Write by how much counts of slots, by role and release rule, have risen."""
        for (role, rule), count in after.items():
            risen = count - before.get((role, rule), 0)
            if risen > 0:
                self.note_world(event, role, rule, risen)
