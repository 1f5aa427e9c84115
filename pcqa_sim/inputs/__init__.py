"""Readers of published files: what a practice's own figures make of the average practice."""

from __future__ import annotations

from pcqa_sim.inputs.bands import fitted_lengths, share_within
from pcqa_sim.inputs.demand_level import FittedLevel, fit_demand_level
from pcqa_sim.inputs.imports import Imported, import_register, import_telephony
from pcqa_sim.inputs.national import mean_weekday_calls
from pcqa_sim.inputs.practice_file import default_user_folder
from pcqa_sim.inputs.register import RegisterCount, read_register
from pcqa_sim.inputs.telephony import TelephonyDay, read_telephony, reconcile

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
