"""The diary as a plain data structure: nothing waits here, and nothing is drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import copy
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pcqa_sim.clinic.diary import Diary
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.luck import Luck
from pcqa_sim.values.needs import (
    FACE_TO_FACE,
    HOME_VISIT,
    MODES,
    NEW,
    PHONE,
    TELEPHONE,
    Contact,
    Need,
    Slot,
    SlotRequest,
)

HORIZON, DAYS = 7, 12


def somebody(person: int = 1) -> Contact:
    return Contact(Need(person, person, "k", Luck(person), 0.0), 0, -1, NEW, PHONE, 0.0)


def slot(day: int, minute: float, opens: float | None = None, **other: object) -> Slot:
    """A face-to-face slot of gp.1, bookable a week ahead unless `opens` says otherwise."""
    start = day * DAY + minute
    opens = (day - HORIZON) * DAY if opens is None else opens
    words = {"role": "gp", "clinician": "gp.1", "mode": FACE_TO_FACE, "rule": "routine"} | other
    return Slot(start, 10.0, opens=opens, **words)  # type: ignore[arg-type]


def kept(day: int, minute: float, **other: object) -> Slot:
    """A slot released at 08:00 on its own day."""
    return slot(day, minute, day * DAY + 480, **({"rule": "on_the_day"} | other))


def diary_with(*slots: Slot) -> Diary:
    diary = Diary()
    diary.open(slots)
    return diary


def slot_request(first: int = 0, last: int = DAYS, **other: object) -> SlotRequest:
    return SlotRequest("gp", first, last, **other)  # type: ignore[arg-type]


def test_a_slot_kept_for_the_day_opens_at_eight_on_its_day() -> None:
    mine = kept(1, 600)
    diary = diary_with(mine)
    assert diary.earliest(slot_request(), 500) is None
    assert diary.earliest(slot_request(1, 1), DAY + 479.9) is None
    assert diary.earliest(slot_request(1, 1), DAY + 480) is mine


def test_a_slot_released_days_ahead_can_be_booked_from_then_on() -> None:
    mine = slot(9, 600)
    diary = diary_with(mine)
    assert diary.earliest(slot_request(), 2 * DAY - 0.1) is None
    assert diary.earliest(slot_request(), 2 * DAY) is mine


@pytest.mark.parametrize(("hours", "day", "minute"), [(48, 3, 600), (4, 3, 600), (0.5, 3, 600)])
def test_an_embargoed_slot_opens_so_many_hours_before_it_starts(hours: float, day: int, minute: float) -> None:
    mine = slot(day, minute, day * DAY + minute - hours * 60)
    diary = diary_with(mine)
    assert diary.earliest(slot_request(), mine.opens - 0.1) is None
    assert diary.earliest(slot_request(), mine.opens) is mine


def test_urgent_slots_are_for_the_urgent() -> None:
    first, second = slot(0, 600, urgent=True), slot(0, 700)
    diary = diary_with(first, second)
    assert diary.earliest(slot_request(), 0) is second
    assert diary.earliest(slot_request(urgent=True), 0) is first


def test_only_what_can_be_met_in_an_acceptable_mode_is_offered() -> None:
    home, phone, seen = slot(0, 500, mode=HOME_VISIT), slot(0, 510, mode=TELEPHONE), slot(0, 900)
    diary = diary_with(home, phone, seen)
    assert diary.earliest(slot_request(modes=frozenset({FACE_TO_FACE})), 0) is seen
    assert diary.earliest(slot_request(modes=frozenset(MODES) - {HOME_VISIT}), 0) is phone
    assert diary.earliest(slot_request(modes=frozenset({HOME_VISIT})), 0) is home


def test_the_past_is_not_offered() -> None:
    diary = diary_with(slot(0, 600), slot(0, 610))
    found = diary.earliest(slot_request(), 605)
    assert found is not None
    assert found.start == 610
    assert diary.earliest(slot_request(last=0), 610) is None


def test_the_earliest_wanted_and_acceptable_slot_is_offered() -> None:
    early, late, latest = slot(2, 900), slot(3, 600), slot(5, 500)
    diary = diary_with(late, early, latest)
    assert diary.earliest(slot_request(), 0) is early
    assert diary.earliest(slot_request(3), 0) is late
    assert diary.earliest(slot_request(0, 1), 0) is None
    for mine in (early, late):
        diary.take(mine, somebody())
    assert diary.earliest(slot_request(0, 4), 0) is None
    assert diary.earliest(slot_request(0, 5), 0) is latest


def test_who_wants_help_today_is_offered_the_slots_kept_for_it_first() -> None:
    ahead, today = slot(0, 600), kept(0, 900)
    diary = diary_with(ahead, today)
    assert diary.earliest(slot_request(today_first=True), 480) is today
    assert diary.earliest(slot_request(), 480) is ahead


@pytest.mark.parametrize(
    ("tolerance", "own_day", "gets_own"), [(0, 2, False), (0, 1, True), (1, 2, True), (1, 3, False)]
)
def test_the_usual_clinician_is_waited_for_within_tolerance(tolerance: int, own_day: int, gets_own: bool) -> None:
    other, own = slot(1, 600, clinician="gp.2"), slot(own_day, 700, clinician="gp.1")
    diary = diary_with(other, own)
    found = diary.earliest(slot_request(usual="gp.1", tolerance=tolerance), 0)
    assert found is (own if gets_own else other)


def test_the_usual_clinician_is_not_waited_for_beyond_the_last_acceptable_day() -> None:
    other, own = slot(1, 600, clinician="gp.2"), slot(2, 700)
    assert diary_with(other, own).earliest(slot_request(0, 1, usual="gp.1", tolerance=5), 0) is other


def test_the_app_finds_the_earliest_slot_that_can_be_booked_online_and_suits() -> None:
    hidden, today, ahead = slot(0, 500), kept(0, 700, online=True), slot(2, 600, online=True)
    diary = diary_with(hidden, today, ahead)
    assert diary.online(slot_request(), 480) is today
    assert diary.online(slot_request(), 470) is ahead
    assert diary.online(slot_request(modes=frozenset({TELEPHONE})), 480) is None
    diary.take(ahead, somebody())
    assert diary.online(slot_request(1), 480) is None


def test_a_slot_is_taken_once_and_given_back_once() -> None:
    mine = slot(1, 600)
    diary = diary_with(mine)
    diary.take(mine, somebody())
    with pytest.raises(ValueError, match="not free"):
        diary.take(mine, somebody())
    diary.give_back(mine)
    assert diary.earliest(slot_request(), 0) is mine
    with pytest.raises(ValueError, match="nobody has booked"):
        diary.give_back(mine)


def test_slots_opened_in_any_order_are_offered_in_order_of_time_and_then_of_clinicians() -> None:
    first, second, third, last = slot(1, 500), slot(1, 600), slot(1, 600, clinician="gp.2"), slot(1, 700)
    diary = diary_with(last, second)
    diary.open([third, first])
    offered_to_each = []
    while (found := diary.earliest(slot_request(), 0)) is not None:
        offered_to_each.append(found)
        diary.take(found, somebody())
    assert offered_to_each == [first, second, third, last]


def test_the_usual_clinician_is_offered_where_the_earliest_slot_of_all_is_somebody_else_s_today() -> None:
    other, own = kept(0, 600, clinician="gp.2"), slot(0, 900)
    diary = diary_with(other, own)
    assert diary.earliest(slot_request(0, 0, usual="gp.1"), 480) is own
    assert diary.earliest(slot_request(0, 0, usual="gp.2"), 480) is other


def test_every_act_is_counted_once_under_the_role_and_the_release_rule() -> None:
    mine = [slot(1, 600 + 10 * n) for n in range(7)]
    diary = diary_with(*mine, kept(1, 900), slot(1, 600, role="nurse", clinician="nurse.1"), slot(2, 600))
    assert diary.opened == {("gp", "routine"): 8, ("gp", "on_the_day"): 1, ("nurse", "routine"): 1}
    for one in mine[:5]:
        diary.take(one, somebody())
    diary.give_back(mine[0])
    assert [contact.need.person for contact in diary.withdraw([mine[1], mine[5]])] == [1]
    for one in mine[2:4]:
        diary.call(one)
    diary.call(mine[6])
    diary.finish(mine[2])
    gp = "gp", "routine"
    assert (diary.taken, diary.returned, diary.withdrawn) == ({gp: 5}, {gp: 2}, {gp: 2})
    assert (diary.called, diary.done, diary.unused) == ({gp: 2}, {gp: 1}, {})
    left = {gp: 2, ("gp", "on_the_day"): 1, ("nurse", "routine"): 1}
    assert diary.all_free() == left | {gp: 3}
    assert diary.lapse(1) == left
    assert diary.unused == left
    assert diary.all_free() == {gp: 1}
    assert diary.lapse(1) == {}
    assert diary.lapse(2) == {gp: 1}
    assert diary.unused == left | {gp: 3}


def test_slots_given_back_in_any_order_are_offered_in_order_of_time() -> None:
    first, second, third = slot(1, 500), slot(1, 600), slot(1, 700)
    diary = diary_with(first, second, third)
    for mine in (first, second):
        diary.take(mine, somebody())
    diary.give_back(second)
    assert diary.earliest(slot_request(), 0) is second
    diary.give_back(first)
    assert diary.earliest(slot_request(), 0) is first
    diary.take(first, somebody())
    assert diary.earliest(slot_request(), 0) is second


def test_the_app_looks_from_the_first_day_wanted_to_the_last() -> None:
    before, last, after = (slot(day, 600, online=True) for day in (0, 3, 4))
    diary = diary_with(before, last, after)
    assert diary.online(slot_request(1, 3), 0) is last
    assert diary.online(slot_request(1, 2), 0) is None
    assert diary.online(slot_request(4, 4), 0) is after
    assert diary.online(slot_request(0, 0), 0) is before


@pytest.mark.parametrize("first_kept", [True, False])
def test_of_one_day_the_app_offers_the_earlier_slot_whether_kept_for_the_day_or_not(first_kept: bool) -> None:
    minutes = (600, 700) if first_kept else (700, 600)
    today, ahead = kept(0, minutes[0], online=True), slot(0, minutes[1], online=True)
    diary = diary_with(ahead, today)
    assert diary.online(slot_request(), 480) is (today if first_kept else ahead)


def test_a_withdrawn_slot_knows_it_whether_somebody_had_booked_it_or_not() -> None:
    booked, free, other = slot(1, 600), slot(1, 610), slot(1, 620)
    diary = diary_with(booked, free, other)
    diary.take(booked, somebody())
    diary.withdraw([booked, free])
    assert (booked.withdrawn, free.withdrawn, other.withdrawn) == (True, True, False)
    assert (booked.contact, free.contact) == (None, None)


def test_who_is_withdrawn_from_the_diary_is_named_and_the_slot_is_gone() -> None:
    first, second = slot(1, 600), slot(1, 610)
    diary = diary_with(first, second)
    contact = somebody()
    diary.take(first, contact)
    assert diary.withdraw([first, second]) == [contact]
    assert diary.earliest(slot_request(), 0) is None
    with pytest.raises(ValueError, match="nobody has booked"):
        diary.give_back(first)
    assert dict(diary.withdrawn) == {("gp", "routine"): 2}


def test_calling_a_slot_that_nobody_booked_leaves_it_to_lapse() -> None:
    mine = slot(1, 600)
    diary = diary_with(mine)
    assert diary.call(mine) is None
    assert dict(diary.lapse(1)) == {("gp", "routine"): 1}
    assert sum(diary.called.values()) == 0
    assert diary.earliest(slot_request(), DAY) is None


def test_free_slots_are_listed_and_counted() -> None:
    first, today = slot(1, 600), kept(1, 500)
    diary = diary_with(first, today, slot(3, 600))
    assert diary.free_of(range(3)) == [first]
    assert diary.all_free() == {("gp", "routine"): 2, ("gp", "on_the_day"): 1}


def test_slots_for_clinician_triage_for_complex_needs_or_kept_for_the_day_are_not_free_for_others() -> None:
    late, early = slot(2, 700), slot(2, 600)
    special = slot(1, 600, triage=True), slot(1, 610, complex=True), slot(1, 620, triage=True, complex=True)
    diary = diary_with(late, early, *special, kept(1, 630))
    assert diary.free_of(range(4)) == [early, late]
    assert diary.free_of([1]) == []


# Whatever is done to a diary, in whatever order, its counts add up and what it offers can be had.


def alike(slot: Slot | None) -> tuple[object, ...]:
    """What the order of slots goes by: of two at the same minute with the same clinician either will do."""
    return () if slot is None else (slot.start, slot.role, slot.clinician)


@dataclass
class Book:
    """What the diary should hold, kept the plain way: a list of slots and the state of each."""

    now: float = 0.0
    slots: list[Slot] = field(default_factory=list)
    state: dict[int, str] = field(default_factory=dict)

    def those(self, *states: str) -> list[Slot]:
        return [mine for mine in self.slots if self.state[id(mine)] in states]

    def able(self, slot_request: SlotRequest) -> list[Slot]:
        """Every slot that may be offered, best first."""
        today = day_of(self.now)

        def suits(mine: Slot) -> bool:
            day = day_of(mine.start)
            when = mine.opens <= self.now < mine.start and max(slot_request.first, today) <= day <= slot_request.last
            return (
                when
                and mine.role == slot_request.role
                and mine.mode in slot_request.modes
                and (slot_request.urgent or not mine.urgent)
            )

        def order(mine: Slot) -> tuple[int, bool, float, str]:
            for_the_day = day_of(mine.opens) >= day_of(mine.start)
            return day_of(mine.start), for_the_day != slot_request.today_first, mine.start, mine.clinician

        return sorted(filter(suits, self.those("free")), key=order)

    def best(self, slot_request: SlotRequest) -> Slot | None:
        """What should be offered: the first, or the usual clinician's within so many days of it."""
        able = self.able(slot_request)
        if not able:
            return None
        near = [s for s in able if day_of(s.start) <= day_of(able[0].start) + slot_request.tolerance]
        own = [s for s in near if s.clinician == slot_request.usual]
        return own[0] if own and able[0].clinician != slot_request.usual else able[0]


