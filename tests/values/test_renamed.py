"""Whoever uses an old name is told the new one, wherever names are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commandline import pcqa
from shortruns import composed

from pcqa_sim.calibration.targets import read_targets
from pcqa_sim.inputs.practice_file import open_practice_file
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.scenario import with_settings
from pcqa_sim.study.readback import read_metrics
from pcqa_sim.study.statistics.criterion import Yardstick, read_target
from pcqa_sim.values import renamed
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.formats import newest
from pcqa_sim.values.renamed import new_group, new_key, new_metric, old_metrics

NOW = {"settings": dict(renamed.SETTINGS), "metrics": dict(renamed.METRICS), "words": dict(renamed.WORDS)}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    keys = {
        "phones.linez": "phones.lines",
        "role.*.whole_time": "role.*.fte_per_10000",
        "practice.size": "practice.list_size",
    }
    keys |= {"intervention.*.extras": "intervention.*.extra", "phones.ring.after": "channels.after"}
    monkeypatch.setattr(renamed, "SETTINGS", keys | {"practice=flood": "practice=flood_8am"})
    monkeypatch.setattr(renamed, "METRICS", {"replied_share": "answered_share"})
    monkeypatch.setattr(renamed, "WORDS", {"visit": "home_visit"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phones.linez", "phones.lines"),
        ("phones.linez.x", "phones.lines.x"),
        ("role.gp.whole_time", "role.gp.fte_per_10000"),
        ("phones.ring.after", "channels.after"),
        ("practice=flood", "practice=flood_8am"),
        ("phones.ring", ""),
        ("phones.lines", ""),
        ("role.whole_time", ""),
    ],
)
def test_a_key_is_found_by_its_parts(old: str, new: str) -> None:
    assert new_key(old) == new


def test_metrics_and_words() -> None:
    assert (new_metric("replied_share"), new_metric("answered_share")) == ("answered_share", "")
    assert (old_metrics("answered_share"), old_metrics("missed_share")) == (("replied_share",), ())
    groups = ("", "mode=visit", "mode=video", "visit")
    assert [new_group(name) for name in groups] == ["", "mode=home_visit", "mode=video", "home_visit"]


MORE = "intervention=[more_phone_lines]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "phones.linez=8"), "phones.linez: 8: is now phones.lines"),
        (("show", "role.gp.whole_time=3"), "role.gp.whole_time: 3: is now role.gp.fte_per_10000"),
        (("show", MORE, "intervention.more_phone_lines.extras=2"), "is now intervention.more_phone_lines.extra"),
        (("show", "practice=flood"), "practice: flood: is now practice=flood_8am"),
        (("run", "--reps", "auto", "--metric", "replied_share"), "--metric: replied_share: is now answered_share"),
        (("sweep", "phones.lines=1,2", "--metric", "replied_share"), "--metric: replied_share: is now answered_share"),
        (("size", "--target", "missed_share<=0.1", "--vary", "phones.linez=1..3"), "is now phones.lines"),
        (("size", "--target", "replied_share<=0.1", "--vary", "phones.lines=1..3"), "is now answered_share"),
        (
            ("size", MORE, "--target", "missed_share<=0.1", "--vary", "intervention.more_phone_lines.extras=1..3"),
            "is now intervention.more_phone_lines.extra",
        ),
    ],
)
def test_a_command_names_the_new_name(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa(*words) == 2
    told = capsys.readouterr().err.strip()
    assert told.endswith(said)
    assert "\n" not in told


def test_files_in_ones_own_folder(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = elsewhere / "pcqa_conf" / "phones" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"schema: {newest('practice')}\ndefaults: [cloud@_here_, _self_]\nlinez: 8\n")
    assert pcqa("show", "phones=mine") == 2
    assert capsys.readouterr().err.strip() == "phones.linez: 8: is now phones.lines"
    practice = elsewhere / "pcqa_conf" / "practice" / "a11111.yaml"
    practice.parent.mkdir()
    practice.write_text(
        f"schema: {newest('practice')}\nname: A\nlist_size: 8000\ndemand_level: 1.0\nstart_belief: 0.2\n"
    )
    with pytest.raises(BadInput, match=r"is now practice\.list_size; mend it"):
        open_practice_file(elsewhere / "pcqa_conf", "A11111").written_with({"size": "size: 3\n"})


def test_changes_and_targets(elsewhere: Path) -> None:
    with pytest.raises(BadInput, match=r"phones\.linez: 3: is now phones\.lines$"):
        with_settings(composed("practice=small").practices["practice"], {"phones.linez": 3})
    with pytest.raises(BadInput, match=r"replied_share: is now answered_share$"):
        read_target("replied_share>=0.5", "practice")
    (elsewhere / "targets").mkdir()
    one = "{words: a, metric: replied_share, published: 1, from: 1, to: 1, how: fitted}"
    (elsewhere / "targets" / "mine.yaml").write_text(f"schema: {newest('targets')}\ntargets: [{one}]\n")
    with pytest.raises(BadInput, match=r"replied_share: is now answered_share$"):
        read_targets(elsewhere, "mine")


def test_metrics_written_under_old_names_are_found(elsewhere: Path) -> None:
    import pandas as pd

    row = {"scenario": "0" * 12, "replication": 0, "practice": "practice", "period": "all", "group": "", "unit": "x"}
    rows = [row | {"metric": name, "value": 0.5} for name in ("replied_share", "missed_share")]
    pd.DataFrame(rows).to_parquet(elsewhere / "metrics.parquet")
    found = read_metrics(elsewhere / "metrics.parquet", "do it again", [("metric", "=", "answered_share")])
    assert found["metric"].tolist() == ["answered_share"]
    grouped = pd.DataFrame([row | {"metric": "mode_share", "group": "mode=home_visit", "value": 0.5}])
    with pytest.raises(BadInput, match="mode=visit: is now mode=home_visit"):
        Yardstick("mode_share", "practice", "mode=visit").value(grouped)


def test_no_name_of_today_is_an_old_one() -> None:
    """What is in the tables now: an old name is used no more, and a new metric is there."""
    assert not set(NOW["metrics"]) & set(METRICS)
    assert set(NOW["metrics"].values()) <= set(METRICS)
    assert all(old != new and old.count("*") == new.count("*") for old, new in NOW["settings"].items())


def test_the_changelog_names_what_was_renamed(root: Path) -> None:
    table = (root / "CHANGELOG.md").read_text(encoding="utf-8").partition("### Renamed\n")[2].partition("\n### ")[0]
    told = [tuple(re.findall(r"`([^`]+)`", line)) for line in table.splitlines() if line.startswith("| `")]
    assert sorted(told) == sorted((NOW["settings"] | NOW["metrics"] | NOW["words"]).items())
