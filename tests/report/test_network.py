"""A network is answered for first: as a whole, then a line for each practice, harms in lines of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from commandline import pcqa
from shortruns import composed

from pcqa_sim.report.console import answers_text, comparison_text
from pcqa_sim.report.network import HARMS, SERVICE, furthest_apart, numbers_of, tables_text
from pcqa_sim.report.page import answers_page
from pcqa_sim.report.screen import comparison_screen, run_screen
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import NETWORK
from pcqa_sim.study.methods.pair import Comparison, compare
from pcqa_sim.study.methods.replicate import Study, replicate
from pcqa_sim.study.methods.settling import Drift

NORTH = "['practice=small','practice.list_size=800']"
SOUTH = "['practice=small','practice.list_size=500','practice.fte_level.gp=0.6']"
MEMBERS = f"network.members={{north:{NORTH},south:{SOUTH}}}"
SHORT = (MEMBERS, "run.warm_up_weeks=0", "run.measured_weeks=1")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(composed(*SHORT), {"phones.lines=1": composed(*SHORT, "phones.lines=1")}, replications=5)


@pytest.fixture(scope="module")
def study(comparison: Comparison) -> Study:
    return comparison.base


def test_every_measure_of_the_tables_is_one_that_there_is() -> None:
    assert all(one.metric in METRICS for one in (*SERVICE, *HARMS))
    assert all(one.share == METRICS[one.metric].unit.startswith("share") for one in (*SERVICE, *HARMS))


def test_the_screen_begins_with_the_network_and_has_a_line_for_each_practice(study: Study) -> None:
    text = run_screen(study)
    assert text.startswith("The network of 2 practices: 1,300 patients")
    for title in ("The practices side by side", "Harms, practice by practice"):
        table = text.partition(title)[2].splitlines()[1:5]
        assert [line.split()[0] for line in table] == ["patients", "North", "South", "all"]
    assert "1,300" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_one_practice_is_told_of_alone_on_request(study: Study) -> None:
    assert run_screen(study, only="south").startswith("south (Small practice): 500 patients")
    assert "north" not in answers_text(study, "south")


def test_all_of_it_has_the_network_before_its_practices(study: Study) -> None:
    for text in (answers_text(study), answers_page(study)):
        places = [
            text.index(name) for name in ("The network of 2 practices", "How do the practices compare?", "north (")
        ]
        assert places == sorted(places)


def test_where_they_are_furthest_apart_is_reckoned_by_patients(study: Study) -> None:
    scenario, numbers = study.scenario, numbers_of(study.scenario, study.summary)
    told = "told_another_day_per_working_day"
    rate = {key: numbers[key].mean(told) / scenario.people_of(key) * 1000 for key in scenario.practices}
    most = max(rate, key=rate.__getitem__)
    told_at = f"{rate[most]:.1f} a working day are told to call another day at {most.capitalize()}"
    assert told_at in furthest_apart(scenario, numbers)
    line = next(one for one in tables_text(scenario, numbers)[6:] if one.startswith(most.capitalize()) and "%" in one)
    assert f"{rate[most]:.1f}" in line


def test_a_comparison_says_first_what_it_does_to_the_network_and_then_to_whom(comparison: Comparison) -> None:
    text = comparison_screen(comparison)
    assert text.startswith("The network of 2 practices")
    assert "changed: every practice: phones.lines" in text
    assert "Harms, practice by practice" in text
    assert comparison_screen(comparison, "south").startswith("south (")
    full = comparison_text(comparison)
    assert full.index("The network of") < full.index("north (") < full.index("south (")


def test_the_network_has_not_settled_where_one_of_its_practices_has_not(comparison: Comparison) -> None:
    found = comparison.base_settling
    assert found.settled(NETWORK) is None
    drift = Drift("south", "failure_share", 0.2, 0.3, False, "")
    moved = replace(found, too_short=False, drifts=(drift,))
    assert (moved.settled(NETWORK), moved.settled("south"), moved.settled("north")) == (False, False, True)


def test_a_practice_that_is_not_there_is_refused_with_the_nearest(capfd: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *SHORT, "--practice", "nort", "--dry-run") == 2
    assert "did you mean north?" in capfd.readouterr().err


def test_replications_alone_have_no_page_of_a_network_without_practices() -> None:
    alone = replicate(composed("practice=small", "practice.list_size=300", *SHORT[1:]), 2)
    assert "practices" not in run_screen(alone).partition("\n")[0]