RULES = ("routine", "on_the_day", "embargoed", "urgent", "online")
SLOTS = st.tuples(
    st.integers(0, 5),
    st.sampled_from((500.0, 510.0, 700.0, 1000.0)),
    st.sampled_from(("gp.1", "gp.2", "nurse.1")),
    st.sampled_from(MODES),
    st.sampled_from(RULES),
)
SLOT_REQUESTS = st.builds(
    SlotRequest,
    role=st.sampled_from(("gp", "nurse")),
    first=st.integers(0, 3),
    last=st.integers(3, 9),
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(frozenset),
    urgent=st.booleans(),
    today_first=st.booleans(),
    usual=st.sampled_from(("", "gp.1", "gp.2")),
    tolerance=st.integers(0, 3),
)
ACTS = st.one_of(
    st.tuples(st.just("open"), st.lists(SLOTS, max_size=6)),
    st.tuples(st.just("ask"), SLOT_REQUESTS),
    st.tuples(st.just("ask"), SLOT_REQUESTS),
    st.tuples(st.just("app"), SLOT_REQUESTS),
    st.tuples(st.just("give back"), st.integers(0, 99)),
    st.tuples(st.just("withdraw"), st.lists(st.integers(0, 99), max_size=3)),
    st.tuples(st.just("wait"), st.sampled_from((1.0, 20.0, 400.0, 1200.0))),
)


