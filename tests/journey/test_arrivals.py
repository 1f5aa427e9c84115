"""Needs setting out: when each is asked about, rushed or not, after a holiday, at the hours of its channel."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from fakepractice import FakePractice
from onepart import CLOSES, OPENS

from pcqa_sim.journey import arrivals
from pcqa_sim.journey.arrivals import people_ask, practice_invites
from pcqa_sim.kernel.process import follow
from pcqa_sim.population.need_generation import AT_ONCE, LATE, NEVER, Candidates
from pcqa_sim.population.people import draw_people
from pcqa_sim.population.recalls import Invitations
from pcqa_sim.population.states import States
from pcqa_sim.scenario import with_settings
from pcqa_sim.values.clock import DAY, WEEK, Hours, WorkingCalendar
from pcqa_sim.values.luck import Luck, name_key
from pcqa_sim.values.needs import APP, ASKED_THROUGH, DESK, ONLINE, PHONE, Need

URGENT, ADMINISTRATIVE = "acute_urgent", "administrative"
HALF = (OPENS + CLOSES) / 2
LINE = {"used_share": 1.0, "hours": {"opens": "10:00", "closes": "16:00"}}

One = tuple[float, str, int, str]  # minute of the week, kind, whether help is sought, and channel


class Closed(WorkingCalendar):
    """The ordinary week, with bank holidays of its own."""

    holidays: tuple[int, ...] = ()

    def is_bank_holiday(self, day: int) -> bool:
        return day in self.holidays


class Town:
    """People with a need at some minutes of the first week, all with luck of their own; and when who asked."""

    def __init__(
        self,
        *needs: One,
        holidays: tuple[int, ...] = (),
        today: bool = True,
        weekend: Hours | None = None,
        **changes: object,
    ) -> None:
        self.practice = FakePractice(changes, 0.0)
        week = (Hours(OPENS, CLOSES),) * 5 + (weekend, weekend)
        self.practice.calendar = Closed(self.practice.calendar.start, week, "")
        object.__setattr__(self.practice.calendar, "holidays", holidays)
        self.practice.appetite = None  # type: ignore[attr-defined]
        self.practice.consulting.continuity = None  # type: ignore[attr-defined]
        people = draw_people(1, with_settings(self.practice.settings.people, {"state.unsettled_share": 0.0}), 50)
        self.practice.states = States(people)
        self.practice.busy_days = self  # type: ignore[attr-defined]
        self.contacts = self
        self.initiated = self
        self.did: list[tuple[float, str, int, str]] = []  # when, what, who and through which channel
        self.arose: dict[int, float] = {}
        self.levels: list[float] = []
        self.days_of_year: list[float] = []
        self.busy: list[object] = []
        self._needs, self._today = needs, today

    def candidates(
        self,
        appetite: object,
        level: float,
        week: int,
        day_of_year: float,
        _: object,
        busy: object,
        never_times: object,
        state: object,
    ) -> Candidates:
        self.busy.append(busy)
        self.levels.append(level)
        self.days_of_year.append(day_of_year)
        here = self._needs if week == 0 else ()
        kinds = list(self.practice.kinds)
        number = np.arange(len(here), dtype=np.int64)
        return Candidates(
            minute=np.array([minute for minute, *_ in here], dtype=np.float64),
            person=number,
            kind=np.array([kinds.index(kind) for _, kind, _, _ in here], dtype=np.int64),
            number=number,
            key=(number + 1).astype(np.uint64),
            seeks=np.array([seeks for *_, seeks, _ in here], dtype=np.int64),
            today=np.full(len(here), self._today),
            channel=np.array([ASKED_THROUGH.index(channel) for *_, channel in here], dtype=np.int64),
            height=np.zeros(len(here)),
        )

    def week(self, monday: dt.date) -> dt.date:
        """The factors of a week's days: here the date asked about, in their stead."""
        return monday

    def lives(self, patch: pytest.MonkeyPatch, weeks: int = 2) -> list[tuple[float, str, int, str]]:
        patch.setattr(arrivals, "week_candidates", self.candidates)
        follow(people_ask(self.practice, self, weeks * WEEK))  # type: ignore[arg-type]
        self.practice.env.run(until=weeks * WEEK)
        return self.did

    def _keep(self, what: str, need: Need, channel: str = "") -> None:
        self.did.append((self.practice.env.now, what, need.person, channel))
        self.arose[need.person] = need.arose

    def ask_now(self, need: Need, channel: str) -> None:
        self._keep("now", need, channel)

    def ask_late(self, need: Need, channel: str) -> None:
        self._keep("late", need, channel)

    def never_ask(self, need: Need) -> None:
        self._keep("never", need)

    def invite(self, need: Need) -> None:
        self._keep(need.kind, need)


