"""Champions: volunteers whose number grows with the people they help, up to what the community can give.

N grows by g N (1 - N / K) u a week, where K is the most there can be and u the share of their places in use: the
logistic curve where all are busy, and nothing where nobody comes. Evenly, a week's step is the closed form; by chance,
each new champion comes at that rate, one by one (a pure birth process).
"""

from __future__ import annotations

import math
from typing import Final

from pcqa_sim.scenario.groups.community import Champions
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity

_ANOTHER: Final = activity("another_champion")
MOST_PEOPLE: Final = 14_000
"""The people of a community at the most, beyond which it does not work as one: a larger list is several."""


@mypyc_attr(allow_interpreted_subclasses=True)
class Volunteers:
    """The champions of one place: `number` of them now, `most` there can be."""

    def __init__(self, luck: Luck) -> None:
        self._luck = luck
        self._since = 0.0
        self._due = 0.0  # how much more must come together until the next one comes
        self.number = -1.0
        self.most = 0.0

    def use(self, settings: Champions, people: float) -> None:
        """Let settings take effect in a community of so many people; those who are there stay, as far as can be.

        Whoever begins begins with one person at least.
        """
        thousands = people / 1000
        self._settings = settings
        self.most = settings.most_per_1000 * thousands
        if settings.by_chance:
            self.most = float(math.floor(self.most + 0.5))
        if self.number < 0:
            start = settings.at_start_per_1000 * thousands
            self.number = float(max(1, math.floor(start + 0.5))) if settings.by_chance and start > 0 else start
            self._due = -math.log1p(-self._luck.u(_ANOTHER))
        self.number = min(self.number, self.most)

    @property
    def people_each(self) -> float:
        """Return how many people one of them looks after at once."""
        return self._settings.people_each

    def grow(self, until: float, in_use: float) -> None:
        """Let them become more up to a minute, a share of their places having been in use."""
        weeks, self._since = (until - self._since) / WEEK, until
        rate = self._settings.growth_per_week * in_use
        if self._settings.by_chance:
            self._by_chance(weeks, rate)
        elif self.number > 0 and self.most > 0:
            self.number = logistic(self.number, self.most, rate * weeks)

    def _by_chance(self, weeks: float, rate: float) -> None:
        """Let them come one by one."""
        left = weeks
        while self.number > 0 and self.number < self.most and rate > 0:
            a_week = rate * self.number * (1 - self.number / self.most)
            if self._due > a_week * left:
                self._due -= a_week * left
                return
            left -= self._due / a_week
            self._due = -math.log1p(-self._luck.u(_ANOTHER))
            self.number += 1


def logistic(start: float, most: float, growth: float) -> float:
    """Return N of the logistic curve from N = start, after growth (rate x time): K / (1 + (K / N0 - 1) e^-gt)."""
    return most / (1 + (most / start - 1) * math.exp(-growth))