def made(today: int, day: int, minute: float, clinician: str, mode: str, rule: str) -> Slot:
    """A slot so many days from today, under one of the release rules."""
    start = (today + day) * DAY + minute
    opens = {
        "routine": (today + day - 3) * DAY,
        "on_the_day": (today + day) * DAY + 480,
        "embargoed": start - 36 * 60,
        "urgent": start - 4 * 60,
        "online": (today + day - 2) * DAY + 480,
    }[rule]
    role = clinician.partition(".")[0]
    return Slot(start, 10, role, clinician, mode, rule, float(opens), rule == "urgent", rule == "online")


def offered(book: Book, diary: Diary, act: str, slot_request: SlotRequest) -> Slot | None:
    """Ask, check the answer against the plain list, and return it."""
    today = day_of(book.now)
    slot_request = copy(slot_request)
    slot_request.first, slot_request.last = today + slot_request.first, today + slot_request.last
    if act == "ask":
        found = diary.earliest(slot_request, book.now)
        assert alike(found) == alike(book.best(slot_request))
    else:
        found = diary.online(slot_request, book.now)
        able = [mine for mine in book.able(slot_request) if mine.online]
        assert (found is None) == (not able)
        assert found is None or (found in able and found.start == min(mine.start for mine in able))
    return found


