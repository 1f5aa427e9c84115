"""pcqa_sim: a discrete-event simulation of English general practice.

`load_scenario("practice=small", ...)` composes a scenario, `simulate(scenario)` runs it once, `replicate(scenario)`
several times, `compare(base, {"name": other})` in pairs. What `dir(pcqa_sim)` shows is public: it changes only with a
word in the changelog. Everything else is in the modules named by the map in DESIGN.md, and may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcqa_sim.values.form import choose

choose()

__version__ = "0.2.0"
__all__ = ["Scenario", "__version__", "compare", "load_scenario", "replicate", "simulate"]

if TYPE_CHECKING:
    from pcqa_sim.configuration import load_scenario
    from pcqa_sim.results.run import simulate
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.methods.pair import compare
    from pcqa_sim.study.methods.replicate import replicate

_HOMES = {
    "Scenario": "pcqa_sim.scenario",
    "load_scenario": "pcqa_sim.configuration",
    "compare": "pcqa_sim.study.methods.pair",
    "replicate": "pcqa_sim.study.methods.replicate",
    "simulate": "pcqa_sim.results.run",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `pcqa --help` need not wait for it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'pcqa_sim' has no attribute {name!r}")
    import gc
    from importlib import import_module

    collects = gc.isenabled()
    gc.disable()  # what is imported stays: looking through it again and again takes a tenth
    try:
        return getattr(import_module(_HOMES[name]), name)
    finally:
        if collects:
            gc.enable()


def __dir__() -> list[str]:
    """Return the public names alone."""
    return list(__all__)
