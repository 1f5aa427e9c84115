from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from commandline import pcqa

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = ("practice=small", "practice.list_size=2000", "run.warm_up_weeks=0", "run.measured_weeks=1")
VARY = ("--vary", "phones.patience.mean_min=15..40", "--vary", "intervention.more_call_handlers.extra=0..2")
METRIC = ("--metric", "missed_share")


@pytest.mark.slow
def test_sensitivity_ranks_and_a_surface_is_fitted(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("sensitivity", *QUICK, *METRIC, *VARY, "--points", "6", "--reps", "2", "--workers", "1", "--out", "r")
    assert pcqa(*words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "What matters most for missed_share" in said
    assert "Morris screening over 18 points with 2 replications of each" in said
    assert "(cross-validated)" in said
    ranked = pd.read_csv(elsewhere / "r" / "sensitivity.csv")
    assert list(ranked["rank"]) == [1, 2]
    assert ranked["key"].iloc[0] == "intervention.more_call_handlers.extra"
    assert ranked["mu"].iloc[0] < 0
    assert {path.name for path in (elsewhere / "r" / "figures").iterdir()} == {"sensitivity.png", "surface.png"}
    record = json.loads((elsewhere / "r" / "run.json").read_text())
    assert (record["kind"], record["parameters"]["method"]) == ("sensitivity", "morris")

    assert pcqa("surface", "r", *METRIC, "--at", "rota.extra_call_handlers=1", "--out", "s") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "phones.patience.mean_min from 15 to 40" in said
    assert "rota.extra_call_handlers = 1" in said
    assert (elsewhere / "s" / "figures" / "surface.png").is_file()
    predicted = pd.read_csv(elsewhere / "s" / "surface.csv")
    assert {"simulated", "predicted"} <= set(predicted.columns)

    assert pcqa("rerun", "r", "--workers", "1", "--out", "again") == 0
    assert "metrics.parquet: the same to the last byte" in capsys.readouterr().out


@pytest.mark.slow
def test_sobol_indices(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    words = ("--method", "sobol", "--points", "4", "--reps", "1", "--workers", "1", "--out", "r")
    assert pcqa("sensitivity", *QUICK, *METRIC, *VARY, *words) == 0
    assert "Sobol indices over 16 points" in " ".join(capsys.readouterr().out.split())
    assert {"ST", "S1"} <= set(pd.read_csv(elsewhere / "r" / "sensitivity.csv").columns)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--metric", "mised_share", *VARY], "--metric: mised_share: is not a metric"),
        ([*METRIC, *VARY[:2]], "at least two settings"),
        ([*METRIC, "--vary", "phones.lines=9..3", *VARY[:2]], "did you mean 3..9?"),
        (
            [*METRIC, *VARY, "--method", "sobol", "--points", "12"],
            "--points: 12: a power of 2 for sobol; did you mean 8?",
        ),
        ([*METRIC, *VARY, "--method", "lottery"], "lottery"),
        ([*METRIC, *VARY, "--practice", "north"], "--practice: north"),
        ([*VARY], "--metric"),
    ],
)
def test_bad_input_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], elsewhere: Path
) -> None:
    assert pcqa("sensitivity", *QUICK, *words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert list(elsewhere.iterdir()) == []


def test_without_salib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    assert pcqa("sensitivity", *QUICK, *METRIC, *VARY) == 2
    err = capsys.readouterr().err
    assert "pip install 'pcqa-sim[analysis]'" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere", "--metric", "missed_share"], "nowhere: has no metrics.parquet"),
        (["nowhere", "--metric", "mised_share"], "did you mean missed_share?"),
        (["nowhere"], "--metric"),
        (["nowhere", "--metric", "missed_share", "--kind", "cubic"], "cubic"),
    ],
)
def test_a_surface_of_nothing_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("surface", *words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1
