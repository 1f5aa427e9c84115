"""Figures, drawn from results and never from a running simulation."""

from __future__ import annotations

from pcqa_sim.results.figures.appointments import appointments_figure
from pcqa_sim.results.figures.experiments import dots_figure, lines_figure, threshold_figure, ways_figure, weeks_figure
from pcqa_sim.results.figures.results import comparison_figure, morning_figure
from pcqa_sim.results.figures.rosters import roster_figure
from pcqa_sim.results.figures.studies import frontier_figure, influence_figure, size_figure, surface_figure
from pcqa_sim.results.figures.system_map import system_map_figure

__all__ = [
    "appointments_figure",
    "comparison_figure",
    "dots_figure",
    "frontier_figure",
    "influence_figure",
    "lines_figure",
    "morning_figure",
    "roster_figure",
    "size_figure",
    "surface_figure",
    "system_map_figure",
    "threshold_figure",
    "ways_figure",
    "weeks_figure",
]
