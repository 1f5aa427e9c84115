"""One contact at a time, from the request to what came of it: what is decided, booked, seen, missed, and what follows.

The journey is real in all its parts, the practice a fake one; test_journey.py has the stories of whole runs.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from fakepractice import CALL_MIN, TALK_MIN, FakePractice
from fixedluck import GivenLuck
from onepart import NINE, OPENS, Row, need_of, slot_at

from pcqa_sim.clinic.consultation import Chances
from pcqa_sim.journey.journey import Journey
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Deterministic
from pcqa_sim.values.needs import (
    AFTER_RENEGING,
    ANOTHER_DAY,
    AWAITING_TEST,
    BACK_AS_ADVISED,
    BOOKED_TODAY,
    BOUNCED,
    BROUGHT_IN,
    CALL_ANOTHER_DAY,
    DESK,
    DNA_REBOOK,
    GAVE_UP,
    MISSED,
    MOVED,
    NEW,
    NO_CONTINUITY,
    NO_NEXT_STEP,
    ONLINE,
    PAPERWORK_TO_DO,
    PHONE,
    PLANNED_FOLLOW_UP,
    PRACTICE,
    REARRANGED,
    RECOVERED,
    RESOLVED,
    SEEN,
    SELF_TREATED,
    SETTLED,
    SIGNPOSTED,
    TOLD_OR_DONE,
    UNRESOLVED,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
    Disposition,
    Need,
    Slot,
)
from pcqa_sim.values.words import FRONT_DESK

DECIDED_AT = NINE + CALL_MIN + TALK_MIN
PASSING, RELATIONAL, PLANNED = "acute_minor", "ongoing_condition", "long_term_review"
RULES: dict[str, object] = {
    "outcome.return_mean_days": 8.0,
    "outcome.dna_rebook_share": 0.5,
    "outcome.dna_rebook_mean_days": 3.0,
    "demand.seeking.late_mean_days": 6.0,
    "appointments.empty_slots_logged": False,
}
CALM = {"cancels": 0.9, "asks_again_while_waiting": 0.9, "chases": 0.9}  # nothing happens while people wait


class Story:
    """One person's needs at a fake practice; none goes by itself within a year."""

    def __init__(self, *overrides: str, **changes: object) -> None:
        self.practice = FakePractice(RULES | changes, NINE, *overrides)
        for kind, rules in self.practice.kinds.items():
            calm = replace(rules, recovery=Deterministic(365.0), talk_factor=1.0)  # type: ignore[arg-type]
            self.practice.kinds[kind] = calm
        self.journey = Journey(self.practice)  # type: ignore[arg-type]

    def need(self, kind: str = PASSING, **more: object) -> Need:
        luck = {name: more.pop(name) for name in list(more) if isinstance(more[name], float) and name != "arose"}
        return need_of(kind, GivenLuck(**(CALM | luck)), **more)  # type: ignore[arg-type]

    def told(self, *names: str, slots: tuple[Slot | None, ...] = ()) -> None:
        """What triage decides, one after the other; a slot is opened with what it is for."""
        for name, slot in zip(names, (*slots, *(None,) * len(names)), strict=False):
            if slot is not None and slot.opens <= self.practice.env.now:
                self.practice.book.diary.open([slot])
            self.practice.triage.decisions.append(Disposition(name, slot))

    def asks(self, need: Need, channel: str = PHONE, until: float = DECIDED_AT) -> Need:
        self.journey.ask_now(need, channel)
        self.practice.env.run(until=until + 0.5)
        return need

    def booked(self, slot: Slot, need: Need | None = None) -> Need:
        """Somebody who asked and was booked."""
        need = need or self.need()
        self.told(BOOKED_TODAY, slots=(slot,))
        return self.asks(need)

    def seen(self, slot: Slot, minutes: float = 9.0, squeezed: bool = False) -> None:
        """The clinician calls whoever has booked a slot, and they come out."""
        self.ends(slot, SEEN, minutes, squeezed)

    def missed(self, slot: Slot) -> None:
        self.ends(slot, MISSED)

    def ends(self, slot: Slot, *how: object) -> None:
        self.practice.env.run(until=max(self.practice.env.now + 0.5, slot.start + 10))
        contact = self.practice.book.diary.call(slot)
        assert contact is not None
        assert contact.visit is not None
        contact.visit.end(*how)  # type: ignore[arg-type]

    def consultation(self, kind: str = PASSING, clinician: str = "gp.1", triage: bool = False, **luck: object) -> Need:
        """Somebody who was booked for ten o'clock and has been seen."""
        slot = slot_at(0, 600, clinician, triage=triage)
        need = self.booked(slot, self.need(kind, **luck))
        self.seen(slot)
        return need

    def endings(self) -> list[str]:
        return [code for _, _, code, _ in self.practice.rows(log.NEED_CLOSED)]

    def causes(self) -> list[Row]:
        return self.practice.rows(log.CONTACT_OPENED)

    def minutes_of(self, event: str) -> list[float]:
        return [r["time_min"] for r in self.practice.pen.log.table().to_pylist() if r["event"] == event]


