"""What is the practice's own, apart from the groups, and its published figures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from pcqa_sim.scenario.fields import AtLeastOne, Key, NotNegative, Positive, Settings, Share, Word

Seconds = Annotated[NotNegative, Field(le=86_400)]
Percent = Annotated[NotNegative, Field(le=100)]
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


class Counts(Settings):
    """A practice's own counts, laid beside the simulated; never used as an input. Percentages are typed as such."""

    calls_a_day: NotNegative | None = Field(default=None, le=100_000, description="calls a working day")
    calls_missed_percent: Percent | None = Field(default=None, description="of calls, missed")
    answered_wait_min: NotNegative | None = Field(
        default=None, le=600, description="minutes; mean wait of answered calls"
    )
    monday_calls_times: NotNegative | None = Field(
        default=None, le=20, description="Monday's calls, times another day's, such as 1.4"
    )
    online_requests_a_day: NotNegative | None = Field(
        default=None, le=100_000, description="online forms a working day"
    )
    appointments_a_day: NotNegative | None = Field(default=None, le=100_000, description="appointments a working day")
    gp_appointments_percent: Percent | None = Field(default=None, description="of appointments, with a GP")
    face_to_face_percent: Percent | None = Field(default=None, description="of appointments, face to face")
    same_day_percent: Percent | None = Field(default=None, description="of appointments, on the day of booking")
    over_two_weeks_percent: Percent | None = Field(default=None, description="of appointments, over two weeks ahead")
    dna_percent: Percent | None = Field(default=None, description="of appointments, not attended")
    told_another_day_a_day: NotNegative | None = Field(
        default=None, le=100_000, description="people a working day told to call another day"
    )
    usual_gp_percent: Percent | None = Field(default=None, description="of GP appointments, with the usual GP")
    top_tenth_percent: Percent | None = Field(
        default=None, description="of GP consultations face to face, of the tenth of adults who attend most"
    )
    gp_overtime_min_a_day: NotNegative | None = Field(
        default=None, le=10_000, description="minutes of overtime a day, all GPs"
    )


class PracticeProfile(Settings):
    """What is the practice's own, apart from the groups."""

    name: Word = Field(description="what it is called in results")
    list_size: AtLeastOne = Field(le=1_000_000, description="registered patients")
    demand_level: Positive = Field(le=20, description="times; needs against the demand group's rate")
    fte_level: dict[Key, Annotated[NotNegative, Field(le=100)]] = Field(
        default={}, description="times; full-time equivalents of a role against the role's own, 1 where not named"
    )
    start_belief: Share = Field(description="belief in scarcity at the start of the run")
    failing_share: Share = Field(default=0.25, description="share of needs with which something goes wrong")
    observed: Observed | None = None
    counts: Counts | None = Field(default=None, description="the practice's own counts, for `pcqa resemble`")
