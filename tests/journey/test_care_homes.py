"""Care homes' staff: whom they call when the practice is closed, rounds made later or missed, no App and no desk."""

from __future__ import annotations

import numpy as np
import pytest
from fakepractice import FakePractice
from fixedluck import GivenLuck
from onepart import OPENS, contact_of, need_of

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.community.care_homes import Homes
from pcqa_sim.journey.care_homes import CareHomesStory
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.process import Steps
from pcqa_sim.population.people import draw_people
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.reach import CARE_HOME
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import APP, DESK, ONLINE, PHONE, TOLD_ANOTHER_DAY, Contact, Need

SUNDAY = 6 * DAY + 600.0
ROUND = {
    "role": "gp", "weekday": "tuesday", "time": "13:30", "waits_share": 1.0, "minutes": 8, "resident_min": 5,
    "travel_min": 20, "resolves": {"acute_minor": 1.0, "frailty_crisis": 1.0},
}  # fmt: skip
URGENT, EMERGENCY, CAN_WAIT = ({"routine": 0.0, "days": 0.0, "today": 0.0, "emergency": 0.0} | {of: 1.0}
                               for of in ("today", "emergency", "days"))  # fmt: skip


class Home:
    """A practice in which everybody lives in a care home, and what was asked of it."""

    def __init__(self, start: float, urgency: dict[str, float], **changes: object) -> None:
        kinds = {f"demand.kinds.{kind}.urgency": urgency for kind in ("frailty_crisis", "acute_minor")}
        self.practice = FakePractice(kinds | changes, start)
        people = with_settings(self.practice.settings.people, {
            f"ages.{age}.segments": {CARE_HOME: 1.0} for age in self.practice.settings.people.ages
        })  # fmt: skip
        self.practice.homes = Homes(draw_people(1, people, 20), 1)
        self.practice.homes.use(self.practice.settings)
        self.practice._in_care_home = [True] * 50
        self.asked: list[tuple[float, str]] = []
        self.contacts = Contacts(self.practice, self.ask)
        self.homes = CareHomesStory(self.practice, self.contacts, self.ask)

    def ask(self, need: Need, parent: Contact | None = None, cause: str = "", channel: str = PHONE) -> Steps:
        self.asked.append((self.practice.env.now, channel))
        yield from ()

    def rows(self, *events: str) -> list[tuple[str, str]]:
        return [(event, code) for event, _, code, _ in self.practice.rows(*events)]


def test_staff_call_an_ambulance_or_111_on_a_sunday_and_111_may_send_them_to_the_practice_on_monday() -> None:
    called = log.CARE_HOME_CALLED
    for urgency, seen_to, rows, asked in (
        (EMERGENCY, 0.99, [(called, "emergency_department"), (log.NEED_CLOSED, "emergency_department")], 0),
        (URGENT, 0.1, [(called, "nhs_111"), (log.NEED_CLOSED, "nhs_111")], 0),
        (URGENT, 0.99, [(called, "nhs_111")], 1),
    ):  # fmt: skip
        here = Home(SUNDAY, urgency)
        need = need_of("frailty_crisis", GivenLuck(seen_to_by_111=seen_to, recovery=0.999, after_opening=0.5))
        assert here.homes.sees_to(need, APP)
        here.practice.env.run(until=SUNDAY + 2 * DAY)
        assert here.rows(log.CARE_HOME_CALLED, log.NEED_CLOSED) == rows
        assert [channel for _, channel in here.asked] == [PHONE] * asked
        assert all(at >= 7 * DAY + OPENS for at, _ in here.asked)


@pytest.mark.parametrize(
    ("start", "urgency", "kind", "person"),
    [
        (SUNDAY, CAN_WAIT, "frailty_crisis", 0),
        (DAY + 600.0, URGENT, "frailty_crisis", 0),
        (SUNDAY, URGENT, "administrative", 0),
        (SUNDAY, URGENT, "frailty_crisis", 45),
    ],
    ids=["can wait", "open", "not clinical", "lives at home"],
)
def test_the_rest_is_asked_about_as_by_anybody(start: float, urgency: dict[str, float], kind: str, person: int) -> None:
    here = Home(start, urgency)
    assert not here.homes.sees_to(need_of(kind, person=person), ONLINE)
    assert here.rows() == []


