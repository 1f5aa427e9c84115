"""A clinician's day, slot by slot, against exact arithmetic: of made-up sessions, then of whole runs."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest
from lindley import lindley
from shortruns import composed, run_of

from pcqa_sim.clinic.session import Clinic
from pcqa_sim.journey.sessions import Bell, work_day
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.kernel.process import Steps, follow
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.values.luck import Luck, name_key
from pcqa_sim.values.needs import FACE_TO_FACE, NEW, PHONE, SEEN, Contact, Need, Slot, Visit

CONSULTATION, ATTENDS = name_key("activity:consultation"), name_key("activity:attends")
KIND, GP = "acute_minor", "gp.1"
START = 510.0


class Fixed(Luck):
    """Luck that gives a consultation its minutes and lets the person come, or not."""

    def __init__(self, length: float, comes: float) -> None:
        super().__init__(0)
        self._given = {CONSULTATION: length, ATTENDS: comes}

    def u(self, activity_key: int) -> float:
        return self._given[activity_key]


class Counting(Environment):
    """An environment that counts the events it goes through."""

    steps = 0

    def step(self) -> None:
        super().step()
        self.steps += 1


def plain(
    practice: Practice,
    overtime_min: float = 0.0,
    late_from: float = 480.0,
    protected_min: float = 0.0,
    may_wait: float = 0.0,
    list_stops: float | None = None,
) -> Practice:
    """A practice of alike GPs who work no overtime for paperwork and never hurry, unless told to."""
    return with_settings(
        practice,
        {
            "role.gp.differences.pace_cv": 0.0,
            "role.gp.differences.skill_sd": 0.0,
            "role.gp.differences.follow_up_cv": 0.0,
            "role.gp.overtime.may_wait_days": may_wait,
            "role.gp.overtime.most_min": overtime_min,
            "role.gp.overtime.protected_min": protected_min,
            "role.gp.overtime.list_stops_after_min": list_stops,
            "triage.recognition": {},
            "appointments.squeeze.late_from_min": late_from,
            "appointments.squeeze.minutes_factor": 0.5,
            "appointments.squeeze.resolve_factor": 0.9,
        },
    )


class Surgery:
    """A real practice in which nothing happens but the sessions it is given, and a journey that only takes notes."""

    def __init__(self, **settings: float) -> None:
        base: Scenario = composed("practice=small", "run=quick", "people.trait_shape=50")
        scenario = base.changed(lambda practice: plain(practice, **settings))
        self.env = Counting()
        self.log = EventLog(("practice",))
        self.practice = OpenPractice(self.env, scenario, "practice", self.log, 1, 0)
        self.seen: list[tuple[int, float, bool]] = []
        self.missed: list[int] = []
        self.results: list[int] = []
        self.moved: list[tuple[int, float]] = []

    def after(self, contact: Contact, slot: Slot, visit: Visit) -> None:
        if visit.ending == SEEN:
            self.practice.recorder.note(contact, log.CONSULT_ENDED, slot.clinician, amount=visit.minutes)
            self.seen.append((contact.need.person, self.env.now, visit.squeezed))
        else:
            self.missed.append(contact.need.person)

    @property
    def pending(self) -> Self:
        return self

    @property
    def initiated(self) -> Self:
        return self

    def move(self, contact: Contact) -> Steps:
        self.moved.append((contact.need.person, self.env.now))
        yield from ()

    def hear(self, contact: Contact) -> None:
        self.results.append(contact.need.person)

    def book(self, slot: Slot, person: int, minutes: float, comes: bool = True) -> Contact:
        distribution = self.practice.consulting.minutes_distribution(slot, KIND)
        length = NormalDist().cdf((math.log(minutes) - distribution.mu) / distribution.sigma)
        need = Need(person, person, KIND, Fixed(length, 1 - 1e-12 if comes else 1e-12), 0.0)
        contact = Contact(need, 0, -1, NEW, PHONE, 0.0)
        self.practice.book.diary.take(slot, contact)
        visit = contact.visit = Visit()
        contact.slot, contact.booked_at = slot, self.env.now
        visit.callbacks.append(lambda _: self.after(contact, slot, visit))
        return contact

    def works(self, *clinics: Clinic) -> None:
        for clinic in clinics:
            self.practice.book.diary.open(clinic.slots)
        follow(work_day(self.practice, self, list(clinics)))  # type: ignore[arg-type]

    def rows(self, event: str) -> list[tuple[float, int, float]]:
        table = self.log.table().to_pylist()
        return [(r["time_min"], r["person"], round(r["amount"], 4)) for r in table if r["event"] == event]

    def account(self) -> list[dict[str, float]]:
        """The minutes of each session, by what they went to."""
        found: dict[float, dict[str, float]] = {}
        for row in self.log.table().to_pylist():
            if row["event"] == log.SESSION_ENDED:
                found.setdefault(row["time_min"], {})[row["code"]] = round(row["amount"], 4)
        return [found[time] for time in sorted(found)]


def session(count: int, length: float = 10.0, start: float = START, minutes: float | None = None) -> Clinic:
    slots = [Slot(start + i * length, length, "gp", GP, FACE_TO_FACE, "routine") for i in range(count)]
    return Clinic("gp", GP, start, start + (count * length if minutes is None else minutes), slots)


def test_a_session_runs_late_as_lindleys_recursion_says() -> None:
    minutes = np.random.default_rng(3).lognormal(2.1, 0.5, 400)
    surgery, clinic = Surgery(), session(400)
    surgery.works(clinic)
    for person, slot in enumerate(clinic.slots):
        surgery.book(slot, person, float(minutes[person]))
    surgery.env.run()
    ended = np.array([now for _, now, _ in surgery.seen])
    waits = ended - minutes - np.array([slot.start for slot in clinic.slots])
    assert waits == pytest.approx(lindley(np.full(400, 10.0), minutes), abs=1e-4)
    assert waits.max() > 20
    assert [person for person, _, _ in surgery.seen] == list(range(400))


def test_a_gap_lets_the_session_catch_up_and_the_next_is_never_seen_early() -> None:
    surgery, clinic = Surgery(), session(3)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 14.0)
    surgery.book(clinic.slots[2], 2, 5.0)
    surgery.env.run()
    assert surgery.rows(log.CONSULT_ENDED) == [(pytest.approx(524.0), 0, 14.0), (pytest.approx(535.0), 2, 5.0)]


def test_who_does_not_come_is_noted_at_the_slot_and_leaves_a_gap() -> None:
    surgery, clinic = Surgery(), session(2)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 14.0, comes=False)
    surgery.book(clinic.slots[1], 1, 5.0)
    surgery.env.run()
    assert surgery.rows(log.DID_NOT_ATTEND) == [(510.0, 0, 0.0)]
    assert surgery.rows(log.CONSULT_ENDED) == [(pytest.approx(525.0), 1, 5.0)]
    assert surgery.missed == [0]


def test_a_missed_appointment_says_how_long_ago_it_was_booked() -> None:
    surgery, clinic = Surgery(), session(1, start=3 * DAY + START)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 14.0, comes=False)
    surgery.env.run()
    assert surgery.rows(log.DID_NOT_ATTEND) == [(3 * DAY + START, 0, 3.0)]


def test_a_slot_booked_while_the_clinician_waits_is_used() -> None:
    surgery, clinic = Surgery(), session(2)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 2.0)
    surgery.env.timeout(515).callbacks.append(lambda _: surgery.book(clinic.slots[1], 1, 5.0))
    surgery.env.run()
    assert surgery.rows(log.CONSULT_ENDED)[-1] == (pytest.approx(525.0), 1, 5.0)


def test_a_slot_given_back_before_its_time_is_a_gap() -> None:
    surgery, clinic = Surgery(), session(2)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 2.0)
    surgery.book(clinic.slots[1], 1, 5.0)
    surgery.env.timeout(505).callbacks.append(lambda _: surgery.practice.book.diary.give_back(clinic.slots[1]))
    surgery.env.run()
    assert [person for person, _, _ in surgery.seen] == [0]
    assert surgery.missed == []


def test_a_late_clinician_hurries_and_is_known_to_have_done_so() -> None:
    surgery, clinic = Surgery(late_from=20.0), session(4)
    surgery.works(clinic)
    for person, minutes in enumerate((29.9, 11.1, 8.0, 6.0)):
        surgery.book(clinic.slots[person], person, minutes)
    surgery.env.run()
    # The second is seen 19.9 minutes late and not hurried; the third 21 late, its minutes halved; the fourth 15 late.
    expected = [(0, 539.9, False), (1, 551.0, False), (2, 555.0, True), (3, 561.0, False)]
    assert [(p, pytest.approx(now), s) for p, now, s in expected] == surgery.seen
    assert surgery.rows(log.SQUEEZED) == [(pytest.approx(551.0), 2, 21.0)]


def test_a_patient_booked_already_costs_one_kernel_event() -> None:
    surgery, clinic = Surgery(), session(50)
    surgery.works(clinic)
    for person, slot in enumerate(clinic.slots):
        surgery.book(slot, person, 8.0)
    surgery.env.run()
    begins_and_ends = 2
    assert surgery.env.steps == 50 + begins_and_ends


def test_what_gaps_and_quick_consultations_leave_over_goes_to_paperwork_and_then_to_nothing() -> None:
    surgery, clinic = Surgery(), session(4)
    surgery.practice.office.paperwork["gp"].work(10_000)
    surgery.practice.office.paperwork["gp"].add("letter", 12.0)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 7.0)
    surgery.book(clinic.slots[3], 3, 5.0)
    surgery.env.run()
    (account,) = surgery.account()
    expected = {log.ROSTERED: 40, log.CONSULTING: 12, log.BACK_OFFICE: 12, log.IDLE: 16, log.OVERTIME: 0}
    assert account == pytest.approx(expected)
    assert surgery.env.now == 550


@pytest.mark.parametrize(("waiting", "stays"), [(10.0, 0.0), (28.0, 0.0), (40.0, 12.0), (70.0, 25.0)])
def test_clinicians_stay_on_for_paperwork_that_may_not_wait_and_no_longer_than_they_must(
    waiting: float, stays: float
) -> None:
    surgery, clinic = Surgery(overtime_min=25.0), session(4)
    surgery.practice.office.paperwork["gp"].work(10_000)
    surgery.practice.office.paperwork["gp"].add("letter", waiting)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 12.0)
    surgery.env.run()
    (account,) = surgery.account()
    assert account[log.OVERTIME] == pytest.approx(stays, abs=1e-4)
    assert account[log.BACK_OFFICE] == pytest.approx(min(waiting, 28 + stays), abs=1e-4)
    assert surgery.env.now == pytest.approx(550 + stays, abs=1e-4)


@pytest.mark.parametrize(("waiting", "stays"), [(0.0, 0.0), (5.0, 5.0), (90.0, 20.0)])
def test_protected_minutes_go_to_paperwork_however_long_the_list_ran(waiting: float, stays: float) -> None:
    surgery, clinic = Surgery(overtime_min=60.0, protected_min=20.0, may_wait=60.0), session(2)
    surgery.practice.office.paperwork["gp"].work(10_000)
    surgery.practice.office.paperwork["gp"].add("letter", waiting)
    surgery.works(clinic)
    surgery.book(clinic.slots[0], 0, 10.0)
    surgery.book(clinic.slots[1], 1, 20.0)
    surgery.env.run()
    (account,) = surgery.account()
    assert account[log.BACK_OFFICE] == pytest.approx(stays, abs=1e-4)


def test_a_session_that_runs_over_is_overtime_and_a_late_start_of_the_next_is_not_worked_twice() -> None:
    surgery = Surgery()
    surgery.practice.office.paperwork["gp"].work(10_000)
    first, second = session(2), session(2, start=START + 30)
    surgery.works(first, second)
    surgery.book(first.slots[0], 0, 9.0)
    surgery.book(first.slots[1], 1, 26.0)
    surgery.book(second.slots[0], 2, 3.0)
    surgery.env.run()
    late, after = surgery.account()
    assert late == pytest.approx(
        {log.ROSTERED: 20, log.CONSULTING: 35, log.BACK_OFFICE: 0, log.IDLE: 1, log.OVERTIME: 16}, abs=1e-3
    )
    assert after == pytest.approx(
        {log.ROSTERED: 14, log.CONSULTING: 3, log.BACK_OFFICE: 0, log.IDLE: 11, log.OVERTIME: 0}, abs=1e-3
    )


def test_results_dealt_with_are_told_at_the_end_of_the_session() -> None:
    surgery, clinic = Surgery(), session(3)
    office = surgery.practice.office.paperwork["gp"]
    office.work(10_000)
    contacts = [Contact(Need(n, n, KIND, Fixed(0.5, 0.5), 0.0), 0, -1, NEW, PHONE, 0.0) for n in range(3)]
    for contact in contacts:
        office.add_awaited("result", 12.0, contact)
    surgery.works(clinic)
    surgery.env.run()
    assert surgery.results == [0, 1]
    assert office.waiting == pytest.approx(6.0)


@pytest.mark.parametrize(("first", "sent_away"), [(50.0, []), (59.5, [2]), (61.0, [1, 2])])
def test_who_is_left_when_a_list_stops_is_sent_away(first: float, sent_away: list[int]) -> None:
    """Twenty minutes after a session of forty the list stops; who is with the clinician then is seen out."""
    surgery, clinic = Surgery(list_stops=20.0), session(4)
    surgery.works(clinic)
    for person, place, minutes in ((0, 0, first), (1, 1, 5.0), (2, 3, 5.0)):
        surgery.book(clinic.slots[place], person, minutes)
    surgery.env.run()
    assert [person for person, _ in surgery.moved] == sent_away
    seen = [person for person, _, _ in surgery.seen]
    assert seen == [person for person in (0, 1, 2) if person not in sent_away]
    assert all(at == pytest.approx(surgery.seen[-1][1]) for _, at in surgery.moved)


# Whole runs.


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=8")


@pytest.fixture(scope="module")
def one_at_a_time() -> Run:
    """The same with nobody on the road and one person to a slot."""
    still = ("appointments.home_visits=null", "appointments.double_booking=null")
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=8", *still)


def slots_in_order(run: Run) -> pd.DataFrame:
    """Everybody who was due, by clinician and day, in the order of their slots, with when their turn ended."""
    due = run.appointments[run.appointments["status"].isin(("attended", "dna"))].copy()
    events = run.events[run.events["event"].isin((log.CONSULT_ENDED, log.DID_NOT_ATTEND))]
    when = events.set_index(["need", "contact"])["time_min"]
    due["ended"] = when.loc[list(zip(due["need"], due["contact"], strict=True))].to_numpy()
    due["day"] = due["start"] // DAY
    return due.sort_values(["clinician", "day", "start"], kind="stable")


def test_everybody_is_seen_at_their_slot_or_when_the_one_before_comes_out(one_at_a_time: Run) -> None:
    """Lindley's recursion holds in every session of a run, squeezed or not, with gaps and people who do not come."""
    due = slots_in_order(one_at_a_time)
    assert len(due) > 1000
    assert (due["status"] == "dna").sum() > 10
    for _, mine in due.groupby(["clinician", "day"], sort=False):
        free = 0.0
        for row in mine.itertuples():
            minutes = 0.0 if row.status == "dna" else row.minutes
            assert row.ended == pytest.approx(max(row.start, free) + minutes, abs=0.02)
            free = row.ended


