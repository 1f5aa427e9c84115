"""What people ask of the diary, slot request by slot request: days, modes, with whom, and in how long a slot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fixedluck import GivenLuck
from onepart import contact_of, need_of, slot_at, small_practice

from pcqa_sim.clinic.need_rules import kind_rules
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.scenario import with_settings
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic
from pcqa_sim.values.needs import (
    AFTER_ENGAGED,
    ANY_MODE,
    AT_HOME_ONLY,
    PLANNED_FOLLOW_UP,
    REARRANGED,
    SEEN_ONLY,
    TELEPHONE,
    UNRESOLVED,
    Contact,
    Need,
    SlotRequest,
)

TODAY, HORIZON = 10, 84
RELATIONAL, PASSING = "ongoing_condition", "acute_minor"
ROOMY, SEGMENTS = 0, ("mostly_healthy", "frail_or_complex", "care_home")


class Folk:
    """Person 0 is healthy and wants anybody; 1 is frail and wants their usual GP; 2 is on the edge of wanting them."""

    segments = SEGMENTS
    segment = np.array([0, 1, 2])
    prefers = np.array([0.9, 0.1, 0.32])


class EverybodySentTo:
    """Sends everybody to one role, whoever they were meant for."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.asked: list[tuple[str, frozenset[str]]] = []

    def instead(self, need: Need, role: str, modes: frozenset[str]) -> str:
        self.asked.append((role, modes))
        return self.role


def requests(
    rules: dict[str, object] | None = None,
    changes: dict[str, object] | None = None,
    sent_to: str = "hca",
    triage: str = "reception_led",
) -> SlotRequests:
    """Requests of day 10 by the shipped kinds of need, with `rules` for those that come passing or stay."""
    preference = {
        "appointments.continuity.prefers_usual_share": 0.32,
        "appointments.continuity.all_kinds": False,
        "appointments.travel_min": 0.0,
    }
    practice = small_practice(preference | (changes or {}), f"triage={triage}")
    kinds = kind_rules(practice)
    for kind in (RELATIONAL, PASSING):
        plain = {"home_visit_share": 0.0, "face_to_face_share": 0.0, "accepts_later_share": 0.0, "latest_days": 5}
        kinds[kind] = replace(kinds[kind], **(plain | {"wanted": None} | (rules or {})))  # type: ignore[arg-type]
    made = SlotRequests(Folk())  # type: ignore[arg-type]
    made.use(practice, kinds, ["gp.1", "gp.2", "gp.3"], EverybodySentTo(sent_to))  # type: ignore[arg-type]
    made.today = TODAY
    return made


def asked(kind: str = PASSING, person: int = 0, luck: float = 0.5, **more: object) -> Contact:
    return contact_of(need_of(kind, GivenLuck(luck), person, **({"arose": TODAY * DAY + 540.0} | more)))


def days(slot_request: SlotRequest) -> tuple[int, int]:
    return slot_request.first, slot_request.last


# Days.


def test_who_wants_help_today_may_take_urgent_slots_and_looks_at_today_first() -> None:
    slot_request = requests().slot_request(asked(today=True), "gp")
    assert days(slot_request) == (TODAY, TODAY)
    assert (slot_request.urgent, slot_request.today_first) == (True, True)
    other = requests().slot_request(asked(), "gp")
    assert (other.urgent, other.today_first) == (False, False)


@pytest.mark.parametrize(("luck", "last"), [(0.29, TODAY + 5), (0.3, TODAY)])
def test_some_of_those_take_a_later_day_and_the_others_none(luck: float, last: int) -> None:
    slot_request = requests({"accepts_later_share": 0.3}).slot_request(asked(luck=luck, today=True), "gp")
    assert days(slot_request) == (TODAY, last)


def test_the_others_wait_for_the_day_they_want_counted_from_when_the_need_arose() -> None:
    wanted = {"wanted": Deterministic(4.9)}
    assert days(requests(wanted).slot_request(asked(), "gp")) == (TODAY + 4, TODAY + 9)
    assert days(requests(wanted).slot_request(asked(arose=(TODAY - 3) * DAY), "gp")) == (TODAY + 1, TODAY + 6)
    assert days(requests(wanted).slot_request(asked(arose=(TODAY - 30) * DAY), "gp")) == (TODAY, TODAY + 5)


