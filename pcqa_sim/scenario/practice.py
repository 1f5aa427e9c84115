"""One practice's settings, group by group; `tree` adds what must fit together."""

from __future__ import annotations

from pydantic import Field

from pcqa_sim.scenario.fields import Key
from pcqa_sim.scenario.groups import (
    Appointments,
    BackOffice,
    Channels,
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

    def fte(self, role: str) -> float:
        """Return the full-time equivalents of a role in this practice."""
        own = self.role[role]
        if own.fte_per_10000 is not None:
            return own.fte_per_10000 / 10_000 * self.list_size * self.fte_level.get(role, 1.0)
        return own.weekly_sessions(self.list_size) / own.sessions_per_fte * self.fte_level.get(role, 1.0)

    def works(self, role: str) -> bool:
        """Tell whether this practice has a role, with anybody in it."""
        return role in self.role and self.fte(role) > 0
