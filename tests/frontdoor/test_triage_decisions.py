"""What each access model decides about one request, at a practice that answers as it is told."""

from __future__ import annotations

import pytest
from fixedluck import GivenLuck
from onepart import NINE, contact_of, need_of, slot_at, small_practice

from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.frontdoor.triage.policy import PracticeNow
from pcqa_sim.values.needs import (
    BOOKED_AHEAD,
    BOOKED_TODAY,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    NEW,
    NO_NEXT_STEP,
    PAPERWORK_TO_DO,
    PLANNED_FOLLOW_UP,
    REARRANGED,
    SETTLED,
    SIGNPOSTED,
    TOLD_OR_DONE,
    UNRESOLVED,
    Contact,
    Disposition,
    Slot,
    SlotRequest,
)

KIND = "acute_minor"
PLACES = {"gp": 0.3, "hca": 0.2, "other": 0.1, "reception": 0.4}
TO_GP, TO_HCA, TO_RECEPTION = 0.1, 0.4, 0.9  # luck that goes to each place


class Now(PracticeNow):
    """A practice at nine: which roles have a slot, in the diary or on top, and which were asked."""

    @property
    def minute(self) -> float:
        return NINE

    def __init__(self, free: dict[str, Slot] | None = None, on_top: Slot | None = None, planned: str = "") -> None:
        self.free, self.on_top, self.planned = free or {}, on_top, planned
        self.instead: dict[str, str] = {}
        self.administrative = False
        self.asked: list[str] = []

    def planned_role(self, kind: str) -> str:
        return self.planned

    def who_sees(self, contact: Contact, role: str) -> str:
        return self.instead.get(role, role)

    def slot_request(self, contact: Contact, role: str) -> SlotRequest:
        return SlotRequest(role, 0, 0, urgent=contact.need.today)

    def earliest(self, slot_request: SlotRequest) -> Slot | None:
        by = "" if slot_request.last == 0 else " later"
        by = by if slot_request.triage or slot_request.last > 1 else ""
        self.asked.append(("look" if slot_request.triage else slot_request.role) + by)
        return self.free.get(self.asked[-1])

    def overbooked(self, slot_request: SlotRequest) -> Slot | None:
        self.asked.append("on top")
        return self.on_top

    def is_administrative(self, kind: str) -> bool:
        return self.administrative

    def clinician_triage(self) -> SlotRequest:
        return SlotRequest("gp", 0, 1, triage=True)


def decided(model: str, now: Now, contact: Contact | None = None, **luck: float) -> Disposition:
    """What a model decides; it would go to a GP unless luck says otherwise."""
    changes: dict[str, object] = {"triage.cover": {"gp": ["other", "hca"]}, f"role.hca.scope.{KIND}": 0.5}
    changes[f"triage.places.{KIND}"] = PLACES
    settings = small_practice(changes, f"triage={model}").triage
    luck = {"triage_place": TO_GP} | luck
    return TRIAGE[model](settings).decide(contact or request(), now, GivenLuck(**luck))


def request(cause: str = NEW, **need: object) -> Contact:
    return contact_of(need_of(KIND, **need), cause=cause)  # type: ignore[arg-type]


def name(disposition: Disposition) -> str:
    return disposition.name


# Reception.


def test_reception_settles_its_share_and_books_the_rest_for_today_or_ahead() -> None:
    today, ahead = slot_at(0), slot_at(1)
    assert name(decided("reception_led", Now(), triage_place=TO_RECEPTION)) == SETTLED
    assert decided("reception_led", Now({"gp": today})) == Disposition(BOOKED_TODAY, today)
    assert decided("reception_led", Now({"gp": ahead})) == Disposition(BOOKED_AHEAD, ahead)
    assert decided("reception_led", Now({"hca": today}), triage_place=TO_HCA).slot is today
    assert decided("reception_led", Now()) == Disposition(CALL_ANOTHER_DAY)


def test_who_covers_is_asked_in_order_before_anybody_is_turned_away() -> None:
    now, slot = Now({"hca": slot_at(0)}), slot_at(0)
    assert decided("reception_led", now).slot is now.free["hca"]
    assert now.asked == ["gp", "other", "hca"]
    first = Now({"other": slot, "hca": slot_at(0)})
    assert decided("reception_led", first).slot is slot
    nobody = Now()
    assert name(decided("reception_led", nobody)) == CALL_ANOTHER_DAY
    assert nobody.asked == ["gp", "other", "hca", "on top"]


def test_who_failed_at_a_need_does_not_cover_for_it() -> None:
    now = Now({"other": slot_at(0), "hca": slot_at(0)})
    assert decided("reception_led", now, request(wrong_role="other")).slot is now.free["hca"]


def test_a_role_without_such_appointments_is_passed_over() -> None:
    now = Now({"other": slot_at(0)})
    now.instead = {"gp": "other"}
    decided("reception_led", now)
    assert now.asked == ["other"]


