"""Numbers of interventions and of what networks share are asked for with unit, range and source, and are settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.app.change import Change, opened
from pcqa_sim.app.forms import CHOICE, WHOLE, YES, Field, read
from pcqa_sim.app.jobs import Gate
from pcqa_sim.app.session import Session
from pcqa_sim.app.strengths import strengths, ways_of_sharing
from pcqa_sim.app.together import Together, sizing
from pcqa_sim.configuration import user_library


def by_name(name: str) -> dict[str, Field]:
    return {one.key.removeprefix(f"intervention.{name}."): one for one in strengths(None, name)}


def test_a_number_of_a_file_has_its_unit_range_and_source() -> None:
    fewer = by_name("reminders")["fewer_share"]
    assert (fewer.value, fewer.low, fewer.high) == (0.3, 0, 1)
    assert "Range: 0 to 1" in fewer.help
    assert "sms_reminder_attendance_RR" in fewer.help
    assert by_name("more_call_handlers")["extra"].label == "More call handlers, extra (people)"
    with pytest.raises(ValueError, match=r"0 to 1; this is 1\.5"):
        read(fewer, 1.5)


def test_a_number_of_a_class_has_the_range_of_the_class() -> None:
    added = by_name("add_session")
    assert (added["sessions"].low, added["sessions"].high) == (0, 1000)
    assert "half days a week on top" in added["sessions"].label
    assert added["from_week"].kind == WHOLE
    shared = by_name("shared_pharmacists")
    assert shared["works"].kind == CHOICE
    assert shared["works"].value in shared["works"].choices
    assert shared["stays_all_day"].kind == YES


def test_every_shipped_intervention_can_be_asked_about() -> None:
    for name in user_library(None).options("intervention"):
        asked = strengths(None, name)
        assert all(read(one, one.value) == one.value for one in asked), name
        assert len({one.label for one in asked}) == len(asked), name


def test_a_strength_is_saved_with_the_change_and_is_in_force(tmp_path: Path) -> None:
    change = Change(
        "small", "quick", interventions=("reminders",), settings={"intervention.reminders.fewer_share": 0.5}
    )
    path = change.write(tmp_path, "mine")
    assert opened(path.read_bytes(), "mine.yaml") == change
    scenario = load_scenario("experiment=mine", user_folder=tmp_path)
    assert "fewer_share=0.5" in scenario.interventions[0]


def test_what_a_network_shares_is_laid_on_it() -> None:
    number = "intervention.shared_reception.reception_talk_factor"
    together = Together(("shared_reception",), ("frail",), {number: 1.3, "mdt.frail.meetings_per_week": 2})
    assert set(together.ways) <= set(ways_of_sharing(None))
    scenario = load_scenario(["network=pcn", "run=quick"], together.overrides)
    assert "reception_talk_factor=1.3" in scenario.interventions[0]
    assert together.of("frail") == {}, "the number that is sized is left to the sizing"
    assert sizing("frail", 0.9)[-1] == "mdt.frail.meetings_per_week=0.5..4:0.5"
    assert not Together().overrides


def test_an_mdt_is_offered_by_what_it_is_called(tmp_path: Path) -> None:
    made = Session(tmp_path, Gate(1))
    assert made.mdt_title("frail") == "frailty MDT"
    made.close()
