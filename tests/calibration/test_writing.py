"""Fitted numbers replace their own and nothing else, and each line then names its target."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pcqa_sim.calibration import write_fitted
from pcqa_sim.calibration.writing import with_value

TEXT = """# head; not a source
rate: 1.5  # needs; assumption: x
day:
  monday:
    "08:00": 0.2  # share; assumption: y
    "09:00": 0.8  # share; assumption: y
  tuesday:
    "08:00": 0.5  # share; assumption: y
rows:
  one: {gp: 0.4, reception: 0.6}  # share; assumption: z
  two: {gp: 0.1, reception: 0.9}  # share; assumption: z
block:  # share; assumption: a long reason
        # in two lines
  a: 0.3
  b: 0.7
braces:  # days; assumption: a long reason
         # in two lines
  {c: 3,
   d: 4}
"""


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (["rate"], "rate: 1.5  # needs; assumption: x", "rate: 7  # needs; fitted: towards it"),
        (
            ["day", "tuesday", "08:00"],
            '  tuesday:\n    "08:00": 0.5  # share; assumption: y',
            '  tuesday:\n    "08:00": 7  # share; fitted: towards it',
        ),
        (
            ["rows", "two", "gp"],
            "  two: {gp: 0.1, reception: 0.9}  # share; assumption: z",
            "  two: {gp: 7, reception: 0.9}  # share; fitted: towards it",
        ),
        (["block", "b"], "  b: 0.7", "  b: 7  # share; fitted: towards it"),
        (
            ["braces", "d"],
            "braces:  # days; assumption: a long reason\n         # in two lines\n  {c: 3,\n   d: 4}",
            "braces:  # days; fitted: towards it\n  {c: 3,\n   d: 7}",
        ),
    ],
)
def test_one_number_is_replaced_and_its_note_renewed(path: list[str], old: str, new: str) -> None:
    assert old in TEXT
    assert with_value(TEXT, path, 7, "it") == TEXT.replace(old, new)


@pytest.mark.parametrize("path", [["rat"], ["day", "monday", "10:00"], ["rows", "one", "nurse"], ["day"]])
def test_what_has_no_line_of_its_own_is_refused(path: list[str]) -> None:
    with pytest.raises(ValueError, match="no line"):
        with_value(TEXT, path, 7, "it")


def test_a_line_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="no comment"):
        with_value("a: 1\n", ["a"], 2, "it")


def test_files_are_found_by_group(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    changed = write_fitted({"demand.rate": (2.0, "a"), "demand.rows.one.gp": (0.3, "b")}, {"demand": path})
    assert changed == [path]
    read = yaml.safe_load(path.read_text())
    assert (read["rate"], read["rows"]["one"]["gp"], read["rows"]["two"]["gp"]) == (2.0, 0.3, 0.1)


def test_a_number_of_a_block_that_names_the_target_already_has_no_comment_of_its_own() -> None:
    text = "a:  # share; fitted: towards it\n  b: 1\n"
    assert with_value(text, ["a", "b"], 2, "it") == "a:  # share; fitted: towards it\n  b: 2\n"


def test_what_a_kind_says_for_itself_is_written_into_its_file(tmp_path: Path) -> None:
    for group in ("triage", "demand", "kind"):
        (tmp_path / group).mkdir()
    files = {group: tmp_path / group / f"{name}.yaml" for group, name in (("triage", "led"), ("demand", "here"))}
    files["triage"].write_text("places:\n  all: {gp: 1}  # share; assumption: x\n")
    files["demand"].write_text("kinds: {}\n")
    kind = tmp_path / "kind" / "minor.yaml"
    kind.write_text(
        "share: 1  # share; assumption: x\ntriage:\n  led:\n    places: {gp: 0.9}  # share; assumption: y\n"
    )
    fitted = {"triage.places.minor.gp": (0.8, "a"), "demand.kinds.minor.share": (0.7, "b")}
    assert write_fitted(fitted, files) == [kind]
    assert kind.read_text() == (
        "share: 0.7  # share; fitted: towards b\ntriage:\n  led:\n    places: {gp: 0.8}  # share; fitted: towards a\n"
    )
