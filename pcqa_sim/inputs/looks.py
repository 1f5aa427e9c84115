"""All that exports can be looked at for: whoever imports this knows every kind of file."""

from __future__ import annotations

from pcqa_sim.inputs import looking_at_appointments, looking_at_calls, tallying
from pcqa_sim.inputs.looking import kinds, look

__all__ = ["MODULES", "kinds", "look"]
MODULES = (looking_at_appointments, looking_at_calls, tallying)
"""Modules that say what files of some kinds say."""
