"""The app: a role that has something to book there for such a need, and the slot of that role."""

from __future__ import annotations

from onepart import contact_of, slot_at

from pcqa_sim.practice.app_booking import AppBooking
from pcqa_sim.values.distributions import Choice
from pcqa_sim.values.needs import SEEN_ONLY, Contact, Need, Slot, SlotRequest


class Surroundings:
    """Requests, book and covering in one: what is asked of them is kept."""

    def __init__(self, roles: Choice | None, slot: Slot | None = None, planned: str = "") -> None:
        self._roles, self._slot, self._planned = roles, slot, planned
        self.looked_for: list[tuple[str, frozenset[str], bool]] = []
        self.slot_requests: list[SlotRequest] = []

    def modes(self, need: Need) -> frozenset[str]:
        return SEEN_ONLY

    def planned_role(self, kind: str) -> str:
        return self._planned

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        return SlotRequest(role, 3, 4)

    def online(self, what: object, modes: frozenset[str] = SEEN_ONLY, urgent: bool = False) -> object:
        if isinstance(what, SlotRequest):
            self.slot_requests.append(what)
            return self._slot
        self.looked_for.append((str(what), modes, urgent))
        return self._roles


def app_of(around: Surroundings) -> AppBooking:
    app = AppBooking(around, around)  # type: ignore[arg-type]
    app.use(around)  # type: ignore[arg-type]
    return app


def test_where_no_role_has_anything_to_book_the_diary_is_not_asked() -> None:
    around = Surroundings(None, slot_at(0))
    contact = contact_of()
    contact.need.today = True
    assert app_of(around).slot(contact, 0.5) is None
    assert around.looked_for == [("acute_minor", SEEN_ONLY, True)]
    assert around.slot_requests == []


def test_the_role_is_picked_among_those_that_have_and_its_slot_shown() -> None:
    slot = slot_at(0)
    around = Surroundings(Choice(("gp", "hca"), (0.3, 0.7)), slot)
    app = app_of(around)
    assert app.slot(contact_of(), 0.29) is slot
    assert app.slot(contact_of(), 0.31) is slot
    assert around.slot_requests == [SlotRequest("gp", 3, 4), SlotRequest("hca", 3, 4)]


def test_planned_care_is_booked_with_the_role_of_its_programme_alone() -> None:
    slot = slot_at(0)
    around = Surroundings(Choice(("gp",), (1.0,)), slot, planned="hca")
    assert app_of(around).slot(contact_of(), 0.5) is slot
    assert around.looked_for == []
    assert around.slot_requests == [SlotRequest("hca", 3, 4)]


def test_a_role_may_have_nothing_left() -> None:
    assert app_of(Surroundings(Choice(("gp",), (1.0,)))).slot(contact_of(), 0.5) is None
