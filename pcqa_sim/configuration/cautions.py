"""What is allowed but wants a word of caution before anything is run: each is logged once, in one line."""

from __future__ import annotations

import logging

from pcqa_sim.scenario import Scenario
from pcqa_sim.scenario.stability import warning

_log = logging.getLogger(__name__)
_told: set[str] = set()


def caution(scenario: Scenario) -> None:
    """Log what of a scenario's settings may not hold, unless this process has said it before."""
    for key, practice in scenario.practices.items():
        line = warning(practice)
        if line and line not in _told:
            _told.add(line)
            _log.warning("%s%s", f"{key}: " if len(scenario.practices) > 1 else "", line)
