"""What tests of one part of a practice or a journey share: small settings, a pen, needs, contacts and slots."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fixedluck import GivenLuck
from shortruns import composed

from pcqa_sim.kernel.environment import Environment
from pcqa_sim.practice.recorder import Recorder
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.values.clock import DAY, HOUR, Hours, WorkingCalendar
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import FACE_TO_FACE, NEW, PHONE, Contact, Need, Slot, Visit

OPENS, CLOSES = 8 * HOUR, 18 * HOUR + 30
NINE = 9.0 * HOUR  # of the first Monday, when most tests begin
CALENDAR = WorkingCalendar(dt.date(2026, 1, 5), (Hours(OPENS, CLOSES),) * 5 + (None, None), "")

Row = tuple[str, str, str, float]


def small_practice(changes: dict[str, object] | None = None, *overrides: str) -> Practice:
    """The small profile, composed with some overrides and with some settings changed."""
    return with_settings(composed("practice=small", *overrides).practices["practice"], changes or {})


class Pen:
    """A clock that begins at a minute, and a recorder whose rows can be read at once."""

    def __init__(self, start: float = NINE) -> None:
        self.env = Environment(start)
        self.log = EventLog(("elsewhere", "practice"))
        self.recorder = Recorder(self.env, self.log, "practice")

    def rows(self, *events: str) -> list[Row]:
        """What was written: event, who, code and amount; of some events, or of all."""
        table = self.log.table().to_pylist()
        return [
            (row["event"], row["who"], row["code"], round(row["amount"], 3))
            for row in table
            if not events or row["event"] in events
        ]

    def told(self, *events: str) -> list[dict[str, Any]]:
        """The log's rows of some events, with all their columns."""
        return [row for row in self.log.table().to_pylist() if row["event"] in events]


def need_of(kind: str = "acute_minor", luck: Luck | None = None, person: int = 0, **more: object) -> Need:
    """A need that arose at nine on the first Monday, unless it says otherwise."""
    need = Need(person, 100 + person, kind, GivenLuck() if luck is None else luck, NINE)
    for name, value in more.items():
        setattr(need, name, value)
    return need


def contact_of(need: Need | None = None, channel: str = PHONE, opened: float = NINE, **more: object) -> Contact:
    """The first contact of a need."""
    contact = Contact(need or need_of(), 0, -1, NEW, channel, opened)
    for name, value in more.items():
        setattr(contact, name, value)
    return contact


def slot_at(day: int, minute: float = 10 * HOUR, clinician: str = "gp.1", **more: object) -> Slot:
    """A face-to-face slot of ten minutes that can be booked already."""
    words = {"role": clinician.partition(".")[0], "mode": FACE_TO_FACE, "rule": "routine", "opens": -100.0 * DAY} | more
    return Slot(day * DAY + minute, 10.0, clinician=clinician, **words)  # type: ignore[arg-type]


def booked(slot: Slot, contact: Contact) -> Contact:
    """The contact, with a slot and a visit to wait for."""
    slot.contact, contact.slot, contact.booked_at, contact.visit = contact, slot, contact.opened, Visit()
    return contact
