"""A fake is asked as what it stands for is asked, or tests with it would say nothing."""

from __future__ import annotations

import inspect

import fakepractice as fakes
import pytest

from pcqa_sim.frontdoor.next_action import NextActions, Redials
from pcqa_sim.frontdoor.online_form import Form
from pcqa_sim.frontdoor.phone import Phone
from pcqa_sim.frontdoor.triage.reception_led import ReceptionLed
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.timing import PatientTiming
from pcqa_sim.population.states import States
from pcqa_sim.practice.app_booking import AppBooking
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.practice.consulting import Consulting
from pcqa_sim.practice.expectations import Expectations
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.practice.reception import Reception
from pcqa_sim.practice.slot_request import SlotRequests
from pcqa_sim.values.form import COMPILED, form

STANDS_FOR: dict[type, tuple[type, ...]] = {
    fakes.FakePhone: (Phone,),
    fakes.FakeReception: (Reception,),
    fakes.FakeBook: (AppointmentBook,),
    fakes.FakeRequests: (SlotRequests,),
    fakes.FakeExpectations: (Expectations,),
    fakes.FakeForm: (Form,),
    fakes.FakeApp: (AppBooking,),
    fakes.FakeTriage: (ReceptionLed,),
    fakes.FakeRedials: (Redials,),
    fakes.FakeNextActions: (NextActions,),
    fakes.FakeConsulting: (Consulting,),
    fakes.FakeStates: (States,),
    fakes.FakePractice: (OpenPractice,),
    fakes.FakeTiming: (PatientTiming,),
    fakes.FakeContacts: (Contacts,),
}
OF_THE_TEST = {"offer", "rows"}  # what tests ask of a fake, and nobody else


def asked(one: type) -> dict[str, list[tuple[str, object]]]:
    """The public methods of a class, with the names of what they take and what is left out."""
    return {
        name: [(word, taken.default) for word, taken in inspect.signature(method).parameters.items()]
        for name, method in vars(one).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


def test_every_fake_stands_for_something() -> None:
    made = {one for name, one in vars(fakes).items() if name.startswith("Fake")}
    assert made == set(STANDS_FOR)


@pytest.mark.skipif(form() == COMPILED, reason="compiled methods do not tell what they take")
@pytest.mark.parametrize("fake", STANDS_FOR, ids=lambda one: one.__name__)
def test_a_fake_takes_what_the_real_one_takes(fake: type) -> None:
    real = {name: words for one in STANDS_FOR[fake] for name, words in asked(one).items()}
    mine = {name: words for name, words in asked(fake).items() if name not in OF_THE_TEST}
    assert mine == {name: real.get(name) for name in mine}
