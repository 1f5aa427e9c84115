"""Nobody flagged as urgent is told to call another day, in any practice with any access model."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from shortruns import composed

from pcqa_sim import simulate
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import BOOKED_TODAY, CALL_ANOTHER_DAY, LEVELS, SENT_ON, TODAY, URGENT

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


def _nobody_flagged_is_refused(practice: str, model: str) -> Run:
    run = simulate(composed(f"practice={practice}", f"triage={model}", *SHORT))
    decided = _decided(run)
    flagged = [code for code, is_flagged, _ in decided if is_flagged]
    assert len(flagged) > 15
    assert all(code == BOOKED_TODAY or code.startswith(SENT_ON) for code in flagged)
    told = {urgent: [code == CALL_ANOTHER_DAY for code, _, one in decided if one is urgent] for urgent in (True, False)}
    assert sum(told[True]) <= 0.3 * len(told[True]), "those missed"
    return run


@pytest.mark.parametrize(("practice", "model"), [*zip(PRACTICES, MODELS, strict=True)])
def test_nobody_flagged_is_told_to_call_another_day(practice: str, model: str) -> None:
    _nobody_flagged_is_refused(practice, model)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_what_can_wait_is_refused_most_and_nobody_flagged_anywhere(model: str) -> None:
    """Every shipped practice with every model; by kind of need on first request, of all practices together."""
    told, there = Counter[str](), Counter[str]()
    for practice in PRACTICES:
        run = _nobody_flagged_is_refused(practice, model)
        decided = run.counted["practice"].decisions
        _, first = np.unique(decided["need"], return_index=True)
        decided = decided.where(np.sort(first))
        refused = decided.words("disposition") == CALL_ANOTHER_DAY
        for name, here in {"urgent": decided["urgency"] >= URGENT, "waits": decided["urgency"] < URGENT}.items():
            told[name] += int((refused & here).sum())
            there[name] += int(here.sum())
        for chosen, mark in ((refused | ~refused, ""), (decided["urgency"] >= URGENT, ", urgent")):
            told.update(kind + mark for kind in decided.words("kind")[refused & chosen].tolist())
            there.update(kind + mark for kind in decided.words("kind")[chosen].tolist())
    assert there["urgent"] > 150
    assert told["urgent"] / there["urgent"] <= told["waits"] / there["waits"]
    for kind in ("acute_urgent", "child_health", "frailty_crisis"):
        # With GPs on the phone first, those of a kind that can wait are told so as others are: in 30 runs 3.8 in 100
        # crises of frailty (5 of 131, each could wait some days) beside 3.3 in 100 minor illnesses.
        for mark in (", urgent",) if model == "gp_phone_first" else ("", ", urgent"):
            mine = told[kind + mark] / there[kind + mark]
            assert mine <= told["acute_minor"] / there["acute_minor"], (kind + mark, told, there)


def _told_at_first(practice: str, model: str, replications: int) -> dict[str, tuple[int, int]]:
    """Of first decisions about needs: how many were told to call another day, and how many there were, by group."""
    count: dict[str, tuple[int, int]] = {}
    overrides = f"practice={practice}", f"triage={model}", *SHORT, "practice.list_size=5000", "run.measured_weeks=4"
    for replication in range(replications):
        decided = simulate(composed(*overrides), replication=replication).counted["practice"].decisions
        _, first = np.unique(decided["need"], return_index=True)
        decided = decided.where(np.sort(first))
        kind, told = decided.words("kind"), decided.words("disposition") == CALL_ANOTHER_DAY
        urgent = decided["urgency"] >= URGENT  # some needs of every kind can wait
        groups = {name: urgent & (kind == name) for name in ("acute_urgent", "child_health", "frailty_crisis")}
        groups |= {"urgent": urgent, "flagged": decided["flagged"] > 0, "acute_minor": kind == "acute_minor"}
        for name, here in groups.items():
            above, below = count.get(name, (0, 0))
            count[name] = above + int((told & here).sum()), below + int(here.sum())
    return count


@pytest.mark.slow
@pytest.mark.parametrize("practice", ["average", "rural_older", "student", "urban_deprived"])
def test_what_can_wait_is_refused_most(practice: str) -> None:
    """On first request minor illness is told to call another day more often than anything urgent."""
    count = _told_at_first(practice, "reception_led", 4)
    share = {name: above / below for name, (above, below) in count.items()}
    assert count["flagged"][0] == 0
    assert share["acute_minor"] > 0.015
    assert share["urgent"] < 0.4 * share["acute_minor"], share
    assert max(share[name] for name in ("acute_urgent", "child_health", "frailty_crisis")) < share["acute_minor"], share


def test_whom_a_clinician_is_asked_about_is_not_refused_for_want_of_a_good_ear() -> None:
    """Where reception asks about nobody, more of the urgent are told to call another day; the people are the same."""
    settings = "practice=urban_deprived", *SHORT, "practice.list_size=3000"
    told = []
    for asks in ("null", "{role: gp, share: 1.0, minutes: 2}"):
        decided = _decided(simulate(composed(*settings, f"triage.asks_clinician={asks}")))
        told.append(sum(code == CALL_ANOTHER_DAY for code, _, urgent in decided if urgent))
    assert told[1] < told[0]