def test_the_sessions_of_a_run_add_up(run: Run) -> None:
    minutes = run.staff_minutes
    sums = minutes.groupby("activity")["minutes"].sum()
    spent = (log.CONSULTING, log.TRAVELLING, log.BACK_OFFICE, log.LIST_WORK, log.IDLE)
    together = sums[list(spent)].sum()
    assert together == pytest.approx(sums[log.ROSTERED] + sums[log.OVERTIME])
    seen = run.appointments[run.appointments["status"] == "attended"]["minutes"].sum()
    assert sums[log.CONSULTING] == pytest.approx(seen, rel=1e-6)


def test_consultations_have_the_mean_of_their_role_and_mode() -> None:
    """Minutes divided by the role's mean, the kind's factor and the clinician's pace have mean 1."""
    run = run_of("run.measured_weeks=4")
    practice = run.scenario.practices["practice"]
    seen = run.appointments.query("status == 'attended'")
    squeezed = run.events[run.events["event"] == log.SQUEEZED]
    hurried = set(zip(squeezed["need"], squeezed["contact"], strict=True))
    kinds = run.needs["kind"].to_dict()
    factors = {name: kind.minutes_factor for name, kind in practice.demand.kinds.items()}
    factors |= {name: one.minutes_factor for name, one in practice.planned.programmes.items()}
    for (role, mode), mine in seen.groupby(["role", "mode"]):
        free = [(n, c) not in hurried for n, c in zip(mine["need"], mine["contact"], strict=True)]
        mine = mine[free]
        mean = practice.role[role].consultation_min[mode]
        scaled = mine["minutes"] / mean / np.array([factors[kinds[n]] for n in mine["need"]])
        pace = practice.role[role].differences.pace_cv  # between clinicians, of whom there are few
        error = 4 * scaled.std() / np.sqrt(len(mine)) + 2.5 * pace / np.sqrt(mine["clinician"].nunique())
        assert scaled.mean() == pytest.approx(1.0, abs=error), (role, mode)


