"""A practice's own counts: as targets, beside the simulated, and what is fitted to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import pcqa
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim import load_scenario
from pcqa_sim.calibration import read_targets
from pcqa_sim.calibration.fitting import moves_of, tree_of
from pcqa_sim.calibration.own import MEASURES, OWN, not_told_apart, own_moves, simulated, targets_of
from pcqa_sim.commands import calibrate
from pcqa_sim.configuration import config_folder
from pcqa_sim.report.resemblance import ALIKE, LESS, MORE, UNSURE, Row, rows_of, table, verdict
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import Practice, with_settings
from pcqa_sim.scenario.groups.profile import Counts
from pcqa_sim.study.statistics.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput

FOLDER = Path(__file__).parents[1] / "data" / "own"


@pytest.fixture(scope="module")
def riverside() -> Practice:
    return load_scenario("practice=riverside", user_folder=FOLDER).practices["practice"]


def seen_at(value: float, *names: tuple[str, str]) -> dict[tuple[str, str], ConfidenceInterval]:
    return {name: ConfidenceInterval(value, value * 0.95, value * 1.05, 5) for name in names}


def test_every_count_has_a_metric_and_every_metric_is_there() -> None:
    assert set(MEASURES) == set(Counts.model_fields)
    assert {measure.metric for measure in MEASURES.values()} <= set(METRICS)


def test_counts_are_targets_in_the_metrics_units(riverside: Practice) -> None:
    targets = targets_of(riverside)
    assert targets.published("calls_per_working_day") == 190
    assert targets.published("missed_share") == pytest.approx(0.08)
    assert targets.published("appointments_per_1000_working_day") == pytest.approx(170 / 8.4)
    with pytest.raises(BadInput, match=r"practice.counts: has none; write five or more"):
        targets_of(load_scenario().practices["practice"])


def test_the_simulated_is_told_as_the_practice_counts(riverside: Practice) -> None:
    name = ("contacts_per_1000_working_day", "channel=online")
    found = simulated(seen_at(5.0, name), "online_requests_a_day", riverside)
    assert found is not None
    assert (found.mean, found.low) == (pytest.approx(42.0), pytest.approx(39.9))
    assert simulated({}, "calls_a_day", riverside) is None


@given(st.floats(0.1, 1000), st.floats(0, 1000), st.floats(0, 300))
def test_a_verdict_is_one_of_four_and_says_the_right_direction(own: float, mean: float, half: float) -> None:
    row = Row("calls_a_day", own, ConfidenceInterval(mean, mean - half, mean + half, 5))
    assert row.verdict in (ALIKE, UNSURE, MORE, LESS)
    if row.verdict in (MORE, LESS):
        assert (mean > own) == (row.verdict == MORE)
        assert not mean - half <= own <= mean + half
    assert Row("calls_a_day", own, ConfidenceInterval(own, own, own, 5)).verdict == ALIKE


def test_a_practice_is_told_what_resembles_it_and_what_does_not(riverside: Practice) -> None:
    seen = {
        ("calls_per_working_day", ""): ConfidenceInterval(188, 180, 196, 5),
        ("missed_share", ""): ConfidenceInterval(0.02, 0.01, 0.03, 5),
        ("told_another_day_per_working_day", ""): ConfidenceInterval(6, 5, 7, 5),
    }
    rows = [row for row in rows_of(riverside, seen) if row.seen is not None]
    said = verdict(rows)
    assert said == (
        "Resembles you in calls a day; simulated 6 points fewer calls missed and 50 % fewer people a day told to call "
        "another day."
    )
    assert any("188 (180 to 196)" in line and line.endswith("alike") for line in table(rows))


def test_demand_is_fitted_towards_the_counts_and_staff_stays(riverside: Practice) -> None:
    targets, tree = targets_of(riverside), tree_of(riverside)
    names = (("calls_per_working_day", ""), ("appointments_per_1000_working_day", ""), ("told_another_day_share", ""))
    moved = {}
    for move in own_moves(targets):
        moved |= move.step(
            tree, targets, {name: ConfidenceInterval(v, v, v, 5) for name, v in zip(names, (380, 10, 0), strict=True)}
        )
    assert set(moved) == {"practice.demand_level", "planned.level"}
    assert moved["practice.demand_level"] < 1 < moved["planned.level"]
    full = {name: ConfidenceInterval(v, v, v, 5) for name, v in zip(names, (190, 10, 0.2), strict=True)}
    held = own_moves(targets)[1].step(tree, targets, full)
    assert held["planned.level"] == pytest.approx(tree["planned"]["level"])  # slots are lacking, not planned care
    assert own_moves(targets_of(with_settings(riverside, {"counts": Counts(dna_percent=5)}))) == ()


def test_what_counts_cannot_tell_apart_is_said() -> None:
    assert any("Calls alone cannot tell more needs" in line for line in not_told_apart({"calls_a_day": 190}))
    whole = {"calls_a_day": 1, "appointments_a_day": 1, "told_another_day_a_day": 1, "online_requests_a_day": 1}
    assert not_told_apart(whole) == []


def test_targets_of_the_users_own_are_read_and_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    row = "{words: calls, metric: calls_per_working_day, published: 190, from: 180, to: 200, how: fitted}"
    (tmp_path / "targets" / "mine.yaml").write_text(f"targets:\n  - {row}\n")
    mine = read_targets(config_folder(), "mine", tmp_path)
    assert [move.towards for move in moves_of("mine", mine)] == ["own calls_per_working_day"]
    for text in ("targets: 3\n", "targets:\n  - {words: x}\n", ": [\n", "targets:\n  - 7\n", "", "- a\n"):
        (tmp_path / "targets" / "mine.yaml").write_text(text)
        with pytest.raises(BadInput, match=r"targets/mine.yaml"):
            read_targets(config_folder(), "mine", tmp_path)


def test_a_practice_is_fitted_and_its_file_has_the_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pcqa_conf" / "practice" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "defaults: [small@_here_, _self_]\nname: Mine\ncounts: {calls_a_day: 100}  # our telephone report\n"
    )
    weeks = ("run.warm_up_weeks=0", "run.measured_weeks=1")
    words = ("--reps", "2", "--fit", "1", "--write", "--workers", "1", "--out", "kept")
    assert pcqa("resemble", "mine", *weeks, *words) == 0
    told = capsys.readouterr().out
    assert "Your counts beside the simulated" in told
    assert "Calls alone cannot tell" in told
    page = Path("kept/answers.md").read_text(encoding="utf-8")
    assert page.startswith("# Mine\n")
    assert "## Does the model resemble you?" in page
    assert Path("kept/counts.csv").read_text().startswith("count,what,yours,simulated,low,high,verdict\ncalls_a_day,")
    assert pcqa("resemble", "mine", *weeks, "--out", "kept") == 2
    assert "an empty or a new folder" in capsys.readouterr().err
    text = path.read_text()
    assert "# our telephone report" in text
    assert load_scenario("practice=mine").practices["practice"].demand_level != 1.0
    assert pcqa("resemble", "small", *weeks, "--reps", "2") == 2
    assert "practice.counts: has none" in capsys.readouterr().err
    assert pcqa("resemble", "mine", "--write") == 2


def test_own_is_a_name_for_calibrate() -> None:
    scenario = load_scenario("practice=riverside", user_folder=FOLDER)
    assert calibrate.wanted_of(scenario, OWN) == targets_of(scenario.practices["practice"])
    assert len(moves_of(OWN, targets_of(scenario.practices["practice"]))) == 2