def test_what_has_been_seen_goes_to_who_saw_it_unless_that_was_the_wrong_role() -> None:
    now = Now()
    decided("reception_led", now, request(UNRESOLVED, seen_by="hca.2"), triage_place=TO_RECEPTION)
    assert now.asked[0] == "hca"
    other = Now()
    decided("reception_led", other, request(UNRESOLVED, seen_by="hca.2", wrong_role="hca"), triage_place=TO_RECEPTION)
    assert other.asked[0] == "other"  # of GP and other staff, at the far end


def test_planned_care_goes_to_its_role_and_is_never_settled() -> None:
    now = Now(planned="practice_nurse")
    assert name(decided("reception_led", now, triage_place=TO_RECEPTION)) == CALL_ANOTHER_DAY
    assert now.asked[0] == "practice_nurse"


def test_who_is_brought_in_is_not_settled_at_reception() -> None:
    now = Now()
    luck = {"triage_place": TO_RECEPTION, "triage_passes_to_gp": 0.9, "triage_passes_to_whom": 0.9}
    decided("gp_phone_first", now, request(BROUGHT_IN), **luck)
    assert now.asked[0] == "other"


# Care navigation.

OFFER = {"signpost_offered": 0.2, "signpost_accepted": 0.9}


def test_some_are_offered_another_place_and_most_accept() -> None:
    assert name(decided("care_navigation", Now(), **OFFER)) == SIGNPOSTED + "pharmacy"
    for luck in ({"signpost_offered": 0.25}, {"signpost_accepted": 0.92}):
        assert name(decided("care_navigation", Now({"gp": slot_at(0)}), **(OFFER | luck))) == BOOKED_TODAY


@pytest.mark.parametrize("before", [{"seen_by": "gp.1"}, {"sent_elsewhere": True}])
def test_nobody_is_sent_away_a_second_time(before: dict[str, object]) -> None:
    assert name(decided("care_navigation", Now({"gp": slot_at(0)}), request(UNRESOLVED, **before), **OFFER)) != (
        SIGNPOSTED + "pharmacy"
    )


# A clinician first.


@pytest.mark.parametrize("model", ["gp_phone_first", "nurse_triage", "total_digital"])
def test_every_request_for_today_that_is_not_settled_is_looked_at_first(model: str) -> None:
    now = Now({"look": slot_at(0, triage=True), "gp": slot_at(0)})
    assert decided(model, now, request(today=True)).slot is now.free["look"]
    assert now.asked == ["look"]
    assert name(decided(model, Now(), request(today=True), triage_place=TO_RECEPTION)) == SETTLED


@pytest.mark.parametrize(
    ("model", "today", "administrative", "looked_at"),
    [
        ("gp_phone_first", False, False, True),
        ("gp_phone_first", True, True, False),
        ("nurse_triage", False, False, False),
        ("nurse_triage", True, False, True),
    ],
)
def test_triage_is_for_whom_the_model_says(model: str, today: bool, administrative: bool, looked_at: bool) -> None:
    now = Now({"look": slot_at(0), "look later": slot_at(1), "gp": slot_at(0)})
    now.administrative = administrative
    decided(model, now, request(today=today))
    assert (now.asked[0] != "gp") is looked_at


def test_where_todays_list_is_full_people_are_booked_without_triage_and_else_called_the_next_day() -> None:
    now = Now({"gp": slot_at(0), "look later": slot_at(1)})
    assert decided("gp_phone_first", now, request(today=True)).slot is now.free["gp"]
    assert now.asked == ["look", "gp"]
    full = Now({"look later": slot_at(1)})
    assert decided("gp_phone_first", full, request(today=True)).slot is full.free["look later"]
    assert name(decided("gp_phone_first", Now(), request(today=True))) == CALL_ANOTHER_DAY


@pytest.mark.parametrize(("model", "share"), [("gp_phone_first", 0.8), ("nurse_triage", 0.94)])
def test_what_triage_passes_on_goes_to_a_gp_and_more_of_it_from_a_nurse(model: str, share: float) -> None:
    for luck, role in ((share - 0.01, "gp"), (share + 0.01, "hca")):
        now = Now({"gp": slot_at(0), "hca": slot_at(0)})
        passed = {"triage_passes_to_gp": luck, "triage_passes_to_whom": 0.1}
        assert decided(model, now, request(BROUGHT_IN), **passed).slot is now.free[role]


def test_whom_a_clinician_brings_in_takes_the_next_appointment_where_the_days_are_gone() -> None:
    now = Now({"gp later": slot_at(3)})
    assert decided("gp_phone_first", now, request(BROUGHT_IN, today=True), triage_passes_to_gp=0.1) == Disposition(
        BOOKED_AHEAD, now.free["gp later"]
    )


