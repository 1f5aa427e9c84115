"""What a team as it was said asks for besides: half days that a role does not have yet, and whose patients it takes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pcqa_sim.scenario.groups import Role
from pcqa_sim.values.words import GP

Tree = dict[str, Any]
OTHER = "other"
HALF_DAYS = [{"starts": "08:30", "ends": "12:40"}, {"starts": "14:00", "ends": "18:10"}]
"""Morning and afternoon as the shipped roles have them; bma_session_patient_facing_hours."""
COVER = ("anp", "paramedic")
"""Roles of the day's illness, who are asked where no GP is free; assumption: most practices with them do."""
_MOST_FROM_GPS = 0.5


def whole_team(said: Tree, roles: Mapping[str, Role], usual: Mapping[str, Role], list_size: int) -> Tree:
    """Return what is said with what it asks for besides.

    `roles` are all that can be chosen, `usual` those of the default team. A role on top of it takes from the other
    staff, who are all such roles together, as many patients as it has of their full-time equivalents, and beyond that
    from GPs. Where there is no other staff at all, GPs see whom it would have seen.
    """
    found = copy.deepcopy(said)
    team: Tree = found.get("role", {})
    for name in team:
        if name in roles:
            _with_half_days(team[name], roles[name])
    more = {name: _fte(team[name], roles[name]) for name in team if name in roles and name not in usual}
    if OTHER in usual and any(more.values()):
        _share_out(team, more, usual, list_size)
    if OTHER in team and set(team[OTHER]) <= {"heads", "fte", "sessions_a_week"} and not any(team[OTHER].values()):
        team.setdefault(GP, {}).setdefault("out_of", {OTHER: "rest"})
    if asked := [name for name in COVER if more.get(name)]:
        found.setdefault("triage", {}).setdefault("cover", {GP: asked})
    return found


def why_filled(said: Tree, whole: Tree) -> dict[str, str]:
    """Return the dotted keys of a team that nobody said, with the reason of each."""
    reasons = {
        "out_of": "as many of their patients as it has of their full-time equivalents",
        "sessions": "half days as GPs have them",
        "fte": "what is left of the national rate beside those who are named",
        "heads": "those who are named are as many as the national rate has",
    }
    found: dict[str, str] = {}
    for name, role in whole.get("role", {}).items():
        before = said.get("role", {}).get(name, {})
        found |= {f"role.{name}.{key}": reasons[key] for key in role if key not in before and key in reasons}
    if "cover" not in said.get("triage", {}) and "cover" in whole.get("triage", {}):
        found["triage.cover"] = "the day's illness goes to them where no GP is free"
    return found


def _with_half_days(role: Tree, shipped: Role) -> None:
    """Give a role mornings and afternoons where its people work when its shipped sessions are not."""
    words = [word for person in role.get("people", ()) for word in person["sessions"]]
    halves = {
        word if "_" in word else f"{word}_{half}"
        for word in words
        for half in (("am", "pm") if "_" not in word else ("",))
    }
    if "sessions" not in role and any(shipped.half_of(half) is None for half in halves):
        role["sessions"] = copy.deepcopy(HALF_DAYS)


def _fte(role: Tree, shipped: Role) -> float:
    """Return the full-time equivalents that are said of a role."""
    if "people" in role:
        sessions = sum(1 if "_" in word else 2 for person in role["people"] for word in person["sessions"])
        return sessions / shipped.sessions_per_fte
    if "fte" in role:
        return float(role["fte"])
    if "heads" in role:
        return float(role["heads"]) * shipped.sessions_per_clinician / shipped.sessions_per_fte
    return float(role.get("sessions_a_week", 0.0)) / shipped.sessions_per_fte


def _share_out(team: Tree, more: Mapping[str, float], usual: Mapping[str, Role], list_size: int) -> None:
    others = usual[OTHER].weekly_sessions(list_size) / usual[OTHER].sessions_per_fte
    gps = _fte(team[GP], usual[GP]) if GP in team else 0.0
    gps = gps or usual[GP].weekly_sessions(list_size) / usual[GP].sessions_per_fte
    left = others
    for name, fte in more.items():
        from_others = min(fte, left)
        left -= from_others
        shares = {OTHER: from_others / others, GP: min(_MOST_FROM_GPS, (fte - from_others) / gps)}
        if fte and "out_of" not in team[name]:
            team[name]["out_of"] = {giver: float(f"{share:.3g}") for giver, share in shares.items() if share > 0.005}
    if OTHER not in team:
        team[OTHER] = {"fte": float(f"{left:.3g}")} if left > 0.02 else {"heads": 0}
