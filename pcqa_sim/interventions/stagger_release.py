"""Release some of the day's appointments later than at opening."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import ClockMinute, ClockTime, Share
from pcqa_sim.scenario.groups import ON_THE_DAY, Role, SlotBlock

_LATER = "later_on_the_day"


class StaggerRelease(Intervention):
    """A share of the appointments kept for the day can be booked only from a later time on.

    Half days that are over by then keep nothing back.
    """

    kind: Literal["stagger_release"] = "stagger_release"
    aims = ("calls_0800_0830_per_working_day", "told_another_day_per_working_day")
    share: Share = Field(description="share of the blocks of on-the-day slots that are released later")
    at: ClockTime = Field(description='"HH:MM"; when those can be booked')

    def change(self, practice: Practice) -> Practice:
        """Return the practice that keeps some of the day's appointments back; with share 0 the same practice."""
        if self.share == 0:
            return practice
        kept: dict[str, object] = {"at": self.at, "opens_to_all_before_min": None}
        later = with_settings(practice.appointments.releases[ON_THE_DAY], kept)
        changes: dict[str, object] = {f"appointments.releases.{_LATER}": later}
        for name, role in practice.role.items():
            changes |= {f"role.{name}.{key}": blocks for key, blocks in self._templates(role).items()}
        return with_settings(practice, changes)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that keeps nothing back."""
        return cls(share=0, at=ClockMinute(0))

    def _templates(self, role: Role) -> dict[str, list[SlotBlock]]:
        """Return the slots of a role by key; what is over by the time of release is not kept back."""
        later = {key: self._blocks(blocks) for key, blocks in role.templates.items()}
        over = [n for n, session in enumerate(role.sessions) if role.sees_patients and session.ends <= self.at]
        return later | {f"sessions.{n}.template": role.blocks(n) for n in over}

    def _blocks(self, template: list[SlotBlock]) -> list[SlotBlock]:
        """Return the slots of a half day; of its on-the-day blocks, one in so many is released later."""
        blocks, due = [], 0.0
        for block in template:
            if block.release == ON_THE_DAY:
                due += self.share
                if due >= 1 - 1e-9:
                    due -= 1
                    block = with_settings(block, {"release": _LATER})
            blocks.append(block)
        return blocks
