"""`pcqa experiment`: the list, an answer with its files, going on, doing again, and every shipped one in miniature."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import pcqa

from pcqa_sim import compare, load_scenario
from pcqa_sim.report.experiments import Results
from pcqa_sim.report.shipped import experiment, is_published, shipped

pytestmark = pytest.mark.usefixtures("elsewhere")
Said = pytest.CaptureFixture[str]
MEMBERS = ("station_road", "hill_view", "market_place", "old_mill", "church_lane")
# Smaller than 700 people, a practice has mornings without a GP, and a meeting of its GPs then is refused.
SMALLER = {
    "two_ways_of_scale": [f"network.members.{one}=['practice=small','practice.list_size=750']" for one in MEMBERS],
}
LONGER = {
    "flood_flattens": 6,
    "pcqa_four_months": 6,
    "pcqa_nine_months": 21,
}  # so that the last change is within the run
TINY = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1")


def asked(name: str, *more: str) -> int:
    return pcqa("experiment", name, *TINY, "--reps", "2", "--workers", "1", "--out", "out", *more)


def test_without_a_name_every_question_is_listed(capsys: Said) -> None:
    assert pcqa("experiment") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {experiment(name).question}" in said for name in shipped())
    assert said.index("Published studies") < said.index("esteem")


@pytest.mark.parametrize("name", list(shipped()))
def test_a_shipped_experiment_composes_arms_that_differ_from_its_base(name: str) -> None:
    base = load_scenario([f"experiment={name}"])
    arms = experiment(name).arms_of(base)
    hashes = {load_scenario([f"experiment={name}"], list(more)).hash() for more in arms.values()}
    assert len(hashes | {base.hash()}) == len(arms) + 1
    assert base.run.replications >= 5


def test_an_answer_is_saved_before_it_is_told_and_can_be_done_again(elsewhere: Path, capsys: Said) -> None:
    assert asked("enough_slots", "--seed", "3") == 0
    said = capsys.readouterr().out
    assert said.startswith("How many more slots until nobody is turned away?\n  As it is, days on which")
    assert "So few tell nothing apart" in said
    out = elsewhere / "out"
    assert {"answer.md", "table.csv", "metrics.parquet", "figures", "run.json"} <= {path.name for path in out.iterdir()}
    assert (out / "figures" / "enough_slots.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "table.csv").read_text().count("40 more slots a day") == len(experiment("enough_slots").measures)
    record = json.loads((out / "run.json").read_text())
    assert (record["kind"], record["seed"], record["parameters"]["name"]) == ("experiment", 3, "enough_slots")
    assert pcqa("rerun", "out/run.json", "--workers", "1", "--out", "again") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out


def test_an_experiment_goes_on_with_more_replications(elsewhere: Path, capsys: Said) -> None:
    assert asked("cancellation_list") == 0
    units = set((elsewhere / "out" / "units").glob("*.parquet"))
    times = {path: path.stat().st_mtime_ns for path in units}
    assert pcqa("experiment", "--out", "out", "--resume", "--reps", "3", "--workers", "1") == 0
    assert {path: path.stat().st_mtime_ns for path in units} == times
    assert "3 replications of each" in capsys.readouterr().out


def test_what_does_not_fit_is_refused_in_a_line(capsys: Said) -> None:
    assert pcqa("experiment", "cancelation_list") == 2
    assert "cancellation_list" in capsys.readouterr().err
    assert pcqa("experiment", "capping", "role=[practice_nurse,other]") == 2
    assert len(capsys.readouterr().err.splitlines()) < 8


@pytest.mark.slow
@pytest.mark.parametrize("name", list(shipped()))
def test_every_shipped_experiment_answers_in_miniature(name: str) -> None:
    """On the smallest practice or network, mostly for a week: whatever the numbers are, they are read, said, drawn."""
    known, own = experiment(name), f"experiment={name}"
    tiny = [*TINY[:-1], f"run.measured_weeks={LONGER.get(name, 1)}", *SMALLER.get(name, ())]
    base = load_scenario([own], tiny)
    others = {arm: load_scenario([own], tiny, list(more)) for arm, more in known.arms_of(base).items()}
    found = Results(compare(base, others, 2), known.base)
    said = " ".join(known.answer(found))
    assert "2 replications of each" in said
    assert "nan" not in said
    assert known.figure(found).startswith(b"\x89PNG")
    assert len(known.published(found)) == len(known.beside) > 0 or not is_published(name)
