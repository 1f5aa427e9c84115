"""A run is given up where it passes its bounds, in one line and with exit code 1; bounds change nothing else."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
import yaml
from commandline import pcqa
from shortruns import composed

from pcqa_sim.simulation import happen
from pcqa_sim.values.faults import BadInput, GivenUp
from pcqa_sim.values.limits import MOST_ROWS

QUICK = ("practice=small", "run=quick", "run.warm_up_weeks=0", "run.measured_weeks=1")


def test_a_run_stops_on_the_day_it_passes_its_rows() -> None:
    rows = happen(composed(*QUICK), 1, 0).log.num_rows
    with pytest.raises(GivenUp, match=r"^the log had [\d,]+ rows on day 1; run\.most_rows allows 100$"):
        happen(composed(*QUICK, "run.most_rows=100"), 1, 0)
    with pytest.raises(GivenUp, match=rf"had {rows:,} rows on day [5-7]; run\.most_rows allows {rows - 1:,}$"):
        happen(composed(*QUICK, f"run.most_rows={rows - 1}"), 1, 0)
    assert happen(composed(*QUICK, f"run.most_rows={rows}"), 1, 0).log.num_rows == rows


def test_a_run_stops_when_the_clock_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 25))
    monkeypatch.setattr("pcqa_sim.simulation.time.monotonic", lambda: next(clock))
    with pytest.raises(GivenUp, match=r"^it had taken 1\.25 minutes on day 3; run\.most_minutes allows 1$"):
        happen(composed(*QUICK, "run.most_minutes=1"), 1, 0)


def test_no_limit_by_the_clock_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 10**6))
    monkeypatch.setattr("pcqa_sim.simulation.time.monotonic", lambda: next(clock))
    assert happen(composed(*QUICK), 1, 0).log.num_rows


def test_bounds_are_not_part_of_a_scenarios_name() -> None:
    """A run that ends is the same with any, and studies of before keep their names."""
    plain, bounded = composed(*QUICK), composed(*QUICK, "run.most_rows=99999", "run.most_minutes=5")
    assert plain.hash() == bounded.hash()
    assert happen(plain, 1, 0).log.equals(happen(bounded, 1, 0).log)


def test_every_run_file_says_the_bound_that_holds_without_one(root: Path) -> None:
    for path in (root / "configs" / "run").glob("*.yaml"):
        assert yaml.safe_load(path.read_text())["most_rows"] == MOST_ROWS, path


@pytest.mark.parametrize(
    "override",
    [
        "run.most_rows=0",
        "run.most_rows=1.5",
        "run.most_rows=10000000000000",
        "run.most_minutes=0",
        "run.most_minutes=x",
    ],
)
def test_bounds_have_ranges(override: str) -> None:
    with pytest.raises(BadInput, match=r"^run\.most_"):
        composed(*QUICK, override)


def test_a_run_given_up_is_told_in_a_line(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("run", *QUICK, "run.most_rows=100", "--workers", "1", "--out", "out") == 1
    out, err = capsys.readouterr()
    assert out == ""
    first, second, last = err.splitlines()
    for number, line in enumerate((first, second)):
        assert re.match(
            rf"failed: scenario \w+, replication {number}, seed 1: the log had [\d,]+ rows on day 1; ", line
        )
        assert "run.most_rows allows 100; alone: pcqa replay out --unit " in line
    assert last == "the run failed: 2 of 2 units failed: see out/failures.json; --resume tries them again"
    assert {path.name for path in (elsewhere / "out").iterdir()} == {"failures.json", "run.json", "scenarios"}


def test_it_crosses_from_one_process_to_another() -> None:
    assert str(pickle.loads(pickle.dumps(GivenUp("because")))) == "because"
