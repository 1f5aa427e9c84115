"""A network of one's own from a list of practices: right in any form, or refused in a line that says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.inputs.pcn_file import import_pcn, read_listed
from pcqa_sim.values.faults import BadInput

ROWS = [
    {"Code": "A81001", "Name": "The Elms", "Patients": 6502, "Patients aged 65+": 2073, "PCN": "North Weald PCN"},
    {"Code": "A81002", "Name": "Mill Lane", "Patients": 9100, "Patients aged 65+": 900, "PCN": "North Weald PCN"},
    {"Code": "A81003", "Name": "High Street", "Patients": 4000, "Patients aged 65+": 700, "PCN": "South Weald PCN"},
    {"Code": "A81004", "Name": "Mill-Lane", "Patients": 2000, "Patients aged 65+": 0, "PCN": "North Weald PCN"},
]
PROFILES = {"average": 0.18, "rural_older": 0.3, "student": 0.03}


def listed(folder: Path, rows: list[dict[str, object]] | str, name: str = "practices.json") -> Path:
    path = folder / name
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
    return path


def made(file: Path, name: str, folder: Path, accept: bool = False) -> list[str]:
    return import_pcn(file, name, folder, accept, lambda: PROFILES).lines


def test_a_network_is_written_and_read_as_settings(tmp_path: Path) -> None:
    lines = made(listed(tmp_path, ROWS), "north weald", tmp_path)
    assert "3 practices, 17,602 patients" in lines[0]
    members = load_scenario("network=north_weald", user_folder=tmp_path).practices
    assert {key: one.list_size for key, one in members.items()} == {
        "the_elms": 6502,
        "mill_lane": 9100,
        "mill_lane_2": 2000,
    }
    text = (tmp_path / "network" / "north_weald.yaml").read_text()
    assert "the_elms: ['practice=rural_older'" in text  # 32 in 100 are 65 or older
    assert "mill_lane: ['practice=student'" in text  # 10 in 100


def test_what_is_there_stays_unless_asked(tmp_path: Path) -> None:
    file = listed(tmp_path, ROWS)
    made(file, "South Weald PCN", tmp_path)
    with pytest.raises(BadInput, match="is there already; give --accept"):
        made(file, "South Weald PCN", tmp_path)
    made(file, "South Weald PCN", tmp_path, accept=True)


def test_a_list_without_ages_takes_the_average_practice(tmp_path: Path) -> None:
    text = "PCN_NAME;PRACTICE_NAME;NUMBER_OF_PATIENTS\r\nHill PCN;Hill View;8,400\r\n"
    file = listed(tmp_path, text, "list.csv")
    assert read_listed(file)[0].patients == 8400
    assert "as practice=average" in made(file, "hill", tmp_path)[1]


BROKEN = {
    "part of several networks": (ROWS, "weald", "is a part of several networks' names: North Weald PCN; South Weald"),
    "no such network": (ROWS, "Nort Weald PCN", "is no network of this list; did you mean North Weald PCN?"),
    "none named": (ROWS, " ", "which network is meant? One of: North Weald PCN; South Weald PCN"),
    "no patients": ([ROWS[0] | {"Patients": 0}], "north", "line 2, Patients: 0: at least 1 is expected"),
    "not a number": ([ROWS[0] | {"Patients": "many"}], "north", "line 2, Patients: many: not a number"),
    "older than there are": (
        [ROWS[0] | {"Patients aged 65+": 7000}], "north", "line 2, Patients aged 65+: 7000: at most the practice"
    ),
    "no name": ([ROWS[0] | {"Name": " "}], "north", "line 2, Name: a practice has a name"),
    "twice": ([ROWS[0], ROWS[1] | {"Code": "A81001"}], "north", "a practice is in one network, once"),
    "in two networks": (
        [ROWS[0], ROWS[2] | {"Code": "A81001"}], "north",
        "A81001: a practice is in one network, once, and this one is in North Weald PCN and in South Weald PCN: take",
    ),
    "in no network": ([ROWS[0] | {"PCN": ""}], "north", "has no practice that is in a network"),
    "another table": ([{"a": 1}], "north", "practices.json"),
    "no table": ("[1, 2", "north", "is no table in JSON"),
}  # fmt: skip


@pytest.mark.parametrize("which", BROKEN)
def test_a_broken_list_is_refused_in_a_line(which: str, tmp_path: Path) -> None:
    rows, name, said = BROKEN[which]
    with pytest.raises(BadInput) as refused:
        made(listed(tmp_path, rows), name, tmp_path)
    (fault,) = refused.value.faults
    assert said in str(fault)
    assert not (tmp_path / "network").exists()