def time_goes_by(book: Book, diary: Diary, minutes: float) -> None:
    """Call every slot whose time comes, in order; let each day that ends lapse."""
    today = day_of(book.now)
    book.now += minutes
    for mine in sorted(book.those("free", "booked"), key=lambda s: s.start):
        if mine.start <= book.now and diary.call(mine) is not None:
            assert book.state[id(mine)] == "booked"
            book.state[id(mine)] = "called"
    for day in range(today, day_of(book.now)):
        left = [mine for mine in book.those("free") if day_of(mine.start) == day]
        assert diary.lapse(day) == Counter((mine.role, mine.rule) for mine in left)
        book.state |= {id(mine): "unused" for mine in left}


def do(book: Book, diary: Diary, act: str, what: object) -> None:
    if act == "open":
        new = [made(day_of(book.now), *words) for words in what]  # type: ignore[attr-defined]
        new = [mine for mine in new if mine.start > book.now]
        diary.open(new)
        book.slots += new
        book.state |= {id(mine): "free" for mine in new}
    elif act in ("ask", "app"):
        found = offered(book, diary, act, what)  # type: ignore[arg-type]
        if found is not None:
            diary.take(found, somebody(len(book.slots)))
            book.state[id(found)] = "booked"
    elif act == "give back" and (booked := book.those("booked")):
        mine = booked[what % len(booked)]  # type: ignore[operator]
        diary.give_back(mine)
        book.state[id(mine)] = "free"
    elif act == "withdraw" and (there := book.those("free", "booked")):
        chosen = list({id(s): s for s in (there[n % len(there)] for n in what)}.values())  # type: ignore[attr-defined]
        expected = [mine.contact for mine in chosen if mine.contact is not None]
        assert diary.withdraw(chosen) == expected
        book.state |= {id(mine): "withdrawn" for mine in chosen}
    elif act == "wait":
        time_goes_by(book, diary, what)  # type: ignore[arg-type]


