"""When a need gets worse that nobody sees to: not before it is later than safe, and sooner the more urgent it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pcqa_sim.scenario.groups import Deterioration, SafeWithin
from pcqa_sim.values.clock import DAY, day_of
from pcqa_sim.values.distributions import exponential
from pcqa_sim.values.form import mypyc_attr
from pcqa_sim.values.luck import activity
from pcqa_sim.values.needs import AN_EMERGENCY, LEVELS, URGENT, Need

_WORSENS: Final = activity("need_gets_worse", often=True)


@mypyc_attr(allow_interpreted_subclasses=True)
class Worsening:
    """The hazards of one practice's people; `age` is each person's band, by its place in `ages`."""

    def __init__(self, rules: Deterioration, safe: SafeWithin, age: Sequence[int], ages: Sequence[str]) -> None:
        self._per_day = [rules.per_day.get(level, 0.0) for level in LEVELS]
        self._of_kind = dict(rules.for_kinds)
        self._of_age = [rules.for_ages.get(name, 1.0) for name in ages]
        self._age = age
        self._emergency_min = float(safe.emergency_min)
        self._days = float(safe.days)
        self._today_days = float(safe.today_days)

    def hazard(self, need: Need) -> float:
        """Return the hazard a day of getting worse, once it is later than safe."""
        factor = self._of_kind.get(need.kind, 1.0) * self._of_age[self._age[need.person]]
        return self._per_day[need.urgency] * factor

    def at(self, need: Need, since: float) -> float:
        """Return when a need gets worse that has been as urgent as it is since a minute; inf for never."""
        hazard = self.hazard(need)
        if hazard <= 0:
            return math.inf
        return self.safe_by(need, since) + exponential(DAY / hazard, need.luck.u(_WORSENS))

    def safe_by(self, need: Need, since: float) -> float:
        """Return by when it is safe to see to a need that has been as urgent as it is since a minute."""
        if need.urgency == AN_EMERGENCY:
            return since + self._emergency_min
        days = self._today_days if need.urgency == URGENT else self._days
        return (day_of(since) + days + 1) * DAY
