"""The appointment book: days opened once and by their own week's settings, sick calls, extras, and the day's end."""

from __future__ import annotations

import pytest
from onepart import CALENDAR, CLOSES, NINE, Pen, contact_of, need_of, slot_at, small_practice

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.practice.appointment_book import AppointmentBook
from pcqa_sim.scenario import Practice
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import OVERBOOKING_RULE, Slot, SlotRequest

NO_EXTRAS: dict[str, object] = {
    "appointments.extra_on_the_day_slots": 0,
    "appointments.empty_slots_logged": False,
    "role.gp.absence.sickness_locum_share": 0.0,
}


class Absent:
    """Nobody is on leave; whoever is named is ill on every day."""

    def __init__(self, *ill: str) -> None:
        self.ill = ill

    def on_leave(self, clinician: str, share: float, week: int) -> bool:
        return False

    def on_leave_by_month(self, clinician: str, share: float, week: int, by_month: object) -> bool:
        return False

    def sick(self, clinician: str, share: float, mean_days: float, day: int) -> bool:
        return clinician in self.ill

    def locum_for_sickness(self, clinician: str, share: float, day: int) -> str:
        return f"gp.locum{clinician.removeprefix('gp.')}"


class Desk:
    """A book with its pen, and the weeks it was opened by."""

    def __init__(
        self, start: float = NINE, ill: tuple[str, ...] = (), later: Practice | None = None, **more: object
    ) -> None:
        self.pen = Pen(start)
        self.weeks: list[int] = []
        self._now, self._later = small_practice(NO_EXTRAS | more), later
        self.book = AppointmentBook(self.pen.env, self.pen.recorder, CALENDAR, Absent(*ill), self._settings_in)  # type: ignore[arg-type]
        self.book.use(self._now)

    def _settings_in(self, week: int) -> Practice:
        self.weeks.append(week)
        return self._now if week == 0 or self._later is None else self._later

    def session(self, clinician: str, *slots: Slot) -> Clinic:
        """A made-up session of the first day, in the book and in the diary."""
        clinic = Clinic("gp", clinician, slots[0].start, slots[-1].start + 10.0, list(slots))
        self.book.clinics_on.setdefault(0, []).append(clinic)
        self.book.diary.open(slots)
        return clinic

    def takes(self, slot: Slot, person: int) -> None:
        self.book.diary.take(slot, contact_of(need_of(person=person)))


def slot_request(**more: object) -> SlotRequest:
    return SlotRequest("gp", 0, 7, **more)  # type: ignore[arg-type]


def opened(desk: Desk) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for _, role, rule, slots in desk.pen.rows(log.SLOTS_OPENED):
        found[role, rule] = found.get((role, rule), 0) + slots
    return found


def test_each_working_day_is_opened_once_and_written() -> None:
    desk = Desk()
    desk.book.open_to(2)
    desk.book.open_to(1)
    desk.book.open_to(6)
    assert sorted(desk.book.clinics_on) == [0, 1, 2, 3, 4]
    assert opened(desk) == dict(desk.book.diary.opened)
    once = Desk()
    once.book.open_to(6)
    assert dict(once.book.diary.opened) == dict(desk.book.diary.opened)


def test_a_day_is_opened_by_the_settings_of_its_own_week() -> None:
    more = small_practice({"appointments.extra_on_the_day_slots": 7})
    desk = Desk(later=more)
    desk.book.open_to(6)
    before = desk.book.diary.opened["gp", "on_the_day"]
    desk.book.open_to(13)
    assert desk.weeks == [0] * 5 + [1] * 5
    assert desk.book.diary.opened["gp", "on_the_day"] == 2 * before + 5 * 7


def test_what_is_complex_gets_a_long_slot_first_and_any_other_if_there_is_none() -> None:
    desk = Desk()
    desk.session("gp.1", slot_at(0, 600), slot_at(0, 660, complex=True))
    first = desk.book.earliest(slot_request(complex=True))
    assert first is not None
    assert first.complex
    desk.takes(first, 1)
    other = desk.book.earliest(slot_request(complex=True))
    assert other is not None
    assert not other.complex
    desk.takes(other, 2)
    assert desk.book.earliest(slot_request(complex=True)) is None


def test_long_slots_are_for_nobody_else() -> None:
    desk = Desk()
    desk.session("gp.1", slot_at(0, 660, complex=True))
    assert desk.book.earliest(slot_request()) is None


def test_what_has_begun_is_offered_neither_at_the_desk_nor_in_the_app() -> None:
    desk = Desk(start=600)
    desk.session("gp.1", slot_at(0, 600, online=True), slot_at(0, 610, online=True))
    for offered in (desk.book.earliest(slot_request()), desk.book.online(slot_request())):
        assert offered is not None
        assert offered.start == 610


