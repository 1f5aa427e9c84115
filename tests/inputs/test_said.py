"""What people of a practice say, read as settings, and what is said back where it cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from pcqa_sim import load_scenario
from pcqa_sim.configuration import user_library
from pcqa_sim.inputs import said
from pcqa_sim.inputs.own_questions import ALL, answered
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.saidtimes import said_rota


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("none", {"heads": 0}),
        ("22 sessions", {"sessions_a_week": 22}),
        ("22 sessions a week", {"sessions_a_week": 22}),
        ("2.5 FTE", {"fte": 2.5}),
        ("4 heads", {"heads": 4}),
        (
            "Dr Ahmed: mon, tue am, thursday pm; Nina: Friday morning and wed",
            {
                "people": [
                    {"name": "Dr Ahmed", "sessions": ["mon", "tue_am", "thu_pm"]},
                    {"name": "Nina", "sessions": ["fri_am", "wed"]},
                ]
            },
        ),
    ],
)
def test_staff_is_read_as_people_say_it(text: str, read: dict[str, Any]) -> None:
    assert said.staff(text) == read


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("22", "of what? write 22 sessions, 22 fte or 22 heads"),
        ("Dr Ahmed", "write `Dr Ahmed: mon, tue_am`"),
        ("Dr A: mon; Dr A: tue", "Dr A is named twice"),
        ("Dr A: munday", "munday is no half day"),
        ("Dr A: mon_xm", "mon_xm is no half day"),
    ],
)
def test_staff_that_cannot_be_read_is_told_what_to_write(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule.replace("?", r"\?")):
        said.staff(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2", {"00:00": 0, "08:00": 2, "18:30": 0}),
        ("2, 3 from 8 to 10", {"00:00": 0, "08:00": 3, "10:00": 2, "18:30": 0}),
        ("3 from 8 to 10; 1 13:00-14:00", {"00:00": 0, "08:00": 3, "10:00": 0, "13:00": 1, "14:00": 0}),
        ("2, 0 from 12.30 to 1pm", {"00:00": 0, "08:00": 2, "12:30": 0, "13:00": 2, "18:30": 0}),
    ],
)
def test_a_rota_is_people_and_what_differs(text: str, read: dict[str, float]) -> None:
    assert said_rota(text) == read


@pytest.mark.parametrize("text", ["two", "2 from 8", "2 from 10 to 8", "2 from 8:10 to 9", "2 from 25 to 26", ","])
def test_a_rota_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|times|ends"):
        said_rota(text)


def test_every_question_reads_its_own_example_and_refuses_nonsense() -> None:
    texts = {question.key: question.example for question in ALL if question.example}
    assert answered(texts)[1] == {}
    assert set(answered(dict.fromkeys(texts, "?!"))[1]) == set(texts)


def test_a_rota_says_the_practices_own_people_whatever_the_list() -> None:
    tree, wrong = answered({"list_size": "8,400", "handlers": "2"})
    assert not wrong
    assert tree["list_size"] == 8400
    assert (tree["rota"]["written_for_list_size"], tree["rota"]["phone_level"]) == (None, 1)
    assert tree["rota"]["phone"]["monday"] == tree["rota"]["phone"]["tuesday_friday"]


def test_a_rota_is_written_so_in_settings_too() -> None:
    said, written = (
        load_scenario(f"rota.phone.monday={rota}").practices["practice"].rota.phone.monday
        for rota in ("2, 3 from 8 to 10", "{00\\:00: 0, 08\\:00: 3, 10\\:00: 2, 18\\:30: 0}")
    )
    assert said == written
    with pytest.raises(BadInput, match=r"is no rota; write people and times, as in"):
        load_scenario("rota.phone.monday='two'")


@pytest.mark.parametrize(
    ("text", "model"), [("Total triage", "total_digital"), ("care-navigation", "care_navigation"), ("duty_team",) * 2]
)
def test_an_access_model_is_read_by_its_name_or_as_it_is_called(text: str, model: str) -> None:
    assert said.access_model(text) == model


def test_every_shipped_access_model_can_be_said() -> None:
    assert set(said.ACCESS_MODELS) == set(user_library().options("triage"))
    with pytest.raises(ValueError, match=r"write one of reception_led, .*; did you mean open_access\?"):
        said.access_model("open acess")


def test_extended_hours_are_read_and_days_not_named_have_none() -> None:
    found, _ = answered({"extended_hours": "tue 7 to 8, Thursday 18:30 to 20"})
    hours = found["phones"]["extended_hours"]
    assert hours["tuesday"] == {"opens": "07:00", "closes": "08:00", "call_handlers": 1}
    assert (hours["thursday"]["closes"], hours["monday"]) == ("20:00", None)
    assert set(said.extended_hours("none").values()) == {None}


@pytest.mark.parametrize(
    ("text", "rule"),
    [("7 to 8", "write a day and times"), ("tue", "from when till when"), ("tue 7 to 8, tue 19 to 20", "named twice")],
)
def test_extended_hours_that_cannot_be_read_are_told_what_to_write(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        said.extended_hours(text)
