"""Whether people are settled or unsettled, from midnight to midnight: a slow process of two states.

Each person has keyed candidates for becoming unsettled and for settling again, week by week. A candidate has a minute
and a height; it counts if its height is below a threshold, which is 1 unless what happens moves it. The state is that
of the last candidate that counted. So what happens to a person lets candidates of theirs count or not, moves none, and
touches nobody else. What changes in a day holds from the next midnight.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.population.need_generation import poisson_quantiles
from pcqa_sim.population.people import People
from pcqa_sim.scenario.groups import MOST_TIMES, Response, State
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Keys, activity, join_array, uniforms

_BECOMES: Final = activity("becomes_unsettled")
_SETTLES: Final = activity("settles_again")
_WHEN: Final = activity("when_state_may_change")
_HOW_HIGH: Final = activity("how_high_a_change_of_state_stands")

Floats = NDArray[np.float64]
Whom = NDArray[np.int64]


class Turns:
    """Candidates of one kind in one week: `minute` of the week, `person`, and `height` from 0 to MOST_TIMES."""

    __slots__ = ("height", "minute", "person")

    def __init__(self, minute: Floats, person: Whom, height: Floats) -> None:
        self.minute = minute
        self.person = person
        self.height = height

    def counting(self, day: int, below: Floats) -> tuple[Floats, Whom]:
        """Return minute and person of those dated in a day of the week whose height is below their person's."""
        here = (self.minute // DAY == day) & (self.height < below[self.person])
        return self.minute[here], self.person[here]


def turns_of_week(keys: Keys, whom: Whom, becoming: bool, a_week: float, week: int) -> Turns:
    """Return candidates of some people in a week, for becoming unsettled or for settling again.

    `keys` has the luck of everybody's state; so many a week of a person count where the threshold is 1.
    """
    own = join_array(keys[whom], week)
    mean = a_week * MOST_TIMES
    u = uniforms(own, _BECOMES if becoming else _SETTLES)
    some = np.flatnonzero(u > np.exp(-mean))
    counts = poisson_quantiles(u[some], np.full(len(some), mean))
    index: Whom = np.arange(counts.sum(), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    key = join_array(join_array(np.repeat(own[some], counts), int(becoming)), index)
    person = np.repeat(whom[some], counts)
    return Turns(uniforms(key, _WHEN) * WEEK, person, uniforms(key, _HOW_HIGH) * MOST_TIMES)


def hazards(state: State) -> tuple[float, float]:
    """Return how often a week a settled person becomes unsettled, and an unsettled one settles, at thresholds of 1."""
    share, weeks = state.unsettled_share, state.unsettled_mean_weeks
    return (0.0, 0.0) if share in (0.0, 1.0) else (share / ((1 - share) * weeks), 1 / weeks)


class Wearing:
    """What wears off at one pace: of each person, the logarithm that multiplies the hazards, as of last midnight."""

    __slots__ = ("a_day", "noted", "settles", "unsettles", "weeks")

    def __init__(self, people: int, weeks: float) -> None:
        self.weeks = weeks
        self.a_day = 2.0 ** (-DAY / (weeks * WEEK))
        self.unsettles, self.settles = np.zeros(people), np.zeros(people)
        self.noted: list[tuple[int, float, float]] = []

    def note(self, person: int, minute: float, unsettles: float, settles: float) -> None:
        """Remember what happened to a person in the course of a day; it counts from midnight on."""
        since = 2.0 ** ((minute % DAY) / (self.weeks * WEEK))  # in units of last midnight, as everything else here
        self.noted.append((person, unsettles * since, settles * since))

    def pass_midnight(self) -> None:
        """Add what was noted, and let a day of it wear off."""
        if self.noted:
            person, unsettles, settles = zip(*self.noted, strict=True)
            np.add.at(self.unsettles, np.array(person, dtype=np.int64), np.array(unsettles))
            np.add.at(self.settles, np.array(person, dtype=np.int64), np.array(settles))
            self.noted.clear()
        self.unsettles *= self.a_day
        self.settles *= self.a_day


@mypyc_attr(allow_interpreted_subclasses=True)
class States:
    """The states of one practice's people during a run.

    `unsettled` tells it of each person today; `factor` is what that multiplies their rate of needs by, `most_factor`
    the greatest it can come to within the week. What happens to people is told to `note`.
    """

    def __init__(self, people: People) -> None:
        self.unsettled = people.unsettled_first.copy()
        self._of_state = (people.settled, people.unsettled)
        self._becomes, self._settles = hazards(people.settings.state)
        self._keys = join_array(people.key, "state")
        self._everybody = np.arange(len(people), dtype=np.int64)
        self._thresholds = (np.ones(len(people)), np.ones(len(people)))
        self._highest = 1.0  # threshold that anybody may come to
        self._wearing: dict[float, Wearing] = {}
        self._supported: tuple[Floats, Floats] | None = None
        self._effects: dict[str, tuple[float, float, Wearing]] = {}
        for happening, response in people.settings.state.responds.items():
            if response.moves:
                self._take(happening.value, response)
        self.factor = self._factors(self.unsettled)
        self._draw(0)  # as the run begins, needs are drawn before its first midnight has been seen to

    def _take(self, happening: str, response: Response) -> None:
        """Let something that happens have an effect from now on."""
        weeks = float(response.half_life_weeks)
        wearing = self._wearing.setdefault(weeks, Wearing(len(self.unsettled), weeks))
        self._effects[happening] = (math.log(response.unsettles), math.log(response.settles), wearing)
        self._highest = MOST_TIMES

    def note(self, happening: str, person: int, minute: float, times: float = 1.0) -> None:
        """Let something that happened to a person, one of `values.words.Happening`, move their hazards.

        It holds from the next midnight; `times` multiplies the logarithms of its effects.
        """
        effect = self._effects.get(happening)
        if effect is not None:
            unsettles, settles, wearing = effect
            wearing.note(person, minute, unsettles * times, settles * times)

    def support(self, unsettles: Floats, settles: Floats) -> None:
        """Let what people found outside the practice move their hazards from this midnight on, until it is told anew.

        Both (people) are logarithms, added to those of what happened.
        """
        self._supported = unsettles, settles
        self._highest = MOST_TIMES

    def begin_day(self, day: int) -> NDArray[np.int64]:
        """Begin a day of the run at midnight, one after the other; return who has become unsettled, or settled.

        On the first they are those who are unsettled as it begins.
        """
        before = self.unsettled if day > 0 else np.zeros_like(self.unsettled)
        if day > 0:
            self._turn((day - 1) % 7)
            if self._wearing or self._supported is not None:
                self._move_thresholds()
        if day % 7 == 0 and day > 0:
            self._draw(day // 7)
        changed: NDArray[np.int64] = np.flatnonzero(self.unsettled != before)
        return changed

    def _factors(self, unsettled: NDArray[np.bool_]) -> Floats:
        settled_factor, unsettled_factor = self._of_state
        return np.where(unsettled, unsettled_factor, settled_factor)

    def _turn(self, day: int) -> None:
        """Let the last candidate of a day of the week that counts be each person's state."""
        becomes, settles = (
            turns.counting(day, below) for turns, below in zip(self._turns, self._thresholds, strict=True)
        )
        order = np.argsort(np.concatenate([becomes[0], settles[0]]), kind="stable")
        person = np.concatenate([becomes[1], settles[1]])[order]
        self.unsettled = self.unsettled.copy()
        self.unsettled[person] = order < len(becomes[0])  # of several of one person the last is kept
        self.factor = self._factors(self.unsettled)

    def _move_thresholds(self) -> None:
        """Let what happened set the thresholds of the day that begins."""
        most = math.log(MOST_TIMES)
        nothing = np.zeros(len(self.unsettled))
        unsettles, settles = (nothing, nothing) if self._supported is None else self._supported
        unsettles, settles = unsettles.copy(), settles.copy()
        for wearing in self._wearing.values():
            wearing.pass_midnight()
            unsettles += wearing.unsettles
            settles += wearing.settles
        self._thresholds = np.exp(np.clip(unsettles, -most, most)), np.exp(np.clip(settles, -most, most))

    def _draw(self, week: int) -> None:
        """Draw a week's candidates, and see who may come to which state before it ends."""
        becomes = turns_of_week(self._keys, self._everybody, True, self._becomes, week)
        some = self.unsettled.copy()
        some[becomes.person[becomes.height < self._highest]] = True
        settles = turns_of_week(self._keys, np.flatnonzero(some), False, self._settles, week)
        self._turns = becomes, settles
        settled = ~self.unsettled
        settled[settles.person] = True
        self.most_factor = np.maximum(np.where(some, self._of_state[1], 0.0), np.where(settled, self._of_state[0], 0.0))
