"""What comes of a consultation, who comes to it, and who asks again before it. Nothing waits here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pcqa_sim.scenario.groups import NotAttending, Outcome
from pcqa_sim.scenario.groups.appointments import LEAD_DAYS, Squeeze
from pcqa_sim.values.distributions import LogNormal, exponential
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import (
    AWAITING_TEST,
    NO_CONTINUITY,
    PLANNED_FOLLOW_UP,
    REFERRED,
    RESOLVED,
    UNRESOLVED,
    WRONG_CLINICIAN,
)

_ATTENDS: Final = activity("attends", often=True)
_RESOLVES: Final = activity("resolves", often=True)
_TEST: Final = activity("test", often=True)
_FOLLOW_UP: Final = activity("follow_up", often=True)
_RETURN_DAYS: Final = activity("return_days")
_INTERVAL: Final = activity("follow_up_interval")
_REFERRED: Final = activity("is_referred", often=True)
_LOST: Final = activity("referral_is_lost")
_NOTICES: Final = activity("notices_lost_referral")
_ASKS_AGAIN: Final = activity("asks_again_while_waiting")


@mypyc_attr(acyclic=True, free_list_len=1)
class Sequel:
    """What came of a consultation: `result`, and the days until the next contact, if there is one."""

    __slots__ = ("days", "result")

    def __init__(self, result: str, days: float = 0.0) -> None:
        self.result = result
        self.days = days


@mypyc_attr(acyclic=True, free_list_len=1)
class Chances:
    """How likely a consultation is to resolve a need, each loss on the way kept apart so that it can be named.

    `anybody` is the share that the best role resolves, `role` what the clinician's role does, `skill`, `time` and
    `continuity` what is left (at most 1, the first may exceed it) of that with this clinician, in these minutes,
    without knowing the person.
    """

    __slots__ = ("anybody", "continuity", "role", "skill", "time")

    def __init__(
        self, anybody: float, role: float, skill: float = 1.0, time: float = 1.0, continuity: float = 1.0
    ) -> None:
        self.anybody = anybody
        self.role = role
        self.skill = skill
        self.time = time
        self.continuity = continuity

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
    chances: Chances,
    afterwards: Afterwards,
    follow_up_factor: float,
    outcome: Outcome,
    luck: Luck,
    refers: float = 1.0,
    referral_share: float = 0.0,
) -> Sequel:
    """Decide what comes of a consultation: resolved, a test awaited, a planned follow-up, or back before long.

    `refers` multiplies the share of tests and referrals; who is referred has days until they ask what became of it, if
    it is lost.
    """
    result = chances.result(luck.u(_RESOLVES))
    if result != RESOLVED:
        return Sequel(result, exponential(outcome.return_mean_days, luck.u(_RETURN_DAYS)))
    if afterwards.test_share and luck.u(_TEST) < afterwards.test_share * refers:
        return Sequel(AWAITING_TEST)
    if afterwards.follow_up_share and luck.u(_FOLLOW_UP) < afterwards.follow_up_share * follow_up_factor:
        return Sequel(PLANNED_FOLLOW_UP, afterwards.interval.quantile(luck.u(_INTERVAL)))
    if outcome.hand_offs is not None and referral_share and luck.u(_REFERRED) < referral_share * refers:
        lost = luck.u(_LOST) < outcome.hand_offs.lost_share
        days = exponential(outcome.hand_offs.noticed_mean_days, luck.u(_NOTICES)) if lost else 0.0
        return Sequel(REFERRED, days)
    return Sequel(RESOLVED)


class Squeezing:
    """What a clinician does who runs late, as plain numbers: from how many minutes on, and by what factors."""

    __slots__ = ("late_from_min", "minutes_factor", "resolve_factor")

    def __init__(self, squeeze: Squeeze) -> None:
        self.late_from_min = float(squeeze.late_from_min)
        self.minutes_factor = float(squeeze.minutes_factor)
        self.resolve_factor = float(squeeze.resolve_factor)


class Attendance:
    """How likely a booked person does not come, by lead time and mode."""

    __slots__ = ("_by_lead", "_by_mode")

    def __init__(self, rates: NotAttending) -> None:
        self._by_lead = [rates.lead.of_lead(days) for days in range(LEAD_DAYS[-1] + 2)]
        self._by_mode = {str(mode): factor for mode, factor in rates.mode_factor.items()}

    def missed(self, lead_days: int, mode: str) -> float:
        """Return the share of appointments missed, before a person's own factor."""
        lead = self._by_lead[min(lead_days, LEAD_DAYS[-1] + 1)]
        return lead * self._by_mode[mode]


def attends(lead_days: int, mode: str, factor: float, attendance: Attendance, luck: Luck) -> bool:
    """Decide whether a person comes: lead time in calendar days, mode, and the person's own factor."""
    return turns_up(attendance.missed(lead_days, mode) * factor, luck)


def turns_up(missed_share: float, luck: Luck) -> bool:
    """Decide whether a person comes to an appointment that a share of such people miss."""
    return luck.u(_ATTENDS) >= missed_share


def asks_again(days_beyond: float, outcome: Outcome, luck: Luck) -> bool:
    """Decide whether a person with an appointment so many days after the one wanted asks again before it."""
    waiting = outcome.waiting
    return waiting.share > 0 and days_beyond > waiting.after_days and luck.u(_ASKS_AGAIN) < waiting.share
