"""Where a need flagged as urgent is seen today: free appointments first, then on top of sessions, then elsewhere."""

from __future__ import annotations

import pytest
from fixedluck import GivenLuck
from onepart import NINE, contact_of, need_of, slot_at, small_practice

from pcqa_sim.kernel.environment import Environment
from pcqa_sim.practice.emergency import EmergencyCapacity
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    EMERGENCY_DEPARTMENT,
    NETWORK_HUB,
    URGENT_TREATMENT_CENTRE,
    Contact,
    Slot,
    SlotRequest,
)

PLACES = {"gp": 0.3, "other": 0.2, "reception": 0.5}


class Requests:
    def flagged(self, contact: Contact, role: str) -> SlotRequest:
        return SlotRequest(role, 0, 0, urgent=True, flagged=True)


class Book:
    """Free slots and extra ones by role; who was asked, in order."""

    def __init__(self, free: tuple[str, ...] = (), extra: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> None:
        self.free, self.on_top, self.kept = free, extra, kept
        self.asked: list[str] = []

    def kept_for_flagged(self, request: SlotRequest) -> Slot | None:
        return slot_at(0, clinician=f"{request.role}.1", rule="emergency") if request.role in self.kept else None

    def earliest(self, request: SlotRequest) -> Slot | None:
        self.asked.append(request.role)
        return slot_at(0, clinician=f"{request.role}.1") if request.role in self.free else None

    def at_others(self, request: SlotRequest) -> Slot | None:
        return None

    def extra(self, request: SlotRequest) -> Slot | None:
        self.asked.append(f"+{request.role}")
        return slot_at(0, clinician=f"{request.role}.1", rule="overbooking") if request.role in self.on_top else None


def asking(**need: object) -> Contact:
    return contact_of(need_of("acute_minor", **need))


def capacity(book: Book, **changes: object) -> tuple[Environment, EmergencyCapacity]:
    env = Environment(NINE)
    own = EmergencyCapacity(env, Requests(), book)  # type: ignore[arg-type]
    scopes = {"gp": 0.9, "practice_nurse": 0.6, "other": 0.7, "hca": 0.3, "pharmacist": 0.0}
    settings = {f"role.{role}.scope.acute_minor": share for role, share in scopes.items()}
    own.use(small_practice({"triage.places.acute_minor": PLACES, "triage.cover": {}, **settings, **changes}))
    return env, own


@pytest.mark.parametrize(
    ("role", "order"),
    [
        ("", ["gp", "other", "practice_nurse"]),
        ("other", ["other", "gp", "practice_nurse"]),
        ("hca", ["gp", "other", "practice_nurse"]),
    ],
)
def test_everybody_who_may_see_it_is_asked_and_each_once(role: str, order: list[str]) -> None:
    """Who resolves less than half of what the best does is not: that would be no help."""
    book = Book()
    assert capacity(book)[1].slot(asking(), role) is None
    assert book.asked == [*order, *(f"+{one}" for one in order)]


def test_who_covers_comes_after_whom_they_cover_for() -> None:
    book = Book()
    capacity(book, **{"triage.cover": {"gp": ["practice_nurse"]}})[1].slot(asking(), "gp")
    assert book.asked[:3] == ["gp", "practice_nurse", "other"]


def test_whoever_was_the_wrong_one_comes_last() -> None:
    book = Book()
    capacity(book)[1].slot(asking(wrong_role="gp"), "gp")
    assert book.asked[:3] == ["other", "practice_nurse", "gp"]


def test_nobody_is_put_on_top_while_anybody_has_an_appointment() -> None:
    slot = capacity(Book(free=("practice_nurse",), extra=("gp",)))[1].slot(asking(), "gp")
    assert slot is not None
    assert (slot.role, slot.rule) == ("practice_nurse", "routine")


def test_what_is_kept_for_flagged_needs_is_given_first_whoever_has_it() -> None:
    slot = capacity(Book(free=("gp",), kept=("other",)))[1].slot(asking(), "gp")
    assert slot is not None
    assert (slot.role, slot.rule) == ("other", "emergency")


def test_the_hub_takes_as_many_a_day_as_it_has_places() -> None:
    env, own = capacity(Book(), **{"triage.sent_on.hub_per_10000_day": 10.0})  # 2 for 2,000 people
    luck = GivenLuck(fits_urgent_treatment_centre=0.9)
    for place in (NETWORK_HUB, NETWORK_HUB, EMERGENCY_DEPARTMENT):
        assert own.place(luck) == place
        own.send_on(place)
    env.run(until=NINE + DAY)
    assert own.place(luck) == NETWORK_HUB


@pytest.mark.parametrize(("u", "place"), [(0.29, URGENT_TREATMENT_CENTRE), (0.31, EMERGENCY_DEPARTMENT)])
def test_some_of_the_rest_fit_an_urgent_treatment_centre(u: float, place: str) -> None:
    own = capacity(Book(), **{"triage.sent_on.urgent_treatment_centre_share": 0.3})[1]
    assert own.place(GivenLuck(fits_urgent_treatment_centre=u)) == place