# Decided.


def test_what_is_settled_in_the_conversation_is_resolved() -> None:
    """Of a kind that leaves no paper."""
    story = Story()
    story.told(SETTLED)
    need = story.asks(story.need("social"))
    assert story.practice.rows() == [
        (log.NEED_AROSE, "patient", "social", 0),
        (log.CONTACT_OPENED, PHONE, NEW, -1),
        (log.DECIDED, "call_handler", SETTLED, CALL_MIN + TALK_MIN),
        (log.NEED_CLOSED, "", RESOLVED, 0),
    ]
    assert need.heard


def test_what_leaves_paperwork_is_not_settled_but_awaited() -> None:
    story = Story()
    story.told(SETTLED)
    need = story.asks(story.need("medication"))
    assert story.practice.rows(log.DECIDED)[0][2] == PAPERWORK_TO_DO
    assert story.endings() == []
    assert need.awaits == DECIDED_AT
    assert sum(pile.waiting for pile in story.practice.office.paperwork.values()) > 0


def test_what_is_told_or_done_is_resolved_even_where_the_kind_has_paperwork() -> None:
    story = Story()
    story.told(TOLD_OR_DONE)
    story.asks(story.need("medication"))
    assert story.practice.rows(log.DECIDED)[0][2] == TOLD_OR_DONE
    assert story.endings() == [RESOLVED]


def test_who_is_left_without_a_next_step_asks_again_or_gives_up() -> None:
    story = Story()
    story.told(NO_NEXT_STEP)
    story.asks(story.need())
    assert story.practice.rows(log.NEXT_ACTION)[0][2] == GAVE_UP
    again = Story()
    again.told(NO_NEXT_STEP, SETTLED)
    again.practice.next_actions.action = ANOTHER_DAY
    again.asks(again.need(), until=NINE + 2 * DAY)
    assert [cause for _, _, cause, _ in again.causes()] == [NEW, NO_NEXT_STEP]


ADVICE = {"resolved_share": 0.6, "return_days": 4.0, "as_advised_share": 0.75}


@pytest.mark.parametrize(
    ("ending", "u", "why", "cause"),
    [
        (SELF_TREATED, 0.59, 0.5, None),
        (SELF_TREATED, 0.6, 0.74, BACK_AS_ADVISED),
        (SELF_TREATED, 0.6, 0.75, WRONGLY_ADVISED),
        ("pharmacy", 0.6, 0.74, BACK_AS_ADVISED),
        ("pharmacy", 0.6, 0.75, BOUNCED),
    ],
)
def test_advice_is_right_comes_back_as_it_said_or_was_wrong(
    ending: str, u: float, why: float, cause: str | None
) -> None:
    story = Story(**{f"triage.elsewhere.{place}": ADVICE for place in ("self_care", "pharmacy")}, community={})
    story.told(SIGNPOSTED + ending)
    need = story.asks(story.need(met_elsewhere=u, comes_back_as_advised=why), until=NINE + 10 * DAY)
    assert need.sent_elsewhere
    assert [cause for _, _, cause, _ in story.causes()][1:] == ([] if cause is None else [cause])
    assert story.endings()[:1] == ([ending] if cause is None else [GAVE_UP])


def test_the_desk_decides_in_its_own_name() -> None:
    story = Story()
    story.told(SETTLED)
    story.asks(story.need(), DESK)
    assert story.practice.rows(log.DECIDED)[0][1] == FRONT_DESK


