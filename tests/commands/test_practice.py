"""`pcqa practice`: made from answers, a form or a spreadsheet; checked, and drawn."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from commandline import pcqa

from pcqa_sim import load_scenario
from pcqa_sim.commands import practice as command
from pcqa_sim.values.faults import BadInput

RIVERSIDE = Path(__file__).parents[1] / "data" / "own" / "practice" / "riverside.yaml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def riverside(text: str = "") -> Path:
    path = Path("pcqa_conf/practice/riverside.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or RIVERSIDE.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_a_form_is_written_once_and_runs_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("practice", "new", "mine", "--form", "--from", "small") == 0
    assert "pcqa practice check mine" in capsys.readouterr().out
    mine = load_scenario("practice=mine").practices["practice"]
    assert mine.list_size == load_scenario("practice=small").practices["practice"].list_size
    assert pcqa("practice", "new", "mine", "--form") == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("small",), "is the name of a shipped practice"),
        (("My Surgery",), "small letters, digits and _"),
        (("mine", "--from", "smal"), "did you mean small?"),
        (("mine", "--sheet", "absent.xlsx"), "there is no such file"),
    ],
)
def test_what_cannot_be_made_is_refused(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("practice", "new", *words) == 2
    assert told in capsys.readouterr().err
    assert not Path("pcqa_conf").exists()


def test_questions_are_asked_until_they_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"Registered": ["8,400"], "GPs": ["Dr A mon", "Dr A: mon, tue_am"], "lines": ["8"]}
    given: Iterator[str] = iter([])

    def prompt(text: str, default: str = "", **_: object) -> str:
        nonlocal given
        left = next((answers[key] for key in answers if key in text and answers[key]), None)
        return left.pop(0) if left else default

    monkeypatch.setattr(command.typer, "prompt", prompt)
    title, said = command._asked("riverside")
    assert title == "Riverside"
    assert said["role"]["gp"] == {"people": [{"name": "Dr A", "sessions": ["mon", "tue_am"]}]}
    assert (said["list_size"], said["phones"]) == (8400, {"lines": 8})
    assert not any(answers.values())


def test_a_template_is_written_and_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("practice", "template", "--out", "mine.xlsx") == 0
    assert pcqa("practice", "template", "--out", "mine.xlsx") == 2
    assert pcqa("practice", "new", "mine", "--sheet", "mine.xlsx") == 0
    assert load_scenario("practice=mine").practices["practice"].role == load_scenario().practices["practice"].role


def test_a_check_says_what_is_odd_what_is_national_and_draws_a_map(capsys: pytest.CaptureFixture[str]) -> None:
    riverside()
    assert pcqa("practice", "check", "riverside") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "clinical pharmacist: 0.4 full-time equivalents for 8,400 patients are 0.5 per 10,000" in told
    assert "9 clinicians who see patients face to face, and there are 7 rooms" in told
    assert "The online form is open 08:00 to 12:00; the contract asks for core hours" in told
    assert "back office national" in told
    assert "skill mix your own" in told
    text = Path("pcqa_conf/practice/riverside-map.mmd").read_text(encoding="utf-8")
    assert text.startswith("flowchart LR")
    assert re.search(r'phone\["Telephone: \d+% of first requests<br/>8 lines, no callback', text)
    assert "triage -->|" in text
    assert Path("pcqa_conf/practice/riverside-map.png").stat().st_size > 10_000


ODD = [
    ('"10:00": 2,', '"10:00": 2, "13:00": 0, "14:00": 2,', "Nobody answers calls from 13:00 to 14:00 on Monday"),
    ("lines: 8", "lines: 2", "3 people answer calls on 2 lines"),
    ("[mon, wed, fri_am]", "[mon, wed]", ""),
    ("out_of: {other: 0.348}", "fte_per_10000: null", "advanced nurse practitioner: no need is sent to them"),
    ("list_size: 8400", "list_size: 3000", "GP: 2.4 full-time equivalents for 3,000 patients are 8.1 per 10,000"),
]


@pytest.mark.parametrize(("as_is", "changed", "told"), ODD)
def test_each_oddity_is_told_where_it_is(
    as_is: str, changed: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = RIVERSIDE.read_text(encoding="utf-8")
    if "no need is sent" in told:
        text = text.split("\ntriage:")[0] + "\nphones:" + text.split("\nphones:")[1]
    riverside(text.replace(as_is, changed))
    assert pcqa("practice", "check", "riverside") == 0
    assert told in " ".join(capsys.readouterr().out.split())


FAULTS = [
    ("[mon, tue, thu]", "[mon, tues, thu]", 40, "did you mean tue?"),
    ("list_size: 8400", "list_size: 8,400", 9, "write 8400"),
    ("  lines: 8", "  line: 8", 66, "did you mean phones.lines?"),
    ('"10:00": 2,', '"10:15": 2,', 77, "times are on the hour or the half hour, before 24:00; write 10:00"),
    ("  calls_a_day", "\tcalls_a_day", 87, "write spaces in place of a tab"),
    ('opens: "08:00"', 'opens: "13:00"', 83, "the end comes after the start"),
    ("{other: 0.348}", "{othr: 0.348}", 56, "did you mean other?"),
    ("    fte: 1.04", "    fte: 1.04\n    heads: 3", 59, "write one of people, heads, fte, sessions_a_week"),
    ("calls_missed_percent: 8", "calls_missed_percent: 108", 88, "must be a number from 0 to 100"),
]


@pytest.mark.parametrize(("as_is", "changed", "line", "told"), FAULTS)
def test_a_fault_names_file_line_rule_and_what_to_write(
    as_is: str, changed: str, line: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    riverside(RIVERSIDE.read_text(encoding="utf-8").replace(as_is, changed))
    assert pcqa("practice", "check", "riverside") == 2
    err = capsys.readouterr().err
    assert f"practice/riverside.yaml line {line}" in err
    assert told in err


def test_a_form_of_an_older_version_is_read_with_the_new_names() -> None:
    """Files of schema 1 said put_off_share and extras; they are the same practice under today's names."""
    new = RIVERSIDE.read_text(encoding="utf-8").replace("  lines: 8\n", "  lines: 8\n  menu: {balking_share: 0.2}\n")
    riverside(new)
    mine = load_scenario("practice=riverside").practices["practice"]
    assert mine.phones.menu.balking_share == 0.2
    old = new.replace("schema: 2", "schema: 1").replace("balking_share", "put_off_share")
    riverside(old)
    assert load_scenario("practice=riverside").practices["practice"] == mine


