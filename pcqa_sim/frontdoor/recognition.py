"""Whether what is urgent is taken for urgent by whoever decides: a receptionist, a navigator, a form, a clinician.

A need shows more or less clearly how urgent it is, once and for all: whoever is better at it recognises all that the
others would, and more. Who asks again is listened to anew, as well as the first time: of those missed at first the same
share is recognised. Some needs that are not urgent sound as if they were, at whatever contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Final

from pcqa_sim.scenario.groups import Recogniser
from pcqa_sim.scenario.groups.triage import FORM, RECEPTION
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import Luck, activity, join
from pcqa_sim.values.needs import AN_EMERGENCY, APP, EMERGENCY, ONLINE, TODAY, URGENT, Contact, Need
from pcqa_sim.values.words import CALL_HANDLER, FRONT_DESK

_CLARITY: Final = activity("urgency_shows")
_RED_FLAGS: Final = activity("red_flags_show")
_SOUNDS_URGENT: Final = activity("sounds_urgent", often=True)
_WHO: Final = activity("who_recognises")
_SHARPNESS: Final = activity("recogniser_sharpness")


@mypyc_attr(allow_interpreted_subclasses=True)
class Recognition:
    """How well one practice recognises what is urgent; `reception` is whose values hold for its reception.

    `world` is the key of the practice's world, which its receptionists belong to.
    """

    def __init__(self, recognisers: Mapping[str, Recogniser], reception: str, world: int) -> None:
        self._recognisers = dict(recognisers)
        self._reception = reception if reception in recognisers else RECEPTION
        self._world = world
        self._sensitivity = {name: self._of_people(name, one) for name, one in recognisers.items()}
        self._specificity = {name: one.specificity for name, one in recognisers.items()}
        self._red_flags = {name: one.red_flags_share for name, one in recognisers.items()}

    def _of_people(self, name: str, one: Recogniser) -> list[float]:
        """Return the sensitivity of each person who decides, all of them alike where they do not differ."""
        if one.sensitivity_sd == 0:
            return [one.sensitivity]
        normal = NormalDist(one.sensitivity, one.sensitivity_sd)
        keys = (join(self._world, "recogniser", name, number) for number in range(one.people))
        return [min(1.0, max(0.0, normal.inv_cdf(Luck(key).u(_SHARPNESS)))) for key in keys]

    def flags(self, contact: Contact, who: str, visit_today: bool = False) -> str:
        """Return how urgent whoever decides takes a need to be: today or emergency, "" for not urgent.

        `visit_today` tells that a home visit is asked for today, which is put to a clinician whatever it sounds like.
        """
        need, name = contact.need, self._who(contact, who)
        otherwise = TODAY if visit_today else ""
        if need.urgency < URGENT:
            return TODAY if need.luck.first(_SOUNDS_URGENT) >= self._specificity[name] else otherwise
        people = self._sensitivity[name]
        sensitivity = people[0] if len(people) == 1 else people[int(need.luck.u(_WHO) * len(people))]
        if need.luck.first(_CLARITY) >= 1 - (1 - sensitivity) ** (1 + need.judged):
            return otherwise
        red_flags = need.urgency == AN_EMERGENCY and need.luck.first(_RED_FLAGS) < self._red_flags[name]
        return EMERGENCY if red_flags else TODAY

    def shows(self, need: Need, share: float) -> bool:
        """Tell whether a need is seen to be urgent before anybody speaks to the person: `share` of such needs are.

        It is of those that show it most clearly; of the others those who would sound urgent to reception, as many of a
        hundred of them.
        """
        if need.urgency >= URGENT:
            return need.luck.first(_CLARITY) < share
        return need.luck.first(_SOUNDS_URGENT) >= 1 - (1 - self._specificity[self._reception]) * share

    def _who(self, contact: Contact, who: str) -> str:
        """Return whose values hold: a form's questions come before whoever reads it, a clinician's are the role's."""
        if who == FRONT_DESK and contact.channel in (ONLINE, APP) and FORM in self._recognisers:
            return FORM
        if who in (CALL_HANDLER, FRONT_DESK):
            return self._reception
        role = who.partition(".")[0]
        return role if role in self._recognisers else self._reception