@pytest.mark.parametrize(("channel", "still"), [(PHONE, False), (ONLINE, True)])
def test_who_is_served_forgets_that_this_channel_let_them_down(channel: str, still: bool) -> None:
    story = Story()
    story.practice.expectations.channels.got_nowhere(0, channel)
    story.asks(story.need(), PHONE)
    assert story.practice.expectations.channels.let_down(0, channel) is still


@pytest.mark.parametrize(("today", "over", "learns"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_people_learn_from_same_day_requests_while_there_are_lists(today: bool, over: bool, learns: int) -> None:
    story = Story()
    story.practice.book.has_begun = over
    story.asks(story.need(today=today))
    assert story.practice.expectations.learnt == [CALL_ANOTHER_DAY] * learns


def test_who_is_told_to_call_another_day_chooses_what_to_do() -> None:
    story = Story()
    story.asks(story.need())
    assert story.endings() == [GAVE_UP]
    assert story.practice.rows(log.NEXT_ACTION) == [(log.NEXT_ACTION, "", GAVE_UP, 0)]


def test_a_booking_is_made_while_the_handler_is_still_there() -> None:
    story, slot = Story(), slot_at(0, 600)
    need = story.booked(slot)
    assert story.minutes_of(log.BOOKED) == story.minutes_of(log.DECIDED) == [DECIDED_AT]
    assert slot.contact is not None
    assert slot.contact.need is need
    assert story.endings() == []


def test_an_extra_is_put_on_before_it_is_booked() -> None:
    story, slot = Story(), slot_at(0, 600, opens=math.inf)
    story.booked(slot)
    assert slot.contact is not None
    assert story.practice.book.diary.opened["gp", "routine"] == 1


def test_who_is_sent_elsewhere_is_helped_there_or_comes_back_to_complain() -> None:
    offer = {"to": "pharmacy", "offered_share": 1.0, "accepted_share": 1.0, "resolved_share": 0.7, "return_days": 2.0}
    for u, ending, back in ((0.69, ["pharmacy"], []), (0.7, [], [BOUNCED])):
        story = Story(**{"triage.signposts": {PASSING: offer}})
        story.told(SIGNPOSTED + "pharmacy")
        need = story.asks(story.need(met_elsewhere=u), until=NINE + 60)
        assert need.sent_elsewhere
        assert story.endings() == ending
        story.practice.env.run(until=60 * DAY)
        assert [code for _, _, code, _ in story.causes()] == [NEW, *back]


def test_who_reaches_nobody_has_nothing_decided() -> None:
    story = Story()
    story.practice.reception.phone.ends = [(log.MISSED, "queue")]
    story.practice.redials.redial_after = 12.0
    need = story.asks(story.need(), until=NINE + 5)
    assert story.practice.rows(log.DECIDED) == []
    assert not need.heard
    story.practice.env.run(until=NINE + 30)
    assert story.practice.rows(log.CONTACT_OPENED)[1] == (log.CONTACT_OPENED, PHONE, AFTER_RENEGING, 0)


# Seen.


def test_a_consultation_that_resolves_ends_the_need_and_makes_its_paperwork() -> None:
    story = Story()
    need = story.consultation(resolves=0.1, test=0.9, follow_up=0.9)
    assert story.practice.rows(log.CONSULT_ENDED) == [(log.CONSULT_ENDED, "gp.1", RESOLVED, 9)]
    assert story.endings() == [RESOLVED]
    assert need.seen_by == "gp.1"
    made = sum(minutes for _, _, minutes in story.practice.office.office.of_consultation["gp"])
    assert sum(pile.waiting for pile in story.practice.office.paperwork.values()) == pytest.approx(made)


def test_a_squeezed_consultation_has_its_own_chances() -> None:
    story, slot = Story(), slot_at(0, 600)
    story.booked(slot)
    story.seen(slot, 5.0, squeezed=True)
    assert story.practice.consulting.asked == [True]


@pytest.mark.parametrize(("chances", "cause", "wrong"), [
    (Chances(0.0, 0.0), UNRESOLVED, ""),
    (Chances(1.0, 0.0), WRONG_CLINICIAN, "gp"),
    (Chances(1.0, 1.0, continuity=0.0), NO_CONTINUITY, ""),
])  # fmt: skip
def test_a_need_that_is_not_resolved_comes_back_for_what_went_wrong(chances: Chances, cause: str, wrong: str) -> None:
    story = Story()
    story.practice.consulting.chances_are = chances
    need = story.consultation(return_days=0.5)
    assert need.wrong_role == wrong
    assert story.endings() == []
    story.practice.env.run(until=30 * DAY)
    assert story.causes()[1] == (log.CONTACT_OPENED, PHONE, cause, 0)
    back = story.minutes_of(log.CONTACT_OPENED)[1]
    assert 5 <= back / DAY <= 8  # the median of eight days' mean is 5.5, and a weekend may lie between


def test_only_a_relational_consultation_makes_a_face_known() -> None:
    for kind, saw in ((RELATIONAL, [(0, "gp.1")]), (PASSING, [])):
        story = Story()
        story.consultation(kind, resolves=0.1, test=0.9, follow_up=0.9)
        assert story.practice.consulting.saw_whom == saw


def test_a_test_is_awaited() -> None:
    story = Story()
    need = story.consultation(resolves=0.1, test=0.0)
    assert story.practice.rows(log.CONSULT_ENDED)[0][2] == AWAITING_TEST
    assert need.awaits == 610
    assert story.endings() == []


def follow_up(booked_at_once: bool, free: bool) -> tuple[Story, Need]:
    """Somebody of a relational need who wanted help today and is to come again."""
    story = Story()
    share = story.practice.kinds[RELATIONAL].follow_up_booked_share
    assert 0 < share < 1
    if free:
        story.practice.book.offer(slot_at(20))
    u = share - 1e-6 if booked_at_once else share
    need = story.consultation(
        RELATIONAL, resolves=0.1, test=0.9, follow_up=0.0, follow_up_booked_at_once=u, today=True
    )  # fmt: skip
    return story, need


def test_a_follow_up_is_booked_before_the_person_leaves() -> None:
    story, need = follow_up(booked_at_once=True, free=True)
    assert story.causes()[1] == (log.CONTACT_OPENED, PRACTICE, PLANNED_FOLLOW_UP, 0)
    assert story.practice.book.slot_requests[-1].usual == "gp.1"
    assert story.minutes_of(log.BOOKED)[1] == 610
    assert not need.today


@pytest.mark.parametrize(("at_once", "free"), [(False, True), (True, False)])
def test_or_asked_for_when_it_is_time(at_once: bool, free: bool) -> None:
    story, _ = follow_up(at_once, free)
    assert len(story.causes()) == 1
    story.practice.env.run(until=300 * DAY)
    assert story.causes()[1] == (log.CONTACT_OPENED, PHONE, PLANNED_FOLLOW_UP, 0)


# A first look.


def test_a_clinician_triage_deals_with_it_or_brings_the_person_in() -> None:
    story = Story("triage=gp_phone_first", **{f"triage.clinician_triage.settled_share.{PASSING}": 0.3})
    story.consultation(triage=True, settled_at_first_look=0.29, resolves=0.1, test=0.9, follow_up=0.9)
    assert story.endings() == [RESOLVED]


def brought_in(*names: str, slots: tuple[Slot | None, ...] = ()) -> tuple[Story, Need]:
    story = Story("triage=gp_phone_first", **{f"triage.clinician_triage.settled_share.{PASSING}": 0.3})
    look = slot_at(0, 600, triage=True)
    need = story.booked(look, story.need(settled_at_first_look=0.3, resolves=0.1, test=0.9, follow_up=0.9))
    story.told(*names, slots=slots)
    story.seen(look, 4.0)
    return story, need


def test_who_is_brought_in_is_decided_for_by_the_clinician_and_seen_later() -> None:
    later = slot_at(0, 700, "hca.1")
    story, need = brought_in(BOOKED_TODAY, slots=(later,))
    assert story.practice.rows(log.CONSULT_ENDED) == [(log.CONSULT_ENDED, "gp.1", BROUGHT_IN, 4)]
    assert story.causes()[1] == (log.CONTACT_OPENED, PRACTICE, BROUGHT_IN, 0)
    assert story.practice.rows(log.DECIDED)[1][1] == "gp.1"
    assert need.seen_by == ""
    story.seen(later)
    assert story.endings() == [RESOLVED]
    assert need.seen_by == "hca.1"


def test_who_should_come_in_and_finds_nothing_free_is_told_to_call() -> None:
    story, _ = brought_in(CALL_ANOTHER_DAY)
    assert story.endings() == [GAVE_UP]


# Missed, cancelled.


def missed(kind: str, recovery_days: float = 365.0, **luck: object) -> Story:
    story, slot = Story(), slot_at(0, 600)
    rules = story.practice.kinds[kind]
    story.practice.kinds[kind] = replace(rules, recovery=Deterministic(recovery_days))  # type: ignore[arg-type]
    story.booked(slot, story.need(kind, **luck))
    story.missed(slot)
    return story


@pytest.mark.parametrize(("recovery_days", "ending"), [(365.0, GAVE_UP), (0.01, RECOVERED)])
def test_who_misses_theirs_may_have_given_up_or_be_well_again(recovery_days: float, ending: str) -> None:
    assert missed(PASSING, recovery_days, dna_rebooks=0.5).endings() == [ending]


def test_or_asks_for_another_a_few_days_later() -> None:
    story = missed(PASSING, dna_rebooks=0.49, dna_days=0.5)
    assert story.endings() == []
    story.practice.env.run(until=20 * DAY)
    assert story.causes()[1] == (log.CONTACT_OPENED, PHONE, DNA_REBOOK, 0)
    assert story.minutes_of(log.CONTACT_OPENED)[1] // DAY == 2


def test_planned_care_that_was_missed_is_invited_to_again() -> None:
    story = missed(PLANNED, dna_rebooks=0.49)
    assert story.causes()[1] == (log.CONTACT_OPENED, PRACTICE, DNA_REBOOK, 0)


def test_who_has_been_moved_waits_no_more_for_the_old_appointment() -> None:
    story, slot = Story(), slot_at(0, 600)
    story.booked(slot)
    story.ends(slot, MOVED)
    story.practice.env.run(until=30 * DAY)
    assert story.practice.rows(log.CONSULT_ENDED) == story.endings() == []
    assert len(story.causes()) == 1


def test_who_cancels_asks_for_another_time_and_is_not_called_in() -> None:
    story, slot = Story(), slot_at(3)
    story.booked(slot, story.need(cancels=0.0, cancels_at=0.5, rebooks_after_cancelling=0.0))
    story.practice.env.run(until=10 * DAY)
    assert [code for _, _, code, _ in story.causes()] == [NEW, REARRANGED]
    assert story.practice.book.diary.call(slot) is None
    assert story.practice.rows(log.CONSULT_ENDED) == []


# How a need is first asked about.


def test_a_form_that_is_closed_as_the_practice_is_is_waited_for() -> None:
    story = Story()
    story.practice.form.waits = True
    story.asks(story.need(), ONLINE)
    assert [event for event, *_ in story.practice.rows()] == [log.NEED_AROSE]
    story.practice.env.run(until=2 * DAY)
    assert story.causes() == [(log.CONTACT_OPENED, ONLINE, NEW, -1)]
    assert story.minutes_of(log.CONTACT_OPENED) == [DAY + OPENS + 5]


@pytest.mark.parametrize(("waits", "channel"), [(True, PHONE), (False, ONLINE)])
def test_others_ask_at_once(waits: bool, channel: str) -> None:
    story = Story()
    story.practice.form.waits = waits
    story.asks(story.need(), channel)
    assert story.minutes_of(log.CONTACT_OPENED) == story.minutes_of(log.NEED_AROSE) == [NINE]


def test_who_puts_it_off_asks_some_days_later() -> None:
    """Half of those who put it off for six days on average do so for up to 4.2 days."""
    story = Story()
    story.journey.ask_late(story.need(asks_late_days=0.5), DESK)
    story.practice.env.run(until=20 * DAY)
    assert story.causes()[0] == (log.CONTACT_OPENED, DESK, NEW, -1)
    assert story.minutes_of(log.NEED_AROSE) == [NINE]
    assert story.minutes_of(log.CONTACT_OPENED)[0] // DAY == 4
