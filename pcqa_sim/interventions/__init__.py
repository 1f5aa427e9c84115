"""Interventions: one class in a file here, or in a plug-in, and one YAML each; often a YAML of `adjust` will do."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from pcqa_sim.interventions.base import Intervention, describe, flat
from pcqa_sim.scenario import Scenario
from pcqa_sim.values.doors import Door


def _inside(module: ModuleType) -> Iterator[tuple[str, type[Intervention]]]:
    """Yield the classes of a module that are interventions with a `kind`; what others are made from has none."""
    for made in list(vars(module).values()):
        if inspect.isclass(made) and issubclass(made, Intervention) and made.__module__ == module.__name__:
            kind = made.model_fields["kind"].default
            if isinstance(kind, str):
                yield kind, made


def _flaws(made: Any) -> Iterator[str]:
    """Yield in words what keeps a class from being an intervention."""
    lacking = sorted(getattr(made, "__abstractmethods__", ()))
    if lacking:
        yield f"needs {', '.join(lacking)}: change(self, practice) returns a Practice, zero(cls) one without effect"
        return
    taken = list(inspect.signature(made.change).parameters)
    if taken != ["self", "practice"]:
        yield f"change takes (self, practice), not ({', '.join(taken)})"
    try:
        if not isinstance(made.zero(), made):
            yield "zero() returns this intervention at the strength at which it does nothing"
    except Exception as fault:
        yield f"zero() fails: {type(fault).__name__}: {fault}"


INTERVENTIONS: Door[type[Intervention]] = Door("intervention", "intervention", _inside, _flaws)


def apply_all(scenario: Scenario, interventions: Iterable[Intervention]) -> Scenario:
    """Return the scenario with interventions applied from left to right."""
    for intervention in interventions:
        scenario = intervention.apply(scenario)
    return scenario


__all__ = ["INTERVENTIONS", "Intervention", "apply_all", "describe", "flat"]
