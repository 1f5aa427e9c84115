"""Assumptions drawn from ranges around their values, all at once, so that an answer can be asked for again with them.

What the practice says of itself, its staff, rota and diary, is a choice and stays; so do shares that must sum to 1,
since they cannot be drawn one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pcqa_sim.configuration.showing import Shown, assumed
from pcqa_sim.configuration.sweeping import Composer
from pcqa_sim.configuration.trying import Choice
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.luck import stream

CHOSEN = ("run.", "calendar.", "intervention.", "practice.", "rota.", "network.", "appointments.releases.")
"""What the keys of settings begin with that are a practice's choice, or that of whoever asks."""
_DRAW = "drawn assumptions"


class DrawnAssumptions:
    """The scenarios of some interventions with every assumption drawn between its value less and more a share of it.

    The draws of a seed are always the same, whatever is asked for first.
    """

    def __init__(self, choice: Choice, shown: Shown, spread: float) -> None:
        self._choice, self._spread = choice, spread
        settings = [one for one in assumed(shown) if _movable(one.key, one.value)]
        self._values = {one.key: float(str(one.value)) for one in settings}
        self._shares = {one.key for one in settings if one.unit.startswith("share") and float(str(one.value)) <= 1}
        self._whole = {one.key for one in settings if isinstance(one.value, int)}
        self._composers: dict[str, Composer] = {}

    @property
    def many(self) -> int:
        """Return how many assumptions are drawn."""
        return len(self._values)

    def scenarios(self, draw: int, names: Sequence[str]) -> dict[str, Scenario]:
        """Return the scenarios of some interventions ("nothing" for none) with the assumptions of a draw.

        What cannot be drawn, because settings would no longer fit together, is left as it is from then on.
        """
        while True:
            try:
                return {name: self._scenario(draw, name) for name in names}
            except BadInput as bad:
                self._leave([fault.where for fault in bad.faults])

    def _scenario(self, draw: int, name: str) -> Scenario:
        option = self._choice.options.get(name)
        if name not in self._composers:
            self._composers[name] = Composer(self._choice.texts([name] if option else []))
        own = {
            f"intervention.{name}.{one.name}": one.value
            for one in (option.numbers if option else ())
            if isinstance(one.value, float) and one.source.startswith("assumption")
        }
        shares = self._shares | {key for key, value in own.items() if value <= 1}
        texts = [
            f"{key}={self._drawn(draw, key, value, key in shares, key in self._whole)}"
            for key, value in (self._values | own).items()
        ]
        return with_settings(self._composers[name].scenario(texts), {"run.seed": self._choice.base.run.seed})

    def _drawn(self, draw: int, key: str, value: float, share: bool, whole: bool) -> str:
        place = 2 * float(stream(self._choice.base.run.seed, draw, f"{_DRAW} {key}").random()) - 1
        moved = value * (1 + place * self._spread)
        if whole:
            return str(round(moved))
        return f"{min(1.0, moved) if share else moved:.6g}"

    def _leave(self, places: Sequence[str]) -> None:
        """Take out what a fault is about: the setting, what stands right beneath it, or the shares one further down."""
        before = len(self._values)
        for place in places:
            self._values = _without(self._values, place.rpartition(": ")[2])
        if len(self._values) == before:  # what is at fault was not drawn: then what stands beside it was
            for place in places:
                beside = place.rpartition(": ")[2].partition(".")[0] + "."
                self._values = {key: value for key, value in self._values.items() if not key.startswith(beside)}
        if len(self._values) == before:
            raise RuntimeError(f"drawn assumptions do not fit together: {places[0]}")


def _without(values: Mapping[str, float], place: str) -> dict[str, float]:
    beneath = [key for key in values if key == place or key.rpartition(".")[0] == place]
    if not beneath:
        inside = place + "."
        deeper = [key for key in values if key.startswith(inside)]
        beneath = [key for key in deeper if key.endswith(".share")] or deeper
    return {key: value for key, value in values.items() if key not in beneath}


def _movable(key: str, value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and value != 0
    return number and ":" not in key and not key.startswith(CHOSEN)
