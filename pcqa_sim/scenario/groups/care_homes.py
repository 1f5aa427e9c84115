"""Care homes: residents by home, whose patients they are, a weekly round, and how often residents go to hospital."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import BY_KIND, ClockTime, Key, NotNegative, Positive, Settings, Share
from pcqa_sim.scenario.groups.community import Weekday


class WeeklyRound(Settings):
    """A clinician comes by every week: what can wait until then is not asked about before."""

    role: Key = Field(description="who comes")
    weekday: Weekday = Field(description="on which day")
    time: ClockTime = Field(description='"HH:MM"; when it begins')
    waits_share: Share = Field(description="share of residents' requests that can wait, which staff keep for it")
    minutes: NotNegative = Field(le=240, description="minutes for each request")
    resident_min: NotNegative = Field(le=60, description="minutes for each resident a week, asked about or not")
    travel_min: NotNegative = Field(le=240, description="minutes of the way to each home and back")
    resolves: dict[Key, Share] = Field(description="by kind of need: share met there", json_schema_extra=BY_KIND)


class CareHomes(Settings):
    """Homes as units with residents: those of the segment `care_home`."""

    beds_per_home: Positive = Field(le=500, description="residents of a home")
    homes_when_spread_per_10000: Positive = Field(
        le=100, description="homes in which residents of a practice live, per 10,000 patients, where it is not aligned"
    )
    aligned: bool = Field(description="true where all residents of a home are one practice's")
    attendances_per_resident_year: NotNegative = Field(le=50, description="attendances at A&E per resident and year")
    admissions_per_resident_year: NotNegative = Field(le=50, description="of these, emergency admissions, a year")
    attendances_times: NotNegative = Field(default=1.0, le=1, description="times; attendances against that")
    admissions_times: NotNegative = Field(default=1.0, le=1, description="times; admissions against that")
    round: WeeklyRound | None = Field(default=None, description="a weekly round; null: staff ask as things go wrong")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        most = self.attendances_per_resident_year * self.attendances_times
        if self.admissions_per_resident_year * self.admissions_times > most:
            raise ValueError("admissions_per_resident_year: must not be more than the attendances that lead to them")
        return self

    def homes(self, residents: int, list_size: int) -> int:
        """Return in how many homes a practice's residents live."""
        if residents == 0:
            return 0
        if self.aligned:
            return max(1, round(residents / self.beds_per_home))
        return min(residents, max(1, round(self.homes_when_spread_per_10000 * list_size / 10_000)))
