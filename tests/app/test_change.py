"""A change is the settings file that the command line reads, and tables of a week become settings."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from pcqa_sim import load_scenario
from pcqa_sim.app import limits, tables
from pcqa_sim.app.change import Change, file_name, opened
from pcqa_sim.scenario import Practice
from pcqa_sim.values.faults import BadInput

CHANGE = Change(
    "small",
    "quick",
    "total_digital",
    ("more_call_handlers", "reminders"),
    {"phones.lines": 4, "rota.desk.monday": {"00:00": 0.0, "08:00": 2.0, "18:30": 0.0}, "role.gp.sessions_a_week": 9},
    seed=7,
)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return next(iter(load_scenario("practice=average", "run=quick").practices.values()))


def test_a_saved_change_is_what_it_was(tmp_path: Path) -> None:
    path = CHANGE.write(tmp_path, "mine", "Ours: 100 % digital")
    assert opened(path.read_bytes(), "mine.yaml") == CHANGE


def test_a_saved_change_is_a_file_of_the_command_line(tmp_path: Path) -> None:
    CHANGE.write(tmp_path, "mine")
    scenario = load_scenario("experiment=mine", user_folder=tmp_path)
    practice = scenario.practices["practice"]
    assert (practice.phones.lines, practice.triage.kind, scenario.run.seed) == (4, "total_digital", 7)
    assert [name.partition("(")[0] for name in scenario.interventions] == ["adjust", "adjust"] or scenario.interventions
    assert practice.role["gp"].sessions_a_week == 9


def test_nothing_changed_is_the_practice_as_it_is(tmp_path: Path) -> None:
    nothing = Change("small", "quick", seed=3)
    nothing.write(tmp_path, "same")
    assert nothing.nothing
    assert load_scenario("experiment=same", user_folder=tmp_path).hash() == load_scenario(*nothing.base).hash()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\x00\xff", "UTF-8"),
        ("a: [", "cannot be read as YAML"),
        ("phones: {lines: 4}", "no list `defaults`"),
        ("defaults: [{override /kind: x}]", "chooses practice, run, triage, intervention alone"),
        ("defaults: [_self_]\nx: ${oc.env:HOME}", "no ${...}"),
        ("defaults: [_self_]\nx: !!python/object:os.system {}", "cannot be read"),
        ("defaults: [{override /practice: ../../etc/passwd}]", "the name of a settings file"),
        ("defaults: [_self_]\nrun: {seed: -1}", "0 or more"),
    ],
)
def test_what_is_no_saved_change_is_told_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=r".") as told:
        opened(text.encode("latin-1"), "file")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_names_and_texts_have_their_limits() -> None:
    assert file_name("two_more_lines") == "two_more_lines"
    for name in ("", "Two", "../x", "x" * 41, "9x"):
        with pytest.raises(BadInput, match="small letters"):
            file_name(name)
    with pytest.raises(BadInput, match="at most 200 characters"):
        limits.text("x" * 201, "name")
    with pytest.raises(BadInput, match="at most 20 MB"):
        limits.upload(bytes(20 * 2**20 + 1), "file")
    with pytest.raises(BadInput, match="at most 140 days"):
        limits.size(21, 2, 1000)


def test_a_table_that_is_left_alone_changes_nothing(practice: Practice) -> None:
    assert tables.rota_settings(practice, tables.rota_grid(practice)) == {}
    assert tables.week_settings(practice, tables.week_table(practice)) == {}
    assert tables.slot_settings(practice, "gp", tables.slots_of(practice.role["gp"])) == {}


def test_what_is_written_into_a_table_is_what_the_practice_then_has(practice: Practice, tmp_path: Path) -> None:
    grid, week = tables.rota_grid(practice), tables.week_table(practice)
    grid["Phone, Monday"][1] += 2
    grid["Desk, Tue to Fri"][4] = 0.5
    week["gp"][4] += 3
    last = {"slots": 1, "minutes": 5, "mode": "face_to_face", "release": "online"}
    slots = [*tables.slots_of(practice.role["hca"]), last]
    slots[0] = slots[0] | {"slots": 1}
    settings = {**tables.rota_settings(practice, grid), **tables.week_settings(practice, week)}
    settings |= tables.slot_settings(practice, "hca", slots)
    Change("average", "quick", settings=settings).write(tmp_path, "tables")
    after = next(iter(load_scenario("experiment=tables", user_folder=tmp_path).practices.values()))
    assert tables.rota_grid(after) == grid
    assert tables.week_table(after) == week
    assert tables.slots_of(after.role["hca"]) == slots


def test_impossible_cells_are_told_by_row(practice: Practice) -> None:
    grid, week = tables.rota_grid(practice), tables.week_table(practice)
    grid["Phone, Monday"][0] = -1
    week["gp"] = [0] * 7
    with pytest.raises(BadInput, match="Phone, Monday at 08:00"):
        tables.rota_settings(practice, grid)
    with pytest.raises(BadInput, match="GP: sessions"):
        tables.week_settings(practice, week)


def test_two_hundred_spoiled_files_are_told_in_sentences(tmp_path: Path) -> None:
    """Each is a saved change with some bytes changed, or cut, or another thing altogether: BadInput or a change."""
    whole = CHANGE.text("title").encode()
    luck = np.random.default_rng(22)
    for _ in range(200):
        spoiled = bytearray(whole)
        for _ in range(int(luck.integers(1, 12))):
            spoiled[int(luck.integers(len(spoiled)))] = int(luck.integers(256))
        if luck.random() < 0.3:
            del spoiled[int(luck.integers(len(spoiled))) :]
        with contextlib.suppress(BadInput):  # any other exception would be a trace on somebody's screen
            found = opened(bytes(spoiled), "file.yaml")
            assert isinstance(found, Change)
