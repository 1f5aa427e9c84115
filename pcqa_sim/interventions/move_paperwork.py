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
    aims = ("back_office_share[role=gp]", "overtime_min_per_working_day[role=gp]", "paper_wait_days")
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
        return with_settings(practice, work_moved(practice, self.item, self.giver, self.taker, self.share))

    def roles(self) -> tuple[str, ...]:
        """Return the two roles between which work moves."""
        return (self.giver, self.taker)

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that moves nothing."""
        return cls(item="letter", taker="administrator", share=0)


MOST_DAYS = 60.0  # days; the upper end of overtime.may_wait_days


def work_moved(practice: Practice, item: str, giver: str, taker: str, share: float) -> dict[str, object]:
    """Return what to set so that another role does a share of one role's work on an item.

    What may wait until the giver stays on is said in days of the list's paperwork. It stays as many minutes: nobody
    goes home later because some of the pile is gone.
    """
    changes: dict[str, object] = {**practice.backoffice.work_moved(item, giver, taker, share)}
    before, after = list_minutes(practice, giver), list_minutes(with_settings(practice, changes), giver)
    if 0 < after < before and giver in practice.role:
        days = practice.role[giver].overtime.may_wait_days
        changes[f"role.{giver}.overtime.may_wait_days"] = min(MOST_DAYS, days * before / after)
    return changes


def list_minutes(practice: Practice, role: str) -> float:
    """Return the minutes of paperwork a day that 1,000 people make for a role by themselves."""
    papers = practice.backoffice.items.values()
    return sum(paper.per_1000_day * paper.minutes * paper.by.get(role, 0.0) for paper in papers)
