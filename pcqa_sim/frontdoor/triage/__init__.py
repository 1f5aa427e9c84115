"""Triage models: one class in a file here, or in a plug-in, and one YAML file each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, cast, get_type_hints

from pcqa_sim.frontdoor.triage.policy import Triage
from pcqa_sim.scenario.groups import Triage as TriageSettings
from pcqa_sim.scenario.groups.triage import PARTS
from pcqa_sim.values.doors import Door
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
    taken = [name for name in inspect.signature(decide).parameters if name != "self"]
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

__all__ = ["TRIAGE", "Maker", "flaws"]