@pytest.mark.parametrize("cause", [BROUGHT_IN, PLANNED_FOLLOW_UP, REARRANGED])
def test_what_a_clinician_has_decided_about_is_booked_at_once(cause: str) -> None:
    now = Now({"look": slot_at(0, triage=True), "gp": slot_at(0)})
    assert decided("gp_phone_first", now, request(cause), triage_passes_to_gp=0.1).slot is now.free["gp"]


# Open lists.


@pytest.mark.parametrize(("model", "today", "taken"), [
    ("duty_team", True, True), ("duty_team", False, False), ("open_access", True, True), ("open_access", False, True),
])  # fmt: skip
def test_who_finds_nothing_is_put_on_top_the_duty_team_only_if_urgent(model: str, today: bool, taken: bool) -> None:
    on_top = slot_at(0)
    disposition = decided(model, Now(on_top=on_top), request(today=today))
    assert disposition == (Disposition(BOOKED_TODAY, on_top) if taken else Disposition(CALL_ANOTHER_DAY))


def test_what_is_free_comes_before_what_is_on_top() -> None:
    now = Now({"gp": slot_at(0)}, on_top=slot_at(0))
    assert decided("open_access", now).slot is now.free["gp"]
    assert now.asked == ["gp"]


# What reception does without an appointment.

INSTEAD = {
    "gp": 0.3, "other": 0.1, "told_or_done": 0.1, "self_care": 0.1, "pharmacy": 0.1, "emergency_department": 0.1,
    "paperwork": 0.1, "no_next_step": 0.1,
}  # fmt: skip
THERE = {"resolved_share": 0.8, "return_days": 3.0, "as_advised_share": 0.5}
HEARD = 0.9  # luck that gets a next step


def with_places(now: Now, contact: Contact | None = None, **luck: float) -> Disposition:
    """What reception decides with a row of every sort of place."""
    changes: dict[str, object] = {
        f"triage.places.{KIND}": INSTEAD,
        **{f"triage.elsewhere.{place}": THERE for place in ("self_care", "pharmacy", "emergency_department")},
        f"backoffice.requests.{KIND}": "prescription",
        "triage.invited": {"booked": 0.6, "told_or_done": 0.2, "no_next_step": 0.2},
    }
    settings = small_practice(changes).triage
    return TRIAGE["reception_led"](settings).decide(
        contact or request(), now, GivenLuck(**({"ends_without_a_next_step": HEARD} | luck))
    )


@pytest.mark.parametrize(
    ("u", "name_of_it"),
    [
        (0.5, TOLD_OR_DONE),
        (0.6, SIGNPOSTED + "self_treated"),
        (0.7, SIGNPOSTED + "pharmacy"),
        (0.8, SIGNPOSTED + "emergency_department"),
        (0.95, PAPERWORK_TO_DO),
    ],
)
def test_each_place_is_what_it_is_called(u: float, name_of_it: str) -> None:
    assert name(with_places(Now(), triage_place=u)) == name_of_it


def test_a_contact_may_end_without_a_next_step_whoever_would_see_the_need() -> None:
    now = Now({"gp": slot_at(0)})
    assert name(with_places(now, triage_place=0.1, ends_without_a_next_step=0.09)) == NO_NEXT_STEP
    assert name(with_places(now, request(seen_by="gp.1"), ends_without_a_next_step=0.09)) == NO_NEXT_STEP
    assert name(with_places(now, triage_place=0.1, ends_without_a_next_step=0.11)) == BOOKED_TODAY
    assert name(with_places(now, request(BROUGHT_IN), triage_place=0.1, ends_without_a_next_step=0.09)) == BOOKED_TODAY


@pytest.mark.parametrize("before", [{"sent_elsewhere": True}, {"cause": BROUGHT_IN}])
def test_who_comes_back_from_elsewhere_or_was_asked_to_come_in_is_booked(before: dict[str, object]) -> None:
    now = Now({"gp": slot_at(0), "other": slot_at(0)})
    for u, role in ((0.1, "gp"), (0.9, "other")):
        found = with_places(now, request(**before), triage_place=0.7, role_after_another_place=u)  # type: ignore[arg-type]
        assert found.slot is now.free[role]


def test_people_invited_to_ask_are_booked_told_or_left_without_a_next_step() -> None:
    now, asking = Now({"hca": slot_at(1)}, planned="hca"), {"asks_to_book": True}
    assert name(with_places(now, request(**asking), place_of_invited=0.7)) == BOOKED_AHEAD
    assert name(with_places(now, request(**asking), place_of_invited=0.8)) == TOLD_OR_DONE
    assert name(with_places(now, request(**asking), ends_without_a_next_step=0.1)) == NO_NEXT_STEP
    for contact in (request(), request(REARRANGED, **asking)):
        assert name(with_places(now, contact, place_of_invited=0.8, ends_without_a_next_step=0.1)) == BOOKED_AHEAD
