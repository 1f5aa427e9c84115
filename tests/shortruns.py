"""Scenarios and runs that many tests share, made once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from pcqa_sim import load_scenario, simulate
from pcqa_sim.run import Run
from pcqa_sim.scenario import Scenario

NO_USER_SETTINGS = Path(tempfile.mkdtemp(prefix="pcqa-no-settings-"))


@cache
def composed(*overrides: str) -> Scenario:
    """A scenario of the shipped settings alone, composed once a session."""
    return load_scenario(*overrides, user_folder=NO_USER_SETTINGS)


@cache
def run_of(*overrides: str) -> Run:
    """A run, made once a session."""
    return simulate(composed(*overrides))
