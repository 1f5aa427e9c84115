"""Without missed appointments, feedback and queues the model is arithmetic: minutes a request = shares x minutes.

Both sides are computed here: one from the settings, kind by kind and role by role; the other from the log of a run.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.checks import roles_in
from pcqa_sim.values.needs import NO_NEXT_STEP, SELF_TREATED, WENT_ELSEWHERE
from pcqa_sim.values.words import GP

SEEN = "face_to_face"


def plain_world(*more: str) -> Scenario:
    """Everybody is seen face to face, at once, resolved, and heard of no more."""
    weeks = ("run.warm_up_weeks=0", "run.measured_weeks=8")
    return composed("experiment=arithmetic", "practice=small", *weeks, *more)


def shares_of(practice: Practice, kind: str) -> dict[str, float]:
    """The share of requests of a kind that goes to each role, of those that end with a next step."""
    row = practice.triage.places[kind]
    return {role: share / (1 - row.get(NO_NEXT_STEP, 0.0)) for role, share in roles_in(row).items() if share > 0}


def brought_in(shares: dict[str, float], to_gp: float | None) -> dict[str, float]:
    """To whom clinician triage passes people: a share to a GP, the others as the row sends them."""
    if to_gp is None or GP not in shares or len(shares) == 1:
        return {role: share / sum(shares.values()) for role, share in shares.items()}
    others = sum(shares.values()) - shares[GP]
    return {role: to_gp if role == GP else (1 - to_gp) * share / others for role, share in shares.items()}


def expected(practice: Practice, kind: str) -> dict[str, float]:
    """Clinician minutes of one request of a kind, by role: the sum over dispositions of share x minutes."""
    shares, look = shares_of(practice, kind), practice.triage.clinician_triage
    minutes = {role: practice.role[role].consultation_min[SEEN] for role in shares}  # type: ignore[index]
    factor = practice.demand.kinds[kind].minutes_factor
    if look is None or (look.applies_to == "clinical" and practice.demand.kinds[kind].administrative):
        return {role: share * minutes[role] * factor for role, share in shares.items()}
    looked_at = sum(shares.values())  # reception does the rest as before; of these some are brought in
    passed_on = looked_at * (1 - look.settled_share.get(kind, 0.0))
    to_whom = brought_in(shares, look.to_gp_share)
    found = {role: passed_on * share * minutes[role] * factor for role, share in to_whom.items()}
    return found | {look.role: found.get(look.role, 0.0) + looked_at * look.mean_min}


@pytest.mark.slow
@pytest.mark.parametrize("model", ["reception_led", "gp_phone_first", "nurse_triage"])
def test_clinician_minutes_of_a_request_are_shares_times_minutes(model: str) -> None:
    clinical = [] if model == "reception_led" else ["triage.clinician_triage.applies_to=clinical"]
    scenario = plain_world(f"triage={model}", *clinical)
    practice = scenario.practices["practice"]
    run = simulate(scenario)
    over = run.needs[run.needs["ending"].isin(("resolved", SELF_TREATED, *WENT_ELSEWHERE))]
    assert len(over) > 0.97 * len(run.needs) > 1500
    seen = run.contacts[run.contacts["consult_min"].notna()].assign(role=lambda f: f["clinician"].str.partition(".")[0])
    assert not run.contacts["failure"].any()
    for role in sorted(practice.role):
        per_need = seen[seen["role"] == role].groupby("need")["consult_min"].sum()
        minutes = per_need.reindex(over.index).fillna(0.0).to_numpy()
        predicted = np.array([expected(practice, kind).get(role, 0.0) for kind in over["kind"]])
        residual = minutes - predicted
        error = residual.std(ddof=1) / np.sqrt(len(residual))
        assert abs(residual.mean()) <= 4 * error, (role, minutes.mean(), predicted.mean(), error)


@pytest.fixture(scope="module")
def drawn() -> ModuleType:
    """The experiment that draws the boundary."""
    path = Path(__file__).resolve().parents[1] / "experiments" / "triage_boundary.py"
    spec = importlib.util.spec_from_file_location("triage_boundary", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("comes_back", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("settled", [0.1, 0.5, 0.9])
def test_on_the_boundary_gp_minutes_are_those_of_reception_led_access(
    drawn: ModuleType, settled: float, comes_back: float
) -> None:
    mix = drawn.mix_of(composed().practices["practice"])
    look = drawn.boundary(mix, settled, comes_back)
    assert drawn.gp_minutes(mix, look, settled, comes_back) == pytest.approx(mix.gp_share_min)


@pytest.mark.slow
def test_the_simulation_is_on_the_side_of_the_boundary_that_arithmetic_says(drawn: ModuleType) -> None:
    mix = drawn.mix_of(composed().practices["practice"])
    look = drawn.boundary(mix, 0.6, 0.1)
    assert drawn.simulated(look - 0.8, 0.6, 0.1) < 0
    assert drawn.simulated(look + 0.8, 0.6, 0.1) > 0
