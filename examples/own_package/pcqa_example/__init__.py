"""Own code for pcqa_sim in a package: a triage model, an intervention and a metric; a role lies in `configs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pcqa_sim.extending import (
    CALL_ANOTHER_DAY,
    SETTLED,
    Contact,
    Count,
    Counted,
    Disposition,
    Field,
    Intervention,
    Luck,
    OpenAccess,
    Practice,
    PracticeNow,
    Ratio,
    TriageSettings,
    activity,
    metric,
    with_settings,
)

api = 1
ADVISED = activity("advised")


class OpenWithAdvice(OpenAccess):
    """Open access, where some of those whom nobody can see any more are advised by the receptionist."""

    kind: ClassVar = "open_with_advice"
    numbers: ClassVar[Mapping[str, tuple[float, float]]] = {"advised_share": (0, 1)}

    def __init__(self, settings: TriageSettings) -> None:
        super().__init__(settings)
        self._advised_share = settings.numbers["advised_share"]

    def decide(self, contact: Contact, now: PracticeNow, luck: Luck) -> Disposition:
        """Return what is done with a request."""
        found = super().decide(contact, now, luck)
        if found.name == CALL_ANOTHER_DAY and luck.first(ADVISED) < self._advised_share:
            return Disposition(SETTLED)
        return found


class LongerHorizon(Intervention):
    """Appointments can be booked further ahead."""

    kind: Literal["longer_horizon"] = "longer_horizon"
    days: Count = Field(le=60, description="days further ahead")

    def change(self, practice: Practice) -> Practice:
        """Return the practice whose diary is open further ahead."""
        return with_settings(practice, {"appointments.horizon_days": practice.appointments.horizon_days + self.days})

    @classmethod
    def zero(cls) -> Self:
        """Return the intervention that opens nothing."""
        return cls(days=0)


@metric("needs that arise", "needs per 1,000 people and week")
def needs_arising_per_1000_week(c: Counted) -> Ratio:
    """Needs by the day on which they arise."""
    return c.per_1000_week(c.tables.needs["arose"], c.tables.needs["person"])[""]
