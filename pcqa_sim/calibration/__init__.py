"""Calibration: declared targets, the moves that bring settings towards them, and the table of both side by side."""

from __future__ import annotations

from pcqa_sim.calibration.adjustments import MOVES
from pcqa_sim.calibration.fitting import Round, fit, measure
from pcqa_sim.calibration.targets import Target, Targets, read_targets, table
from pcqa_sim.calibration.writing import write_fitted

__all__ = ["MOVES", "Round", "Target", "Targets", "fit", "measure", "read_targets", "table", "write_fitted"]
