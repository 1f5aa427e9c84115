"""Who somebody is: found by its form, and words of practices left alone."""

from __future__ import annotations

import pytest

from pcqa_sim.inputs.identifiers import head_shown, identifier, identifying_head, is_nhs_number, names_people


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("943 476 5919", "NHS number"),
        ("9434765919", "NHS number"),
        ("see 943-476-5919 please", "NHS number"),
        ("07700 900123", "telephone number"),
        ("+44 161 496 0123", "telephone number"),
        ("0161 496 0123", "telephone number"),
        ("M1 1AE", "postcode"),
        ("lives at ec1a 1bb", "postcode"),
        ("03/04/1961", "date, of birth perhaps"),
        ("born 3 Apr 1961", "date, of birth perhaps"),
        ("jo.bloggs@example.nhs.uk", "e-mail address"),
        ("Mrs Smith", "name"),
        ("SMITH, John", "name"),
        ("Fatima Begum", "name"),
        (
            "called about her knee and asked whether the results of last week had come back",
            "text of one's own words",
        ),
    ],
)
def test_found(text: str, said: str) -> None:
    assert identifier(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "GP 5 Day Face to Face",
        "Triage - Telephone",
        "Embargo",
        "Blood Test Nurse AM",
        "Extended Access Hub",
        "Same Day GP",
        "Queue full",
        "Dr On Call",
        "Minor Illness Clinic 2",
        "9434765918",
        "Answered",
        "Home Visit",
        "Rose Room Clinic",
        "Terminated by src participant",
        "J81009",
        "10:30",
        "",
        "CBT001",
        "Flu Clinic Saturday",
        "Long Term Condition Review",
    ],
)
def test_left_alone(text: str) -> None:
    assert identifier(text) == ""


def test_the_check_digit() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765910")
    assert not is_nhs_number("943476591")


def test_a_column_of_names_without_a_common_one() -> None:
    first = ["Xanthe", "Peregrine", "Ottoline", "Zebedee"]
    last = ["Quillfeather", "Marchbanks", "Thistlewood", "Vane"]
    assert names_people([f"{one} {two}" for one in first for two in last])
    assert not names_people([f"Slot {n}" for n in range(30)])


def test_headings_that_say_it_and_headings_that_are_it() -> None:
    assert identifying_head("NHS Number") == "NHS number"
    assert identifying_head("Date_of_Birth") == "birth date"
    assert identifying_head("Slot name") == ""
    assert head_shown("Mrs Mary Smith", 2) == "column 3"
    assert head_shown("Slot Type", 2) == "Slot Type"
