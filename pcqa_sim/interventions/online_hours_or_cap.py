"""Open the online form for fewer hours, or for so many requests a day."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import Intervention
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import NotNegative
from pcqa_sim.scenario.groups import OpeningHours


class OnlineHoursOrCap(Intervention):
    """The form takes requests in these hours, up to so many a day; most people who find it closed or full call."""

    kind: Literal["online_hours_or_cap"] = "online_hours_or_cap"
    hours: OpeningHours | None = Field(default=None, description="on working days; null: as they are")
    most_per_1000_day: NotNegative | None = Field(
        default=None, le=10_000, description="forms a day per 1,000 patients; null: as it is"
    )

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose form is open for these hours, and so many requests."""
        form = practice.channels.form
        hours = self.hours or form.hours
        most = form.most_per_1000_day if self.most_per_1000_day is None else self.most_per_1000_day
        if most is not None and hours is None:
            raise ValueError("most_per_1000_day: a form with a daily limit opens again at some time: add hours")
        return with_settings(practice, {"channels.form.hours": hours, "channels.form.most_per_1000_day": most})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that leaves the form as it is."""
        return cls()
