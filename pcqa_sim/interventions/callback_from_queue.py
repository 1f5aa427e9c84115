"""Offer waiting callers to be called back."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count, Share


class CallbackFromQueue(Intervention):
    """A callback is offered sooner, and more of those waiting accept it."""

    kind: Literal["callback_from_queue"] = "callback_from_queue"
    sooner_by: Count = Field(le=10_000, description="callers fewer in the queue before it is offered; down to none")
    more_share: Share = Field(description="share of those who decline today who accept")

    def change(self, practice: Practice) -> Practice:
        """Return the practice that offers callbacks sooner, to more effect."""
        now = practice.phones.callback
        from_waiting = max(0, now.offered_from_waiting - self.sooner_by)  # from nobody waiting on: to everybody
        accepted = now.accepted_share + (1 - now.accepted_share) * self.more_share
        return with_settings(
            practice,
            {"phones.callback.offered_from_waiting": from_waiting, "phones.callback.accepted_share": accepted},
        )

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that changes no offer."""
        return cls(sooner_by=0, more_share=0)
