"""The network's answer says what is shared and how fairly, and says nothing of it where nothing is."""

from __future__ import annotations

import pytest
from network_of_three import BASE, sharing
from shortruns import composed

from pcqa_sim.report.network import THE_SHARED, fairness, numbers_of, tables_text
from pcqa_sim.report.webpage.network import shared_out
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import replicate


@pytest.mark.slow
def test_what_is_shared_is_told_with_who_gets_most_of_it() -> None:
    def told(scenario: Scenario) -> tuple[str, bool, bool]:
        numbers = numbers_of(scenario, replicate(scenario, 1).summary)
        page = shared_out(scenario, {"as it is": numbers}, "s")
        return fairness(scenario, numbers), THE_SHARED in tables_text(scenario, numbers), page is not None

    said, in_tables, on_page = told(sharing("run.measured_weeks=1"))
    assert "minutes a week with people whom the practices share" in said
    assert in_tables
    assert on_page
    assert told(composed(*BASE, "run.measured_weeks=1")) == ("", False, False)
