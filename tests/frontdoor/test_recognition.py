"""Who takes what for urgent: the same needs for whoever is as good at it, more of them for whoever is better."""

from __future__ import annotations

import pytest
from fixedluck import GivenLuck
from onepart import contact_of, need_of

from pcqa_sim.frontdoor.recognition import Recognition
from pcqa_sim.scenario.groups import Recogniser
from pcqa_sim.values.luck import Luck, join
from pcqa_sim.values.needs import APP, DESK, EMERGENCY, LEVELS, ONLINE, PHONE, TODAY, Need

RECEPTION = Recogniser(sensitivity=0.75, specificity=0.9, red_flags_share=0.6)
GP = Recogniser(sensitivity=0.95, specificity=0.98, red_flags_share=0.9)
FORM = Recogniser(sensitivity=0.5, specificity=0.7, red_flags_share=0.2)
NAVIGATOR = Recogniser(sensitivity=0.85, specificity=0.9)
ALL = {"reception": RECEPTION, "gp": GP, "form": FORM, "navigator": NAVIGATOR}


def flags(
    level: str, who: str = "call_handler", channel: str = PHONE, reception: str = "reception", **luck: float
) -> str:
    need = need_of("acute_minor", GivenLuck(**luck), urgency=LEVELS.index(level))
    return Recognition(ALL, reception, 1).flags(contact_of(need, channel), who)


@pytest.mark.parametrize(("shows", "flagged"), [(0.74, TODAY), (0.76, "")])
def test_what_cannot_wait_is_recognised_if_it_shows_clearly_enough(shows: float, flagged: str) -> None:
    assert flags("today", urgency_shows=shows) == flagged


@pytest.mark.parametrize(("red_flags", "flagged"), [(0.59, EMERGENCY), (0.61, TODAY)])
def test_an_emergency_recognised_may_still_be_taken_for_less(red_flags: float, flagged: str) -> None:
    assert flags("emergency", urgency_shows=0.1, red_flags_show=red_flags) == flagged
    assert flags("emergency", urgency_shows=0.8, red_flags_show=0.0) == ""


@pytest.mark.parametrize("level", ["routine", "days"])
def test_some_of_what_can_wait_sounds_urgent(level: str) -> None:
    assert flags(level, sounds_urgent=0.91) == TODAY
    assert flags(level, sounds_urgent=0.89) == ""


@pytest.mark.parametrize(
    ("who", "channel", "reception", "sensitivity"),
    [
        ("call_handler", PHONE, "reception", 0.75),
        ("front_desk", DESK, "reception", 0.75),
        ("front_desk", ONLINE, "reception", 0.5),
        ("front_desk", APP, "reception", 0.5),
        ("call_handler", PHONE, "navigator", 0.85),
        ("gp.3", PHONE, "reception", 0.95),
        ("practice_nurse.1", PHONE, "reception", 0.75),
        ("somebody", PHONE, "navigator", 0.85),
    ],
)
def test_whoever_decides_recognises_as_well_as_they_can(
    who: str, channel: str, reception: str, sensitivity: float
) -> None:
    assert flags("today", who, channel, reception, urgency_shows=sensitivity - 0.01) == TODAY
    assert flags("today", who, channel, reception, urgency_shows=sensitivity + 0.01) == ""


@pytest.mark.parametrize("level", ["routine", "today"])
def test_a_home_visit_asked_for_today_is_put_to_a_clinician_whatever_it_sounds_like(level: str) -> None:
    """NHS England's patient safety alert of 2016: every request for a home visit is assessed clinically."""
    need = need_of("frailty_crisis", GivenLuck(urgency_shows=0.99, sounds_urgent=0.01), urgency=LEVELS.index(level))
    recognition = Recognition(ALL, "reception", 1)
    assert recognition.flags(contact_of(need), "call_handler", visit_today=True) == TODAY
    assert recognition.flags(contact_of(need), "call_handler") == ""


def test_navigators_who_are_not_named_recognise_as_reception_does() -> None:
    need = need_of("acute_minor", GivenLuck(urgency_shows=0.8), urgency=LEVELS.index(TODAY))
    assert Recognition({"reception": RECEPTION}, "navigator", 1).flags(contact_of(need), "call_handler") == ""


def _recognised(recognition: Recognition, person: int) -> float:
    """The share of one need's askings in which it is recognised."""
    need = Need(person, person, "acute_minor", Luck(join(7, person)), 0.0)
    need.urgency = LEVELS.index(TODAY)
    return sum(recognition.flags(contact_of(need), "call_handler") != "" for _ in range(40)) / 40


def test_a_need_shows_as_much_to_each_of_people_who_are_alike() -> None:
    recognition = Recognition({"reception": RECEPTION}, "reception", 1)
    shares = [_recognised(recognition, person) for person in range(400)]
    assert set(shares) == {0.0, 1.0}
    assert sum(shares) / len(shares) == pytest.approx(0.75, abs=0.06)


@pytest.mark.parametrize(("shows", "before", "flagged"), [(0.93, 1, TODAY), (0.95, 1, ""), (0.95, 2, TODAY)])
def test_who_asks_again_is_listened_to_anew(shows: float, before: int, flagged: str) -> None:
    need = need_of("acute_minor", GivenLuck(urgency_shows=shows), urgency=LEVELS.index(TODAY), judged=before)
    assert Recognition(ALL, "reception", 1).flags(contact_of(need), "call_handler") == flagged


def test_receptionists_differ_each_practice_having_its_own() -> None:
    differing = Recogniser(sensitivity=0.75, specificity=1.0, sensitivity_sd=0.1, people=4)
    here, there = (Recognition({"reception": differing}, "reception", world) for world in (1, 2))
    shares = [_recognised(here, person) for person in range(400)]
    assert any(0 < share < 1 for share in shares), "whom one reaches decides"
    assert shares == [_recognised(here, person) for person in range(400)]
    assert shares != [_recognised(there, person) for person in range(400)]
