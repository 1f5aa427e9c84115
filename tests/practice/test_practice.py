"""The assembly: a phase reaches every part and takes nothing away, and what a day begins and ends with."""

from __future__ import annotations

import pytest
from onepart import CLOSES, OPENS, contact_of, need_of
from shortruns import composed

from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.process import follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.needs import CALL_ANOTHER_DAY, ONLINE, PHONE, Disposition

OTHER: dict[str, object] = {
    "phones.lines": 3,
    "channels.form.hours": None,
    "channels.first.away_after_failure_share": 1.0,
    "channels.redial.most_tries": 1,
    "demand.rush.after_opening_mean_min": 100.0,
    "demand.rush.late_from": "00:00",
    "appointments.continuity.tolerance_days": 50,
    "appointments.extra_on_the_day_slots": 30,
    "role.gp.overtime.list_stops_after_min": 0.0,
    "role.gp.consultation_min.face_to_face": 20.0,
    "planned.level": 2.0,
    "demand.kinds.acute_minor.level": 3.0,
    "triage.kind": "open_access",
    "triage.overbooking": {"most_per_session": 3, "duty_only": False, "within_days": 1},
}


def scenario() -> Scenario:
    """Two weeks of a small practice that changes nearly everything in its second week."""
    first = composed("practice=small", "run=quick")

    def other(practice: Practice) -> Practice:
        return with_settings(practice, OTHER)

    return first.changed(other, from_week=1)


class Surgery:
    """A practice that nobody visits, and its rows."""

    def __init__(self) -> None:
        self.env = Environment()
        self.log = EventLog(("practice",))
        self.practice = OpenPractice(self.env, scenario(), "practice", self.log, 1, 0)

    def begin(self, day: int) -> OpenPractice:
        if day:
            self.env.run(until=day * DAY)
        self.practice.begin_day()
        return self.practice

    def rows(self, event: str) -> list[tuple[str, str, float]]:
        return [(r["who"], r["code"], r["amount"]) for r in self.log.table().to_pylist() if r["event"] == event]


def test_a_phase_reaches_every_part() -> None:
    surgery = Surgery()
    practice = surgery.begin(0)
    before, invited, needs = practice.settings, practice.recall.a_week(0), practice.appetite.level[0]
    assert surgery.begin(6).settings is before
    surgery.begin(7)
    assert practice.settings is not before
    assert practice.reception.phone.rules.lines == 3
    assert practice.form.rules.hours is None
    assert practice.redials.most_tries == 1
    assert practice.recall.a_week(0) == pytest.approx(invited * 2.0 / before.planned.level)
    assert practice.appetite.level[0] == 3.0 != needs
    assert practice.rush_delay.mean == 100.0
    assert practice.requests.slot_request(contact_of(), "gp").tolerance == 50
    assert isinstance(practice.triage, TRIAGE["open_access"])  # type: ignore[arg-type]
    practice.expectations.channels.got_nowhere(0, ONLINE)
    assert practice.expectations.first_channel(need_of(), ONLINE) == PHONE
    monday = next(clinic for clinic in practice.book.clinics_on[7] if clinic.role == "gp")
    assert practice.consulting.minutes_distribution(monday.slots[0], "acute_minor").mean == pytest.approx(20.0 * 0.85)
    surgery.env.run(until=monday.ends + 1)
    assert practice.office.list_stops(monday)
    assert practice.book.overbooked(practice.requests.slot_request(contact_of(), "gp")) is not None


def test_a_phase_takes_nothing_away() -> None:
    surgery = Surgery()
    practice = surgery.begin(0)
    slot = next(slot for clinic in practice.book.clinics_on[8] for slot in clinic.slots)
    contact = contact_of()
    practice.book.diary.take(slot, contact)
    practice.reception.roster(2)
    practice.office.paperwork["gp"].add("letter", 500.0)
    practice.consulting.saw(3, "nobody")
    kept = practice.office.paperwork["gp"].waiting, practice.consulting.continuity[3], practice.people
    practice.expectations.channels.got_nowhere(1, PHONE)
    surgery.begin(6)
    surgery.begin(7)
    assert slot.contact is contact
    assert practice.reception.handlers.capacity == 2
    assert practice.expectations.channels.let_down(1, PHONE)
    assert practice.consulting.continuity[3] == kept[1] > 1
    assert practice.people is kept[2]
    assert practice.office.paperwork["gp"].waiting > kept[0]


def test_what_a_later_week_opens_is_in_the_diary_as_soon_as_it_can_be_booked() -> None:
    practice = Surgery().begin(0)
    horizon = practice.settings.appointments.horizon_days
    assert max(practice.book.clinics_on) == horizon
    last = {week: sum(s.rule == "on_the_day" for c in practice.book.clinics_on[week * 7 + 1] for s in c.slots)
            for week in (0, 1)}  # fmt: skip
    assert last[1] > last[0] + 20


def test_paperwork_comes_in_on_working_days() -> None:
    surgery = Surgery()
    practice = surgery.begin(0)
    pile = practice.office.paperwork["gp"]
    monday = pile.waiting
    surgery.begin(5)
    assert pile.waiting == monday
    assert practice.today == practice.requests.today == 5
    surgery.begin(7)
    assert pile.waiting == pytest.approx(monday + practice.office.list_paperwork("gp"))


def test_at_closing_callers_are_cut_off_and_the_day_is_written() -> None:
    surgery = Surgery()
    practice = surgery.begin(0)
    surgery.env.run(until=CLOSES - 1)
    practice.reception.handlers.ask()
    calls = []

    def caller() -> object:
        calls.append((yield from practice.reception.phone.call(contact_of(need_of(heard=True, today=True)))))

    follow(caller())  # type: ignore[arg-type]
    surgery.env.run(until=CLOSES - 0.1)
    practice.expectations.learn(contact_of(opened=CLOSES - 30.0), Disposition(CALL_ANOTHER_DAY))
    before = practice.expectations.belief.value
    practice.end_day()
    surgery.env.run(until=CLOSES)
    assert [(call.ending, call.why) for call in calls] == [(log.MISSED, "closing")]
    ((_, _, belief),) = surgery.rows(log.BELIEF)
    assert belief == pytest.approx(practice.expectations.belief.value)
    assert belief > before
    assert {who for who, _, _ in surgery.rows(log.PAPERWORK)} == set(practice.settings.role)
    assert 0 not in practice.book.clinics_on
    free = {(who, code): slots for who, code, slots in surgery.rows(log.SLOTS_UNUSED)}
    assert free == practice.book.diary.unused != {}


@pytest.mark.parametrize("u", [0.001, 0.5, 0.999])
def test_people_ask_within_opening_hours_or_the_hours_given(u: float) -> None:
    practice = Surgery().practice
    assert OPENS <= practice.asking_minute(0, u) < CLOSES
    assert 900 <= practice.asking_minute_between(0, 900, 960, u) < 960
    assert practice.asking_minute(0, u) == practice.asking_minute(7, u)


def test_the_weekdays_profile_is_its_own() -> None:
    practice = Surgery().practice
    assert practice.asking_minute(0, 0.3) < practice.asking_minute(1, 0.3)
