"""The kinds of number a scenario holds, with their ranges, and the base of every group of settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, PlainSerializer

from pcqa_sim.values.clock import DAY, clock_time, judge_months, parse_clock_time
from pcqa_sim.values.outside import shown
from pcqa_sim.values.saidtimes import said_rota

HALF_HOUR = 30
_SUM_TOLERANCE = 1e-3


class Settings(BaseModel):
    """A frozen group of settings: unknown keys, nan and inf are errors.

    What judges a group is built when it is first asked to, with what it is made of: few runs need all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


MOST_PEOPLE = 1000  # at one duty at once, before scaling
MOST_WEIGHT = 1000
MOST_WEEKS = 1300  # of the longest run, warm-up included


def _whole(value: object) -> object:
    """Take a whole number that was written with a decimal point, or as 1e3, for the whole number it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Positive = Annotated[float, Field(strict=True, gt=0)]
NotNegative = Annotated[float, Field(strict=True, ge=0)]
Weight = Annotated[float, Field(strict=True, ge=0, le=MOST_WEIGHT)]
Count = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_whole)]
AtLeastOne = Annotated[int, Field(strict=True, ge=1), BeforeValidator(_whole)]


def _on_one_line(value: object) -> object:
    return shown(value) if isinstance(value, str) else value


Word = Annotated[str, Field(strict=True, min_length=1, max_length=120), BeforeValidator(_on_one_line)]
"""A name in people's own words. Line ends and control characters, which a file may hold, are spaces from here on."""
Label = Annotated[str, Field(strict=True, min_length=1, max_length=20_000), BeforeValidator(_on_one_line)]
Key = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _minute(value: object) -> int:
    """Read "HH:MM" (a number of minutes is accepted only as it comes back from Python)."""
    if isinstance(value, ClockMinute):
        return value
    return ClockMinute(parse_clock_time(value))  # type: ignore[arg-type]


class ClockMinute(int):
    """A minute of the day that was written as "HH:MM"."""


def _text(minute: int) -> str:
    return "24:00" if minute == DAY else clock_time(minute)


# pydantic makes a plain number of it; a minute that has been judged must be known as one when it is judged again.
ClockTime = Annotated[
    int,
    BeforeValidator(_minute),
    AfterValidator(ClockMinute),
    PlainSerializer(_text, return_type=str, when_used="always"),
]


def on_half_hours(steps: dict[int, float]) -> dict[int, float]:
    """Return a profile in order of time; it starts at 00:00 and changes only on the half hour; 24:00 is no start.

    A file that extends another adds its times at the end, so the order in which they are written means nothing.
    """
    if 0 not in steps:
        raise ValueError('the first time is "00:00"')
    if wrong := [minute for minute in steps if minute % HALF_HOUR or minute >= DAY]:
        rule = f"{_text(wrong[0])}: times are on the hour or the half hour, before 24:00"
        raise ValueError(f"{rule}; write {clock_time(wrong[0] - wrong[0] % HALF_HOUR)}" if wrong[0] < DAY else rule)
    return dict(sorted(steps.items()))


def sums_to_one(shares: Iterable[float]) -> None:
    """Raise ValueError unless shares sum to 1 within 0.001 (published shares are rounded)."""
    total = sum(shares)
    if abs(total - 1) > _SUM_TOLERANCE:
        raise ValueError(f"the shares sum to {total:.6g}, but must sum to 1")


def share_of_all(sum_of_shares: float) -> float:
    """Return a sum of shares as a share: rounded ones may come to a little more than 1, or less than 0."""
    return min(1.0, max(0.0, sum_of_shares))


def _shares_of_one(shares: dict[str, float]) -> dict[str, float]:
    sums_to_one(shares.values())
    return shares


def _profile_of_one(profile: dict[int, float]) -> dict[int, float]:
    profile = on_half_hours(profile)
    sums_to_one(profile.values())
    return profile


_BY_TIME = Field(json_schema_extra={"keyed_by": "time"})  # so that a file's mapping replaces another's as a whole
Shares = Annotated[dict[str, Share], AfterValidator(_shares_of_one)]
DayProfile = Annotated[dict[ClockTime, Share], AfterValidator(_profile_of_one), _BY_TIME]
Staffing = Annotated[float, Field(strict=True, ge=0, le=MOST_PEOPLE)]


def _in_words(value: object) -> object:
    """Take a rota as people say it, "2, 3 from 8 to 10", for the roster it is."""
    return said_rota(value) if isinstance(value, str) else value


Roster = Annotated[dict[ClockTime, Staffing], BeforeValidator(_in_words), AfterValidator(on_half_hours), _BY_TIME]
WeightByTime = Annotated[dict[ClockTime, Weight], AfterValidator(on_half_hours), _BY_TIME]


def _of_months(by_month: dict[str, float]) -> dict[str, float]:
    judge_months(by_month)
    return by_month


ByMonth = Annotated[dict[Key, Weight], AfterValidator(_of_months)]

BY_KIND: dict[str, JsonValue] = {"keyed_by": "kind"}
"""What the schema says of a mapping by kind of need: files may write the row `all`, and a kind's file its own rows."""
