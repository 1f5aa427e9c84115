"""Cap the patients of a session: safe working."""

from __future__ import annotations

from itertools import groupby
from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import AtLeastOne
from pcqa_sim.scenario.groups import SlotBlock
from pcqa_sim.values.words import GP


class CapContactsPerSession(OfRole):
    """A session of one role holds at most so many appointments; the access model says what becomes of the others."""

    kind: Literal["cap_contacts_per_session"] = "cap_contacts_per_session"
    aims = ("overtime_min_per_working_day", "late_min", "squeezed_share")
    most: AtLeastOne | None = Field(default=None, le=200, description="appointments a session; none: no cap")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose sessions lose their last appointments, but never the only one of a mode."""
        if self.most is None:
            return practice
        templates = practice.role[self.role].templates
        longer = {key: blocks for key, blocks in templates.items() if sum(b.slots for b in blocks) > self.most}
        return with_settings(practice, {f"role.{self.role}.{key}": self._template(b) for key, b in longer.items()})

    def _template(self, template: list[SlotBlock]) -> list[SlotBlock]:
        """Return the template without its last slots; of each mode one stays, as far as the cap goes."""
        assert self.most is not None
        slots = [block for block in template for _ in range(block.slots)]
        while len(slots) > self.most:
            modes = [block.mode for block in slots]
            spare = [place for place, mode in enumerate(modes) if modes.count(mode) > 1]
            del slots[spare[-1] if spare else -1]
        runs = (list(run) for _, run in groupby(slots, key=id))
        return [with_settings(run[0], {"slots": len(run)}) for run in runs]

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention without a cap."""
        return cls(role=GP)