def test_the_app_shows_only_what_can_be_booked_there() -> None:
    desk = Desk()
    desk.session("gp.1", slot_at(0, 600), slot_at(0, 610, online=True))
    assert desk.book.online(slot_request()).start == 610  # type: ignore[union-attr]


def test_who_is_sick_loses_every_session_and_is_written_once() -> None:
    desk = Desk(ill=("gp.1",))
    early, late, theirs = slot_at(0, 600), slot_at(0, 900), slot_at(0, 600, "gp.2")
    desk.session("gp.1", early, slot_at(0, 610))
    desk.session("gp.2", theirs)
    desk.session("gp.1", late)
    for person, slot in enumerate((late, theirs, early)):
        desk.takes(slot, person)
    assert [contact.need.person for contact in desk.book.call_in_sick()] == [2, 0]
    assert [clinic.clinician for clinic in desk.book.clinics_on[0]] == ["gp.2"]
    assert desk.pen.rows(log.ABSENT) == [(log.ABSENT, "gp.1", "sick", 0)]
    assert sum(row[3] for row in desk.pen.rows(log.SLOTS_WITHDRAWN)) == 3
    assert theirs.contact is not None
    assert not theirs.withdrawn
    assert early.withdrawn


def test_the_last_list_has_begun_after_the_last_slot_of_those_who_work() -> None:
    desk = Desk(ill=("gp.1",))
    desk.session("gp.1", slot_at(0, 1000))
    desk.session("gp.2", slot_at(0, 700), slot_at(0, 710))
    desk.book.call_in_sick()
    desk.pen.env.run(until=710)
    assert not desk.book.last_list_has_begun
    desk.pen.env.run(until=710.5)
    assert desk.book.last_list_has_begun


def test_where_nobody_works_there_is_no_list_to_wait_for() -> None:
    desk = Desk(ill=("gp.1",))
    desk.session("gp.1", slot_at(0, 1000))
    desk.book.call_in_sick()
    assert desk.book.last_list_has_begun


def test_who_is_sent_away_gives_up_a_slot_that_nobody_else_gets() -> None:
    desk = Desk()
    mine, free = slot_at(0, 600), slot_at(0, 610)
    desk.session("gp.1", mine, free)
    desk.takes(mine, 5)
    assert desk.book.send_away(free) == []
    assert [contact.need.person for contact in desk.book.send_away(mine)] == [5]
    assert desk.pen.rows() == [(log.SLOTS_WITHDRAWN, "gp", "routine", 1)]
    assert desk.book.earliest(slot_request()) is free


def test_an_extra_follows_the_last_slot_and_can_be_booked_once_it_is_put_on() -> None:
    desk = Desk()
    rules = {"triage.overbooking": {"most_per_session": 2, "within_days": 0, "duty_only": False}}
    desk.book.use(small_practice(rules))
    clinic = desk.session("gp.1", slot_at(0, 600))
    slot = desk.book.overbooked(slot_request())
    assert slot is not None
    assert (slot.start, slot.rule) == (610, OVERBOOKING_RULE)
    assert slot.opens > NINE
    assert desk.pen.rows() == []
    desk.book.put_on(slot)
    assert clinic.slots[-1] is slot
    assert slot.opens == NINE
    assert desk.pen.rows() == [(log.SLOTS_OPENED, "gp", OVERBOOKING_RULE, 1)]
    desk.takes(slot, 1)


def test_no_overbooked_slots_where_the_settings_have_none() -> None:
    desk = Desk()
    desk.session("gp.1", slot_at(0, 600))
    assert desk.book.overbooked(slot_request()) is None


@pytest.mark.parametrize("closing", [CLOSES, DAY])
def test_the_day_that_closes_lapses_even_at_midnight_and_the_next_stays(closing: int) -> None:
    desk = Desk(start=closing)
    left, tomorrow = slot_at(0, 600), slot_at(1, 600)
    desk.session("gp.1", left, slot_at(0, 610, rule="online"))
    desk.book.diary.open([tomorrow])
    desk.takes(left, 1)
    desk.book.end_day()
    assert desk.pen.rows() == [(log.SLOTS_UNUSED, "gp", "online", 1)]
    assert desk.book.clinics_on == {}
    assert desk.book.diary.free_of([0, 1]) == [tomorrow]


def test_a_locum_takes_over_a_session_as_it_is_booked() -> None:
    """Nobody is moved, and whoever has a slot there is seen by the locum."""
    desk = Desk(ill=("gp.1",), **{"role.gp.absence.sickness_locum_share": 1.0})
    slots = [slot_at(0), slot_at(0, 660)]
    session = desk.session("gp.1", *slots)
    desk.takes(slots[0], 1)
    assert desk.book.call_in_sick() == []
    assert session.clinician == "gp.locum1"
    assert [slot.clinician for slot in session.slots] == ["gp.locum1", "gp.locum1"]
    assert desk.book.clinics_on[0] == [session]
    assert desk.pen.rows(log.ABSENT, log.SLOTS_WITHDRAWN) == []
