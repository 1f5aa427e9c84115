"""Send joints, backs and muscles straight to the physiotherapist."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Key, Share, share_of_all
from pcqa_sim.values.needs import PLACES
from pcqa_sim.values.words import GP

_MUSCULOSKELETAL = "musculoskeletal"


class FcpDirect(Intervention):
    """Reception sends a share of musculoskeletal requests to the physiotherapist that others would have seen first.

    Where no role is named it is the one, GPs left out, that resolves most of them, of equals the one that sees least
    else: the physiotherapist where there is one by name, the other staff together where there is not. What reception
    settles itself it settles as before.
    """

    kind: Literal["fcp_direct"] = "fcp_direct"
    aims = ("clinician_min_per_need[role=gp]", "needed_gp_share")
    role: Key | None = Field(default=None, description="the role they go to; none: who resolves most, GPs left out")
    direct_share: Share = Field(description="share of those whom other roles would see that go straight there")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose reception sends them there."""
        if self.direct_share == 0:
            return practice
        to, row = self._to(practice), practice.triage.places[_MUSCULOSKELETAL]
        moved = {place: row[place] * self.direct_share for place in row if place not in (*PLACES, to)}
        kept = {place: share - moved.get(place, 0.0) for place, share in row.items()}
        straight = kept | {to: share_of_all(row.get(to, 0.0) + sum(moved.values()))}
        return with_settings(practice, {f"triage.places.{_MUSCULOSKELETAL}": straight})

    def roles(self) -> tuple[str, ...]:
        """Return the role it names, if it does."""
        return () if self.role is None else (self.role,)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that sends nobody straight there."""
        return cls(direct_share=0)

    def _to(self, practice: Practice) -> str:
        """Return the role they go to; raise ValueError where nobody of it works here or it has no scope for them."""
        resolves = {
            name: role.scope.get(_MUSCULOSKELETAL, 0.0) if practice.fte(name) else 0.0
            for name, role in practice.role.items()
            if name != GP or self.role == GP
        }
        to = self.role or max(resolves, key=lambda name: (resolves[name], -len(practice.role[name].scope)), default="")
        if not resolves.get(to):
            who = f"{to} has no scope or no rota" if self.role else "nobody but a GP has scope and a rota"
            raise ValueError(f"{who} for musculoskeletal needs; see configs/role/fcp.yaml for a role that has")
        return to
