"""What a practice's patients have learnt: whether late requests get anything, and which channel let them down."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.frontdoor.channel_memory import ChannelMemory, other_channel
from pcqa_sim.frontdoor.morning_rush import Belief
from pcqa_sim.population.people import People
from pcqa_sim.scenario import Practice
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import APPOINTMENT_STANDS, CALL_ANOTHER_DAY, NO_NEXT_STEP, Contact, Disposition, Need

_TURNS_AWAY: Final = activity("turns_away_from_a_channel")


@mypyc_attr(allow_interpreted_subclasses=True)
class Expectations:
    """The patients' memory: `belief` of scarcity, and `channels` that let each of them down."""

    def __init__(self, start_belief: float, people: People) -> None:
        self._people = people
        self.belief = Belief(start_belief)
        self.channels = ChannelMemory()

    def use(self, settings: Practice) -> None:
        """Let settings take effect; what has been learnt stays."""
        self._rush = settings.demand.rush
        self._seeking = settings.demand.seeking
        self._turn_away_share = settings.channels.first.away_after_failure_share

    def learn(self, contact: Contact, disposition: Disposition) -> None:
        """Let the patients learn from what a same-day request got, if it was made late in the day."""
        if contact.opened % DAY >= self._rush.late_from and disposition.name != APPOINTMENT_STANDS:
            self.belief.saw(refused=disposition.name == CALL_ANOTHER_DAY or disposition.name == NO_NEXT_STEP)

    def rushing_share(self) -> float:
        """Return the share of those who could ask at any time who call at opening."""
        return self.belief.rushing_share(self._rush)

    def first_channel(self, need: Need, usual: str) -> str:
        """Return through which channel a person begins to ask: the usual one, unless it let them down last time."""
        if not self.channels.let_down(need.person, usual):
            return usual
        turns_away = need.luck.first(_TURNS_AWAY) < self._turn_away_share
        return other_channel(usual, bool(self._people.digital[need.person])) if turns_away else usual

    def never_times(self) -> NDArray[np.float64] | None:
        """Return by how much each person is likelier never to ask, for what they expect; None where it does not matter.

        It grows with the belief in refusal that all share, and for whom a channel let down when they last used it.
        """
        seeking = self._seeking
        if seeking.never_rise_with_belief == 0 and seeking.never_factor_let_down == 1:
            return None
        shared = 1 + seeking.never_rise_with_belief * (self.belief.value - seeking.reference_belief)
        times = np.full(len(self._people), max(0.0, shared))
        times[self.channels.all_let_down()] *= seeking.never_factor_let_down
        return times

    def end_day(self) -> None:
        """Let the day become experience."""
        self.belief.end_of_day(self._rush)
        assert math.isfinite(self.belief.value)
