"""Who a practice's clinicians are, and which half days of a full week they work.

Full-time equivalents are scaled to the practice's own list size. People are whole: what scaling leaves over is carried
to the next working day, so that a week has the right total.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.team import deal, named_week, weekly_sessions
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.words import GP

EXTRA: Final = "extra"
LOCUM: Final = "locum"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One session of one clinician: weekday (0 is Monday), which of the role's half days, and the clinician's key."""

    weekday: int
    half: int
    clinician: str


@lru_cache(maxsize=512)
def dealt_week(sessions: float, factors: tuple[float, ...], halves: int, each: float, name: str) -> tuple[HalfDay, ...]:
    """Deal a week's sessions to clinicians: whole days where there are two half days, days in turn."""
    of_day = deal(sessions, factors)
    most = max((math.ceil(count / halves) for count in of_day), default=0)
    clinicians = max(math.ceil(sessions / each - 1e-9), most, 1)
    week, turn = [], 0
    for weekday, count in enumerate(of_day):
        first = math.ceil(count / halves)
        for half in range(halves):
            here = count // halves + (half < count % halves)
            week += [HalfDay(weekday, half, f"{name}.{(turn + n) % clinicians + 1}") for n in range(here)]
        turn += first
    return tuple(week)


def week_of_role(practice: Practice, name: str) -> tuple[HalfDay, ...]:
    """Return the sessions of a role in a full week, absences not yet taken off.

    A role with less than one session a week visits: it has one in the weeks in which it `comes`.
    """
    role = practice.role[name]
    if role.people is not None:
        return tuple(HalfDay(day, half, f"{name}.{person + 1}") for day, half, person in named_week(practice, name))
    factors = tuple(role.weekday_factor[day] for day in WEEKDAYS)
    sessions = weekly_sessions(practice, name)
    return dealt_week(
        max(sessions, 1.0 if sessions else 0.0), factors, len(role.sessions), role.sessions_per_clinician, name
    )


def comes(practice: Practice, name: str, week: int) -> bool:
    """Tell whether a role works in a week at all: always, or as often as its share of one session a week says."""
    sessions = weekly_sessions(practice, name)
    return sessions >= 1 or math.floor((week + 1) * sessions + 1e-9) > math.floor(week * sessions + 1e-9)


def clinicians_of(practice: Practice, name: str) -> tuple[str, ...]:
    """Return the keys of a role's clinicians: gp.1, gp.2, ..."""
    names = {half.clinician for half in week_of_role(practice, name)}
    return tuple(sorted(names, key=lambda key: int(key.rpartition(".")[2])))


def usual_clinicians(practice: Practice, people: People) -> list[str]:
    """Return each person's usual GP, "" where there is none."""
    names = (clinicians_of(practice, GP) if GP in practice.role else ()) or ("",)
    return [names[int(u * len(names))] for u in people.usual.tolist()]


def team_mates(practice: Practice) -> dict[str, tuple[str, ...]]:
    """Return of each GP who shares their list the others of the team; empty where everybody has their own list.

    Teams are made in the order of GPs' numbers; who would be left alone joins the last.
    """
    size = practice.appointments.continuity.team_size
    names = clinicians_of(practice, GP) if size > 1 and GP in practice.role else ()
    teams = [names[at : at + size] for at in range(0, len(names), size)]
    if len(teams) > 1 and len(teams[-1]) == 1:
        teams[-2:] = [(*teams[-2], *teams[-1])]
    return {name: tuple(mate for mate in team if mate != name) for team in teams for name in team if len(team) > 1}


def is_locum(clinician: str) -> bool:
    """Tell whether a clinician's key is a locum's: gp.locum2 stands in for gp.2."""
    return clinician.partition(".")[2].startswith(LOCUM)


def is_shared(clinician: str) -> bool:
    """Tell whether a clinician's key is that of somebody of a network's shared roles: fcp.physio_1."""
    return "_" in clinician.partition(".")[2]
