"""The seam of the kernel: SimPy where the model is interpreted, clockwork.py's with the same names where compiled.

Whatever waits imports `Environment` and `Event` from here. This module is never compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcqa_sim.values.form import COMPILED, form

if TYPE_CHECKING or form() == COMPILED:
    from pcqa_sim.kernel.clockwork import Environment, Event
else:
    from simpy import Environment, Event

__all__ = ["Environment", "Event"]
