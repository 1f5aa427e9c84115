"""What must fit together about MDTs: names that are known, and members who are on duty together at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pcqa_sim.scenario.groups import Calendar, Mdt, Network
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.scenario.team import deal, halves_by_day
from pcqa_sim.values.clock import DAY, WEEKDAYS, clock_time
from pcqa_sim.values.faults import Fault, Several, nearest

Practices = Mapping[str, Sequence[PracticeGroups]]
"""Every version of each practice's settings, by key."""


def served(mdt: Mdt, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the practices whose people an MDT is for, in order."""
    return tuple(key for key in keys if not mdt.practices or key in mdt.practices)


def weekdays_of(mdt: Mdt, meetings: int) -> tuple[int, ...]:
    """Return the weekday of each of a week's meetings, Monday being 0: spread over the five days after the first."""
    first = WEEKDAYS.index(mdt.weekday)
    if first > 4:
        return (first,) * meetings
    return tuple((first + number * 5 // meetings) % 5 for number in range(meetings))


def most_a_day(mdt: Mdt, meetings: int) -> int:
    """Return how many of a week's meetings are on one day, at the most."""
    days = weekdays_of(mdt, meetings)
    return max((days.count(day) for day in set(days)), default=0)


def judge_mdts(mdts: Mapping[str, Mdt], practices: Practices, calendar: Calendar, network: Network) -> None:
    """Raise Several naming everything about MDTs that does not fit; see the faults below."""
    shared = {role: sum(one.sessions_a_week for one in sharing) for role, sharing in network.roles_shared().items()}
    each = ((f"mdt.{name}", mdt) for name, mdt in mdts.items())
    found = [str(fault) for where, mdt in each for fault in _faults(where, mdt, practices, calendar, shared)]
    if found:
        raise Several(found)


def _faults(
    where: str, mdt: Mdt, practices: Practices, calendar: Calendar, shared: Mapping[str, float]
) -> Iterator[Fault]:
    wrong = [key for key in mdt.practices if key not in practices]
    for key in wrong:
        rule = f"must name practices: {', '.join(practices)}"
        yield Fault(f"{where}.practices", rule, key, nearest(key, list(practices)))
    here = [settings for key in served(mdt, practices) for settings in practices[key]]
    if wrong or not here:
        return
    names = list(_unknown(where, mdt, here))
    yield from names or _never_together(where, mdt, here, calendar, shared)


def _unknown(where: str, mdt: Mdt, here: Sequence[PracticeGroups]) -> Iterator[Fault]:
    """Find names that no practice of an MDT knows."""
    roles = _all(practice.role for practice in here)
    for name in mdt.at_the_table:
        if name not in roles:
            rule = "is no role of the practice; somebody of another service is external: true"
            yield Fault(f"{where}.members.{name}", rule, "", nearest(name, roles))
        elif not any(practice.works(name) for practice in here if name in practice.role):
            yield Fault(f"{where}.members.{name}", "has no rota: fte_per_10000 or fte_level is 0")
    segments, kinds = _all(p.people.segments for p in here), _all(p.demand.kinds for p in here)
    ages, fifths = _all(p.people.ages for p in here), _all(p.people.deprivation_share for p in here)
    severity = mdt.severity
    for key, given, what, known in (
        ("selects.segments", mdt.selects.segments, "segment", segments),
        ("selects.nominated", mdt.selects.nominated, "kind of need", kinds),
        ("severity.ages", severity.ages, "age band", ages),
        ("severity.segments", severity.segments, "segment", segments),
        ("severity.deprivation", severity.deprivation, "fifth", fifths),
    ):
        for name in given:
            if name not in known:
                yield Fault(f"{where}.{key}", f"is no {what}", name, nearest(name, known))
    yield from _unknown_in_levels(where, mdt, here)


def _unknown_in_levels(where: str, mdt: Mdt, here: Sequence[PracticeGroups]) -> Iterator[Fault]:
    for name, level in mdt.levels.items():
        roles = [role for role in _all(p.role for p in here) if all(p.works(role) for p in here)]
        known = [*mdt.members, *(role for role in roles if role not in mdt.members)]
        if level.lead not in known:
            rule = "must be a member, or a role of every practice whose people it is for"
            yield Fault(f"{where}.levels.{name}.lead", rule, level.lead, nearest(level.lead, known))
        places = _all(p.community for p in here)
        if level.place is not None and level.place not in places:
            rule = "is no place in the community of these practices"
            yield Fault(f"{where}.levels.{name}.place", rule, level.place, nearest(level.place, places))


def _all(names: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for some in names for name in some))


def _never_together(
    where: str, mdt: Mdt, here: Sequence[PracticeGroups], calendar: Calendar, shared: Mapping[str, float]
) -> Iterator[Fault]:
    """Find a meeting that can be on no day: the practice is closed, or nobody of a role is in a session then.

    `shared` has the sessions a week that a network's people of a role work, wherever they are.
    """
    ends = mdt.time + mdt.meeting_min
    said = f"{clock_time(mdt.time)}-{clock_time(ends % DAY)}"
    days = sorted({(day + later) % 7 for day in weekdays_of(mdt, 1) for later in range(mdt.moves_within_days + 1)})
    hours = {day: calendar.opening_hours[WEEKDAYS[day]] for day in days}
    of_day = {day: h for day, h in hours.items() if h is not None and h.opens <= mdt.time and ends <= h.closes}
    if not of_day:
        rule = f"the practice is closed on {WEEKDAYS[days[0]]} {said}; see calendar.opening_hours"
        yield Fault(f"{where}.time", rule)
        return
    lacking = {day: _lacking(mdt, here, day, shared) for day in of_day}
    if all(lacking.values()):
        day = min(lacking, key=lambda each: len(lacking[each]))
        role = lacking[day][0]
        sessions = _sessions(next(p for p in here if role in p.role), role)
        rule = f"its members are never on duty together: on {WEEKDAYS[day]} {said} nobody is in a session of"
        yield Fault(f"{where}.time", f"{rule} {', '.join(lacking[day])}; role.{role}.sessions are {sessions}")


def _lacking(mdt: Mdt, here: Sequence[PracticeGroups], day: int, shared: Mapping[str, float]) -> list[str]:
    """Return the roles that are needed and that no practice, nor the network, has at work through a meeting."""
    needed = [name for name in mdt.at_the_table if mdt.members[name].needed]
    return [n for n in needed if not any(_at_work(mdt, practice, n, day, shared.get(n, 0.0)) for practice in here)]


def _at_work(mdt: Mdt, practice: PracticeGroups, name: str, day: int, shared: float) -> bool:
    if not practice.works(name):
        return False
    role = practice.role[name]
    factors = tuple(role.weekday_factor[weekday] for weekday in WEEKDAYS)
    of_network = min(deal(float(math.ceil(shared)), factors)[day], len(role.sessions))
    halves = {*halves_by_day(practice, name)[day], *range(of_network)}
    sessions = (role.sessions[half] for half in halves)
    return any(one.starts <= mdt.time and mdt.time + mdt.meeting_min <= one.ends for one in sessions)


def _sessions(practice: PracticeGroups, name: str) -> str:
    return " and ".join(f"{clock_time(one.starts)}-{clock_time(one.ends)}" for one in practice.role[name].sessions)
