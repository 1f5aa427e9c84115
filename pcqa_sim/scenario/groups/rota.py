"""Who of reception works when: people free for calls, at the desk, and at the online inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from pcqa_sim.scenario.fields import AtLeastOne, ClockTime, Count, NotNegative, Positive, Roster, Settings
from pcqa_sim.values.clock import DAY, HOUR, WEEKDAYS, clock_time

MONDAY, SATURDAY = 0, 5


class FirstDays(Settings):
    """The rule for Mondays and the first working day after a bank holiday: as Tuesday to Friday, with more at first."""

    more: AtLeastOne = Field(le=1000, description="people more than Tuesday to Friday, from opening on")
    until: ClockTime = Field(description='"HH:MM"; until when')

    def on(self, roster: Mapping[int, float]) -> dict[int, float]:
        """Return a roster with more people from its first on, until the time."""
        people, here = {}, 0.0
        for minute in sorted({*roster, self.until}):
            here = roster.get(minute, here)
            people[minute] = here + (self.more if here and minute < self.until else 0)
        return people


class Duty(Settings):
    """One duty of reception: how many people do it, by half hour."""

    model_config = ConfigDict(json_schema_extra={"one_of": ["monday", "first_days"]})

    monday: Roster | None = Field(default=None, description="people from each time on; null: as tuesday_friday")
    tuesday_friday: Roster = Field(description="people from each time on, Tuesday to Friday")
    weekend: Roster = Field(description="people from each time on, Saturday and Sunday")
    tuesday: Roster | None = Field(default=None, description="people from each time on; null: as tuesday_friday")
    wednesday: Roster | None = Field(default=None, description="people from each time on; null: as tuesday_friday")
    thursday: Roster | None = Field(default=None, description="people from each time on; null: as tuesday_friday")
    friday: Roster | None = Field(default=None, description="people from each time on; null: as tuesday_friday")
    after_closure: Roster | None = Field(
        default=None,
        description="people on the first working day after a bank holiday; null: by first_days, or as the weekday",
    )
    first_days: FirstDays | None = Field(
        default=None, description="the rule for Mondays and the first day after a bank holiday; null: none"
    )
    whole_blocks: bool = Field(
        default=False, description="true where rosters are of whole people, each of whom stays for an hour or more"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.monday is not None and self.first_days is not None:
            raise ValueError("monday: has a roster of its own or the rule of first_days, one of the two")
        if self.whole_blocks:
            for name in ("tuesday_friday", *WEEKDAYS[:SATURDAY], "weekend", "after_closure", "first_days"):
                roster = self.of_weekday(MONDAY) if name == "first_days" else getattr(self, name)
                if roster is not None and (fault := next(_not_whole(roster), "")):
                    raise ValueError(f"{name}: {fault}")
        return self

    def of_weekday(self, weekday: int, first: bool = False) -> dict[int, float]:
        """Return the roster of a weekday (0 is Monday), `first` where it is the first day after a bank holiday."""
        if weekday >= SATURDAY:
            return self.weekend
        if first and self.after_closure is not None:
            return self.after_closure
        own = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)[weekday]
        roster = self.tuesday_friday if own is None else own
        rule = self.first_days
        return roster if rule is None or not (first or weekday == MONDAY) else rule.on(roster)


def _not_whole(roster: Mapping[int, float]) -> Iterator[str]:
    """Yield what keeps a roster from being of whole people who stay for an hour or more."""
    for minute, people in roster.items():
        if people != int(people):
            yield f"whole_blocks asks for whole people, and from {clock_time(minute)} there are {people:g}"
    for number in range(1, int(max(roster.values())) + 1):
        comes = None
        for minute, people in [*roster.items(), (DAY, 0.0)]:
            if people >= number:
                comes = minute if comes is None else comes
            elif comes is not None:
                if minute - comes < HOUR:
                    yield f"whole_blocks asks for an hour at least: {clock_time(comes)} to {clock_time(minute)}"
                comes = None


class Absences(Settings):
    """Call handlers who are not there."""

    sickness_share: NotNegative = Field(lt=1, description="share of working days a call handler is off sick")
    sickness_mean_days: Positive = Field(le=200, description="days; mean length of a spell of sickness")


class Rota(Settings):
    """The rota of reception."""

    written_for_list_size: AtLeastOne | None = Field(
        le=1_000_000, description="people; the rosters are scaled from this list size; null: people as they are"
    )
    phone_level: Positive = Field(le=10, description="times; people free for calls against the roster of the phone")
    phone: Duty = Field(description="people actually free for calls")
    desk: Duty = Field(description="people at the desk; they and those at the inbox are one team, the desk first")
    inbox: Duty = Field(description="people at the online inbox")
    helps_phone_from: AtLeastOne | None = Field(
        default=None,
        le=10_000,
        description="callers waiting from which desk and inbox help to answer; null: they never do",
    )
    extra_call_handlers: Count = Field(le=1000, description="people more on the phone, whenever anyone is rostered")
    absence: Absences
    cost_per_hour_gbp: NotNegative = Field(le=10_000, description="pounds an hour of a receptionist")

    def scale(self, list_size: int) -> float:
        """Return by how much the rosters are scaled for a list: not at all where they say whom the practice has."""
        return 1.0 if self.written_for_list_size is None else list_size / self.written_for_list_size
