"""The form of a practice of one's own: what is said reads back as the same settings, and what is not has an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pcqa_sim import load_scenario
from pcqa_sim.inputs.own_form import PARTS, block, form_text
from pcqa_sim.inputs.own_team import whole_team, why_filled
from pcqa_sim.scenario import Practice

RIVERSIDE = Path(__file__).parents[1] / "data" / "own" / "practice" / "riverside.yaml"


def values(text: str) -> dict[str, Any]:
    found = yaml.safe_load(text)
    return {key: value for key, value in found.items() if key not in ("schema", "defaults")}


def written(tmp_path: Path, text: str, name: str = "mine") -> Path:
    folder = tmp_path / "conf" / "practice"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder.parent


def test_the_form_of_what_a_form_says_is_the_same_scenario(tmp_path: Path) -> None:
    """Read, written again and read: nothing is lost, and a run would be the same."""
    first = RIVERSIDE.read_text(encoding="utf-8")
    again = form_text("Riverside", {key: value for key, value in values(first).items() if key != "name"})
    assert values(again) == values(first)
    folder = written(tmp_path, first, "one")
    written(tmp_path, again, "two")
    one, two = (load_scenario(f"practice={name}", user_folder=folder).practices["practice"] for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_an_example_taken_out_of_its_comment_can_be_used(part: Any, tmp_path: Path) -> None:
    lines = form_text("Mine", {}).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith(f"#   {part.key}:"))
    for number in range(start, start + len(part.example.split("\n"))):
        lines[number] = lines[number].removeprefix("#   ")
    folder = written(tmp_path, "\n".join(lines))
    assert part.key in values("\n".join(lines))
    assert load_scenario("practice=mine", user_folder=folder).practices["practice"].name == "Mine"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=30).map(str.strip)
LEAVES = (
    st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats(-1e6, 1e6).map(lambda x: float(f"{x:.6g}")) | NAMES
)
TREES = st.recursive(LEAVES, lambda x: st.lists(x, max_size=4) | st.dictionaries(NAMES, x, max_size=4), max_leaves=20)


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_any_settings_are_written_so_that_they_read_back(tree: Any) -> None:
    assert yaml.safe_load(block("key", tree, "unit; source"))["key"] == tree


@pytest.fixture(scope="module")
def usual() -> Practice:
    return load_scenario().practices["practice"]


@pytest.fixture(scope="module")
def named() -> Practice:
    return load_scenario("experiment=named_roles").practices["practice"]


def test_a_role_on_top_takes_its_part_of_the_other_staff_and_then_of_gps(usual: Practice, named: Practice) -> None:
    said = {"role": {"gp": {"fte": 4.0}, "anp": {"fte": 0.95}, "fcp": {"fte": 1.95}}}
    team = whole_team(said, named.role, usual.role, 10_000)["role"]
    assert team["anp"]["out_of"] == {"other": 0.5}
    assert team["fcp"]["out_of"] == {"other": 0.5, "gp": 0.25}
    assert team["other"] == {"heads": 0}
    filled = {"role.anp.out_of", "role.fcp.out_of", "role.other.heads", "role.gp.out_of"}
    assert set(why_filled(said, {"role": team})) == filled


def test_who_works_mornings_gets_a_morning(usual: Practice, named: Practice) -> None:
    people = [{"name": "Eve", "sessions": ["mon_am"]}]
    team = whole_team({"role": {"anp": {"people": people}}}, named.role, usual.role, 8_400)["role"]
    assert [one["starts"] for one in team["anp"]["sessions"]] == ["08:30", "14:00"]
    late = whole_team({"role": {"gp": {"people": people}}}, named.role, usual.role, 8_400)["role"]
    assert "sessions" not in late["gp"]


def test_without_other_staff_gps_see_whom_it_would_have_seen(usual: Practice, named: Practice) -> None:
    team = whole_team({"role": {"other": {"heads": 0}}}, named.role, usual.role, 8_400)["role"]
    assert team["gp"]["out_of"] == {"other": "rest"}
