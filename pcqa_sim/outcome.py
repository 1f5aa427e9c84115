"""What comes of things: consultations, failed contacts, redials. Decisions only; nothing waits here."""

from __future__ import annotations

from dataclasses import dataclass

from pcqa_sim.distributions import Choice, Exponential
from pcqa_sim.luck import Luck, activity
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    PLANNED_FOLLOW_UP,
    RESOLVED,
    UNRESOLVED,
)
from pcqa_sim.scenario.groups import Channels, Kind, LeadTimeRates, Outcome, Redial

_ATTENDS = activity("attends")
_RESOLVES = activity("resolves")
_FOLLOW_UP = activity("follow_up")
_RETURN_DAYS = activity("return_days")
_REDIALS = activity("redials")
_REDIAL_DELAY = activity("redial_delay")
_FATE = activity("fate")


@dataclass(frozen=True)
class Sequel:
    """What came of a consultation: `result`, and the cause and delay in days of the next contact, if any."""

    result: str
    cause: str = ""
    days: float = 0.0


def attends(lead_days: int, rates: LeadTimeRates, luck: Luck) -> bool:
    """Decide whether a person comes to an appointment booked `lead_days` before."""
    return luck.u(_ATTENDS) >= rates.of_lead(lead_days)


def consultation_sequel(kind: Kind, outcome: Outcome, luck: Luck) -> Sequel:
    """Decide what comes of a consultation: resolved, resolved with a planned follow-up, or unresolved."""
    if luck.u(_RESOLVES) >= kind.resolved_share:
        days = Exponential(outcome.return_mean_days).quantile(luck.u(_RETURN_DAYS))
        return Sequel(UNRESOLVED, UNRESOLVED, days)
    if luck.u(_FOLLOW_UP) < kind.follow_up_share:
        days = Exponential(outcome.follow_up_mean_days).quantile(luck.u(_RETURN_DAYS))
        return Sequel(PLANNED_FOLLOW_UP, PLANNED_FOLLOW_UP, days)
    return Sequel(RESOLVED)


@dataclass(frozen=True)
class RedialRule:
    """Whether and when a person rings again after a call that got nowhere.

    `chances` gives for each cause the probability after the first and after later tries; `delay_mean_min` is the
    mean of an exponential delay; `most_tries` calls are the most.
    """

    chances: dict[str, tuple[float, float]]
    delay_mean_min: float
    most_tries: int

    @classmethod
    def of(cls, redial: Redial) -> RedialRule:
        """Return the rule that a practice's settings describe."""
        chances = {
            AFTER_ENGAGED: (redial.after_engaged_first, redial.after_engaged_later),
            AFTER_PUT_OFF: (redial.after_put_off_first, redial.after_put_off_later),
            AFTER_ABANDONING: (redial.after_missed_first, redial.after_missed_later),
        }
        return cls(chances, redial.delay_mean_min, redial.most_tries)

    def delay(self, cause: str, tries: int, luck: Luck) -> float | None:
        """Return the minutes until the person rings again, or None if they do not."""
        if tries >= self.most_tries:
            return None
        first, later = self.chances.get(cause, (0.0, 0.0))
        if luck.u(_REDIALS) >= (first if tries == 1 else later):
            return None
        return Exponential(self.delay_mean_min).quantile(luck.u(_REDIAL_DELAY))


@dataclass(frozen=True)
class FateRule:
    """What a person does who will not redial today, or was told to ring another day."""

    choice: Choice

    @classmethod
    def of(cls, channels: Channels) -> FateRule:
        """Return the rule that a practice's settings describe."""
        return cls(Choice(tuple(channels.fates), tuple(channels.fates.values())))

    def fate(self, luck: Luck) -> str:
        """Return the person's choice."""
        return self.choice.pick(luck.u(_FATE))