@pytest.mark.slow
def test_unresolved_needs_come_back_geometrically() -> None:
    """With nothing else failing, a need has 1 / p contacts, p the share of consultations that resolve it."""
    base = composed("experiment=perfect_service", "practice=small")
    practice = base.practices["practice"]
    kinds = ("follow_up_share=0", "test_share=0", "recovery_mean_days=3650")
    overrides = [f"demand.kinds.{kind}.{setting}" for kind in practice.demand.kinds for setting in kinds]
    overrides += [f"role.{name}.scope.{kind}=0.75" for name, role in practice.role.items() for kind in role.scope]
    run = run_of(
        "experiment=perfect_service",
        "practice=small",
        "run.measured_weeks=10",
        "phones.menu.informed_share=0",
        "planned.level=0",
        "outcome.return_mean_days=0.5",
        *overrides,
    )
    first = run.contacts[run.contacts["contact"] == 0].set_index("need")
    needs = run.needs[(run.needs["arose"] < 8 * 7 * DAY) & first["booked"].reindex(run.needs.index, fill_value=False)]
    assert len(needs) > 1000
    assert (needs["ending"] == "open").mean() < 0.01
    counts = needs["contacts"].to_numpy()
    assert counts.mean() == pytest.approx(1 / 0.75, abs=4 * np.sqrt(0.25) / 0.75 / np.sqrt(len(counts)) + 0.01)
    again = [(counts > n).sum() / (counts >= n).sum() for n in (1, 2)]
    assert again == pytest.approx([0.25, 0.25], abs=0.06)
    failure = run.contacts[run.contacts["need"].isin(needs.index)]["failure"].mean()
    assert failure == pytest.approx(0.25, abs=0.03)


def test_a_story_of_sessions_reads_forward(run: Run) -> None:
    rows: Any = run.events[run.events["event"] == log.SESSION_ENDED]
    every = {log.ROSTERED, log.CONSULTING, log.BACK_OFFICE, log.IDLE, log.OVERTIME}
    more = {log.LIST_WORK, log.TRAVELLING}  # of roles that have such work, and of who has been out to visit
    for _, codes in rows.groupby(["time_min", "who"])["code"]:
        assert codes.is_unique
        assert every <= set(codes) <= every | more


def test_a_bell_may_be_sounded_twice_and_is_heard_once() -> None:
    env = Environment(START)
    bell, heard = Bell(env), []

    def listens() -> Steps:
        yield bell.event
        heard.append(env.now)

    follow(listens())
    for minutes in (5, 5, 9):
        env.timeout(minutes).callbacks.append(lambda _: bell.sound())
    env.run()
    assert heard == [START + 5]
