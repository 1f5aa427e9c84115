"""When the run starts, how long it is, and when the practice is open."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from pcqa_sim.scenario.fields import AtLeastOne, ClockTime, Count, Positive, Settings
from pcqa_sim.values.clock import WEEKDAYS, Hours, WorkingCalendar
from pcqa_sim.values.limits import MOST_MINUTES, MOST_REPLICATIONS, MOST_ROWS, SEEDS


class OpeningHours(Settings):
    """When the practice is open on one weekday."""

    opens: ClockTime = Field(description='"HH:MM"; the doors and the phone lines open')
    closes: ClockTime = Field(description='"HH:MM"; after `opens`')

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("the end comes after the start: opens < closes")
        return self


class Calendar(Settings):
    """Start date, opening hours and bank holidays."""

    start_date: dt.date = Field(description="date; a Monday, week 0 of the run")
    opening_hours: dict[str, OpeningHours | None] = Field(description="by weekday; null where shut all day")
    bank_holidays: Literal["England", "none"] = Field(description="which bank holidays nobody works on")

    @field_validator("start_date", mode="before")
    @classmethod
    def _no_number(cls, value: object) -> object:
        if isinstance(value, int | float):  # pydantic would count seconds from 1970
            raise ValueError("must be a date, written YYYY-MM-DD")
        return value

    @field_validator("start_date")
    @classmethod
    def _a_monday(cls, value: dt.date) -> dt.date:
        if not 1990 <= value.year <= 2200:
            raise ValueError("the start date is between 1990 and 2200")
        if value.weekday() != 0:
            raise ValueError(f"the start date is a Monday; {value} is a {value:%A}")
        return value

    @model_validator(mode="after")
    def _whole_week(self) -> Self:
        if set(self.opening_hours) != set(WEEKDAYS):
            raise ValueError(f"opening_hours: must name each of {', '.join(WEEKDAYS)}")
        if not any(self.opening_hours.values()):
            raise ValueError("the practice opens on at least one day of the week")
        return self

    def working(self) -> WorkingCalendar:
        """Return the working calendar these settings describe."""
        hours = [self.opening_hours[day] for day in WEEKDAYS]
        week = tuple(None if h is None else Hours(h.opens, h.closes) for h in hours)
        return WorkingCalendar(self.start_date, week, "England" if self.bank_holidays == "England" else "")


class RunSettings(Settings):
    """How long and how often, and when one run is given up."""

    warm_up_weeks: Count = Field(le=260, description="weeks; simulated before anything is counted")
    measured_weeks: AtLeastOne = Field(le=1040, description="weeks; what the results describe")
    replications: AtLeastOne = Field(le=MOST_REPLICATIONS, description="independent repeats of the whole run")
    seed: Count = Field(lt=SEEDS, description="number; the same seed gives the same people and the same luck")
    most_rows: AtLeastOne = Field(
        default=MOST_ROWS, le=10**12, description="rows of the log; a run that passes them is given up"
    )
    most_minutes: Positive | None = Field(
        default=None,
        le=MOST_MINUTES,
        description="minutes by the clock on the wall; a run that takes longer is given up; null: none is",
    )
