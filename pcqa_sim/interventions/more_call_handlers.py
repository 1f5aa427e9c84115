"""Put more people on the phones."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import Count


class MoreCallHandlers(Intervention):
    """More call handlers in every half hour in which anyone is rostered."""

    kind: Literal["more_call_handlers"] = "more_call_handlers"
    extra: Count = Field(le=1000, description="people on top of the roster")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with `extra` call handlers more."""
        more = practice.rota.extra_call_handlers + self.extra
        return with_settings(practice, {"rota.extra_call_handlers": more})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention with nobody more."""
        return cls(extra=0)