def test_nobody_asks_for_a_day_beyond_the_diary() -> None:
    assert days(requests({"latest_days": 100}).slot_request(asked(), "gp")) == (TODAY, TODAY + HORIZON)


@pytest.mark.parametrize(("latest", "last"), [(5, TODAY + 7), (9, TODAY + 9)])
def test_who_has_been_seen_already_has_a_week_at_least(latest: int, last: int) -> None:
    assert days(requests({"latest_days": latest}).slot_request(asked(seen_by="gp.9"), "gp")) == (TODAY, last)


def test_wanted_days_are_none_for_who_wants_help_today() -> None:
    made = requests({"wanted": Deterministic(4.0)})
    assert made.wanted_days(asked().need) == 4
    assert made.wanted_days(asked(today=True).need) == 0


@pytest.mark.parametrize(("today", "given_back", "first", "last"), [
    (False, -1, TODAY + 2, TODAY + 7),
    (False, TODAY - 1, TODAY + 2, TODAY + 7),  # as days go by it would be a later one anyway
    (False, TODAY + 1, TODAY + 2, TODAY + 7),
    (False, TODAY + 2, TODAY + 3, TODAY + 8),
    (False, TODAY + 20, TODAY + 21, TODAY + 26),
    (True, TODAY + 3, TODAY + 4, TODAY + 4),
])  # fmt: skip
def test_who_gave_one_back_asks_for_a_later_day_and_for_as_many_of_them(
    today: bool, given_back: int, first: int, last: int
) -> None:
    made, contact = requests({"wanted": Deterministic(2.0)}), asked(today=today, given_back=given_back)
    assert days(made.slot_request(contact, "gp")) == (first, last)
    assert made.first_day(contact.need) == first


@pytest.mark.parametrize("cause", [REARRANGED, AFTER_ENGAGED])
def test_so_does_who_was_invited_to_ask_even_if_nobody_answers_at_first(cause: str) -> None:
    made = requests()
    (kind,) = (name for name, rules in made._kinds.items() if rules.programme and name == "long_term_review")
    programme = made._kinds[kind].programme
    assert programme is not None
    contact = asked(kind, asks_to_book=True, given_back=TODAY + 5)
    contact.cause = cause
    found = made.slot_request(contact, programme.role)
    assert days(found) == (TODAY + 6, TODAY + 6 + programme.within_days)


def test_a_run_begins_on_day_0() -> None:
    assert SlotRequests(Folk()).today == 0  # type: ignore[arg-type]


# With whom.


def test_the_usual_gp_is_for_relational_needs_of_those_who_prefer_one_and_see_a_gp() -> None:
    made = requests()
    assert made.slot_request(asked(RELATIONAL, person=1), "gp").usual == "gp.2"
    assert made.slot_request(asked(PASSING, person=1), "gp").usual == ""
    assert made.slot_request(asked(RELATIONAL, person=1), "practice_nurse").usual == ""
    assert made.slot_request(asked(RELATIONAL, person=0), "gp").usual == ""
    assert made.slot_request(asked(RELATIONAL, person=2), "gp").usual == ""


def test_a_planned_follow_up_is_with_who_planned_it() -> None:
    contact = asked(PASSING, person=0, seen_by="hca.3")
    contact.cause = PLANNED_FOLLOW_UP
    assert requests().slot_request(contact, "hca").usual == "hca.3"
    contact.cause = UNRESOLVED
    assert requests().slot_request(contact, "hca").usual == ""


def test_people_wait_for_a_known_face_as_long_as_the_settings_say() -> None:
    assert requests(changes={"appointments.continuity.tolerance_days": 9}).slot_request(asked(), "gp").tolerance == 9


def test_planned_care_stays_with_its_role_and_others_go_where_they_are_covered() -> None:
    made = requests(sent_to="pharmacist")
    programmes = small_practice().planned.programmes
    planned, programme = next(iter(programmes.items()))
    assert made.who_sees(asked(planned), programme.role) == programme.role
    assert made.planned_role(planned) == programme.role
    assert made.who_sees(asked(PASSING), "gp") == "pharmacist"
    assert made.planned_role(PASSING) == ""


# In which mode, and how long.


