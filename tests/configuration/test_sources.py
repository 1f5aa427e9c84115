"""Every number in the shipped settings says its unit and its source, and the comments are read where they stand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pcqa_sim.configuration import config_folder
from pcqa_sim.configuration.sources import Note, note_of, scalars
from pcqa_sim.configuration.yamltext import faults_in

LONGEST = 140
EVIDENCE = Path(__file__).parents[2].parent / "shared" / "evidence" / "parameters.csv"
FILES = sorted(config_folder().rglob("*.yaml"))


def _numbers() -> list[tuple[str, Note]]:
    return [
        (f"{path.relative_to(config_folder())} line {scalar.line}: {scalar.key}", scalar.note)
        for path in FILES
        for scalar in scalars(path.read_text(encoding="utf-8"))
        if scalar.is_number
    ]


def test_every_number_has_a_unit_and_a_source() -> None:
    assert len(_numbers()) > 150
    assert [where for where, note in _numbers() if not note.unit or not note.source] == []


def test_shipped_files_are_held_to_what_users_files_are() -> None:
    """Of a key written twice YAML keeps the last without a word: users' files are refused for it, and so are ours."""
    assert [str(fault) for path in FILES for fault in faults_in(path.read_text(encoding="utf-8"), path.name)] == []
    assert "twice" in str(faults_in("gp:\n  a: 1\n  b: 2\n  a: 3\n", "gp.yaml")[0])


def test_no_line_is_longer_than_a_reader_s_window() -> None:
    lines = [(path.name, len(line)) for path in FILES for line in path.read_text(encoding="utf-8").split("\n")]
    assert [one for one in lines if one[1] > LONGEST] == []


def test_what_roles_share_is_written_once() -> None:
    """Lines that stand in more than one role's file, those that only open a block left out: three in ten at most."""
    files = [path.read_text(encoding="utf-8").splitlines() for path in FILES if path.parent.name == "role"]
    lines = [line for file in files for line in file if line.strip() and not line.endswith(":")]
    repeated = [line for line in lines if lines.count(line) > 1]
    assert len(repeated) < len(lines) * 0.3


def test_every_source_is_an_assumption_a_fit_or_a_row_or_table_of_the_evidence() -> None:
    if not EVIDENCE.is_file():
        pytest.skip("the evidence table is not beside this checkout, so its rows cannot be looked up")
    with EVIDENCE.open(encoding="utf-8", newline="") as file:
        known = {row["parameter"] for row in csv.DictReader(file)}
    known |= {table.stem for table in (EVIDENCE.parent / "data").glob("*.csv")}
    told = ("assumption:", "fitted:")
    unknown = [(where, note.source) for where, note in _numbers() if not note.source.startswith(told)]
    assert [(where, source) for where, source in unknown if source not in known] == []


def test_the_comment_at_the_end_of_the_line_is_the_value_s_own() -> None:
    text = (
        "# heading; not a source\n"
        "defaults: [a@_here_]  # nothing; counted\n"
        "a: 1  # people; evidence_row\n"
        "b:\n"
        "  c: {d: 2, e: 'x # y'}  # share; assumption: z; and more\n"
        "  f:\n"
        "    - {g: 1, h: 2}  # days; one\n"
        "    - {g: 3,\n"
        "       h: 4}  # days; two\n"
        "k: text\n"
        '"08:00": 2.5  # times; three\n'
    )
    found = [(scalar.key, scalar.line, scalar.is_number, scalar.note) for scalar in scalars(text)]
    assert found == [
        ("a", 3, True, Note("people", "evidence_row")),
        ("b.c.d", 5, True, Note("share", "assumption: z; and more")),
        ("b.c.e", 5, False, Note("share", "assumption: z; and more")),
        ("b.f", 7, True, Note("days", "one")),
        ("b.f", 7, True, Note("days", "one")),
        ("b.f", 8, True, Note("days", "two")),
        ("b.f", 9, True, Note("days", "two")),
        ("k", 10, False, Note()),
        ("08:00", 11, True, Note("times", "three")),
    ]


def test_the_comment_of_a_block_is_that_of_all_in_it_without_one_of_their_own() -> None:
    text = (
        "a:  # people; of the block,\n"
        "    # in two lines\n"
        "  b: 1\n"
        "  c: 2  # days; its own\n"
        "  d:\n"
        "    - {e: 3}\n"
        "    - {e: 4}  # minutes; in the list\n"
        "f:  # a heading\n"
        "  g: 5\n"
        "h:  # share; of a flow\n"
        "  {i: 6,\n"
        "   k: 7}\n"
        "l: 8  # times; one\n"
        "# no part of it\n"
        "m: {n: 9}\n"
    )
    found = [(scalar.key, scalar.note.unit, scalar.note.source) for scalar in scalars(text)]
    assert found == [
        ("a.b", "people", "of the block, in two lines"),
        ("a.c", "days", "its own"),
        ("a.d", "people", "of the block, in two lines"),
        ("a.d", "minutes", "in the list"),
        ("f.g", "", ""),
        ("h.i", "share", "of a flow"),
        ("h.k", "share", "of a flow"),
        ("l", "times", "one"),
        ("m.n", "", ""),
    ]


def test_windows_line_ends_and_texts_over_several_lines_are_read() -> None:
    text = "a: 1  # people; one\r\nb: |\r\n  two # not a comment\r\nc: 3  # people; three\r\n"
    found = {scalar.key: scalar.note.source for scalar in scalars(text)}
    assert found == {"a": "one", "b": "", "c": "three"}


def test_a_comment_without_a_semicolon_has_no_source() -> None:
    assert note_of("people") == Note("people", "")
    assert note_of("") == Note()


@pytest.mark.parametrize("text", ["", "# only a comment\n", "defaults: []\n"])
def test_a_text_without_settings_has_no_scalars(text: str) -> None:
    assert list(scalars(text)) == []
