"""Multidisciplinary team meetings (MDTs): who sits down together, how often, about whom, and what follows from it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from pcqa_sim.scenario.fields import (
    BY_KIND,
    AtLeastOne,
    ClockTime,
    Count,
    Key,
    NotNegative,
    Positive,
    Settings,
    Share,
    Word,
)
from pcqa_sim.scenario.groups.community import Effect, Weekday
from pcqa_sim.values.words import GP

MEETING, OWN_PANEL = "meeting", "own_panel"
Severe = Literal["low", "middle", "high"]
LEVELS: Final[tuple[Severe, ...]] = ("low", "middle", "high")
LOOKS_BACK_WEEKS: Final = 13
"""Weeks over which a person's contacts are counted, as far back as the run goes."""
PLAN: Final = "mdt_"
"""What the planned programme of an MDT's appointments is called begins so: `mdt_frail`."""
Points = Annotated[NotNegative, Field(le=100)]
Payer = Literal["practice", "network", "nhs_elsewhere", "local_government", "third_sector"]


class Member(Settings):
    """One profession at the table: of the practice whose turn it is, out of its rota, or from outside, at a price."""

    external: bool = Field(default=False, description="true for somebody from another service; false: of a practice")
    needed: bool = Field(default=True, description="whether there is no meeting without them")
    there_share: Share = Field(default=1.0, description="share of meetings that somebody from outside comes to")
    gbp_per_hour: NotNegative = Field(default=0.0, le=10_000, description="pounds an hour of somebody from outside")
    paid_by: Payer = Field(default="nhs_elsewhere", description="who pays for somebody from outside")
    prepare_min: NotNegative = Field(default=0.0, le=120, description="minutes before the meeting for each person")


class Selection(Settings):
    """Who comes on the list: people found by what is known of them, and those whom a clinician names."""

    segments: tuple[Key, ...] = Field(default=(), description="segments it is for; none: everybody")
    share: Share = Field(default=1.0, description="share of them at high enough risk; others are never found")
    per_year: NotNegative = Field(default=0.0, le=365, description="times a year that each of these is found")
    unsettled_only: bool = Field(default=False, description="true where only people in a bad patch are found")
    contacts_from: Count = Field(
        default=0, le=200, description=f"contacts in {LOOKS_BACK_WEEKS} weeks that somebody found has had; 0: any"
    )
    nominated: dict[Key, Share] = Field(
        default={}, description="by kind: share of consultations of these segments after which a clinician names them",
        json_schema_extra=BY_KIND,
    )  # fmt: skip
    again_after_weeks: NotNegative = Field(le=520, description="weeks after the end until somebody can be found again")

    @model_validator(mode="after")
    def _finds_somebody(self) -> Self:
        if self.per_year * self.share == 0 and not any(self.nominated.values()):
            raise ValueError("must say who comes on the list: per_year of segments, or nominated")
        return self


class Severity(Settings):
    """How severe somebody's trouble is, in points that add up; a level begins at so many."""

    unsettled: NotNegative = Field(default=0.0, le=100, description="points of somebody in a bad patch")
    contacts_from: AtLeastOne = Field(
        default=6, le=200, description=f"contacts in {LOOKS_BACK_WEEKS} weeks from which these points are given"
    )
    contacts: NotNegative = Field(default=0.0, le=100, description="points of somebody with so many")
    ages: dict[Key, Points] = Field(default={}, description="points, by age band; none not named")
    segments: dict[Key, Points] = Field(default={}, description="points, by segment; none not named")
    deprivation: dict[Key, Points] = Field(default={}, description="points, by fifth of deprivation")


