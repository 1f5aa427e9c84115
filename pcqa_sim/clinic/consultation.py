"""What comes of a consultation, who comes to it, and who asks again before it. Nothing waits here."""

from __future__ import annotations

from dataclasses import dataclass

from pcqa_sim.scenario.groups import NotAttending, Outcome
from pcqa_sim.values.distributions import Exponential, LogNormal
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import (
    AWAITING_TEST,
    NO_CONTINUITY,
    PLANNED_FOLLOW_UP,
    RESOLVED,
    UNRESOLVED,
    WRONG_CLINICIAN,
)

_ATTENDS = activity("attends", often=True)
_RESOLVES = activity("resolves", often=True)
_TEST = activity("test")
_FOLLOW_UP = activity("follow_up")
_RETURN_DAYS = activity("return_days")
_INTERVAL = activity("follow_up_interval")
_ASKS_AGAIN = activity("asks_again_while_waiting")


@dataclass(slots=True)
class Sequel:
    """What came of a consultation: `result`, and the days until the next contact, if there is one."""

    result: str
    days: float = 0.0


@dataclass(slots=True)
class Chances:
    """How likely a consultation is to resolve a need, each loss on the way kept apart so that it can be named.

    `anybody` is the share that the best role resolves, `role` what the clinician's role does, `skill`, `time` and
    `continuity` what is left (at most 1, the first may exceed it) of that with this clinician, in these minutes,
    without knowing the person.
    """

    anybody: float
    role: float
    skill: float = 1.0
    time: float = 1.0
    continuity: float = 1.0

    def result(self, u: float) -> str:
        """Return RESOLVED, or the loss that a uniform falls into: the cause of the contact that will follow."""
        in_scope = min(self.role, self.anybody)
        skilled = min(1.0, in_scope * self.skill)
        in_time = skilled * self.time
        if u < in_time * self.continuity:
            return RESOLVED
        if u < in_time:
            return NO_CONTINUITY
        if u < max(skilled, in_scope):
            return UNRESOLVED
        return WRONG_CLINICIAN if u < self.anybody else UNRESOLVED


@dataclass(frozen=True)
class Afterwards:
    """What may follow a resolving consultation of one kind of need; shares, and days."""

    test_share: float
    follow_up_share: float
    interval: LogNormal


def consultation_sequel(
    chances: Chances, afterwards: Afterwards, follow_up_factor: float, outcome: Outcome, luck: Luck
) -> Sequel:
    """Decide what comes of a consultation: resolved, a test awaited, a planned follow-up, or back before long."""
    result = chances.result(luck.u(_RESOLVES))
    if result != RESOLVED:
        return Sequel(result, Exponential(outcome.return_mean_days).quantile(luck.u(_RETURN_DAYS)))
    if afterwards.test_share and luck.u(_TEST) < afterwards.test_share:
        return Sequel(AWAITING_TEST)
    if afterwards.follow_up_share and luck.u(_FOLLOW_UP) < afterwards.follow_up_share * follow_up_factor:
        return Sequel(PLANNED_FOLLOW_UP, afterwards.interval.quantile(luck.u(_INTERVAL)))
    return Sequel(RESOLVED)


def attends(lead_days: int, mode: str, factor: float, rates: NotAttending, luck: Luck) -> bool:
    """Decide whether a person comes: lead time in calendar days, mode, and the person's own factor."""
    return turns_up(rates.lead.of_lead(lead_days) * rates.mode_factor[mode] * factor, luck)


def turns_up(missed_share: float, luck: Luck) -> bool:
    """Decide whether a person comes to an appointment that a share of such people miss."""
    return luck.u(_ATTENDS) >= missed_share


def asks_again(days_beyond: float, outcome: Outcome, luck: Luck) -> bool:
    """Decide whether a person with an appointment so many days after the one wanted asks again before it."""
    waiting = outcome.waiting
    return waiting.share > 0 and days_beyond > waiting.after_days and luck.u(_ASKS_AGAIN) < waiting.share
