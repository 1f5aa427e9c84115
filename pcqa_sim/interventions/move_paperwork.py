"""Have another role do a share of one role's work on a kind of paperwork."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Key, Share
from pcqa_sim.values.words import GP


class MovePaperwork(Intervention):
    """Letters coded by administrators, results filed by pharmacists: the minutes are the same in other hands."""

    kind: Literal["move_paperwork"] = "move_paperwork"
    item: Key = Field(description="which item of backoffice.items")
    giver: Key = Field(default=GP, description="the role that does it now")
    taker: Key = Field(description="the role that is to do it")
    share: Share = Field(
        description="share of it that changes hands; of what consultations make, also of what others made"
    )

    def change(self, practice: Practice) -> Practice:
        """Return the practice in which the other role does a share of the work."""
        items = practice.backoffice.items
        if self.item not in items:
            raise ValueError(f"item: {self.item} is none of {', '.join(items)}")
        if self.taker == self.giver:
            raise ValueError(f"taker: {self.taker} does it already: must be another role than the giver")
        return with_settings(practice, practice.backoffice.work_moved(self.item, self.giver, self.taker, self.share))

    def roles(self) -> tuple[str, ...]:
        """Return the two roles between which work moves."""
        return (self.giver, self.taker)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nothing."""
        return cls(item="letter", taker="administrator", share=0)