def test_home_visits_are_for_the_housebound_at_the_share_of_their_need() -> None:
    made = requests({"home_visit_share": 0.4, "face_to_face_share": 0.0})
    assert made.modes(asked(person=1, luck=0.39).need) == AT_HOME_ONLY
    assert made.modes(asked(person=2, luck=0.39).need) == AT_HOME_ONLY
    assert made.modes(asked(person=1, luck=0.4).need) == ANY_MODE
    assert made.modes(asked(person=0, luck=0.39).need) == ANY_MODE


def test_a_programme_of_home_visits_visits_everybody() -> None:
    name = next(name for name, one in small_practice().planned.programmes.items() if one.home_visit)
    assert requests().modes(asked(name, person=0).need) == AT_HOME_ONLY


@pytest.mark.parametrize(("luck", "modes"), [(0.59, SEEN_ONLY), (0.6, ANY_MODE)])
def test_some_have_to_be_examined(luck: float, modes: frozenset[str]) -> None:
    assert requests({"face_to_face_share": 0.6}).modes(asked(luck=luck).need) == modes


def test_longer_slots_are_for_the_first_relational_consultation_of_their_segments() -> None:
    kept = {"segments": ("frail_or_complex",), "minutes_factor": 2.0, "resolves_more_share": 0.5}
    long_ones = {
        "appointments.complex_needs": kept,
        "role.gp.template.0.complex": True,
        "role.gp.template.2.complex": True,
    }
    made = requests(changes=long_ones)
    assert made.slot_request(asked(RELATIONAL, person=1), "gp").complex
    assert not made.slot_request(asked(RELATIONAL, person=2), "gp").complex
    assert not made.slot_request(asked(PASSING, person=1), "gp").complex
    assert not made.slot_request(asked(RELATIONAL, person=1, seen_by="gp.1"), "gp").complex
    assert not requests().slot_request(asked(RELATIONAL, person=1), "gp").complex


# Slot requests that the practice makes for people.


def test_a_clinician_triage_is_the_soonest_there_is_in_its_own_mode() -> None:
    made = requests(triage="gp_phone_first")
    assert made.clinician_triage() == SlotRequest("gp", TODAY, TODAY + 1, frozenset({TELEPHONE}), triage=True)


@pytest.mark.parametrize(("planned", "first"), [(14.4, 14), (14.6, 15), (0.2, 1)])
def test_a_follow_up_is_with_the_same_clinician_within_a_fortnight_of_its_day(planned: float, first: int) -> None:
    slot_request = requests().follow_up(asked().need, slot_at(TODAY, clinician="gp.7"), planned)
    assert (slot_request.role, slot_request.usual) == ("gp", "gp.7")
    assert days(slot_request) == (TODAY + first, TODAY + first + 14)
    assert not slot_request.urgent


def test_a_follow_up_beyond_the_diary_is_looked_for_up_to_its_end() -> None:
    assert requests().follow_up(asked().need, slot_at(TODAY), 80).last == TODAY + HORIZON


@pytest.mark.parametrize(("luck", "level", "first"), [(0.0, 1.0, 10), (0.5, 1.0, 20), (0.5, 0.5, 10)])
def test_an_invitation_has_each_persons_own_first_day_the_earlier_ones_likelier(
    luck: float, level: float, first: int
) -> None:
    """Between the programme's first and last day by the square of the person's luck: 10 + 0.25 x 40 is the half."""
    made = requests(changes={"planned.days_level": level})
    programme = next(iter(small_practice().planned.programmes.values()))
    one = with_settings(programme, {"first_days": 10, "last_days": 50, "within_days": 3})
    slot_request = made.invited(asked(luck=luck).need, one)
    assert days(slot_request) == (TODAY + first, TODAY + first + 3)
    assert slot_request.role == one.role


@pytest.mark.parametrize(("latest", "last"), [(3, TODAY + 7), (20, TODAY + 20)])
def test_what_the_practice_cancelled_is_replaced_as_soon_as_can_be(latest: int, last: int) -> None:
    slot_request = requests({"latest_days": latest}).again(asked().need, "gp")
    assert days(slot_request) == (TODAY, last)
    assert slot_request.urgent


def test_who_chose_a_later_day_is_not_late_by_it() -> None:
    made = requests({"latest_days": 0, "wanted": None})
    need = asked(asked=(TODAY - 4) * DAY, arose=(TODAY - 4) * DAY).need
    assert made.is_late(need, 3)
    need.given_back = TODAY - 2
    assert not made.is_late(need, 3)
