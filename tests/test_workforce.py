"""A clinician's day, slot by slot, against exact arithmetic."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from shortruns import composed
from simpy import Environment

from pcqa_sim import eventlog as log
from pcqa_sim.booking import SlotBook
from pcqa_sim.luck import Luck, activity
from pcqa_sim.needs import AHEAD, NEW, PHONE, Contact, Need, Slot
from pcqa_sim.strand import follow
from pcqa_sim.verification.theory import lindley
from pcqa_sim.workforce import work_day

_ANY = activity("test_workforce")


class Listed:
    """Consultation minutes given in advance, by luck."""

    def quantile(self, u: float) -> float:
        return u


class Fixed(Luck):
    """Luck that gives a consultation its minutes and lets the person come, or not."""

    def __init__(self, minutes: float, comes: bool = True) -> None:
        super().__init__(0)
        self.minutes = minutes if comes else -1.0

    def u(self, activity_key: int) -> float:
        return self.minutes


class Clinic:
    """What a day's work needs of a practice and a journey, with what it noted."""

    def __init__(self) -> None:
        self.env = Environment()
        self.book = SlotBook(released_at=0, horizon_days=0)
        self.consultation = Listed()
        no_shows = SimpleNamespace(of_lead=lambda _: 0.0)
        self.settings = SimpleNamespace(appointments=SimpleNamespace(dna_share=no_shows))
        self.rows: list[tuple[float, int, str, float]] = []
        self.back: list[int] = []
        self.missed: list[int] = []

    def note(self, contact: Contact, event: str, who: str = "", code: str = "", amount: float = 0.0) -> None:
        self.rows.append((self.env.now, contact.need.person, event, amount))

    def after_consultation(self, contact: Contact, role: str) -> None:
        self.back.append(contact.need.person)

    def after_missed_appointment(self, contact: Contact) -> None:
        self.missed.append(contact.need.person)

    def booked(self, slot: Slot, person: int, minutes: float, comes: bool = True) -> None:
        need = Need(person, person, "k", Fixed(minutes, comes), 0.0)
        self.book.take(slot, Contact(need, 0, -1, NEW, PHONE, 0.0))

    def work(self, slots: list[Slot]) -> None:
        self.book.open(slots)

        def start(_: Any) -> None:
            follow(work_day(self, self, slots))  # type: ignore[arg-type]

        self.env.timeout(slots[0].start).callbacks.append(start)


def slots(count: int, length: float = 10.0, start: float = 510.0) -> list[Slot]:
    return [Slot(start + i * length, i, length, "gp", AHEAD) for i in range(count)]


def test_a_session_runs_late_as_lindleys_recursion_says() -> None:
    rng = np.random.default_rng(3)
    minutes = rng.lognormal(2.1, 0.5, 400)
    clinic, day = Clinic(), slots(400)
    clinic.work(day)
    for slot, person in zip(day, range(400), strict=True):
        clinic.booked(slot, person, float(minutes[person]))
    clinic.env.run()
    ended = np.array([now for now, _, event, _ in clinic.rows if event == log.CONSULT_ENDED])
    waits = ended - minutes - np.array([slot.start for slot in day])
    assert waits == pytest.approx(lindley(np.full(400, 10.0), minutes), abs=1e-6)
    assert clinic.back == list(range(400))


def test_a_gap_lets_the_session_catch_up_and_the_next_is_never_seen_early() -> None:
    clinic, day = Clinic(), slots(3)
    clinic.work(day)
    clinic.booked(day[0], 0, 14.0)
    clinic.booked(day[2], 2, 5.0)
    clinic.env.run()
    assert clinic.rows == [(524.0, 0, log.CONSULT_ENDED, 14.0), (535.0, 2, log.CONSULT_ENDED, 5.0)]


def test_who_does_not_come_is_noted_at_the_slot_and_leaves_a_gap() -> None:
    clinic, day = Clinic(), slots(2)
    clinic.work(day)
    clinic.booked(day[0], 0, 14.0, comes=False)
    clinic.booked(day[1], 1, 5.0)
    clinic.env.run()
    assert clinic.rows == [(510.0, 0, log.DID_NOT_ATTEND, 0), (525.0, 1, log.CONSULT_ENDED, 5.0)]
    assert clinic.missed == [0]


def test_a_slot_booked_while_the_clinician_waits_is_used() -> None:
    clinic, day = Clinic(), slots(2)
    clinic.work(day)
    clinic.booked(day[0], 0, 2.0)
    clinic.env.timeout(515).callbacks.append(lambda _: clinic.booked(day[1], 1, 5.0))
    clinic.env.run()
    assert clinic.rows[-1] == (525.0, 1, log.CONSULT_ENDED, 5.0)


def test_a_patient_booked_already_costs_one_kernel_event() -> None:
    steps = 0

    class Counting(Environment):
        def step(self) -> None:
            nonlocal steps
            super().step()
            steps += 1

    clinic, day = Clinic(), slots(50)
    clinic.env = Counting()
    clinic.work(day)
    for slot, person in zip(day, range(50), strict=True):
        clinic.booked(slot, person, 8.0)
    clinic.env.run()
    assert steps == 51


@pytest.mark.parametrize(("people", "expected"), [(1800, 0.060), (2100, 0.180), (2400, 0.370)])
def test_an_advanced_access_panel_overflows_as_the_binomial_says(people: int, expected: float) -> None:
    """With a daily chance of 0.008 each and 20 slots: days on which somebody is turned away, over 20,000 days."""
    rng = np.random.default_rng(people)
    asked = rng.binomial(people, 0.008, 20_000)
    book = SlotBook(released_at=0, horizon_days=0)
    overflowed = 0
    for day, requests in enumerate(asked[:4000]):
        book.open([Slot(day * 1440 + 600 + i, i, 1, "gp", AHEAD) for i in range(20)])
        turned_away = 0
        for _ in range(int(requests)):
            slot = book.earliest(AHEAD, day * 1440, 0)
            if slot is None:
                turned_away += 1
            else:
                book.take(slot)
        assert turned_away == max(0, requests - 20)
        book.lapse(day)
        overflowed += turned_away > 0
    assert overflowed / 4000 == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 4000))


def test_unresolved_needs_come_back_geometrically() -> None:
    """With nothing else failing, a need has 1 / p contacts, p the share of consultations that resolve it."""
    from pcqa_sim import simulate

    kinds = [
        f"demand.kinds.{kind}.{setting}"
        for kind in ("new_problem", "existing_condition", "administrative")
        for setting in (
            "resolved_share=0.75",
            "follow_up_share=0",
            "settled_by_reception_share=0",
            "recovery_mean_days=3650",
        )
    ]
    scenario = composed(
        "experiment=perfect_service",
        "practice=small",
        "run.measured_weeks=12",
        "phones.menu.informed_share=0",
        "outcome.return_mean_days=0.5",
        *kinds,
    )
    needs = simulate(scenario).needs
    old = needs[needs["arose"] < 8 * 10080]
    assert (old["ending"] == "open").mean() < 0.005
    error = np.sqrt(0.25) / 0.75 / np.sqrt(len(old))
    assert old["contacts"].mean() == pytest.approx(1 / 0.75, abs=4 * error + 0.01)
