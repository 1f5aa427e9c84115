"""Requests as forms: who sends one instead of calling, whom the phone message moves, and what reception fills in.

All of it is luck of the need, by the person's age and whether they use such things at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pcqa_sim.scenario.groups import FormFirst as Rules
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import DESK, ONLINE, PHONE, Need

_TAKES_UP: Final = activity("takes_up_the_form")
_MOVED: Final = activity("moved_to_the_form_by_phone")
_INDUCED: Final = activity("asks_because_it_is_easy")


class FormFirst:
    """What an access model in which every request is a form does to the ways in; `rules` are its settings.

    `digital` tells of each person whether they use forms, `age` which of the `ages` they are of.
    """

    __slots__ = ("_age", "_digital", "_takes_up", "rules")

    def __init__(self, rules: Rules, digital: Sequence[bool], age: Sequence[int], ages: Sequence[str]) -> None:
        self.rules = rules
        self._digital = digital
        self._age = age
        self._takes_up = [rules.takes_up_share * rules.takes_up_by_age.get(name, 1.0) for name in ages]

    def takes_up(self, need: Need) -> bool:
        """Tell whether a person sends a form at once, who would have called or come to the desk."""
        digital = self._digital[need.person]
        return digital and need.luck.first(_TAKES_UP) < self._takes_up[self._age[need.person]]

    def channel(self, need: Need, usual: str, is_there: bool) -> str:
        """Return through which channel a person asks; nobody turns to a form that is known to be closed."""
        return ONLINE if is_there and usual in (PHONE, DESK) and self.takes_up(need) else usual

    def moves(self, need: Need, is_there: bool) -> bool:
        """Tell whether the phone message moves a caller to the form; those who have been heard are past that."""
        if need.heard or not is_there or not self._digital[need.person]:
            return False
        return need.luck.first(_MOVED) < self.rules.message_moves_share

    def is_induced(self, need: Need) -> bool:
        """Tell whether a person asks, because a form is easy, what they would never have asked."""
        if self.rules.induced_share == 0 or not self.takes_up(need):
            return False
        return need.luck.first(_INDUCED) < self.rules.induced_share
