"""What triage may ask: the clock as it goes on, and nothing that the parts do not answer themselves."""

from __future__ import annotations

from onepart import NINE, Pen, contact_of, slot_at

from pcqa_sim.practice.triage_view import TriageView
from pcqa_sim.values.needs import Contact, Slot, SlotRequest

LOOK = SlotRequest("gp", 0, 0, triage=True)


class Requests:
    """Everybody wants to see their role today, and is to see a nurse instead."""

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        return SlotRequest(role, 0, 0)

    def clinician_triage(self) -> SlotRequest:
        return LOOK

    def planned_role(self, kind: str) -> str:
        return f"role of {kind}"

    def who_sees(self, contact: Contact, role: str) -> str:
        return "nurse"


class Book:
    """One slot in the diary, and one on top."""

    free, on_top = slot_at(0), slot_at(0, 700)

    def earliest(self, slot_request: SlotRequest) -> Slot:
        return self.free

    def overbooked(self, slot_request: SlotRequest) -> Slot:
        return self.on_top


def test_a_view_answers_what_requests_and_book_answer() -> None:
    pen, book = Pen(), Book()
    view = TriageView(pen.env, Requests(), book, None)  # type: ignore[arg-type]
    slot_request = view.slot_request(contact_of(), "gp")
    assert slot_request == SlotRequest("gp", 0, 0)
    assert view.clinician_triage() is LOOK
    assert view.planned_role("flu_jab") == "role of flu_jab"
    assert view.who_sees(contact_of(), "gp") == "nurse"
    assert view.earliest(slot_request) is book.free
    assert view.overbooked(slot_request) is book.on_top


def test_the_minute_is_that_of_the_question() -> None:
    pen = Pen()
    view = TriageView(pen.env, Requests(), Book(), None)  # type: ignore[arg-type]
    assert view.minute == NINE
    pen.env.run(until=NINE + 30)
    assert view.minute == NINE + 30
