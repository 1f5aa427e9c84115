"""The diary as it begins: luck belongs to people and to slots, and nobody holds what their needs do not make."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.journey.diary_at_start import book_before
from pcqa_sim.journey.journey import Journey
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.population.booked_before import wanting, weeks_ahead
from pcqa_sim.practice.practice import OpenPractice
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.values.clock import day_of
from pcqa_sim.values.eventlog import BOOKED, EventLog
from pcqa_sim.values.needs import Slot

KEY = "practice"
SMALL = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2")
FEW, MANY_GPS = "practice.list_size=300", "role.gp.fte_per_10000=1000"


def begun(scenario: Scenario, replication: int = 0) -> tuple[OpenPractice, list[Slot]]:
    """A practice at midnight before its first day, and every slot that could have been booked before."""
    practice = OpenPractice(Environment(), scenario, KEY, EventLog((KEY,)), 1, replication)
    practice.begin_day()
    slots = practice.book.diary.free_of(range(practice.settings.appointments.booked_at_start_days))
    book_before(practice, Journey(practice).initiated)
    return practice, slots


def held(slots: list[Slot]) -> dict[tuple[str, float], int]:
    """Who holds which slot."""
    return {(slot.clinician, slot.start): slot.contact.need.number for slot in slots if slot.contact is not None}


def person_of(number: int) -> int:
    return number // 10**10


def _places_as_large(practice: Practice, part: float) -> dict[str, object]:
    """Settings of the places in the community whose room goes by the size of the list, as large as it was before."""
    by_size = ("places_per_10000", "sessions_per_10000_day", "minutes_per_10000_day")
    return {
        f"community.{name}.{setting}": getattr(place, setting) * part
        for name, place in practice.community.items()
        for setting in by_size
        if getattr(place, setting) is not None
    }


@cache
def longer(*overrides: str, people: int) -> Scenario:
    """A scenario with so many people, the practice as large as for `people` 1,500 and no work that goes by its size."""
    scenario = composed(*overrides)
    practice = scenario.practices[KEY]
    fte = {name: practice.fte_level.get(name, 1.0) * 1500 / people for name in practice.role}
    paperless = {f"backoffice.items.{name}.per_1000_day": 0.0 for name in practice.backoffice.items}
    listless = {f"role.{name}.list_work": {} for name in practice.role}
    as_large: dict[str, object] = {"list_size": people, "fte_level": fte, "rota.written_for_list_size": 7 * people}
    changed = with_settings(practice, as_large | paperless | listless | _places_as_large(practice, 1500 / people))
    return scenario.replaced(practices={KEY: changed})


@pytest.mark.slow
def test_bookings_by_role_and_day_are_the_share_of_slots_that_theory_says() -> None:
    """With people enough each slot is booked with a probability of its day alone: a binomial count."""
    scenario = composed(*SMALL, "appointments.booked_at_start_share=0.5")
    rules = scenario.practices[KEY].appointments
    there, booked = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for replication in range(25):
        _, slots = begun(scenario, replication)
        there.update((slot.role, day_of(slot.start)) for slot in slots)
        booked.update((slot.role, day_of(slot.start)) for slot in slots if slot.contact is not None)
    compared = 0
    for (role, day), slots_there in there.items():
        share = rules.booked_at_start_share * math.exp(-day / rules.booked_at_start_mean_days)
        if share * slots_there < 10:
            continue
        error = math.sqrt(slots_there * share * (1 - share))
        assert abs(booked[role, day] - share * slots_there) < 4 * error, (role, day)
        compared += 1
    assert compared > 80


def test_the_default_diary_is_as_full_as_its_share_says() -> None:
    """People's needs are as many as the diary holds, so that hardly a slot that could be booked is not."""
    scenario = composed(*SMALL)
    rules = scenario.practices[KEY].appointments
    expected, found = 0.0, 0
    for replication in range(5):
        _, slots = begun(scenario, replication)
        days = np.array([day_of(slot.start) for slot in slots])
        expected += rules.booked_at_start_share * float(np.exp(-days / rules.booked_at_start_mean_days).sum())
        found += sum(slot.contact is not None for slot in slots)
    assert 0.9 * expected < found < 1.03 * expected


def test_few_people_with_many_gps_hold_what_their_needs_make() -> None:
    """Bookings follow the needs that are booked ahead over the time a diary looks ahead, and not the slots."""
    scenario = composed("practice=small", FEW, MANY_GPS, "run.warm_up_weeks=0", "run.measured_weeks=1")
    settings = scenario.practices[KEY]
    found, expected = Counter[int](), 0.0
    for replication in range(4):
        practice, slots = begun(scenario, replication)
        here = [person_of(number) for number in held(slots).values()]
        found[replication] = len(here)
        assert max(Counter(here).values()) <= 8
        wanted = wanting(settings, practice.appetite, practice.recall)
        assert len(here) <= len(wanted.person)
        for index, kind in enumerate(settings.demand.kinds.values()):
            asked = practice.appetite.base[index] * (1 - practice.appetite.never[index])
            expected += float(asked.sum()) * kind.level * (1 - kind.today_share) * settings.demand_level
        expected += sum(practice.recall.a_week(n) * len(practice.recall.members(n)) for n in range(8))
    assert sum(found.values()) < 2.5 * expected * weeks_ahead(settings.appointments)
    assert sum(found.values()) > 0.2 * expected * weeks_ahead(settings.appointments)


