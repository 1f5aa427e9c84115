"""One practice looks after all residents of a home, and comes by every week."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from pcqa_sim.interventions.base import OfRole
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.fields import ClockTime, NotNegative, Share
from pcqa_sim.scenario.groups.care_homes import WeeklyRound
from pcqa_sim.scenario.groups.community import Weekday
from pcqa_sim.values.words import GP


class CareHomeAlignment(OfRole):
    """Residents live in fewer homes, each one practice's, with a weekly round; they go to hospital less often.

    What residents need that can wait, staff keep for the round; the rest they ask about as before.
    """

    kind: Literal["care_home_alignment"] = "care_home_alignment"
    aims = (
        "care_home_contacts_per_resident_year",
        "care_home_visits_per_resident_year",
        "care_home_hospital_per_resident_year[what=attendance]",
        "care_home_hospital_per_resident_year[what=admission]",
        "care_home_round_min_per_week",
    )
    waits_share: Share = Field(description="share of residents' requests that can wait, which staff keep for the round")
    resolves_share: Share = Field(description="share of those that the round meets")
    weekday: Weekday = Field(default="tuesday", description="on which day")
    time: ClockTime = Field(default="13:30", validate_default=True, description='"HH:MM"; when the round begins')
    minutes: NotNegative = Field(le=240, description="minutes for each request")
    resident_min: NotNegative = Field(le=60, description="minutes for each resident a week, asked about or not")
    travel_min: NotNegative = Field(le=240, description="minutes of the way to each home and back")
    attendances_times: Share = Field(description="times; attendances at A&E, against before")
    admissions_times: Share = Field(description="times; emergency admissions, against before")
    strength: int = Field(default=1, ge=0, le=1, description="1; 0 leaves everything as it is")

    def change(self, practice: Practice) -> Practice:
        """Return the practice with its homes aligned; raise ValueError where nothing is said of care homes."""
        if self.strength == 0:
            return practice
        if practice.care_homes is None:
            raise ValueError("care_homes: this practice has none; see configs/care_homes")
        clinical = [name for name, kind in practice.demand.kinds.items() if not kind.administrative]
        weekly = WeeklyRound(
            role=self.role, weekday=self.weekday, time=self.time, waits_share=self.waits_share, minutes=self.minutes,
            resident_min=self.resident_min, travel_min=self.travel_min,
            resolves=dict.fromkeys(clinical, self.resolves_share),
        )  # fmt: skip
        homes = practice.care_homes
        return with_settings(
            practice,
            {
                "care_homes.aligned": True,
                "care_homes.round": weekly,
                "care_homes.attendances_times": homes.attendances_times * self.attendances_times,
                "care_homes.admissions_times": homes.admissions_times * self.admissions_times,
            },
        )

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that leaves everything as it is."""
        none = dict.fromkeys(("waits_share", "resolves_share", "minutes", "resident_min", "travel_min"), 0.0)
        return cls(role=GP, strength=0, attendances_times=1.0, admissions_times=1.0, **none)
