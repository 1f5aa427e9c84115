"""What people live through with their needs, told to their states: what went wrong, and what went well.

A need counts once: the first thing that goes wrong with it is what people remember, and only where nothing did was it
met in time. Planned care, which the practice brings up, is left out, but for who it is that people see.
"""

from __future__ import annotations

from typing import Final

from pcqa_sim.clinic.need_rules import KindRules
from pcqa_sim.kernel.environment import Environment
from pcqa_sim.population.states import States
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.needs import (
    BOUNCED,
    GAVE_UP,
    INFORMED,
    LOST_HAND_OFF,
    NOT_CALLED_BACK,
    RESOLVED,
    WRONG_CLINICIAN,
    WRONGLY_ADVISED,
    Need,
)
from pcqa_sim.values.words import Happening

REFUSED: Final = Happening.REFUSED.value
LATE: Final = Happening.LATE.value
_BOUNCED: Final = Happening.BOUNCED.value
_LOST: Final = Happening.LOST.value
_GIVEN_UP: Final = Happening.GIVEN_UP.value
_MET_IN_TIME: Final = Happening.MET_IN_TIME.value
_OWN_CLINICIAN: Final = Happening.OWN_CLINICIAN.value
_MET: Final = (RESOLVED, INFORMED)
_SHOWN_BY: Final = {
    BOUNCED: _BOUNCED,
    WRONG_CLINICIAN: _BOUNCED,
    WRONGLY_ADVISED: _BOUNCED,
    LOST_HAND_OFF: _LOST,
    NOT_CALLED_BACK: _LOST,
}


@mypyc_attr(allow_interpreted_subclasses=True)
class Experience:
    """What the people of one practice live through."""

    def __init__(self, env: Environment, states: States) -> None:
        self._env = env
        self._states = states

    def failed(self, need: Need, rules: KindRules, what: str) -> None:
        """Let something go wrong with a need that people bring; what has gone wrong before is what counts."""
        if not need.failed and rules.programme is None:
            need.failed = what
            self._states.note(what, need.person, self._env.now)

    def asked_again(self, need: Need, rules: KindRules, cause: str) -> None:
        """Let a contact be made: its cause may say that something went wrong."""
        what = _SHOWN_BY.get(cause)
        if what is not None:
            self.failed(need, rules, what)

    def ended(self, need: Need, rules: KindRules, ending: str) -> None:
        """Let a need end: met, given up, or otherwise."""
        if ending == GAVE_UP:
            self.failed(need, rules, _GIVEN_UP)
        elif not need.failed and rules.programme is None and ending in _MET:
            self._states.note(_MET_IN_TIME, need.person, self._env.now)

    def was_given(self, person: int, what: str) -> None:
        """Let a person have been given what settles people: a plan, support in the community, a review."""
        self._states.note(what, person, self._env.now)

    def saw_own(self, person: int) -> None:
        """Let a person have seen their usual clinician about something for which it matters who it is."""
        self._states.note(_OWN_CLINICIAN, person, self._env.now)
