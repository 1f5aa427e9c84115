"""Who of reception works when: people free for calls, at the desk, and at the online inbox."""

from __future__ import annotations

from pydantic import Field

from pcqa_sim.scenario.fields import AtLeastOne, Count, NotNegative, Positive, Roster, Settings


class Duty(Settings):
    """One duty of reception: how many people do it, by half hour."""

    monday: Roster = Field(description="people from each time on, Monday")
    tuesday_friday: Roster = Field(description="people from each time on, Tuesday to Friday")
    weekend: Roster = Field(description="people from each time on, Saturday and Sunday")

    def of_weekday(self, weekday: int) -> dict[int, float]:
        """Return the roster of a weekday (0 is Monday)."""
        return self.monday if weekday == 0 else self.tuesday_friday if weekday < 5 else self.weekend


class Absences(Settings):
    """Call handlers who are not there."""

    sickness_share: NotNegative = Field(lt=1, description="share of working days a call handler is off sick")
    sickness_mean_days: Positive = Field(le=200, description="days; mean length of a spell of sickness")


class Rota(Settings):
    """The rota of reception."""

    written_for_list_size: AtLeastOne = Field(
        le=1_000_000, description="people; the rosters are scaled from this list size"
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
