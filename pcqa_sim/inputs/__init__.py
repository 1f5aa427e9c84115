"""Readers of published files: what a practice's own figures make of the average practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pcqa_sim.inputs.bands import fitted_lengths, share_within
    from pcqa_sim.inputs.demand_level import FittedLevel, fit_demand_level
    from pcqa_sim.inputs.imports import Imported, import_register, import_telephony
    from pcqa_sim.inputs.national import mean_weekday_calls
    from pcqa_sim.inputs.practice_file import default_user_folder
    from pcqa_sim.inputs.register import RegisterCount, read_register
    from pcqa_sim.inputs.telephony import TelephonyDay, read_telephony, reconcile

_HOMES = {
    "fitted_lengths": "pcqa_sim.inputs.bands",
    "share_within": "pcqa_sim.inputs.bands",
    "FittedLevel": "pcqa_sim.inputs.demand_level",
    "fit_demand_level": "pcqa_sim.inputs.demand_level",
    "Imported": "pcqa_sim.inputs.imports",
    "import_register": "pcqa_sim.inputs.imports",
    "import_telephony": "pcqa_sim.inputs.imports",
    "mean_weekday_calls": "pcqa_sim.inputs.national",
    "default_user_folder": "pcqa_sim.inputs.practice_file",
    "RegisterCount": "pcqa_sim.inputs.register",
    "read_register": "pcqa_sim.inputs.register",
    "TelephonyDay": "pcqa_sim.inputs.telephony",
    "read_telephony": "pcqa_sim.inputs.telephony",
    "reconcile": "pcqa_sim.inputs.telephony",
}

__all__ = [
    "FittedLevel",
    "Imported",
    "RegisterCount",
    "TelephonyDay",
    "default_user_folder",
    "fit_demand_level",
    "fitted_lengths",
    "import_register",
    "import_telephony",
    "mean_weekday_calls",
    "read_register",
    "read_telephony",
    "reconcile",
    "share_within",
]


def __getattr__(name: str) -> Any:
    """Import a reader when it is first used: an answer in sentences needs one line of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pcqa_sim.inputs' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
