from __future__ import annotations

import pytest
from shortruns import NO_USER_SETTINGS, composed

from pcqa_sim.configuration import show
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.report.stress import _ANSWERS, ITEMS, SECTIONS, Facts, docline, stress_items, stress_table
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.record import new_record
from pcqa_sim.values import eventlog
from pcqa_sim.values.needs import FAILURE_CAUSES, NEED_ENDINGS

OVERRIDES = ("practice=small", "run=quick", "phones.lines=3", "intervention=[more_call_handlers]")


@pytest.fixture(scope="module")
def facts() -> Facts:
    scenario = composed(*OVERRIDES)
    command = ["compare", *OVERRIDES, "--with", "phones.lines=5"]
    made = new_record("compare", command, {"seed": 7, "replications": 12, "base": scenario.hash(), "seconds": 30.0})
    return Facts(made, scenario, show(*OVERRIDES, user_folder=NO_USER_SETTINGS), ("phones.lines=5",))


def test_the_guideline_has_six_sections_and_twenty_items() -> None:
    """Monks et al. (2019): item 2.5, components, has five parts."""
    assert list(SECTIONS.values()) == [
        "Objectives",
        "Logic",
        "Data",
        "Experimentation",
        "Implementation",
        "Code access",
    ]
    assert len({".".join(number.split(".")[:2]) for number in ITEMS}) == 20
    assert len([number for number in ITEMS if number.startswith("2.5.")]) == 5
    assert list(_ANSWERS) == list(ITEMS)


def test_every_item_is_present_and_says_something(facts: Facts) -> None:
    items = stress_items(facts)
    assert list(items) == list(ITEMS)
    for number, text in items.items():
        assert len(text) > 40, number
        assert "None" not in text, number
    table = stress_table(facts)
    for number, name in ITEMS.items():
        assert table.count(f"| {number} {name} |") == 1
    for section, title in SECTIONS.items():
        assert f"## {section}. {title}" in table


def test_a_table_row_is_one_line(facts: Facts) -> None:
    rows = [line for line in stress_table(facts).splitlines() if line.startswith("| ")]
    assert len(rows) == len(ITEMS) + len(SECTIONS)
    assert all(row.count(" | ") == 1 and row.endswith(" |") for row in rows)


def test_what_is_reported_is_what_the_code_has(facts: Facts) -> None:
    items = stress_items(facts)
    assert f"{len(METRICS)} metrics" in items["1.2"]
    assert all(name in items["2.3"] for name in INTERVENTIONS)
    assert all(words in items["2.2"] for words in FAILURE_CAUSES.values())
    assert all(name.replace("_", " ") in items["2.5.2"] for name in eventlog.CATALOGUE)
    assert all(name.replace("_", " ") in items["2.5.5"] for name in NEED_ENDINGS)
    assert items["2.1"].count("**") >= 12
    assert "SplitMix64" in items["5.2"]


def test_what_is_reported_is_what_the_run_was(facts: Facts) -> None:
    items = stress_items(facts)
    assert "12 replications, seed 7" in items["4.3"]
    assert "2 weeks measured after 1 to settle" in items["4.2"]
    assert "--with phones.lines=5" in items["1.3"]
    assert "Alternatives: phones.lines=5" in items["1.3"]
    assert "more_call_handlers(extra=1)" in items["2.3"]
    assert "phones.lines = 3" in items["2.5.3"]
    assert "2,000 people on the lists of 1 practice" in items["2.5.1"]
    assert f"scenarios/{facts.scenario.hash()}.yaml" in items["3.3"]
    assert "phones.lines = 3" in items["3.3"]
    assert "simpy" in items["5.1"]
    assert f"code fingerprint {facts.record['code']}" in items["6.1"]
    assert "30.0 seconds" in items["5.4"]


def test_a_module_that_is_gone_leaves_no_hole() -> None:
    assert docline("journey.journey").endswith((".", ","))
    with pytest.raises(ImportError):
        docline("no_such_wing")
