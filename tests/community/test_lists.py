"""Lists of places held against Erlang's exact results: no list (B), one nobody leaves (C), one people leave (A)."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from fakepractice import FakePractice
from shortruns import run_of

from pcqa_sim.community.places import Place
from pcqa_sim.journey.community import REFERRED, CommunityStory, Referral
from pcqa_sim.journey.contacts import Contacts
from pcqa_sim.population.people import draw_people
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.luck import join, stream
from pcqa_sim.values.native_luck import luck_of
from pcqa_sim.values.needs import Need
from pcqa_sim.verification.theory import erlang_a, erlang_b, mmc

ALWAYS = {"opens": "00:00", "closes": "24:00", "days": [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}  # fmt: skip
PLACE = {
    "title": "a place", "run_by": "nhs", "hours": ALWAYS, "uptake_share": 1.0, "resolves": {"social": 1.0},
    "session_min": 0.01, "sessions": 2, "irregular": True,
}  # fmt: skip
DAYS_IN, STAY = 300, 14.0  # of warming up, and a stay in days
REPLICATIONS = 6


def lived(replication: int, a_day: float, days: int, **settings: object) -> tuple[list[dict[str, object]], Place]:
    """The log of people who come to a place at random, with luck of their own."""
    place = PLACE | {"between_days": STAY} | settings
    practice = FakePractice({"list_size": 10_000, "community.a_place": place}, 0.0)
    story = CommunityStory(practice, Contacts(practice, lambda *_: iter(())))  # type: ignore[arg-type, return-value]
    at = practice.community.by_name()["a_place"][0]
    times = np.cumsum(stream(7, replication, "arrivals").exponential(DAY / a_day, int(a_day * days)))
    for number, time in enumerate(times.tolist()):
        need = Need(0, number, "social", luck_of(join(11, replication, number)), time)
        come = practice.env.timeout(time)
        come.callbacks.append(
            lambda _, need=need: story.send(Referral(need, None, at, REFERRED, practice.env.now))  # type: ignore[misc]
        )
    practice.env.run(until=float(times[-1]))
    return [row for row in practice.pen.log.table().to_pylist() if row["event"] in log.PLACE_EVENTS], at


def near(values: list[float], exact: float) -> bool:
    """The mean of some replications, within 4 standard errors of what is exact."""
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    assert error < 0.2 * exact, (values, exact)
    return abs(float(np.mean(values)) - exact) < 4 * error


def shares(rows: list[dict[str, object]], event: str, code: str) -> float:
    """Of those sent after the warm-up, the share that has an event with a code."""
    sent = {row["need"] for row in rows if row["event"] == log.PLACE_SENT and row["time_min"] > DAYS_IN * DAY}  # type: ignore[operator]
    told = {row["need"] for row in rows if row["event"] == event and row["code"] == code}
    return len(sent & told) / len(sent)


@pytest.mark.parametrize("irregular", [True, False])
def test_without_a_list_the_share_turned_away_is_erlang_b_whatever_the_stay(irregular: bool) -> None:
    exact = erlang_b(1.0, STAY, 12).p_blocked
    settings = {"places_per_10000": 12, "keeps_list": False, "irregular": irregular}
    found = [lived(n, 1.0, 1400, **settings)[0] for n in range(REPLICATIONS)]
    assert near([shares(rows, log.PLACE_ENDED, "bounced") for rows in found], exact)


def test_a_list_nobody_leaves_is_erlang_c() -> None:
    exact = mmc(1.0, STAY, 18).p_wait
    found = [lived(n, 1.0, 1400, places_per_10000=18)[0] for n in range(REPLICATIONS)]
    assert near([shares(rows, log.PLACE_BEGAN, "places") for rows in found], exact)


def test_a_list_that_people_leave_is_erlang_a() -> None:
    exact = erlang_a(1.0, STAY, 10, 91.0)
    found = [lived(n, 1.0, 1400, places_per_10000=10, patience_weeks=13.0)[0] for n in range(REPLICATIONS)]
    assert near([shares(rows, log.PLACE_ENDED, "left_the_list") for rows in found], exact.p_renege)


def test_the_link_workers_list_settles_where_the_arithmetic_says() -> None:
    """Ten places of 5.1 weeks against 17.6 offered, people leaving after 13 weeks: 43 % leave, the list is 19 long."""
    exact = erlang_a(17.6 / 5.1, 5.1, 10, 13.0)
    assert exact.p_renege == pytest.approx(0.43, abs=0.01)
    assert exact.mean_queue == pytest.approx(19, abs=0.5)
    assert exact.mean_wait == pytest.approx(5.6, abs=0.1)


@pytest.mark.soak
def test_the_defaults_lists_settle_and_are_as_long_as_the_arithmetic_says() -> None:
    """Two years of ten thousand people: the link workers' list is Erlang A's (19), within what it moves in a year."""
    run = run_of("run.warm_up_weeks=34", "run.measured_weeks=78")
    waiting = {
        place: 10 * run.value("community_waiting_per_1000", f"place={place}")
        for place in run.scenario.practices["practice"].community
    }
    exact = erlang_a(17.6 / 5.1, 5.1, 10, 13.0)
    assert abs(waiting["social_prescribing"] - exact.mean_queue) < 4 * math.sqrt(exact.mean_queue * 13 / 78)
    left = run.value("community_ending_share", "place=social_prescribing ending=left_the_list")
    taken_up = 1 - run.value("community_ending_share", "place=social_prescribing ending=declined")
    assert left / taken_up == pytest.approx(exact.p_renege, abs=0.12)
    assert all(people < 15 for place, people in waiting.items() if place != "social_prescribing")


@pytest.mark.parametrize(("times", "stays"), [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (3.0, 1.0)])
def test_a_segment_stays_more_or_less_than_others_and_at_the_most_all_of_it(times: float, stays: float) -> None:
    """Of six sessions as many as a share who come again each time makes: all six, or the first alone."""
    practice = FakePractice({}, 0.0)
    people = draw_people(1, practice.settings.people, 50)  # those of the fake practice, of whom the first goes
    whose = dict.fromkeys(people.segments, 0.7) | {people.segments[people.segment[0]]: times}
    rows, place = lived(1, 4.0, 300, sessions=6, between_days=1.0, stays_share=0.5, stays_for_segments=whose)
    ended = {row["need"] for row in rows if row["event"] == log.PLACE_ENDED}
    sessions = [row["need"] for row in rows if row["event"] == log.PLACE_SESSION]
    many = [came for need, came in Counter(sessions).items() if need in ended]
    exact = sum(stays**session for session in range(6))
    assert place.stays(0) == stays
    assert abs(np.mean(many) - exact) <= 4 * np.std(many) / math.sqrt(len(many))


def test_the_caseload_is_never_above_the_places() -> None:
    rows, place = lived(1, 1.0, 600, places_per_10000=9, patience_weeks=4.0)
    there, most = 0, 0
    begun = set()
    for row in rows:
        if row["event"] == log.PLACE_BEGAN:
            there += 1
            begun.add(row["need"])
        elif row["event"] == log.PLACE_ENDED and row["need"] in begun:
            there -= 1
        most = max(most, there)
    assert most == 9
    assert place.pool is not None
    assert place.pool.busy <= 9
