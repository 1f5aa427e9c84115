"""The access model that a practice's own file chooses: `triage: total_digital`, or `model` beside what else it says.

What is chosen there comes before experiments and the command line, as all that a practice's file says does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.values.faults import Fault, nearest

TRIAGE, MODEL = "triage", "model"
KEY = f"{TRIAGE}.{MODEL}"


def model_in(root: Mapping[str, Any]) -> Any:
    """Return what a practice's file chooses as its access model, None where it chooses none."""
    said = root.get(TRIAGE)
    return said.get(MODEL) if isinstance(said, dict) else said


def choice_in(root: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the choice of a practice's file as an entry of a list of defaults, [] where it chooses none."""
    model = model_in(root)
    return [{f"override /{TRIAGE}@_global_.{TRIAGE}": model}] if isinstance(model, str) else []


def besides(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a practice's file holds besides its choice; in notes, too."""
    found = dict(values)
    said = found.get(TRIAGE)
    if isinstance(said, dict):
        found[TRIAGE] = {key: inside for key, inside in said.items() if key != MODEL}
    elif said is not None:
        del found[TRIAGE]
    return found


def faults_of_choice(name: str, root: Mapping[str, Any], known: tuple[str, ...], line: int | None) -> Iterator[Fault]:
    """Find a choice that there is none of."""
    model = model_in(root)
    if model is None or model in known:
        return
    where = f"{name} line {line}, {TRIAGE}" if line else f"{name} {TRIAGE}"
    if isinstance(model, str):
        yield Fault(where, f"must be one of: {', '.join(known)}", written(model), nearest(model, known))
    else:
        yield Fault(where, f"must be the name of an access model: {', '.join(known)}", written(model))
