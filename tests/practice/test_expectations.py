"""What patients learn: from late same-day requests alone, and from the channel that let them down."""

from __future__ import annotations

import numpy as np
import pytest
from fixedluck import GivenLuck
from onepart import contact_of, need_of, small_practice

from pcqa_sim.practice.expectations import Expectations
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import (
    APP,
    APPOINTMENT_STANDS,
    BOOKED_TODAY,
    CALL_ANOTHER_DAY,
    DESK,
    ONLINE,
    PHONE,
    Disposition,
)

LATE = 600.0
START = 0.4


class Folk:
    """Person 0 uses forms and the app, person 1 does not."""

    digital = np.array([True, False])


def expectations(**changes: object) -> Expectations:
    made = Expectations(START, Folk())  # type: ignore[arg-type]
    made.use(small_practice({"demand.rush.late_from": "10:00", "demand.rush.half_life_days": 1.0} | changes))
    return made


def after(*learnt: tuple[float, str]) -> float:
    """The belief after a day of requests made at some minutes and decided so; half of what is new is learnt."""
    made = expectations()
    for opened, decided in learnt:
        made.learn(contact_of(opened=3 * DAY + opened), Disposition(decided))
    made.end_day()
    return made.belief.value


def test_who_is_refused_late_in_the_day_teaches_scarcity_and_who_is_booked_plenty() -> None:
    assert after((LATE, CALL_ANOTHER_DAY)) == pytest.approx((START + 1.0) / 2)
    assert after((LATE, BOOKED_TODAY)) == pytest.approx(START / 2)
    assert after((LATE, BOOKED_TODAY), (LATE, CALL_ANOTHER_DAY)) == pytest.approx((START + 0.5) / 2)


def test_early_requests_and_enquiries_teach_nothing() -> None:
    assert after((LATE - 0.1, CALL_ANOTHER_DAY)) == START
    assert after((LATE, APPOINTMENT_STANDS)) == START
    assert after() == START


def test_more_people_rush_the_scarcer_they_believe_help_to_be() -> None:
    made = expectations()
    before = made.rushing_share()
    made.learn(contact_of(opened=LATE), Disposition(CALL_ANOTHER_DAY))
    made.end_day()
    assert made.rushing_share() > before > 0


def test_people_keep_to_their_channel_until_it_lets_them_down() -> None:
    made = expectations(**{"channels.first.away_after_failure_share": 0.3})
    turns, stays = need_of(luck=GivenLuck(0.29)), need_of(luck=GivenLuck(0.3))
    assert made.first_channel(turns, PHONE) == PHONE
    made.channels.got_nowhere(0, PHONE)
    assert made.first_channel(turns, PHONE) == ONLINE
    assert made.first_channel(stays, PHONE) == PHONE
    assert made.first_channel(turns, APP) == APP


def test_who_uses_no_forms_turns_to_the_desk() -> None:
    made = expectations(**{"channels.first.away_after_failure_share": 1.0})
    made.channels.got_nowhere(1, PHONE)
    assert made.first_channel(need_of(person=1), PHONE) == DESK


def test_what_has_been_learnt_stays_when_settings_change() -> None:
    made = expectations(**{"channels.first.away_after_failure_share": 0.0})
    made.channels.got_nowhere(0, ONLINE)
    made.learn(contact_of(opened=LATE), Disposition(CALL_ANOTHER_DAY))
    made.use(small_practice({"channels.first.away_after_failure_share": 1.0, "demand.rush.half_life_days": 1.0}))
    assert made.first_channel(need_of(), ONLINE) == PHONE
    made.end_day()
    assert made.belief.value == pytest.approx((START + 1.0) / 2)
