"""Nobody flagged as urgent is told to call another day, in any practice with any access model."""

from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import BOOKED_TODAY, CALL_ANOTHER_DAY, LEVELS, SENT_ON, TODAY

PRACTICES = ("average", "flood_8am", "rural_older", "small", "student", "suburban", "urban_deprived")
MODELS = (
    "reception_led", "care_navigation", "duty_team", "open_access", "gp_phone_first", "nurse_triage", "total_digital",
)  # fmt: skip
SHORT = ("practice.list_size=1200", "run.warm_up_weeks=0", "run.measured_weeks=2")


def _decided(run: Run) -> list[tuple[str, bool, bool]]:
    """Each decision: what it was, whether the need was flagged, and whether it was urgent."""
    tables = run.counted["practice"].tables
    arose, decided, flagged = (tables.rows(event) for event in (log.NEED_AROSE, log.DECIDED, log.FLAGGED))
    urgent = set(arose.need[arose.amount >= LEVELS.index(TODAY)].tolist())
    of_flagged = set(flagged.key.tolist())
    rows = zip(decided.code.tolist(), decided.key.tolist(), decided.need.tolist(), strict=True)
    return [(code, key in of_flagged, need in urgent) for code, key, need in rows]


def _nobody_flagged_is_refused(practice: str, model: str) -> None:
    decided = _decided(simulate(composed(f"practice={practice}", f"triage={model}", *SHORT)))
    flagged = [code for code, is_flagged, _ in decided if is_flagged]
    assert len(flagged) > 15
    assert all(code == BOOKED_TODAY or code.startswith(SENT_ON) for code in flagged)
    told = {urgent: [code == CALL_ANOTHER_DAY for code, _, one in decided if one is urgent] for urgent in (True, False)}
    assert sum(told[True]) <= 0.3 * len(told[True]), "those missed"


@pytest.mark.parametrize(("practice", "model"), [*zip(PRACTICES, MODELS, strict=True)])
def test_nobody_flagged_is_told_to_call_another_day(practice: str, model: str) -> None:
    _nobody_flagged_is_refused(practice, model)


@pytest.mark.slow
@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("model", MODELS)
def test_nobody_flagged_is_told_to_call_another_day_anywhere(practice: str, model: str) -> None:
    _nobody_flagged_is_refused(practice, model)


@pytest.mark.slow
def test_what_can_wait_is_refused_most() -> None:
    """Where the day is full, minor illness is told to call another day rather than urgent illness or a crisis."""
    run = simulate(composed("practice=urban_deprived", *SHORT, "practice.list_size=5000", "run.measured_weeks=4"))
    share = {
        kind: run.value("refused_share", f"kind={kind}") for kind in ("acute_minor", "acute_urgent", "child_health")
    }
    assert share["acute_minor"] > 0.02
    assert max(share["acute_urgent"], share["child_health"]) < share["acute_minor"], share
