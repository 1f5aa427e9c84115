"""Weeks as tables changed cell by cell: reception by half hour, sessions by weekday, the slots of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pcqa_sim.values.clock import DAY, WEEKDAYS, clock_time
from pcqa_sim.values.faults import BadInput, Fault

if TYPE_CHECKING:
    from pcqa_sim.scenario import Practice
    from pcqa_sim.scenario.groups import Role

HALF_HOUR = 30
DUTIES = {"phone": "Phone", "desk": "Desk", "inbox": "Online inbox"}
DAYS = {"monday": "Monday", "tuesday_friday": "Tue to Fri"}
_OTHER_DAYS = ("tuesday", "wednesday", "thursday", "friday", "weekend", "after_closure")
_MOST_AT_A_DUTY, _MOST_SESSIONS = 100.0, 500
SLOT_COLUMNS = ("slots", "minutes", "mode", "release")
Grid = dict[str, list[float]]


def half_hours(practice: Practice) -> list[int]:
    """Return the half hours of a day, in minutes, in which anybody of reception is there on a weekday."""
    there = [
        minute
        for minute in range(0, DAY, HALF_HOUR)
        if any(_at(_roster(practice, duty, day), minute) for duty in DUTIES for day in DAYS)
    ]
    first, last = (min(there), max(there)) if there else (8 * 60, 18 * 60)
    return list(range(min(first, 8 * 60), max(last, 18 * 60) + HALF_HOUR, HALF_HOUR))


def rota_grid(practice: Practice) -> Grid:
    """Return how many people do each duty in each half hour, by column: "Phone, Monday"."""
    return {
        f"{title}, {said}": [_at(_roster(practice, duty, day), minute) for minute in half_hours(practice)]
        for duty, title in DUTIES.items()
        for day, said in DAYS.items()
    }


def rota_settings(practice: Practice, grid: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return the settings of a changed rota, none where it is as it was; raise BadInput for what no rota can have.

    A changed rota is of this practice's own people: what is rostered by list size is written out, and a rule for first
    days is the Monday that the grid shows.
    """
    if {name: [float(one) for one in column] for name, column in grid.items()} == rota_grid(practice):
        return {}
    _judge(grid, half_hours(practice))
    found: dict[str, Any] = {"rota.written_for_list_size": None, "rota.phone_level": 1}
    for duty, title in DUTIES.items():
        rota = getattr(practice.rota, duty)
        first = rota.first_days is not None
        found |= {f"rota.{duty}.first_days": None, f"rota.{duty}.whole_blocks": False}
        for day, said in DAYS.items():
            found[f"rota.{duty}.{day}"] = _steps(half_hours(practice), grid[f"{title}, {said}"])
        for day in _OTHER_DAYS:
            own = getattr(rota, day)
            if own is not None:
                found[f"rota.{duty}.{day}"] = {_text(at): many for at, many in _scaled(practice, duty, own).items()}
        if first and rota.after_closure is None:
            found[f"rota.{duty}.after_closure"] = found[f"rota.{duty}.monday"]
    return found


def _judge(grid: Mapping[str, Sequence[float]], times: Sequence[int]) -> None:
    faults = [
        Fault(f"{name} at {clock_time(at)}", f"0 to {_MOST_AT_A_DUTY:g} people", str(many))
        for name, column in grid.items()
        for at, many in zip(times, column, strict=True)
        if not isinstance(many, int | float) or not 0 <= many <= _MOST_AT_A_DUTY
    ]
    if faults:
        raise BadInput(faults)


def _roster(practice: Practice, duty: str, day: str) -> dict[int, float]:
    rota = getattr(practice.rota, duty)
    weekday = list(DAYS).index(day)
    return _scaled(practice, duty, rota.of_weekday(weekday) if not weekday else rota.tuesday_friday)


def _scaled(practice: Practice, duty: str, roster: Mapping[int, float]) -> dict[int, float]:
    by = practice.rota.scale(practice.list_size) * (practice.rota.phone_level if duty == "phone" else 1)
    return {int(minute): round(many * by, 2) for minute, many in roster.items()}


def _at(roster: Mapping[int, float], minute: int) -> float:
    return float(next(many for at, many in sorted(roster.items(), reverse=True) if at <= minute))


def _steps(times: Sequence[int], column: Sequence[float]) -> dict[str, float]:
    """Return a column as a roster: from each time on so many, nobody before and after."""
    found, before = {"00:00": 0.0}, 0.0
    for minute, many in zip(times, column, strict=True):
        if many != before:
            found[_text(minute)] = before = float(many)
    end = times[-1] + HALF_HOUR
    if before and end < DAY:
        found[_text(end)] = 0.0
    return found


def _text(minute: int) -> str:
    return clock_time(minute)


def week_table(practice: Practice) -> dict[str, list[int]]:
    """Return the sessions (half days) of each role on Monday to Sunday, by the role's key."""
    from pcqa_sim.scenario.team import sessions_by_day

    return {key: list(sessions_by_day(practice, key)) for key in practice.role}


def week_settings(practice: Practice, table: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Return the settings of the roles whose week is changed; raise BadInput for what no week can have."""
    found: dict[str, Any] = {}
    faults = []
    for key, was in week_table(practice).items():
        now = list(table.get(key, was))
        if now == was:
            continue
        title = practice.role[key].title
        if len(now) != len(WEEKDAYS) or any(type(one) is not int or not 0 <= one <= _MOST_SESSIONS for one in now):
            faults.append(Fault(f"{title}: sessions", f"whole numbers, 0 to {_MOST_SESSIONS} a day", str(now)))
        elif not sum(now):
            faults.append(Fault(f"{title}: sessions", "at least one a week; take the role out on the command line"))
        else:
            level = practice.fte_level.get(key, 1.0)
            found[f"role.{key}.sessions_a_week"] = sum(now) / level
            found[f"role.{key}.weekday_factor"] = dict(zip(WEEKDAYS, now, strict=True))
    if faults:
        raise BadInput(faults)
    return found


def slots_of(role: Role) -> list[dict[str, Any]]:
    """Return the slots of a role's session, in order."""
    return [block.model_dump(mode="json", exclude_defaults=True) for block in role.template]


def slot_settings(practice: Practice, key: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings of a role's slots, none where they are as they were; the schema judges the rest."""
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows]
    kept = [row for row in kept if row.get("slots")]
    if kept == slots_of(practice.role[key]):
        return {}
    if not kept:
        raise BadInput(Fault(f"{practice.role[key].title}: slots", "at least one slot in a session"))
    return {f"role.{key}.template": kept}