def tuesdays(here: Home, weeks: int, works: set[int]) -> list[tuple[str, str, float]]:
    """What the log says of rounds in some weeks, a GP being in on some days of the run."""
    clinics = {day: [Clinic("gp", "gp.1", day * DAY + 600.0, day * DAY + 700.0, [])] for day in works}
    here.practice.book.clinics_on = clinics
    here.homes.begin(weeks)
    here.practice.env.run(until=weeks * WEEK)
    rows = here.practice.pen.told(log.CARE_HOME_ROUND, log.CARE_HOME_ROUND_MISSED)
    return [(row["event"], row["code"], row["time_min"] // DAY) for row in rows]


def test_a_round_is_made_on_its_day_or_later_in_the_week_or_counted_as_missed_with_its_cause() -> None:
    here = Home(0.0, CAN_WAIT, **{"care_homes.round": ROUND})
    assert tuesdays(here, 3, {1, 7 + 3}) == [
        (log.CARE_HOME_ROUND, "", 1),
        (log.CARE_HOME_ROUND, "later", 10),
        (log.CARE_HOME_ROUND_MISSED, "nobody_in", 20),
    ]


def test_what_is_kept_for_the_round_is_met_there_and_asked_about_when_rounds_stop() -> None:
    for role, met in ({"acute_minor": 1.0}, 1), ({"acute_minor": 0.0, "frailty_crisis": 1.0}, 0):
        here = Home(0.0, CAN_WAIT, **{"care_homes.round": ROUND | {"resolves": role}})
        need = need_of("acute_minor", GivenLuck(met_on_the_round=0.5))
        kept = here.homes.sees_to(need, PHONE)
        assert kept == bool(met)  # staff keep nothing that no round meets
    here = Home(0.0, CAN_WAIT, **{"care_homes.round": ROUND})
    assert here.homes.sees_to(need_of("acute_minor"), PHONE)
    tuesdays(here, 1, {1})
    assert here.rows(log.NEED_CLOSED) == [(log.NEED_CLOSED, "resolved")]
    here = Home(0.0, CAN_WAIT, **{"care_homes.round": ROUND})
    assert here.homes.sees_to(need_of("acute_minor"), PHONE)
    here.practice.homes.use(with_settings(here.practice.settings, {"care_homes.round": None}))
    tuesdays(here, 1, {1})
    assert here.asked == [(0.0, PHONE)]


@pytest.mark.parametrize("channel", [APP, DESK])
def test_nobody_looks_in_the_app_or_stands_at_the_desk_for_a_resident(channel: str) -> None:
    here = Home(DAY + 600.0, CAN_WAIT)
    journey = Journey(here.practice)
    next(journey.ask(need_of("acute_minor"), channel=channel), None)
    assert [row[1] for row in here.practice.rows(log.CONTACT_OPENED)] == [PHONE]
    here.practice._in_care_home = [False] * 50
    next(journey.ask(need_of("acute_minor"), channel=channel), None)
    assert [row[1] for row in here.practice.rows(log.CONTACT_OPENED)] == [PHONE, channel]


@pytest.mark.parametrize(
    ("chosen", "by_staff"), [("pharmacy", "nhs_111"), ("desk", "another_day"), ("gave_up", "gave_up")]
)
def test_staff_who_get_nowhere_take_no_resident_to_a_pharmacy_or_to_the_desk(chosen: str, by_staff: str) -> None:
    here = Home(DAY + 600.0, CAN_WAIT)
    here.practice.next_actions.choose = lambda *_: chosen  # type: ignore[method-assign]
    contact = contact_of(need_of("acute_minor"))
    assert here.contacts._next_action(contact) == by_staff
    here.contacts.choose_next_action(contact, TOLD_ANOTHER_DAY)
    assert here.rows(log.NEXT_ACTION) == [(log.NEXT_ACTION, by_staff)]
    here.practice._in_care_home = [False] * 50
    assert here.contacts._next_action(contact) == chosen


def test_everybody_of_these_tests_lives_in_a_home() -> None:
    assert np.array(Home(0.0, CAN_WAIT).practice.homes.residents).tolist() == list(range(20))
