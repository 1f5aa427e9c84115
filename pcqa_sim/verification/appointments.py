"""The practice's own diary alone: slots by release rule, people who ask, miss and ask again, one list or several.

`diary` drives `clinic.diary.Diary`, the release rules of `scenario`, `clinic.consultation.turns_up` and
`journey.sessions.work_slot`: the same code a practice uses. Times are minutes; day 0 is a Monday.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Literal

import numpy as np
import pandas as pd

from pcqa_sim.clinic.consultation import Squeezing, turns_up
from pcqa_sim.clinic.diary import Diary
from pcqa_sim.frontdoor.next_action import RedialChance, Redials
from pcqa_sim.journey.sessions import ConsultingRoom, work_slot
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.consulting import Consultations, lead_days
from pcqa_sim.scenario.groups import Release
from pcqa_sim.scenario.groups.appointments import LeadTimeRates, Squeeze
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import Distribution
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import (
    APP,
    DNA_REBOOK,
    MISSED,
    NEW,
    TOLD_ANOTHER_DAY,
    Contact,
    Need,
    Slot,
    Visit,
)
from pcqa_sim.verification import arguments
from pcqa_sim.verification.arguments import Durations, Intervals, Redial, refuse
from pcqa_sim.verification.bench import BenchRun, averages
from pcqa_sim.verification.callers import Arrivals, caller_luck
from pcqa_sim.verification.clinics import Clinic, Lists, Whose

_CONSULTATION = activity("bench_consultation")

ATTENDED, REFUSED, OPEN = "attended", "refused", "open"
AHEAD = "ahead"
_NO_HASTE = Squeeze(late_from_min=480, minutes_factor=1, resolve_factor=1)

NoShow = float | LeadTimeRates | Callable[[float], float]


@dataclass(frozen=True)
class DiaryResult:
    """What the diary's bench saw.

    `requests` has one row each time somebody asked: caller, attempt, asked, clinic and release ("" where refused),
    start (of the appointment; NaN), lead_days (calendar days; NaN), status (attended, missed, refused or open: still
    to come), called (the minute they went in; NaN), minutes (of consultation; NaN). `days` has one row a day: opened
    (slots of that day), asked, refused, attended, missed, unused (slots), backlog (booked ahead as it ends). `states`:
    time and backlog after every change, `intervals`: start, end, mean_backlog, asked, refused, attended, missed.
    """

    requests: pd.DataFrame
    days: pd.DataFrame
    intervals: pd.DataFrame
    states: pd.DataFrame


def diary(
    requests: Arrivals,
    clinics: Mapping[str, Clinic],
    *,
    releases: Mapping[str, Release] | None = None,
    horizon_days: int = 28,
    pooled: bool = True,
    shares: Mapping[str, float] | None = None,
    today_share: float = 0.0,
    latest_days: int | None = None,
    service: Durations | None = None,
    no_show: NoShow = 0.0,
    no_show_by: Literal["lead_days", "backlog"] = "lead_days",
    rebook: Redial | None = None,
    ask_again: Redial | None = None,
    at_start: int = 0,
    until: float | None = None,
    intervals: Intervals = (),
    seed: int = 1,
    replication: int = 0,
    watch: bool = True,
) -> DiaryResult:
    """Run the practice's diary with given requests and slots; return every request, day, state and average.

    `requests`, `at_start`, `until`, `intervals` and `watch` are as for `phone`; without `until` the run ends when the
    diary's last day is over. `clinics` by name; `releases` by name, as in a practice's settings (without them every
    slot is `ahead`: bookable from the horizon on). Whoever asks gets the earliest slot on any list (`pooled`), or on
    the list they belong to (`shares` by clinic, equal without it). `today_share` want to be seen today and may take
    urgent slots; the others take any day up to `latest_days` ahead, the horizon without it. `service`: minutes of a
    consultation, exactly a slot's without it; what runs over delays the next. `no_show`: a probability, the
    practice's own bands of lead times, or a function of calendar days between booking and appointment; or, with
    `no_show_by="backlog"`, of how many are booked (they too) when their turn comes. `rebook`, `ask_again`:
    (probability, delay distribution) of asking again after missing, and after being refused. Raises BadInput.
    """
    horizon = arguments.whole("horizon_days", horizon_days)
    run = BenchRun(requests, until=until, at_start=at_start, seed=seed, replication=replication)
    if until is None:
        run.until = float((day_of(max(run.times, default=0.0)) + horizon + 1) * DAY)
    lists = Lists(clinics, releases or {AHEAD: Release(days_before=horizon)}, horizon, pooled)
    whose = Whose(lists, shares, today_share, horizon if latest_days is None else latest_days)
    misses = _misses(no_show, no_show_by)
    minutes = None if service is None else arguments.distribution("service", service, len(run.times))
    again = Redials(
        {
            cause: RedialChance(chance[0], chance[0], chance[1])
            for cause, chance in (
                (DNA_REBOOK, arguments.redial("rebook", rebook, at_once=True)),
                (TOLD_ANOTHER_DAY, arguments.redial("ask_again", ask_again)),
            )
            if chance is not None
        },
        math.inf,
    )
    return _Appointments(run, lists, whose, misses, minutes, again, no_show_by, watch).result(intervals)


def _misses(no_show: NoShow, by: str) -> Callable[[float], float]:
    """Return the probability of missing, as a function of lead time or backlog."""
    if by not in ("lead_days", "backlog"):
        raise refuse("no_show_by", by, "lead_days or backlog")
    if isinstance(no_show, LeadTimeRates):
        if by != "lead_days":
            raise refuse("no_show", "bands of lead times", 'a number or a function, with no_show_by="backlog"')
        return lambda days: no_show.of_lead(int(days))
    return arguments.chance("no_show", no_show)


class _Appointments(Consultations):
    """The people, the diary, and the clinicians at work."""

    def __init__(
        self,
        run: BenchRun,
        lists: Lists,
        whose: Whose,
        misses: Callable[[float], float],
        service: Distribution | None,
        again: Redials,
        no_show_by: str,
        watch: bool,
    ) -> None:
        self._run, self._lists, self._whose = run, lists, whose
        self._misses, self._service, self._again = misses, service, again
        self._by_backlog, self._watch = no_show_by == "backlog", watch
        self._diary = Diary()
        self._room = ConsultingRoom(run.env, self._diary, self, run)
        self.squeeze = Squeezing(_NO_HASTE)
        self._rows: list[list[object]] = []
        self._days: list[list[int]] = []
        self._states: list[tuple[float, int]] = [(0.0, 0)]
        self._backlog = 0

    # The people.

    def _ask(self, caller: int, attempt: int) -> Steps:
        """Ask for an appointment, wait for it, and perhaps ask again."""
        env, listed = self._run.env, {} if self._service is None else {_CONSULTATION: self._service}
        luck = caller_luck(self._run.world, caller, listed)
        need = Need(caller, caller, "request", luck, env.now)
        yield from self._attempt(Contact(need, 0, -1, NEW, APP, env.now, attempt))

    def _attempt(self, contact: Contact) -> Steps:
        env = self._run.env
        slot = self._diary.earliest(self._whose.slot_request(contact, env.now), env.now)
        row = self._note(contact, slot)
        if slot is None:
            self._ask_later(contact, TOLD_ANOTHER_DAY)
            return
        self._diary.take(slot, contact)
        contact.slot, contact.booked_at, contact.visit = slot, env.now, Visit()
        self._count(+1)
        yield contact.visit
        row[_STATUS] = MISSED if contact.visit.ending == MISSED else ATTENDED
        if contact.visit.ending == MISSED:
            self._ask_later(contact, DNA_REBOOK)
        else:
            row[_CALLED], row[_MINUTES] = env.now - contact.visit.minutes, contact.visit.minutes

    def _ask_later(self, contact: Contact, cause: str) -> None:
        """Ask again after some minutes, or not at all."""
        delay = self._again.delay(cause, contact.tries, contact.need.luck)
        if delay is not None:
            timer = self._run.env.timeout(delay)
            again = Contact(contact.need, 0, -1, cause, APP, 0.0, contact.tries + 1)
            timer.callbacks.append(lambda _: follow(self._attempt(again)))

    def _note(self, contact: Contact, slot: Slot | None) -> list[object]:
        """Keep a row of a request, as it is when somebody has asked."""
        who: list[object] = [contact.need.person, contact.tries, self._run.env.now]
        if slot is None:
            row = [*who, "", "", math.nan, math.nan, REFUSED, math.nan, math.nan]
        else:
            days = day_of(slot.start) - day_of(self._run.env.now)
            row = [*who, slot.clinician, slot.rule, slot.start, float(days), OPEN, math.nan, math.nan]
        self._rows.append(row)
        return row

    def _count(self, by: int) -> None:
        self._backlog += by
        if self._watch:
            self._states.append((self._run.env.now, self._backlog))

    # The clinicians: what working a slot asks of a practice.

    def comes(self, contact: Contact, slot: Slot) -> bool:
        """Decide, when the clinician turns to somebody, whether they come."""
        if contact.comes is None:
            of = self._backlog if self._by_backlog else lead_days(contact, slot)
            contact.comes = turns_up(self._misses(of), contact.need.luck)
            self._count(-1)
        return contact.comes

    def minutes(self, slot: Slot, need: Need) -> float:
        """Return the minutes a consultation needs."""
        return slot.length if self._service is None else self._service.quantile(need.luck.u(_CONSULTATION))

    def _work(self, name: str) -> Steps:
        """Work one clinic's lists, day after day; whoever is due is called at the slot's time and not before."""
        env = self._run.env
        for day in range(math.ceil(self._run.end / DAY)):
            for slot in self._lists.of(name, day):
                if env.now < slot.start:
                    yield env.timeout(slot.start - env.now)
                yield from work_slot(self._room, slot)

    def _turn_days(self) -> Steps:
        """Open each day's slots at midnight as far ahead as the diary goes, and drop what was left of the last."""
        lists, diary = self._lists, self._diary
        opened_to = -1
        for day in range(math.ceil(self._run.end / DAY)):
            for ahead in range(opened_to + 1, day + lists.horizon + 1):
                diary.open(chain.from_iterable(lists.of(name, ahead) for name in lists.clinics))
            opened_to = day + lists.horizon
            opened = sum(len(lists.of(name, day)) for name in lists.clinics)
            self._days.append([day, opened, 0, 0])
            yield self._run.env.timeout(DAY)
            self._end_day()
            lists.forget(day)

    def _end_day(self) -> None:
        """Complete the row of the day that is over."""
        row = self._days[-1]
        row[2:] = sum(self._diary.lapse(row[0]).values()), self._backlog

    # The whole.

    def result(self, intervals: Intervals) -> DiaryResult:
        """Run, and return what was seen."""
        spans = arguments.intervals(intervals, self._run.end, self._watch)
        follow(self._turn_days())
        for name in self._lists.clinics:
            follow(self._work(name))
        self._run.run(partial(self._ask, attempt=1))
        self._end_day()  # the last one, which ends as the run does
        requests = pd.DataFrame(self._rows, columns=list(_COLUMNS))
        states = _last_of_each(self._states if self._watch else [])
        means = averages(states, spans)
        return DiaryResult(requests, self._by_day(requests), means.join(_counts(requests, spans)), states)

    def _by_day(self, requests: pd.DataFrame) -> pd.DataFrame:
        days = pd.DataFrame(self._days, columns=["day", "opened", "unused", "backlog"])
        spans = [(float(day * DAY), float((day + 1) * DAY)) for day in days["day"]]
        return days.join(_counts(requests, spans))[
            ["day", "opened", "asked", "refused", "attended", "missed", "unused", "backlog"]
        ]


_COLUMNS = ("caller", "attempt", "asked", "clinic", "release", "start", "lead_days", "status", "called", "minutes")
_STATUS, _CALLED, _MINUTES = (_COLUMNS.index(name) for name in ("status", "called", "minutes"))


def _last_of_each(states: Sequence[tuple[float, int]]) -> pd.DataFrame:
    """Return the backlog after each minute at which it changed."""
    frame = pd.DataFrame(states, columns=["time", "backlog"])
    return frame.drop_duplicates("time", keep="last", ignore_index=True)


def _counts(requests: pd.DataFrame, spans: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """Return how many asked and were refused in each interval, and how many appointments in it were kept or missed."""
    asked, start, status = (requests[name].to_numpy() for name in ("asked", "start", "status"))
    rows = []
    for begin, end in spans:
        here, due = (asked >= begin) & (asked < end), (start >= begin) & (start < end)
        rows.append(
            [here.sum(), (here & (status == REFUSED)).sum(), *((due & (status == s)).sum() for s in (ATTENDED, MISSED))]
        )
    return pd.DataFrame(rows, columns=["asked", "refused", "attended", "missed"], dtype=np.int64)
