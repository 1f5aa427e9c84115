from __future__ import annotations

import pytest
from shortruns import composed

from pcqa_sim.report.staffcost import WEEKS_A_YEAR, staff_gbp_a_year

PLAIN = ("practice=small", "run=quick")
AWAY = (1 - 0.14) * (1 - 0.045)


def more(*overrides: str) -> dict[str, float]:
    before, after = (staff_gbp_a_year(composed(*PLAIN, *texts).practices["practice"]) for texts in ((), overrides))
    return {payer: after[payer] - before[payer] for payer in after}


def test_a_session_costs_its_hours() -> None:
    """Two half days of 4 h 10 by a GP at £144 an hour, less leave and sickness."""
    found = more("intervention=[add_session]")
    assert found["practice"] == pytest.approx(2 * 25 / 6 * 144 * AWAY * WEEKS_A_YEAR)
    assert found["network"] == 0


def test_the_network_pays_for_its_own() -> None:
    found = more("intervention=[add_session]", "intervention.add_session.role=pharmacist")
    assert found["practice"] == 0
    assert found["network"] > 10_000


def test_a_call_handler_costs_the_hours_that_phones_are_answered() -> None:
    """One more from 08:00 to 18:30 on five days, at £25 an hour."""
    assert more("intervention=[more_call_handlers]")["practice"] == pytest.approx(52.5 * 25 * WEEKS_A_YEAR)


def test_extra_slots_cost_their_minutes_and_a_full_list_its_session() -> None:
    few = more("intervention=[more_on_the_day_slots]", "intervention.more_on_the_day_slots.extra=2")
    assert few["practice"] == pytest.approx(5 * 2 * 11.5 / 60 * 144 * WEEKS_A_YEAR)
    whole = more("intervention=[more_on_the_day_slots]", "intervention.more_on_the_day_slots.extra=15")
    assert whole["practice"] == pytest.approx(5 * 25 / 6 * 144 * WEEKS_A_YEAR)


def test_what_only_changes_rules_costs_nothing() -> None:
    assert set(more("intervention=[reminders]").values()) == {0.0}