def counts_add_up(book: Book, diary: Diary) -> None:
    states: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for mine in book.slots:
        states[book.state[id(mine)]][mine.role, mine.rule] += 1
    free = diary.all_free()
    assert diary.opened == Counter((mine.role, mine.rule) for mine in book.slots)
    for name in diary.opened:
        booked = diary.taken[name] - diary.returned[name] - diary.called[name]
        parts = (free.get(name, 0), booked, diary.called[name], diary.unused[name], diary.withdrawn[name])
        assert diary.opened[name] == sum(parts)
        assert parts == tuple(states[state][name] for state in ("free", "booked", "called", "unused", "withdrawn"))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, min_size=10, max_size=60))
def test_counts_always_add_up_and_what_is_offered_is_free_in_time_and_the_best(acts: list[tuple[str, object]]) -> None:
    book, diary = Book(), Diary()
    do(book, diary, "open", [(d, m, c, FACE_TO_FACE, "routine") for d in (0, 1, 2) for m, c in ((500.0, "gp.1"),)])
    for act, what in acts:
        do(book, diary, act, what)
        counts_add_up(book, diary)
    time_goes_by(book, diary, 20 * DAY)
    counts_add_up(book, diary)
    assert not diary.all_free()


# A slot book with missed appointments and carry-over, against its exact Markov chain.

