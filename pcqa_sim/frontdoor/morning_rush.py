"""The 8am rush as people's response to scarcity: a slow belief, and the share who call at opening because of it."""

from __future__ import annotations

from pcqa_sim.scenario.groups import Rush


class Belief:
    """What a practice's patients have come to expect: the share of late same-day requests that get nothing.

    Each working day x, the share of same-day requests made late in the day that got nothing, moves the belief b:
    b += (1 - 2^(-1/half life)) (x - b). Days without such a request teach nothing.
    """

    def __init__(self, start: float) -> None:
        self.value = start
        self._asked = 0
        self._refused = 0

    def saw(self, refused: bool) -> None:
        """Take note of one late same-day request."""
        self._asked += 1
        self._refused += refused

    def end_of_day(self, rush: Rush) -> None:
        """Learn from the day and forget its counts."""
        if self._asked:
            step = 1 - 2 ** (-1 / rush.half_life_days)
            self.value += step * (self._refused / self._asked - self.value)
        self._asked = self._refused = 0

    def rushing_share(self, rush: Rush) -> float:
        """Return the share of people who call at opening: least + (most - least) b / (b + half_belief)."""
        response = self.value / (self.value + rush.half_belief)
        return rush.least_share + (rush.most_share - rush.least_share) * response