class Level(Settings):
    """What is agreed for somebody at one level of severity: who leads, how much contact, when it is looked at again."""

    from_points: NotNegative = Field(le=1000, description="points from which it applies")
    lead: Key = Field(description="profession that leads: a member, or a role of the practice")
    minutes_times: Positive = Field(default=1.0, le=10, description="times; minutes of the meeting against the others")
    contacts: Count = Field(default=0, le=100, description="contacts with the lead until the next review")
    contact_min: Positive = Field(default=30.0, le=240, description="minutes of each")
    every_days: Positive = Field(default=14.0, le=365, description="days from one to the next")
    review_weeks: AtLeastOne = Field(default=12, le=104, description="weeks until the date of the review")
    reviews: Count = Field(default=1, le=50, description="reviews before the plan ends")
    place: Key | None = Field(default=None, description="place in the community they are put in touch with; null: none")


class Mdt(Settings):
    """One MDT for one group of people, in one practice or across a network."""

    title: Word = Field(description="what it is called in results")
    about: Word = Field(description="whom it is for, as it follows the word for")
    practices: tuple[Key, ...] = Field(default=(), description="practices whose people it is for; none: all of them")
    team: Literal["meeting", "own_panel"] = Field(
        default="meeting",
        description="a meeting about people who stay with their doctor, or one team with its own panel and doctor",
    )
    from_week: Count = Field(default=0, le=1300, description="week of the run from which it meets")
    meetings_per_week: Positive = Field(le=10, description="meetings a week; 0.5 is one every other week")
    weekday: Weekday = Field(description="day of the week's first meeting; more are spread over the days after")
    time: ClockTime = Field(description='"HH:MM"; when a meeting begins')
    meeting_min: Positive = Field(le=480, description="minutes kept for a meeting; no appointments are in them")
    cases_per_meeting: AtLeastOne = Field(le=500, description="people discussed at one meeting, at the most")
    minutes_per_case: Positive = Field(le=480, description="minutes of a meeting for each person")
    actions_min: NotNegative = Field(le=240, description="minutes of the lead after the meeting, for each person")
    moves_within_days: Count = Field(
        le=14, description="days within which a meeting that cannot be is held instead; 0: it is lost"
    )
    members: dict[Key, Member] = Field(min_length=1, max_length=30, description="by role of the practice or profession")
    selects: Selection
    severity: Severity = Severity()
    levels: dict[Severe, Level] = Field(min_length=1, description="by severity")
    severe_first: bool = Field(default=False, description="the most severe are discussed first; false: in turn")
    leaves_weeks: Positive | None = Field(
        default=None, le=1300, description="weeks; mean until somebody waiting moves away or dies; null: nobody does"
    )
    effect: Effect | None = Field(default=None, description="what a plan does to later needs; null: nothing")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        longest = max(level.minutes_times for level in self.levels.values()) * self.minutes_per_case
        if longest > self.meeting_min:
            raise ValueError(
                f"minutes_per_case: {longest:g} minutes for one person do not fit into a meeting of "
                f"{self.meeting_min:g}; see meeting_min"
            )
        if min(level.from_points for level in self.levels.values()) > 0:
            raise ValueError("levels: one of them must begin at 0 points, so that everybody has a level")
        if self.team == OWN_PANEL and self.doctor is None:
            raise ValueError("team: own_panel needs a doctor of the practice among its members: gp, not external")
        return self

    @property
    def doctor(self) -> str | None:
        """Return the role of the team's doctor, None where none of the practice is a member."""
        gp = self.members.get(GP)
        return GP if gp is not None and not gp.external else None

    @property
    def at_the_table(self) -> tuple[str, ...]:
        """Return the roles of the practice that are members."""
        return tuple(name for name, member in self.members.items() if not member.external)

    @property
    def most_cases(self) -> int:
        """Return how many people of the usual length a meeting has time for."""
        return min(self.cases_per_meeting, int(self.meeting_min / self.minutes_per_case + 1e-9))

    def level_of(self, points: float) -> Severe:
        """Return the level at which so many points stand: the highest that they reach."""
        reached = [name for name in LEVELS if name in self.levels and self.levels[name].from_points <= points]
        return max(reached, key=lambda name: self.levels[name].from_points)