SLOTS_A_DAY, DAYS_AHEAD, ASK, CHANCE, MISS = 4, 5, 6, 0.6, 0.15


def next_waiting(waiting: int, missed: int, asked: int) -> int:
    """Who waits tomorrow: those not due today, those who missed theirs and those who asked, as far as there is room."""
    carried = waiting - min(waiting, SLOTS_A_DAY)
    return min(SLOTS_A_DAY * DAYS_AHEAD, carried + missed + asked)


def stationary() -> np.ndarray:
    """The long-run law of the people booked at the start of a day."""
    size = SLOTS_A_DAY * DAYS_AHEAD + 1
    chain = np.zeros((size, size))
    for waiting in range(size):
        due = min(waiting, SLOTS_A_DAY)
        for missed in range(due + 1):
            for asked in range(ASK + 1):
                weight = stats.binom.pmf(missed, due, MISS) * stats.binom.pmf(asked, ASK, CHANCE)
                chain[waiting, next_waiting(waiting, missed, asked)] += weight
    assert chain.sum(axis=1) == pytest.approx(1.0)
    values, vectors = np.linalg.eig(chain.T)
    distribution = np.real(vectors[:, np.argmin(abs(values - 1))])
    return distribution / distribution.sum()


def book_tomorrow_or_later(diary: Diary, day: int) -> bool:
    found = diary.earliest(SlotRequest("gp", day + 1, day + DAYS_AHEAD), day * DAY + 1200)
    if found is not None:
        diary.take(found, somebody())
    return found is not None