@pytest.mark.parametrize(
    ("seed", "many"), [pytest.param(7, 15, marks=pytest.mark.slow), pytest.param(8, 300, marks=pytest.mark.soak)]
)
def test_no_mutated_form_ends_in_a_traceback(seed: int, many: int) -> None:
    """Forms with lines lost, doubled, moved, or with other words and numbers in them are read, or refused in words."""
    luck, lines = random.Random(seed), RIVERSIDE.read_text(encoding="utf-8").split("\n")
    words = ["-1", "1e9", "none", "[", "}", "munday", '"25:00"', "0", "null", "é", "- x", "people", "8400.5", "&a"]
    read = 0
    for _ in range(many):
        mutant = list(lines)
        for _ in range(luck.randrange(1, 4)):
            at = luck.randrange(len(mutant))
            change = luck.randrange(4)
            if change == 0:
                del mutant[at]
            elif change == 1:
                mutant.insert(luck.randrange(len(mutant)), mutant[at])
            else:
                parts = mutant[at].split(" ")
                parts[luck.randrange(len(parts))] = luck.choice(words)
                mutant[at] = " ".join(parts)
        riverside("\n".join(mutant))
        with suppress(BadInput):
            load_scenario("practice=riverside")
            read += 1
    assert 0 < read < many
