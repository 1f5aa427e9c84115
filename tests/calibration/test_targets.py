"""Targets are read strictly, name metrics that exist, and say what is not reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim.calibration import read_targets, table
from pcqa_sim.calibration.targets import Target, Targets
from pcqa_sim.configuration import config_folder
from pcqa_sim.study.intervals import ConfidenceInterval
from pcqa_sim.values.faults import BadInput

ONE = "  - {words: answered, metric: answered_share, published: 0.6, from: 0.5, to: 0.7, how: predicted}\n"


def targets_of(tmp_path: Path, text: str) -> Targets:
    (tmp_path / "targets").mkdir(exist_ok=True)
    (tmp_path / "targets" / "mine.yaml").write_text(text)
    return read_targets(tmp_path, "mine")


@pytest.mark.parametrize("name", [path.stem for path in (config_folder() / "targets").glob("*.yaml")])
def test_shipped_targets_lie_within_what_counts_as_reached(name: str) -> None:
    for target in read_targets(config_folder(), name).targets:
        assert target.low <= target.published <= target.high, target.words


def test_a_target_knows_when_it_is_reached(tmp_path: Path) -> None:
    (target,) = targets_of(tmp_path, f"targets:\n{ONE}").targets
    assert [target.reached(value) for value in (0.49, 0.5, 0.7, 0.71)] == [False, True, True, False]


def test_an_unknown_file_or_metric_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="england"):
        read_targets(config_folder(), "englnd")
    with pytest.raises(BadInput, match=r"answered_shar: is not a metric; .*; did you mean answered_share"):
        targets_of(tmp_path, "targets:\n" + ONE.replace("answered_share", "answered_shar"))


def test_the_table_says_what_is_not_reached(tmp_path: Path) -> None:
    targets = targets_of(tmp_path, f"targets:\n{ONE}")
    good, bad = (
        table(targets, {("answered_share", ""): ConfidenceInterval(x, x - 0.01, x + 0.01, 5)}) for x in (0.55, 0.45)
    )
    assert "| answered | 60.0 % | 55.0 % (54.0 % to 56.0 %) | predicted |" in good
    assert "**not within 50.0 % to 70.0 %**" in bad
    assert "| answered | 60.0 % | - | predicted |" in table(targets, {})


def test_published_looks_up_metric_and_group() -> None:
    target = Target.model_validate(
        {"words": "x", "metric": "m", "group": "g", "published": 1, "from": 0, "to": 2, "how": "fitted"}
    )
    targets = Targets(targets=(target,))
    assert targets.published("m", "g") == 1
    assert targets.has("m", "g")
    assert not targets.has("m")
    with pytest.raises(KeyError):
        targets.published("m")
