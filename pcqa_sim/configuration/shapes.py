"""The settings as a user writes them, as one model, and what its schema says about each key.

A user writes `phones.lines` and `practice.name`; the tree holds `practices[key].phones.lines` and
`practices[key].name`. `root_model` is the first of the two, made from the second, so that a group or a setting
added to the tree is known here without a word.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, Field, create_model

from pcqa_sim.scenario import PRACTICE_GROUPS, Practice, Scenario
from pcqa_sim.scenario.fields import MOST_WEEKS, AtLeastOne, Key, Settings
from pcqa_sim.scenario.groups import PracticeProfile
from pcqa_sim.scenario.shapes import Shapes

_MADE_HERE = ("practices", "phases", "interventions", "network")


class PhaseRequest(Settings):
    """Overrides that hold from a week on."""

    from_week: AtLeastOne = Field(le=MOST_WEEKS, description="week of the run, counted from 0")
    overrides: tuple[str, ...] = Field(min_length=1, description="overrides, as on the command line")
    only: tuple[Key, ...] = Field(default=(), description="practices it applies to; empty for all")


class Members(Settings):
    """The practices of a network, each with its own overrides."""

    members: dict[Key, tuple[str, ...]] = Field(default={}, max_length=1000, description="overrides by practice")


class Plan(Settings):
    """Which practices there are, and what changes during the run."""

    network: Members = Members()
    phases: tuple[PhaseRequest, ...] = Field(default=(), max_length=100)


@cache
def root_model() -> type[Settings]:
    """Return the model of the settings as a user writes them, one field a group."""
    network = Scenario.model_fields.get("network")
    fields: dict[str, Any] = {name: _field(Scenario, name) for name in whole_groups()}
    fields |= {name: _field(Practice, name) for name in PRACTICE_GROUPS}
    fields["practice"] = (PracticeProfile, ...)
    fields["network"] = (Members if network is None else _with_members(network.annotation), Members())
    fields["phases"] = (tuple[PhaseRequest, ...], Field(default=(), max_length=100))
    fields["intervention"] = (dict[str, Any] | None, None)
    model: type[Settings] = create_model("Root", __base__=Settings, **fields)
    return model


def whole_groups() -> tuple[str, ...]:
    """Return the groups that belong to the whole scenario and not to a practice."""
    return tuple(name for name in Scenario.model_fields if name not in _MADE_HERE)


def _field(model: type[BaseModel], name: str) -> tuple[Any, Any]:
    return (model.model_fields[name].annotation, model.model_fields[name])


def _with_members(network: Any) -> Any:
    """Return the network's own settings with `members` beside them."""
    return create_model("NetworkAndMembers", __base__=network, members=_field(Members, "members"))


@cache
def root_shapes() -> Shapes:
    """Return the shapes of the settings as a user writes them."""
    return Shapes(root_model())