def days_of_the_book(days: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Drive the real diary: people booked at the start of each day, and people turned away on it."""
    rng, diary = np.random.default_rng(seed), Diary()
    by_day = {}
    waiting, refused = np.zeros(days, dtype=int), np.zeros(days, dtype=int)
    for day in range(days):
        for ahead in range(day + 1 if day else 0, day + DAYS_AHEAD + 1):
            if ahead not in by_day:
                by_day[ahead] = [slot(ahead, 600 + 10 * n, 0.0) for n in range(SLOTS_A_DAY)]
                diary.open(by_day[ahead])
        waiting[day] = sum(diary.taken.values()) - sum(diary.called.values())
        came = [mine for mine in by_day.pop(day) if diary.call(mine) is not None]
        diary.lapse(day)
        missed, asked = rng.binomial(len(came), MISS), rng.binomial(ASK, CHANCE)
        booked = sum(book_tomorrow_or_later(diary, day) for _ in range(missed + asked))
        refused[day] = missed + asked - booked
        assert len(came) == min(waiting[day], SLOTS_A_DAY)
        assert waiting[day] - len(came) + booked == next_waiting(waiting[day], missed, asked)
    return waiting, refused


def close(seen: np.ndarray, expected: float, batches: int = 50) -> bool:
    """Within 4 standard errors, from batch means, which take care of days being alike."""
    means = seen.reshape(batches, -1).mean(axis=1)
    return abs(means.mean() - expected) < 4 * means.std(ddof=1) / np.sqrt(batches)


def test_a_slot_book_with_missed_appointments_follows_its_markov_chain() -> None:
    distribution = stationary()
    waiting, refused = days_of_the_book(12_000, seed=5)
    for at in (0, SLOTS_A_DAY, 2 * SLOTS_A_DAY, SLOTS_A_DAY * DAYS_AHEAD - 1):
        assert close((waiting <= at).astype(float), float(distribution[: at + 1].sum()))
    assert close(waiting.astype(float), float(distribution @ np.arange(len(distribution))))
    inflow = ASK * CHANCE
    due = float(distribution @ np.minimum(np.arange(len(distribution)), SLOTS_A_DAY))
    turned_away = inflow + MISS * due - due  # whoever comes in leaves again: seen, or turned away
    assert turned_away > 0.02
    assert close(refused.astype(float), turned_away)


@pytest.mark.parametrize(("people", "expected"), [(1800, 0.060), (2100, 0.180), (2400, 0.370)])
def test_an_advanced_access_panel_overflows_as_the_binomial_says(people: int, expected: float) -> None:
    """With a daily chance of 0.008 each and 20 slots: the share of days on which somebody is turned away."""
    assert stats.binom.sf(20, people, 0.008) == pytest.approx(expected, abs=0.0006)
    diary, overflowed, days = Diary(), 0, 4000
    for day, requests in enumerate(np.random.default_rng(people).binomial(people, 0.008, days)):
        diary.open([kept(day, 600 + n) for n in range(20)])
        turned_away = 0
        for _ in range(int(requests)):
            found = diary.earliest(slot_request(day, day, urgent=True, today_first=True), day * DAY + 480)
            if found is None:
                turned_away += 1
            else:
                diary.take(found, somebody())
        assert turned_away == max(0, requests - 20)
        diary.lapse(day)
        overflowed += turned_away > 0
    assert overflowed / days == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / days))


# What is held for some, or for one mode, and given up when its time comes near.


def giving_up(*slots: Slot) -> Diary:
    diary = diary_with(*slots)
    diary.gives_up = True
    return diary


def test_a_slot_kept_for_flagged_needs_is_not_converted_for_others_before_it_is_open_to_all() -> None:
    mine = kept(0, 600, flagged=True, mode=TELEPHONE)
    mine.opens, mine.to_all_from, mine.converts_from, mine.holds = -DAY, 580.0, 0.0, (TELEPHONE, FACE_TO_FACE)
    seen = frozenset({FACE_TO_FACE})
    diary = giving_up(mine)
    assert diary.earliest(slot_request(modes=seen), 579.0) is None
    assert diary.earliest(slot_request(), 579.0) is None
    assert diary.earliest(slot_request(modes=seen, flagged=True), 579.0) is mine
    assert diary.earliest(slot_request(modes=seen), 580.0) is mine


@pytest.mark.parametrize(("now", "has_it"), [(479.0, False), (480.0, True), (599.0, True), (600.0, False)])
def test_an_urgent_slot_is_open_to_all_when_its_time_is_near(now: float, has_it: bool) -> None:
    mine = kept(0, 600, urgent=True)
    mine.opens, mine.to_all_from = -DAY, 480.0
    diary = giving_up(mine)
    assert diary.earliest(slot_request(), now) is (mine if has_it else None)
    assert diary.earliest(slot_request(urgent=True), now) is (mine if now < 600 else None)


def test_time_for_complex_needs_is_open_to_all_when_near_and_never_before() -> None:
    mine = kept(0, 600, complex=True)
    mine.to_all_from = 540.0
    diary = giving_up(mine)
    assert diary.earliest(slot_request(), 539.0) is None
    assert diary.earliest(slot_request(complex=True), 539.0) is mine
    assert diary.earliest(slot_request(), 540.0) is mine
    mine.to_all_from = 10 * DAY
    assert diary.earliest(slot_request(), 540.0) is None


def test_a_slot_is_given_in_another_mode_when_near_if_its_minutes_hold_it() -> None:
    call = kept(0, 600, mode=TELEPHONE)
    call.holds, call.converts_from = (TELEPHONE, FACE_TO_FACE), 540.0
    diary = giving_up(call)
    seen = slot_request(modes=frozenset({FACE_TO_FACE}))
    assert diary.earliest(seen, 539.0) is None
    assert diary.earliest(seen, 540.0) is call
    assert diary.earliest(slot_request(modes=frozenset({HOME_VISIT})), 540.0) is None
    call.holds = (TELEPHONE,)
    assert diary.earliest(seen, 540.0) is None


def test_what_fits_as_it_is_comes_before_what_is_given_up_and_today_before_tomorrow() -> None:
    call, own, tomorrow = kept(0, 600, mode=TELEPHONE), kept(0, 900), slot(1, 600)
    call.holds, call.converts_from = (TELEPHONE, FACE_TO_FACE), 0.0
    diary = giving_up(call, own, tomorrow)
    seen = slot_request(modes=frozenset({FACE_TO_FACE}), today_first=True)
    found = []
    for _ in range(3):
        found.append(diary.earliest(seen, 500.0))
        diary.take(found[-1], somebody())  # type: ignore[arg-type]
    assert found == [own, call, tomorrow]


def test_nothing_is_given_up_in_a_diary_that_does_not() -> None:
    call = kept(0, 600, mode=TELEPHONE)
    call.holds, call.converts_from = (TELEPHONE, FACE_TO_FACE), 0.0
    assert diary_with(call).earliest(slot_request(modes=frozenset({FACE_TO_FACE})), 500.0) is None


def test_ones_own_clinician_is_waited_for_past_the_last_day_by_who_would() -> None:
    diary = Diary()
    near, far = (
        Slot(day * DAY + 600.0, 10.0, "gp", clinician, FACE_TO_FACE, "routine")
        for day, clinician in ((1, "gp.1"), (6, "gp.2"))
    )
    diary.open([near, far])
    own = {"usual": "gp.2", "tolerance": 5}
    assert diary.earliest(SlotRequest("gp", 1, 3, **own), 0.0) is near
    assert diary.earliest(SlotRequest("gp", 1, 3, **own, beyond_last=True), 0.0) is far
    assert diary.earliest(SlotRequest("gp", 2, 3, **own), 0.0) is None
    assert diary.earliest(SlotRequest("gp", 2, 3, **own, beyond_last=True), 0.0) is far
    assert diary.earliest(SlotRequest("gp", 1, 3, usual="gp.2", tolerance=4, beyond_last=True), 0.0) is near


def test_who_has_a_team_takes_the_teams_slot_that_comes_first_for_anybody() -> None:
    """Of one day a team mate's slot kept for the day, then the usual clinician's own, although that begins sooner."""
    own, mates = slot(0, 600), kept(0, 900, clinician="gp.2")
    diary = diary_with(own, mates)
    urgent = slot_request(usual="gp.1", tolerance=5, today_first=True)
    assert diary.earliest(urgent, 500.0) is own
    diary.mates = {"gp.1": ("gp.2",), "gp.2": ("gp.1",)}
    assert diary.earliest(urgent, 500.0) is mates
    diary.take(mates, somebody())
    assert diary.earliest(urgent, 500.0) is own


def test_nobody_is_offered_a_slot_they_could_not_come_to_in_time() -> None:
    diary = Diary()
    soon, call, later = (
        Slot(start, 10.0, "gp", "gp.1", mode, "routine")
        for start, mode in ((610.0, FACE_TO_FACE), (612.0, "telephone"), (630.0, FACE_TO_FACE))
    )
    diary.open([soon, call, later])
    assert diary.earliest(SlotRequest("gp", 0, 0), 600.0) is soon
    assert diary.earliest(SlotRequest("gp", 0, 0, comes_in=20.0), 600.0) is call
    assert diary.earliest(SlotRequest("gp", 0, 0, frozenset({FACE_TO_FACE}), comes_in=20.0), 600.0) is later
