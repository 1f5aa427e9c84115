"""Let the practices of a network share: people, a reception, a hub, what is free today, and lists within teams."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, Scenario, with_settings
from pcqa_sim.scenario.fields import AtLeastOne, Key, NotNegative, Positive
from pcqa_sim.scenario.groups import EnhancedAccess, HandOff, Hub, Mdt, Network, SharedReception, SharedRole
from pcqa_sim.scenario.groups.network import HUB


class Share(Intervention):
    """People of some roles, as many as practices have together, work for all; and what else is shared.

    What a role's people are paid and how long they take may change with it, which is what scale is hoped to bring.
    """

    kind: Literal["share"] = "share"
    of_network: ClassVar[bool] = True
    name: Key = Field(default="share", description="what this way of sharing is called")
    pools: tuple[Key, ...] = Field(default=(), description="roles whose people work for all practices from now on")
    works: Literal["visits", "hub"] = Field(default="visits", description="visits practices in turn, or sits in a hub")
    pooled_share: Positive = Field(
        default=1.0, le=1, description="share of the people of these roles who work for all; the others stay"
    )
    shared_by: Literal["equal", "list", "weighted_list", "absence"] = Field(
        default="weighted_list", description="what decides how much of them each practice gets"
    )
    staff_times: NotNegative = Field(default=1.0, le=10, description="times; people, against what practices had")
    stays_all_day: bool = Field(default=True, description="a day is spent at one practice; false: a half day")
    travel_min: NotNegative = Field(default=0.0, le=480, description="minutes between two practices on one day")
    supervision_min: NotNegative = Field(default=0.0, le=240, description="minutes of a GP for each session")
    rooms: AtLeastOne | None = Field(default=None, le=1000, description="rooms of the hub; null: there is none")
    enhanced_access: EnhancedAccess | None = Field(default=None, description="evenings and Saturdays in the hub")
    reception_talk_factor: Positive | None = Field(
        default=None, le=5, description="times; a talk with a shared reception against one's own; null: not shared"
    )
    same_day_overflow: bool = Field(default=False, description="who finds nothing today is offered a neighbour's slot")
    hand_off: HandOff | None = Field(default=None, description="what being seen elsewhere costs; null: as it is")
    unit_min_times: Positive = Field(default=1.0, le=5, description="times; minutes of a consultation of these roles")
    pay_times: Positive = Field(default=1.0, le=5, description="times; pounds an hour of these roles")
    team_size: AtLeastOne = Field(default=1, le=6, description="GPs who share a list; 1: as it is")
    mdt: dict[Key, Mdt | None] = Field(
        default={},
        max_length=40,
        description="MDTs that meet then, where there is none of the name; null: this one does not",
    )
    own_first: bool = Field(default=False, description="people are offered their own GP or team first, for all needs")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with people of shared roles as quick and as dear as they are then, and lists in teams."""
        changes: dict[str, object] = {}
        for name in self.pools:
            role = practice.role[name]
            if self.unit_min_times != 1:
                minutes = {mode: mean * self.unit_min_times for mode, mean in role.consultation_min.items()}
                changes[f"role.{name}.consultation_min"] = minutes
            if self.pay_times != 1:
                changes[f"role.{name}.cost_per_hour_gbp"] = role.cost_per_hour_gbp * self.pay_times
            if self.pooled_share != 1:
                changes[f"fte_level.{name}"] = practice.fte_level.get(name, 1.0) * (1 - self.pooled_share)
        if self.team_size > 1:
            changes["appointments.continuity.team_size"] = self.team_size
        if self.own_first:
            changes["appointments.continuity.all_kinds"] = True
        return with_settings(practice, changes)

    def apply(self, scenario: Scenario) -> Scenario:
        """Return the scenario whose practices share, for the whole run, as what is shared has no phases.

        One practice has nobody to share with, and stays as it is.
        """
        if len(scenario.practices) == 1:
            return scenario.replaced(interventions=(*scenario.interventions, self.label()))
        if self.from_week or self.weeks is not None or self.only:
            raise ValueError("what a network shares, all share from the start: leave from_week, weeks and only out")
        changed = super().apply(scenario)
        network, mdt = self._shared(scenario), self._meet() | changed.mdt
        same = network == changed.network and mdt == changed.mdt
        return changed if same else changed.replaced(network=network, mdt=mdt)

    def _meet(self) -> dict[str, Mdt]:
        return {name: mdt for name, mdt in self.mdt.items() if mdt is not None}

    def _shared(self, scenario: Scenario) -> Network:
        """Return what the network shares then."""
        changes: dict[str, object] = {}
        roles = dict(scenario.network.shared_roles) | {name: self._of_role(scenario, name) for name in self.pools}
        if self.pools:
            changes["shared_roles"] = roles
        if self.rooms is not None:
            changes["hub"] = Hub(rooms=self.rooms, enhanced_access=self.enhanced_access)
        if self.reception_talk_factor is not None:
            changes["shared_reception"] = SharedReception(talk_factor=self.reception_talk_factor)
        if self.same_day_overflow:
            changes["same_day_overflow"] = True
        if self.hand_off is not None:
            changes["hand_off"] = self.hand_off
        return with_settings(scenario.network, changes)

    def _of_role(self, scenario: Scenario, name: str) -> SharedRole:
        """Return a shared role with as many people as the practices have together, times what is said."""
        each = next(iter(scenario.practices.values())).role[name].sessions_per_clinician
        practices = scenario.practices.values()
        there = sum(one.role[name].weekly_sessions(one.list_size) * one.fte_level.get(name, 1.0) for one in practices)
        return SharedRole(
            role=name,
            posts=there * self.pooled_share * self.staff_times / each,
            adds_to_own=self.pooled_share != 1,
            sessions_each=each,
            works=self.works,
            shared_by=self.shared_by,
            stays_all_day=self.stays_all_day,
            travel_min=self.travel_min,
            supervision_min=self.supervision_min if self.works != HUB else 0.0,
        )

    def label(self) -> str:
        """Return one line naming it and what is shared."""
        shown = {
            name: value for name, value in self._strength().items() if name.partition(".")[0] not in ("name", "mdt")
        }
        shown |= {"mdt": [*meet]} if (meet := self._meet()) else {}
        return f"{self.name}({', '.join(f'{name}={value}' for name, value in shown.items())})"

    def roles(self) -> tuple[str, ...]:
        """Return the roles that are shared."""
        return self.pools

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that lets nobody share anything."""
        return cls()
