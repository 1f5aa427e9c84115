"""What comes of things: consultations, failed contacts, redials. Decisions only; nothing waits here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pcqa_sim.distributions import Choice, Distribution, Exponential
from pcqa_sim.eventlog import ENGAGED
from pcqa_sim.luck import Luck, activity
from pcqa_sim.needs import (
    AFTER_ABANDONING,
    AFTER_ENGAGED,
    AFTER_PUT_OFF,
    PLANNED_FOLLOW_UP,
    PUT_OFF,
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


def cause_of_failed_call(ending: str, why: str) -> str:
    """Return the cause that a failed call gives to what the caller does next."""
    if ending == ENGAGED:
        return AFTER_ENGAGED
    return AFTER_PUT_OFF if why == PUT_OFF else AFTER_ABANDONING


@dataclass(frozen=True)
class RedialChance:
    """The probability of ringing again after the first and after a later try, and the delay in minutes."""

    first: float
    later: float
    delay: Distribution


@dataclass(frozen=True)
class RedialRule:
    """Whether and when a person rings again after a call that got nowhere: a chance by cause, and a most of tries."""

    chances: Mapping[str, RedialChance]
    most_tries: float

    @classmethod
    def of(cls, redial: Redial) -> RedialRule:
        """Return the rule that a practice's settings describe."""
        delay = Exponential(redial.delay_mean_min)
        chances = {
            AFTER_ENGAGED: RedialChance(redial.after_engaged_first, redial.after_engaged_later, delay),
            AFTER_PUT_OFF: RedialChance(redial.after_put_off_first, redial.after_put_off_later, delay),
            AFTER_ABANDONING: RedialChance(redial.after_missed_first, redial.after_missed_later, delay),
        }
        return cls(chances, redial.most_tries)

    def delay(self, cause: str, tries: int, luck: Luck) -> float | None:
        """Return the minutes until the person rings again, or None if they do not."""
        chance = self.chances.get(cause)
        if chance is None or tries >= self.most_tries:
            return None
        if luck.u(_REDIALS) >= (chance.first if tries == 1 else chance.later):
            return None
        return chance.delay.quantile(luck.u(_REDIAL_DELAY))


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