def u_of(person: int, name: str) -> float:
    """The luck that a person of the town has for an activity."""
    return Luck(person + 1).u(name_key("activity:" + name))


def test_each_weeks_needs_are_drawn_with_its_own_busy_days(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    town.lives(monkeypatch, weeks=3)
    assert town.busy == [dt.date(2026, 1, 5), dt.date(2026, 1, 12), dt.date(2026, 1, 19)]


def test_needs_set_out_in_order_of_time_at_once_late_or_never(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(
        (600.0, URGENT, AT_ONCE, PHONE), (700.0, URGENT, NEVER, PHONE), (DAY + 650.5, URGENT, LATE, APP)
    )  # fmt: skip
    assert town.lives(monkeypatch) == [(600, "now", 0, PHONE), (700, "never", 1, ""), (DAY + 650.5, "late", 2, APP)]
    assert town.arose == {0: 600, 1: 700, 2: DAY + 650.5}


def test_each_week_is_drawn_by_its_level_and_season(monkeypatch: pytest.MonkeyPatch) -> None:
    """The season is that of the week's Thursday: 8 January is the eighth day of the year, number 7."""
    town = Town(demand_level=1.5)
    town.lives(monkeypatch)
    assert town.levels == [1.5, 1.5]
    assert town.days_of_year == [7, 14]


def test_who_was_let_down_begins_elsewhere_and_who_asks_late_does_not_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town((600.0, URGENT, AT_ONCE, PHONE), (700.0, URGENT, LATE, PHONE))
    town.practice.expectations.turns_to = {PHONE: DESK}
    assert [channel for *_, channel in town.lives(monkeypatch)] == [DESK, PHONE]


def rushed(monkeypatch: pytest.MonkeyPatch, one: One, share: float = 1.0, **more: object) -> float:
    town = Town(one, **more)  # type: ignore[arg-type]
    town.practice.expectations.share = share
    ((at, _, _, _),) = town.lives(monkeypatch)
    return at


def test_who_believes_in_scarcity_calls_at_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    one = (900.0, URGENT, AT_ONCE, PHONE)
    assert rushed(monkeypatch, one) == OPENS + 5
    assert rushed(monkeypatch, (900.0, URGENT, AT_ONCE, ONLINE)) == OPENS + 5
    assert rushed(monkeypatch, one, 0.0) == 900
    own = u_of(0, "rushes")
    assert rushed(monkeypatch, one, own + 1e-9) == OPENS + 5
    assert rushed(monkeypatch, one, own) == 900


@pytest.mark.parametrize(("minute", "kind", "seeks", "channel"), [
    (OPENS - 1.0, URGENT, AT_ONCE, PHONE),  # they call in the night and would have to wait for it
    (900.0, ADMINISTRATIVE, AT_ONCE, PHONE),  # nothing that can be scarce
    (900.0, URGENT, AT_ONCE, DESK),
    (900.0, URGENT, LATE, PHONE),
    (5 * DAY + 900.0, URGENT, AT_ONCE, PHONE),  # a Saturday, closed
])  # fmt: skip
def test_others_ask_when_the_need_arises(
    monkeypatch: pytest.MonkeyPatch, minute: float, kind: str, seeks: int, channel: str
) -> None:
    assert rushed(monkeypatch, (minute, kind, seeks, channel)) == minute


def test_who_can_wait_rushes_only_where_appointments_ahead_are_scarce_too(monkeypatch: pytest.MonkeyPatch) -> None:
    one = (900.0, URGENT, AT_ONCE, PHONE)
    assert rushed(monkeypatch, one, today=False) == 900
    assert rushed(monkeypatch, one, today=False, **{"demand.rush.ahead_too": True}) == OPENS + 5


def test_nobody_rushes_past_closing_time(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town((900.0, URGENT, AT_ONCE, PHONE))
    town.practice.expectations.share = 1.0
    monkeypatch.setattr(type(town.practice.rush_delay), "quantile", lambda self, u: float(CLOSES - OPENS))
    assert [at for at, *_ in town.lives(monkeypatch)] == [900]


@pytest.mark.parametrize(("minute", "waits"), [(OPENS - 1.0, True), (float(OPENS), False), (float(CLOSES), True)])
def test_who_walks_in_comes_while_the_doors_are_open(
    monkeypatch: pytest.MonkeyPatch, minute: float, waits: bool
) -> None:
    at = rushed(monkeypatch, (minute, URGENT, AT_ONCE, DESK))
    assert at == (OPENS + u_of(0, "comes_when_open") * (CLOSES - OPENS) if waits else minute)


@pytest.mark.parametrize(("minute", "waits"), [(599.0, True), (600.0, False), (CLOSES + 5.0, False)])
def test_who_keeps_to_the_administrative_line_calls_when_it_opens(
    monkeypatch: pytest.MonkeyPatch, minute: float, waits: bool
) -> None:
    town = Town((minute, ADMINISTRATIVE, AT_ONCE, PHONE), **{"phones.admin_line": LINE})
    town.practice.reception.keeps = True
    ((at, _, _, _),) = town.lives(monkeypatch)
    assert at == (600 + u_of(0, "rings_when_admin_line_is_open") * 360 if waits else minute)
    town = Town((minute, ADMINISTRATIVE, AT_ONCE, ONLINE), **{"phones.admin_line": LINE})
    town.practice.reception.keeps = True
    assert town.lives(monkeypatch)[0][0] == minute


# Bank holidays: Friday and the Monday after it.

GOOD_FRIDAY = (4, 7)


def test_a_holidays_needs_wait_for_work_and_then_arise_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """All who wait do so over the weekend and the second holiday; half of them ask each working day."""
    needs = [(4 * DAY + 600.0 + n, URGENT, AT_ONCE, PHONE) for n in range(40)]
    rules = {"demand.bank_holiday_asking_share": 0.3, "demand.after_bank_holiday_share": 0.5}
    town = Town(*needs, holidays=GOOD_FRIDAY, **rules)
    asked = {who: at for at, _, who, _ in town.lives(monkeypatch, 3)}
    assert len(asked) == 40
    for person, at in asked.items():
        on_the_day = u_of(person, "waits_for_work") < 0.3
        assert (at // DAY == 4) is on_the_day
        assert at % DAY == 600.0 + person
        assert town.arose[person] == at
    waited = [int(at // DAY) for at in asked.values() if at // DAY > 4]
    assert min(waited) == 8
    assert not set(waited) & {9 + 3, 9 + 4}
    first = {person for person, at in asked.items() if at // DAY == 8}
    later = {person for person in asked if u_of(person, "waits_for_work") >= 0.3}
    assert first == {person for person in later if u_of(person, "asks_after_holiday") < 0.5}


def test_who_will_never_ask_does_not_wait_for_a_working_day(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town((4 * DAY + 600.0, URGENT, NEVER, PHONE), holidays=GOOD_FRIDAY,
                **{"demand.bank_holiday_asking_share": 0.0})  # fmt: skip
    assert town.lives(monkeypatch) == [(4 * DAY + 600.0, "never", 0, "")]


# Invitations.


class Recalls:
    """Two invitations a week, at the beginning of the working week and near its end."""

    def __init__(self) -> None:
        self.weeks: list[int] = []

    def due(self, week: int) -> Invitations:
        self.weeks.append(week)
        both = np.array([0, 1], dtype=np.int64)
        return Invitations(np.array([0.0, 0.9]), both, both, both + 10 * week, (both + 1).astype(np.uint64))


def test_invitations_go_out_on_working_days_at_their_share_of_the_weeks_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninety per cent of five days is the middle of the fifth; of three days, seven tenths of the third."""
    town = Town(holidays=(9, 10))
    town.practice.recall = recalls = Recalls()  # type: ignore[attr-defined]
    follow(practice_invites(town.practice, town, 2))  # type: ignore[arg-type]
    town.practice.env.run()
    first, second = town.practice.kind_names[len(town.practice.settings.demand.kinds) :][:2]
    third = 11 * DAY + OPENS + 0.7 * (CLOSES - OPENS)
    assert [(pytest.approx(at), kind) for at, kind, _, _ in town.did] == [
        (float(OPENS), first), (4 * DAY + HALF, second), (7 * DAY + OPENS, first), (third, second),
    ]  # fmt: skip
    assert recalls.weeks == [0, 1]


def test_a_practice_that_works_at_weekends_invites_then_too() -> None:
    """Ninety per cent of seven days is three tenths of the seventh."""
    town = Town(weekend=Hours(OPENS, CLOSES))
    town.practice.recall = Recalls()  # type: ignore[attr-defined]
    follow(practice_invites(town.practice, town, 1))  # type: ignore[arg-type]
    town.practice.env.run()
    assert [at for at, *_ in town.did] == pytest.approx([OPENS, 6 * DAY + OPENS + 0.3 * (CLOSES - OPENS)])


def test_nobody_is_invited_in_a_week_without_a_working_day() -> None:
    town = Town(holidays=(0, 1, 2, 3, 4))
    town.practice.recall = Recalls()  # type: ignore[attr-defined]
    follow(practice_invites(town.practice, town, 2))  # type: ignore[arg-type]
    town.practice.env.run()
    assert [int(at // DAY) for at, *_ in town.did] == [7, 11]
