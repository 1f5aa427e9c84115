"""What people do next who got nowhere: call again today, try another day, walk in, go elsewhere, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pcqa_sim.scenario.groups import AfterFailure, Channels, Redial
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.distributions import Choice, Distribution, Exponential
from pcqa_sim.values.eventlog import CALLBACK_LAPSED, ENGAGED
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity
from pcqa_sim.values.needs import (
    AFTER_BALKING,
    AFTER_ENGAGED,
    AFTER_RENEGING,
    AN_EMERGENCY,
    ANOTHER_DAY,
    BALKED,
    DESK,
    GAVE_UP,
    NOT_CALLED_BACK,
    ONLINE,
    PHONE,
    Need,
)

_REDIALS: Final = activity("redials")
_REDIAL_DELAY: Final = activity("redial_delay")
_NEXT_ACTION: Final = activity("fate")
_TRIES_AGAIN: Final = activity("tries_the_practice_again", often=True)
_NOTHING: Final = activity("does_nothing_more")
_ALSO: Final = activity("also_goes_elsewhere")
WHERE_ELSE: Final = activity("where_else")
_THROUGH: Final = activity("through_which_channel_again")

_HERE: Final = (ANOTHER_DAY, DESK, GAVE_UP)


class PlacesByNeed:
    """Where people go who go elsewhere, by what they need: nobody takes a crisis to a pharmacy."""

    __slots__ = ("_in_emergency",)

    def __init__(self, in_emergency: Mapping[str, float]) -> None:
        self._in_emergency = Choice(tuple(in_emergency), tuple(in_emergency.values())) if in_emergency else None

    def of(self, need: Need, of_kind: Choice | None) -> Choice | None:
        """Return the places for a need whose kind has its own, or None where it goes where most do."""
        in_emergency = self._in_emergency
        return in_emergency if in_emergency is not None and need.urgency == AN_EMERGENCY else of_kind

    def at_once(self, need: Need, of_kind: Choice | None, crisis: bool) -> Choice | None:
        """Return where those go who cannot wait for another day, None for a need that can.

        An emergency cannot, nor a crisis that no clinician has looked at yet.
        """
        waits = need.urgency != AN_EMERGENCY and not (crisis and not need.seen_by)
        return None if waits else self.of(need, of_kind)


def cause_of_failed_call(ending: str, why: str) -> str:
    """Return the cause that a failed call gives to what the caller does next."""
    if ending == ENGAGED:
        return AFTER_ENGAGED
    if ending == CALLBACK_LAPSED:
        return NOT_CALLED_BACK
    return AFTER_BALKING if why == BALKED else AFTER_RENEGING


@dataclass(frozen=True)
class RedialChance:
    """The probability of calling again after the first and after a later try, and the delay in minutes."""

    first: float
    later: float
    delay: Distribution


@mypyc_attr(allow_interpreted_subclasses=True)
@dataclass(frozen=True)
class Redials:
    """Whether and when a person calls again after a call that got nowhere: a chance by cause, and a most of tries."""

    chances: Mapping[str, RedialChance]
    most_tries: float

    @classmethod
    def of(cls, redial: Redial) -> Redials:
        """Return the rule that a practice's settings describe."""
        delay = Exponential(redial.delay_mean_min)
        chances = {
            AFTER_ENGAGED: RedialChance(redial.after_engaged_first, redial.after_engaged_later, delay),
            AFTER_BALKING: RedialChance(redial.after_balking_first, redial.after_balking_later, delay),
            AFTER_RENEGING: RedialChance(redial.after_missed_first, redial.after_missed_later, delay),
            NOT_CALLED_BACK: RedialChance(redial.after_no_callback, redial.after_no_callback, delay),
        }
        return cls(chances, redial.most_tries)

    def delay(self, cause: str, tries: int, luck: Luck) -> float | None:
        """Return the minutes until the person calls again, or None if they do not."""
        chance = self.chances.get(cause)
        if chance is None or tries >= self.most_tries:
            return None
        if luck.u(_REDIALS) >= (chance.first if tries == 1 else chance.later):
            return None
        return chance.delay.quantile(luck.u(_REDIAL_DELAY))


@mypyc_attr(allow_interpreted_subclasses=True)
@dataclass(frozen=True)
class NextActions:
    """What a person does who will not redial today, or was told to call another day."""

    choice: Choice
    here: Choice | None = None

    @classmethod
    def of(cls, channels: Channels) -> NextActions:
        """Return the rule that a practice's settings describe."""
        here = {
            next_action: share
            for next_action, share in channels.next_actions.items()
            if next_action in _HERE and share > 0
        }
        choice = Choice(tuple(channels.next_actions), tuple(channels.next_actions.values()))
        return cls(choice, Choice(tuple(here), tuple(here.values())) if here else None)

    def choose(self, luck: Luck, only_here: bool = False, places: Choice | None = None) -> str:
        """Return the person's choice; where nobody else can help, they do not go elsewhere or treat themselves.

        `places` is where those with such a need go who go elsewhere, None where most people go.
        """
        u = luck.u(_NEXT_ACTION)
        if only_here and self.here is not None:
            return self.here.pick(u)
        action = self.choice.pick(u)
        return action if places is None or action in _HERE else places.pick(luck.u(WHERE_ELSE))


class AfterFailing:
    """What a person does in the days after they got nowhere, decided once: whether they try again, and where else."""

    __slots__ = ("_also", "_elsewhere", "_minutes", "_nothing", "_through", "_tries", "_tries_here")

    def __init__(self, settings: AfterFailure) -> None:
        self._tries = float(settings.tries_again_share)
        self._tries_here = float(settings.only_here_tries_again_share)
        self._nothing = float(settings.nothing_share)
        self._also = float(settings.also_share)
        self._elsewhere = Choice(tuple(settings.elsewhere), tuple(settings.elsewhere.values()))
        self._through = Choice(tuple(settings.through), tuple(settings.through.values()))
        self._minutes = settings.within_days * DAY

    def decide(self, need: Need, now: float, only_here: bool, places: Choice | None = None) -> str:
        """Decide whether to try again, unless that was decided days ago; return where else a person goes meanwhile.

        `places` is where those with such a need go, None where most people go.
        """
        if now < need.decided_until:
            return ""
        need.decided_until = now + self._minutes
        need.tries_again = need.luck.u(_TRIES_AGAIN) < (self._tries_here if only_here else self._tries)
        if not need.tries_again or only_here or need.luck.u(_ALSO) >= self._also:
            return ""
        place = (places or self._elsewhere).pick(need.luck.u(WHERE_ELSE))
        return "" if place == GAVE_UP else place

    def instead(self, luck: Luck, only_here: bool, places: Choice | None = None) -> str:
        """Return what those do who do not try again: nothing more, or go where somebody else can help."""
        if only_here or luck.u(_NOTHING) < self._nothing:
            return GAVE_UP
        return (places or self._elsewhere).pick(luck.u(WHERE_ELSE))

    def through(self, luck: Luck, digital: bool) -> str:
        """Return through which channel a person asks who tries another day."""
        channel = self._through.pick(luck.u(_THROUGH))
        return PHONE if channel == ONLINE and not digital else channel