def test_slot_requests_are_as_many_as_rates_times_time_ahead() -> None:
    """A Poisson measure: its size is within 4 standard errors of the planned care that falls due in that time."""
    practice, _ = begun(composed("practice=average", "run.warm_up_weeks=0", "run.measured_weeks=1"))
    settings = practice.settings
    wanted = wanting(settings, practice.appetite, practice.recall)
    first = len(settings.demand.kinds)
    missed = settings.appointments.not_attending.lead.greatest * settings.outcome.dna_rebook_share
    for index in range(len(settings.planned.programmes)):
        due = practice.recall.a_week(index) * len(practice.recall.members(index))
        mean = due * weeks_ahead(settings.appointments) / (1 - missed)
        assert abs(int((wanted.kind == first + index).sum()) - mean) < 4 * math.sqrt(mean)


def test_nobody_holds_a_slot_in_a_mode_that_does_not_suit() -> None:
    practice, slots = begun(composed(*SMALL))
    taken = [slot for slot in slots if slot.contact is not None]
    assert len(taken) > 200
    for slot in taken:
        need = slot.contact.need
        assert slot.mode in practice.requests.modes(need)


@pytest.mark.parametrize("replication", range(3))
def test_one_person_more_changes_no_slot_request_of_others_and_few_slots(replication: int) -> None:
    """Whoever holds another slot than before has it because of the new person, directly or along a short chain."""
    (before, slots), (after, same) = (
        begun(longer(*SMALL, people=people), replication=replication) for people in (1500, 1501)
    )
    old, new = (wanting(p.settings, p.appetite, p.recall) for p in (before, after))
    others = new.person != 1500
    for name in ("person", "kind", "role", "number", "key"):
        assert np.array_equal(getattr(old, name), getattr(new, name)[others]), name
    was, now = held(slots), held(same)
    changed = {slot for slot in was.keys() | now.keys() if was.get(slot) != now.get(slot)}
    mine = sum(person_of(number) == 1500 for number in now.values())
    assert len(changed) <= 12 * mine
    assert was.keys() <= now.keys()
    assert len(was) > 150


def test_one_person_more_with_slots_for_all_moves_only_whose_slot_it_is() -> None:
    many = (*SMALL, "role.gp.fte_per_10000=60", "appointments.booked_at_start_days=28")
    added = 0
    for replication in range(4):
        was, now = (
            {slot: number for slot, number in held(begun(longer(*many, people=n), replication)[1]).items()
             if slot[0].startswith("gp.")}
            for n in (1500, 1501)
        )  # fmt: skip
        mine = {slot for slot, number in now.items() if person_of(number) == 1500}
        gave_way = {was[slot] for slot in mine if slot in was}
        stayed = {slot: number for slot, number in was.items() if number not in gave_way}
        assert stayed.items() <= now.items()
        assert len(now) == len(was) + len(mine)
        added += len(mine)
    assert added > 0


def rows(run: Run) -> list[tuple[object, ...]]:
    return list(run.events.itertuples(index=False, name=None))


def settled(scenario: Scenario, people: int) -> Scenario:
    """The scenario in which reception settles everything there and then, and the last person of 1,501 asks often."""
    practice = scenario.practices[KEY]
    changes = {
        "triage.places": {kind: {"reception": 1.0} for kind in practice.demand.kinds},
        "backoffice.requests": {},
        "triage.recognition": {},
        "people.rate_factor": {1500: 15.0} if people > 1500 else {},
    }
    return scenario.replaced(practices={KEY: with_settings(practice, changes)})


def test_one_person_more_leaves_the_whole_log_as_it_was_where_nothing_is_scarce() -> None:
    """Reception settles everything, lines and people are plenty: the log is the same but for the new person's rows."""
    ample = ("phones.lines=1000", "rota.phone_level=10", "planned.level=0")
    runs = [simulate(settled(longer(*SMALL, *ample, people=people), people)) for people in (1500, 1501)]
    was, now = (rows(run) for run in runs)
    person = list(runs[1].events.columns).index("person")
    assert any(row[person] == 1500 for row in now)
    assert [str(row) for row in now if row[person] != 1500] == [str(row) for row in was]


@pytest.mark.parametrize("replication", range(2))
def test_with_the_usual_capacity_nothing_differs_before_the_new_person_acts(replication: int) -> None:
    was, now = (rows(simulate(longer(*SMALL, people=people), replication=replication)) for people in (1500, 1501))
    person = 2
    differs = next(n for n, (one, other) in enumerate(zip(was, now, strict=False)) if str(one) != str(other))
    assert now[differs][person] == 1500


def test_bookings_before_the_run_are_logged_as_such() -> None:
    run = simulate(composed(*SMALL))
    first = run.events[(run.events["event"] == BOOKED) & (run.events["time_min"] == 0)]
    assert len(first) > 200
    assert first["code"].str.count(r"\.").eq(2).all()
