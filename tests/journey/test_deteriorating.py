"""Needs that get worse while their people wait: to ask again, for a day ahead, for today; and those that do not."""

from __future__ import annotations

import math

import pytest
from fakepractice import FakeContacts, FakePractice
from fixedluck import GivenLuck
from onepart import NINE, booked, contact_of, need_of, slot_at
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.clinic.deterioration import Worsening
from pcqa_sim.journey.deteriorating import Deteriorating
from pcqa_sim.kernel.process import Steps
from pcqa_sim.scenario.groups import Deterioration, SafeWithin
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    AN_EMERGENCY,
    DETERIORATED,
    EMERGENCY_DEPARTMENT,
    LEVELS,
    PHONE,
    URGENT,
    Contact,
    Need,
    Slot,
)

IN_DAYS, ROUTINE = LEVELS.index("days"), LEVELS.index("routine")
SLOW = Deterioration(per_day={"days": 0.1, "today": 0.5, "emergency": 2.0}, for_ages={"old": 3.0})
FAST = Deterioration(per_day={"days": 1e6, "today": 1e6, "emergency": 1e6})  # as soon as it is later than safe


def rules(settings: Deterioration = FAST) -> Worsening:
    return Worsening(settings, SafeWithin(), [0, 1], ["young", "old"])


@pytest.mark.parametrize(("level", "days"), [(IN_DAYS, 4.0), (URGENT, 1.0)])
def test_nothing_gets_worse_before_it_is_later_than_safe(level: int, days: float) -> None:
    need = need_of(urgency=level)
    assert rules().at(need, NINE) == pytest.approx(days * DAY, abs=0.1)
    assert rules().at(need_of(urgency=AN_EMERGENCY), NINE) == pytest.approx(NINE + 60, abs=0.1)
    assert rules().at(need_of(urgency=ROUTINE), NINE) == math.inf


def test_the_more_urgent_and_the_older_get_worse_sooner() -> None:
    hazards = [rules(SLOW).hazard(need_of(urgency=level)) for level in (ROUTINE, IN_DAYS, URGENT, AN_EMERGENCY)]
    assert hazards == [0.0, 0.1, 0.5, 2.0]
    assert rules(SLOW).hazard(need_of(urgency=URGENT, person=1)) == 1.5


def test_its_time_is_exponential_from_then_on() -> None:
    after = [rules(SLOW).at(need_of(luck=Luck(key), urgency=URGENT), NINE) / DAY - 1 for key in range(2_000)]
    assert min(after) >= 0
    assert sum(after) / len(after) == pytest.approx(2.0, rel=0.07)


class FakePending:
    """Takes bookings back."""

    def __init__(self) -> None:
        self.given_up: list[Contact] = []
        self.offered: list[Slot] = []
        self.freed = self.offered.append

    def bring_forward(self, contact: Contact) -> None:
        self.given_up.append(contact)
        contact.slot = None


class Ward:
    """One practice in which needs get worse as soon as they are later than safe."""

    def __init__(self) -> None:
        self.practice = FakePractice()
        self.practice.worsening = rules()
        self.contacts, self.pending = FakeContacts(self.practice), FakePending()
        self.asked: list[tuple[float, str, str]] = []
        self.worse = Deteriorating(self.practice, self.contacts, self.pending, self._ask)  # type: ignore[arg-type]

    def _ask(self, need: Need, parent: Contact | None = None, cause: str = "", channel: str = PHONE) -> Steps:
        self.asked.append((self.practice.env.now, cause, channel))
        need.steady = True
        yield from ()

    def lets(self, contact: Contact, until: float = 20 * DAY) -> None:
        contact.need.latest = contact
        self.worse.begin(contact.need)
        self.practice.env.run(until)

    @property
    def levels(self) -> list[float]:
        return [amount for *_, amount in self.practice.rows(log.DETERIORATED)]


def waiting(level: int) -> Contact:
    return contact_of(need_of(luck=GivenLuck(), urgency=level), asks=True)


def test_who_waits_to_ask_again_and_gets_worse_asks_when_the_practice_opens() -> None:
    here, contact = Ward(), waiting(IN_DAYS)
    contact.need.given_back = 9
    here.lets(contact)
    assert here.levels == [URGENT]
    assert contact.need.given_back == -1  # today will do, whatever did not suit before
    opening = here.practice.calendar.next_opening(4 * DAY)
    assert here.asked == [(opening + 5, DETERIORATED, PHONE)]
    assert contact.need.today
    assert not contact.asks


def test_who_gets_worse_that_could_not_wait_anyway_goes_to_hospital() -> None:
    for level in (URGENT, AN_EMERGENCY):
        here, contact = Ward(), waiting(level)
        here.lets(contact, 2 * DAY)
        assert here.levels[0] == AN_EMERGENCY
        assert here.contacts.did[0][1:] == ("close", EMERGENCY_DEPARTMENT)
        assert here.asked == []


def test_an_appointment_on_a_later_day_is_given_up_and_offered_to_others() -> None:
    here, slot = Ward(), slot_at(9)
    contact = booked(slot, contact_of(need_of(urgency=IN_DAYS)))
    here.lets(contact)
    assert here.pending.given_up == [contact]
    assert here.pending.offered == [slot]
    assert [cause for _, cause, _ in here.asked] == [DETERIORATED]


def test_who_is_to_be_seen_that_day_or_speaks_to_somebody_is_more_urgent_and_no_more() -> None:
    here, slot = Ward(), slot_at(4, 700)
    today = booked(slot, contact_of(need_of(urgency=IN_DAYS)))
    here.lets(today, 4 * DAY + 600)
    assert here.levels == [URGENT]
    assert here.pending.given_up == []
    assert here.asked == []
    here = Ward()
    here.lets(contact_of(need_of(urgency=IN_DAYS)), 4 * DAY + 600)
    assert here.levels == [URGENT]
    assert here.contacts.did == []


@pytest.mark.parametrize("steady", [True, False])
def test_nothing_gets_worse_that_somebody_has_seen_to(steady: bool) -> None:
    here, contact = Ward(), waiting(URGENT)
    contact.need.steady = steady
    here.lets(contact, 2 * DAY)
    assert bool(here.levels) is not steady


def test_with_no_hazard_the_run_is_the_same_to_the_byte_and_with_more_of_it_more_get_worse() -> None:
    settings = ("practice=small", "practice.list_size=1500", "run.warm_up_weeks=0",
                "run.measured_weeks=4")  # fmt: skip
    worse = [0]
    for hazard in ("{today: 0, days: 0, emergency: 0}", "{today: 0.2, days: 0.05}", "{today: 5, days: 5}"):
        run = simulate(composed(*settings, f"demand.deterioration.per_day={hazard}"))
        worse.append(len(run.tables["practice"].rows(log.DETERIORATED)))
        if worse == [0, 0]:
            off = simulate(composed(*settings, "demand.deterioration=null"))
            assert run.log.equals(off.log)
    assert worse[1] == 0
    assert 0 < worse[2] < worse[3]
