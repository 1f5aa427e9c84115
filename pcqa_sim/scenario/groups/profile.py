"""What is the practice's own, apart from the groups, and its published figures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from pcqa_sim.scenario.fields import AtLeastOne, Key, NotNegative, Positive, Settings, Share, Word

Seconds = Annotated[NotNegative, Field(le=86_400)]
Calls = Annotated[NotNegative, Field(le=10_000_000)]


class ObservedBand(Settings):
    """A published count of calls in a band of seconds; `to_s` null where the band is open."""

    from_s: Seconds
    to_s: Seconds | None
    calls: Calls


class Observed(Settings):
    """A practice's own telephone figures for one day, printed beside the simulated; never used as an input."""

    source: Word
    date: dt.date
    list_size_date: dt.date | None = None
    inbound: Calls
    answered: Calls
    menu: Calls
    callback: Calls
    missed: Calls
    answered_waits: list[ObservedBand]
    missed_waits: list[ObservedBand]
    lengths: list[ObservedBand]


class PracticeProfile(Settings):
    """What is the practice's own, apart from the groups."""

    name: Word = Field(description="what it is called in results")
    list_size: AtLeastOne = Field(le=1_000_000, description="registered patients")
    demand_level: Positive = Field(le=20, description="times; needs against the demand group's rate")
    fte_level: dict[Key, Annotated[NotNegative, Field(le=100)]] = Field(
        default={}, description="times; full-time equivalents of a role against the role's own, 1 where not named"
    )
    start_belief: Share = Field(description="belief in scarcity at the start of the run")
    observed: Observed | None = None
