"""Triage models: one class in a file here, or in a plug-in, and one YAML file each."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, cast, get_type_hints

from pcqa_sim.frontdoor.triage.policy import Own, Triage
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.scenario.groups.triage import PARTS
from pcqa_sim.values.doors import Door
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.needs import Disposition

Maker = Callable[[TriageSettings], Triage]
"""What makes a model from the triage settings of a practice: its class."""


def _inside(module: ModuleType) -> Iterator[tuple[str, Maker]]:
    """Yield the classes of a module that have a `kind` of their own."""
    for made in list(vars(module).values()):
        kind = vars(made).get("kind") if inspect.isclass(made) and made.__module__ == module.__name__ else None
        if isinstance(kind, str):
            yield kind, cast(Maker, made)


def flaws(made: Any) -> Iterator[str]:
    """Yield in words what keeps a class, or an object, from being a triage model."""
    if not isinstance(getattr(made, "decider", None), str):
        yield "needs `decider`, who decides in the event log, as text: for example 'call_handler'"
    decide = getattr(made, "decide", None)
    if not callable(decide):
        yield "needs a method decide(self, contact, now, luck) that returns a Disposition"
        return
    try:
        taken = [name for name in inspect.signature(decide).parameters if name != "self"]
    except ValueError:  # compiled, and so one of ours, which it extends
        taken = ["contact", "now", "luck"]
    if taken != ["contact", "now", "luck"]:
        yield f"decide takes (self, contact, now, luck), not (self, {', '.join(taken)})"
    if _hint(decide) not in (None, Disposition):
        yield "decide returns a Disposition"
    if wrong := [name for name in getattr(made, "needs", ()) if name not in PARTS]:
        yield f"`needs` names groups of triage settings, {', '.join(PARTS)}: not {', '.join(wrong)}"
    for name, ends in getattr(made, "numbers", {}).items():
        if len(ends) != 2 or not ends[0] <= ends[1]:
            yield f"`numbers` gives each its least and its most, as in {{'{name}': (0, 1)}}"


def _hint(decide: Any) -> object:
    """Return what a function says that it returns, None where it says nothing that can be looked up."""
    try:
        return get_type_hints(decide).get("return")
    except NameError:
        return None


TRIAGE: Door[Maker] = Door("triage", "triage model", _inside, flaws)


def model_of(settings: TriageSettings) -> Triage:
    """Return the model that triage settings choose, made of them."""
    model: Any = TRIAGE[settings.kind](settings)
    return model if isinstance(model, Triage) else Own(model)


class _Lent:
    """A model of this session as settings and practices ask for it: with the attributes of its class."""

    def __init__(self, given: Triage | Maker) -> None:
        self._given = given
        self.needs: tuple[str, ...] = tuple(getattr(given, "needs", ()))
        self.numbers: dict[str, tuple[float, float]] = dict(getattr(given, "numbers", {})) if _makes(given) else {}

    def __call__(self, settings: TriageSettings) -> Triage:
        """Return the model: the object that was given, for every practice and every run, or a new one of the class."""
        given: Any = self._given
        return cast(Triage, given(settings) if _makes(given) else given)


def with_triage(scenario: Scenario, given: Triage | Maker) -> Scenario:
    """Return a scenario in which a class or an object decides, in every practice and all weeks; its settings stay.

    A class of the package or of a plug-in is known by its `kind`. Any other is known in this process alone, by a name
    with a digest of its code (and of an object's state). Raises BadInput for what is no triage model.
    """
    kind = next((name for name, made in TRIAGE.items() if made is given), "") or _lent(given)
    return scenario.changed(lambda practice: with_settings(practice, {"triage.kind": kind}))


def _lent(given: Triage | Maker) -> str:
    """Let a model of this session be known; return its name."""
    made = given if _makes(given) else type(given)
    title = getattr(made, "__name__", "model")
    if wrong := list(flaws(given)):
        raise BadInput(Fault(f"triage model {title}", rule) for rule in wrong)
    state = "" if _makes(given) else repr(sorted(vars(given).items(), key=lambda pair: pair[0]))
    checksum = hashlib.sha256((_source_of(made) + state).encode()).hexdigest()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", title).lower()
    kind = f"{re.sub('[^a-z0-9_]', '', words).strip('_0123456789')[:30] or 'model'}_{checksum[:8]}"
    TRIAGE.lend(kind, _Lent(given), checksum)
    return kind


def _makes(given: object) -> bool:
    return inspect.isclass(given)


def _source_of(made: Any) -> str:
    """Return the text of a class with those it extends, or, where no file has it, the code of its methods."""
    found = []
    for one in inspect.getmro(made)[:-1]:
        try:
            found.append(inspect.getsource(one))
        except (OSError, TypeError):
            codes = [(name, getattr(method, "__code__", None)) for name, method in sorted(vars(one).items())]
            found += [f"{name} {code.co_code.hex()} {code.co_consts}" for name, code in codes if code is not None]
    return "\n".join(found)


__all__ = ["TRIAGE", "Maker", "flaws", "model_of", "with_triage"]
