"""A practice's file from what somebody said of it, as `pcqa practice new` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_practice(path: Path, title: str, said: Mapping[str, Any], base: str, settings: Path | None = None) -> None:
    """Write a practice's file, with what its team asks for besides; `settings` is the folder of own settings."""
    from pcqa_sim.configuration import load_scenario
    from pcqa_sim.inputs.own_form import form_text
    from pcqa_sim.inputs.own_team import whole_team, why_filled
    from pcqa_sim.inputs.practice_file import write_whole

    usual = next(iter(load_scenario(f"practice={base}", user_folder=settings).practices.values()))
    named = next(iter(load_scenario("experiment=named_roles", user_folder=settings).practices.values()))
    roles = dict(named.role) | dict(usual.role)
    team = whole_team(dict(said), roles, usual.role, said.get("list_size", usual.list_size))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, form_text(title, team, base, why_filled(dict(said), team)))
