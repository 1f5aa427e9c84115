"""One practice's settings, group by group; `tree` adds what must fit together."""

from __future__ import annotations

from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from pcqa_sim.scenario.fields import Key
from pcqa_sim.scenario.groups import (
    Appointments,
    BackOffice,
    CareHomes,
    Channels,
    CommunityPlace,
    Costs,
    Demand,
    Outcome,
    People,
    Phones,
    Planned,
    PracticeProfile,
    Role,
    Rota,
    Triage,
)

PRACTICE_GROUPS = (
    "people",
    "demand",
    "channels",
    "phones",
    "triage",
    "rota",
    "role",
    "appointments",
    "planned",
    "outcome",
    "backoffice",
    "costs",
    "community",
    "care_homes",
)


class PracticeGroups(PracticeProfile):
    """One practice with all its groups of settings, each judged by itself."""

    people: People
    demand: Demand
    channels: Channels
    phones: Phones
    triage: Triage
    rota: Rota
    role: dict[Key, Role] = Field(min_length=1, max_length=40)
    appointments: Appointments
    planned: Planned
    outcome: Outcome
    backoffice: BackOffice
    costs: Costs = Costs()  # studies saved before there were prices have none
    community: dict[Key, CommunityPlace] = Field(default={}, max_length=40)

    care_homes: CareHomes | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave community and care homes out where there are none, so that a scenario is written as ever."""
        found: dict[str, Any] = plain(self)
        lacking = [name for name in ("community", "care_homes") if not getattr(self, name)]
        return {name: value for name, value in found.items() if name not in lacking}

    def fte(self, role: str) -> float:
        """Return the full-time equivalents of a role in this practice."""
        own = self.role[role]
        if own.fte_per_10000 is not None:
            return own.fte_per_10000 / 10_000 * self.list_size * self.fte_level.get(role, 1.0)
        return own.weekly_sessions(self.list_size) / own.sessions_per_fte * self.fte_level.get(role, 1.0)

    def works(self, role: str) -> bool:
        """Tell whether this practice has a role, with anybody in it."""
        return role in self.role and self.fte(role) > 0
