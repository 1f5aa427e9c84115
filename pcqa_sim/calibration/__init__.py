"""Calibration: declared targets, the moves that bring settings towards them, and the table of both side by side."""

from __future__ import annotations

from pcqa_sim.calibration.fitting import fit
from pcqa_sim.calibration.mornings import MOVES
from pcqa_sim.calibration.targets import Targets, read_targets, table
from pcqa_sim.calibration.writing import write_fitted

__all__ = ["MOVES", "Targets", "fit", "read_targets", "table", "write_fitted"]
