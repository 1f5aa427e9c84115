"""Interventions: one class and one YAML file each, in a closed registry."""

from __future__ import annotations

from collections.abc import Iterable

from pcqa_sim.interventions.base import Intervention, describe, flat
from pcqa_sim.interventions.more_call_handlers import MoreCallHandlers
from pcqa_sim.interventions.more_on_the_day_slots import MoreOnTheDaySlots
from pcqa_sim.interventions.more_phone_lines import MorePhoneLines
from pcqa_sim.scenario import Scenario

INTERVENTIONS: dict[str, type[Intervention]] = {
    "more_call_handlers": MoreCallHandlers,
    "more_on_the_day_slots": MoreOnTheDaySlots,
    "more_phone_lines": MorePhoneLines,
}


def apply_all(scenario: Scenario, interventions: Iterable[Intervention]) -> Scenario:
    """Return the scenario with interventions applied from left to right."""
    for intervention in interventions:
        scenario = intervention.apply(scenario)
    return scenario


__all__ = ["INTERVENTIONS", "Intervention", "apply_all", "describe", "flat"]
