"""What practices of a network may share, and how much of it each gets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pcqa_sim.scenario.changes import with_settings
from pcqa_sim.scenario.groups import EnhancedAccess, Network, Role
from pcqa_sim.scenario.groups.network import EQUAL, HUB, LIST, SharedRole
from pcqa_sim.scenario.practice import PracticeGroups
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import nearest
from pcqa_sim.values.needs import FACE_TO_FACE

_HARDLY = 1e-9
SomePractice = TypeVar("SomePractice", bound=PracticeGroups)


def weighted_list(practice: PracticeGroups) -> float:
    """Return how many people of the national mean have as many needs as those of a practice."""
    return practice.list_size * practice.demand_level


def shares(shared: SharedRole, practices: Mapping[str, PracticeGroups]) -> dict[str, float]:
    """Return of each practice which share of a shared role it is to get; they sum to 1."""
    return shares_by(shared.shared_by, practices)


def shares_by(rule: str, practices: Mapping[str, PracticeGroups]) -> dict[str, float]:
    """Return the share of each practice by a rule: the same for all, its list, or its list weighted by its needs."""
    weight = {key: _weight(rule, one) for key, one in practices.items()}
    total = sum(weight.values())
    return {key: of_it / total for key, of_it in weight.items()}


def _weight(rule: str, practice: PracticeGroups) -> float:
    if rule == EQUAL:
        return 1.0
    return float(practice.list_size) if rule == LIST else weighted_list(practice)


def with_its_shares(
    network: Network, practices: Mapping[str, PracticeGroups], key: str, practice: SomePractice
) -> SomePractice:
    """Return a practice's settings with its part of what is shared as the staff of the roles that it shares.

    So that it is known to have them, with what they cost; who comes when, the network's rota says.
    """
    changes: dict[str, object] = {}
    for role, sharing in network.roles_shared().items():
        mine = sum(shared.sessions_a_week * shares(shared, practices)[key] for shared in sharing)
        own = practice.role[role]
        if all(shared.adds_to_own for shared in sharing) or _is_nearly(own.sessions_a_week, mine):
            continue
        changes[f"role.{role}.sessions_a_week"] = mine
    return with_settings(practice, changes)


def _is_nearly(own: float | None, mine: float) -> bool:
    return own is not None and abs(own - mine) < _HARDLY


def judge_shared(network: Network, practices: Mapping[str, Sequence[PracticeGroups]]) -> None:
    """Refuse what cannot be shared; `practices` are the settings of each through the run. Raises ValueError."""
    for name, shared in network.shared_roles.items():
        where = f"network.shared_roles.{name}"
        for key, settings in practices.items():
            for practice in settings:
                _judge_role(where, shared, key, practice)
        first = next(iter(practices.values()))[0].role[shared.role]
        _judge_week(where, shared, first)
        _judge_alike(where, shared, first, practices)
    _judge_hub(network, practices)
    for role, sharing in network.roles_shared().items():
        if len({shared.adds_to_own for shared in sharing}) > 1:
            names = " and ".join(name for name, one in network.shared_roles.items() if one.role == role)
            raise ValueError(f"network.shared_roles: {names} share {role}: all add_to_own, or none of them")


def _judge_hub(network: Network, practices: Mapping[str, Sequence[PracticeGroups]]) -> None:
    """Refuse a hub that is not there, and evenings for which there are no people or too few rooms."""
    if network.hub is not None and HUB in practices:
        raise ValueError(f"network.members.{HUB}: is what the network's hub is called: give this practice another key")
    for name, shared in network.shared_roles.items():
        if shared.works == HUB and network.hub is None:
            rule = "works in a hub, and there is none: set network.hub={rooms: 3}, or works=visits"
            raise ValueError(f"network.shared_roles.{name}.works: {rule}")
    if network.same_day_overflow and len(practices) == 1:
        raise ValueError("network.same_day_overflow: one practice has no other; see network.members")
    access = None if network.hub is None else network.hub.enhanced_access
    if access is None or network.hub is None:
        return
    where = "network.hub.enhanced_access"
    for role in access.roles:
        for key, settings in practices.items():
            if any(role not in one.role or FACE_TO_FACE not in one.role[role].consultation_min for one in settings):
                raise ValueError(f"{where}.roles: {key} has no role {role!r} that sees people face to face")
    people = sum(settings[0].list_size for settings in practices.values())
    needed = math.ceil(access.min_per_1000_week * people / 1000 / minutes_open(access) - _HARDLY)
    if needed > network.hub.rooms:
        rule = f"{needed} are needed for {access.min_per_1000_week:g} minutes per 1,000 of {people:,} people a week"
        raise ValueError(f"network.hub.rooms: {rule}, not {network.hub.rooms}")


def minutes_open(access: EnhancedAccess) -> float:
    """Return the minutes a week in which evenings and Saturday are open."""
    return float(sum(ends - starts for weekday in range(7) for starts, ends in access.windows(weekday)))


def _judge_role(where: str, shared: SharedRole, key: str, practice: PracticeGroups) -> None:
    """Refuse a role that a practice does not have, or says anything about that the network says."""
    if shared.role not in practice.role:
        near = nearest(shared.role, list(practice.role))
        hint = f"did you mean {near}? It has {', '.join(practice.role)}" if near else f"add role {shared.role} to it"
        raise ValueError(f"{where}.role: {key} has no role {shared.role!r}; {hint}")
    if not practice.role[shared.role].sees_patients and shared.works == HUB:
        rule = f"{shared.role} has no appointments that could be booked in a hub; write works: visits"
        raise ValueError(f"{where}.works: {rule}")
    if practice.fte_level.get(shared.role, 1.0) != 1.0 and not shared.adds_to_own:
        rule = "it has no people of its own of a role that is shared: change the network's posts instead"
        raise ValueError(f"{where}.role: {key} changes its staff of {shared.role} (fte_level): {rule}")


def _judge_week(where: str, shared: SharedRole, role: Role) -> None:
    """Refuse more sessions than a week holds, and ways that end after the session they come off."""
    days = sum(role.weekday_factor[day] > 0 for day in WEEKDAYS)
    most = days * len(role.sessions)
    if shared.sessions_each > most:
        rule = f"a week holds {most} sessions of {shared.role} ({days} days of {len(role.sessions)})"
        raise ValueError(f"{where}.sessions_each: {rule}, not {shared.sessions_each:g}; write {most} or fewer")
    if shared.works == HUB or shared.stays_all_day:
        return
    for before, after in zip(role.sessions, role.sessions[1:], strict=False):
        arrives = before.ends + shared.travel_min
        if arrives >= after.ends:
            rule = f"who leaves at {_time(before.ends)} arrives at {_time(arrives)}, after the session that ends at"
            raise ValueError(f"{where}.travel_min: {rule} {_time(after.ends)}; shorten the way, or set stays_all_day")


def _judge_alike(
    where: str, shared: SharedRole, first: Role, practices: Mapping[str, Sequence[PracticeGroups]]
) -> None:
    """Refuse a shared role whose half days differ between practices: one person has one week."""
    for key, settings in practices.items():
        for practice in settings:
            other = practice.role[shared.role]
            if _times(other) != _times(first) or other.weekday_factor != first.weekday_factor:
                rule = f"its half days of {shared.role} are others than the first practice's, and one person works both"
                raise ValueError(f"{where}.role: {key}: {rule}; give all the same sessions and weekday_factor")


def _times(role: Role) -> list[tuple[int, int]]:
    return [(session.starts, session.ends) for session in role.sessions]


def _time(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
