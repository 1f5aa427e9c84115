"""A team by name: who works which half days, whatever the list, and with more or fewer of them than said."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortruns import composed

from pcqa_sim import load_scenario
from pcqa_sim.clinic.absences import Absences
from pcqa_sim.clinic.rota import clinics
from pcqa_sim.clinic.staff import clinicians_of, week_of_role
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.team import halves_by_day, named_week, sessions_by_day, weekly_sessions
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import world_key

TEAM = [
    {"name": "Dr Ahmed", "sessions": ["mon", "tue_am", "thu_pm"]},
    {"name": "Dr Brown", "sessions": ["wed", "fri_am"]},
    {"name": "Dr Clarke", "sessions": ["mon_am", "fri"]},
]
NO_ABSENCE = {"leave_share": 0.0, "sickness_share": 0.0, "sickness_mean_days": 4.0}


@pytest.fixture(scope="module")
def practice() -> Practice:
    return composed().practices["practice"]


def with_team(practice: Practice, team: Any = TEAM, **more: object) -> Practice:
    return with_settings(practice, {"role.gp.people": team, "role.gp.absence": NO_ABSENCE} | more)


def test_named_people_work_their_half_days_and_no_others(practice: Practice) -> None:
    named = with_team(practice)
    worked = {(half.weekday, half.half, half.clinician) for half in week_of_role(named, "gp")}
    assert worked == {
        (0, 0, "gp.1"), (0, 1, "gp.1"), (1, 0, "gp.1"), (3, 1, "gp.1"),
        (2, 0, "gp.2"), (2, 1, "gp.2"), (4, 0, "gp.2"),
        (0, 0, "gp.3"), (4, 0, "gp.3"), (4, 1, "gp.3"),
    }  # fmt: skip
    assert clinicians_of(named, "gp") == ("gp.1", "gp.2", "gp.3")
    assert sessions_by_day(named, "gp") == (3, 1, 2, 1, 3, 0, 0)
    assert halves_by_day(named, "gp") == ((0, 1), (0,), (0, 1), (1,), (0, 1), (), ())
    of_day = clinics(named, 3, Absences(world_key(1, 0, "practice"), 70))
    thursday = [clinic for clinic in of_day if clinic.role == "gp"]
    assert [(clinic.clinician, clinic.starts % 1440) for clinic in thursday] == [("gp.1", 14 * 60)]


@pytest.mark.parametrize(
    ("way", "sessions"), [({"people": TEAM}, 10), ({"fte": 2.0}, 18), ({"heads": 4}, 24), ({"sessions_a_week": 22}, 22)]
)
def test_the_same_team_has_the_same_sessions_for_a_longer_list(
    practice: Practice, way: dict[str, object], sessions: int
) -> None:
    said = {f"role.gp.{key}": value for key, value in way.items()}
    here, longer = (with_settings(practice, said | {"list_size": size}) for size in (8_400, 12_000))
    assert weekly_sessions(here, "gp") == weekly_sessions(longer, "gp") == sessions
    assert week_of_role(here, "gp") == week_of_role(longer, "gp")
    assert weekly_sessions(longer, "hca") > weekly_sessions(here, "hca")  # nothing was said of them
    assert here.role["gp"].fte_per_10000 is None


def test_morning_and_afternoon_may_have_slots_of_their_own(practice: Practice) -> None:
    calls = [{"slots": 9, "minutes": 10, "mode": "telephone", "release": "on_the_day"}]
    named = with_team(practice, **{"role.gp.sessions.1.template": calls})
    monday = clinics(named, 0, Absences(world_key(1, 0, "practice"), 70))
    modes = {(c.starts % 1440 > 720, slot.mode) for c in monday if c.role == "gp" for slot in c.slots}
    assert {mode for late, mode in modes if late} == {"telephone"}
    assert {mode for late, mode in modes if not late} > {"telephone"}


@given(st.floats(0.4, 2), st.integers(1, 5))
def test_a_level_takes_away_or_adds_whole_half_days_evenly(level: float, people: int) -> None:
    days = ("mon", "tue", "wed", "thu", "fri")
    team = [{"name": f"Dr {n}", "sessions": [days[n], f"{days[n - 1]}_am"]} for n in range(people)]
    notes = {"backoffice.items.fit_note.by": {"gp": 0.7, "administrator": 0.3}}  # somebody is there to write them
    named = with_team(composed().practices["practice"], team, **{"fte_level.gp": level}, **notes)
    week, full = named_week(named, "gp"), 3 * people
    assert len(week) == int(full * level + 0.5)
    said = Counter(named_week(with_team(composed().practices["practice"], team), "gp"))
    kept = Counter(half for half in week if half[2] < people)
    assert kept <= said
    assert level < 1 or kept == said
    assert list(week) == sorted(week)


REFUSED = [
    ({"role.gp.people": TEAM, "role.gp.fte": 2.0}, "role.gp.people: people and fte each say how many work; write one"),
    ({"role.gp.fte_per_10000": None}, "nothing says how many work; write one of people, heads, fte"),
    ({"role.gp.people": [TEAM[0], TEAM[0]]}, "Dr Ahmed is named twice"),
    ({"role.gp.people": [{"name": "A", "sessions": ["mon_am", "mon"]}]}, "mon_am is named twice"),
    ({"role.gp.people": [{"name": "A", "sessions": ["munday_am"]}]}, "munday_am is not a day, or a half of one"),
    ({"role.gp.people": [{"name": "A", "sessions": ["mon_eve"]}]}, "mon_eve: no half day of `sessions` is then"),
]


@pytest.mark.parametrize(("changes", "rule"), REFUSED)
def test_staff_that_cannot_be_is_refused_in_a_line(practice: Practice, changes: dict[str, object], rule: str) -> None:
    with pytest.raises(BadInput) as refused:
        with_settings(practice, changes)
    (line,) = str(refused.value).split("\n")
    assert rule in line


def test_what_is_said_nearer_replaces_another_way_of_saying_it() -> None:
    once = composed("role.gp.fte=3").practices["practice"]
    assert (once.role["gp"].fte, once.role["gp"].fte_per_10000) == (3, None)
    again = with_settings(once, {"role.gp.fte_per_10000": 4.0})
    assert (again.role["gp"].fte, again.role["gp"].fte_per_10000) == (None, 4.0)
    with pytest.raises(BadInput, match=r"role.gp.heads: 4: role.gp.fte says the same"):
        load_scenario("role.gp.fte=3", "role.gp.heads=4")


def test_nobody_works_while_the_practice_is_closed() -> None:
    with pytest.raises(BadInput, match=r"role.gp.people.0.sessions: sat_am: the practice is closed on saturday"):
        composed("role.gp.people=[{name: 'Dr A', sessions: [mon, sat_am]}]")
