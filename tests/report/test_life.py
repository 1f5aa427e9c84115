"""A person's way through all services: every need is told, in order, of the right people, and in plain sentences."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from shortruns import run_of

from pcqa_sim.report.life import Said, Somebody, life
from pcqa_sim.report.names import is_child
from pcqa_sim.report.touchpoints import ABOUT, chosen
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import CALL_ANOTHER_DAY

KEY = "practice"


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("practice=small", "run.warm_up_weeks=2", "run.measured_weeks=10")


def test_lives_are_plain_sentences(run: Run) -> None:
    for person in range(0, 400, 3):
        for line in life(run, person, KEY):
            assert line.endswith((".", "y")) or re.search(r"\d+ \w+( \d{4})?$|bank holiday$", line), line  # or a date
            for bad in (
                "None",
                "_",
                "{",
                "..",
                "Him ",
                "Her,",
                " she call ",
                "the person",
                "The person",
                "0 invitations",
            ):
                assert bad not in line, line


def test_every_need_after_the_warm_up_is_told_and_none_before(run: Run) -> None:
    needs = run.tables[KEY].needs
    told = needs[needs["arose"] >= 2 * WEEK]
    for person in told["person"].unique()[:60]:
        mine = told[told["person"] == person]
        text = life(run, int(person), KEY)
        planned = mine["origin"] == "practice"
        said = re.match(r"In 10 weeks: (\d+) needs?.*?(?:; (\d+) invitation|; \d+ contact)", text[1])
        assert said is not None
        assert int(said[1]) == (~planned).sum()
        assert int(said[2] or 0) == planned.sum()


def test_its_contacts_add_up_to_those_of_the_table(run: Run) -> None:
    needs, contacts = run.tables[KEY].needs, run.tables[KEY].contacts
    late = set(needs.index[needs["arose"] >= 2 * WEEK])
    made = contacts[contacts["need"].isin(late) & ~contacts["channel"].isin(["practice", "before_the_run"])]
    for person, mine in list(made.groupby("person"))[:60]:
        said = life(run, int(person), KEY)[1]
        many = re.search(r"(\d+) contacts? with the practice(?: \((\d+) failure demand\))?", said)
        assert many is not None
        assert (int(many[1]), int(many[2] or 0)) == (len(mine), mine["failure"].sum())


def test_days_and_minutes_are_in_order(run: Run) -> None:
    person, _ = chosen(run.counted[KEY], "frequent")
    times: list[str] = []
    for line in life(run, person, KEY)[2:]:
        if line.startswith("  "):
            times.append(line[2:7])
            assert times == sorted(times)
        else:
            times.clear()


@pytest.mark.parametrize("about", ABOUT)
def test_whom_it_is_about_is_what_was_asked_for(run: Run, about: str) -> None:
    counted = run.counted[KEY]
    person, why = chosen(counted, about)
    told = " ".join(life(run, person, KEY))
    people = counted.people
    holds = {
        "urgent": "takes it for urgent" in told or "signs of an emergency" in told,
        "refused": "call another day" in told,
        "care_home": people.segments[people.segment[person]] == "care_home",
        "frequent": int(re.search(r"(\d+) contacts? with", told)[1]) > 3 * 10 / (365.25 / 84),  # type: ignore[index]
        "child": is_child(people.ages[people.age[person]]),
    }
    assert holds[about]
    assert why.startswith("Chosen as the one in the middle")


def test_the_one_in_the_middle_has_as_many_before_as_after(run: Run) -> None:
    counted = run.counted[KEY]
    contacts = run.tables[KEY].contacts
    refused = contacts[contacts["disposition"] == CALL_ANOTHER_DAY]
    late = counted.tables.need_columns
    told = set(late["need"][late["arose"] >= 2 * WEEK])
    mine = contacts[contacts["need"].isin(told) & ~contacts["channel"].isin(["practice", "before_the_run"])]
    people = refused[refused["need"].isin(told) & (refused["channel"] != "practice")]["person"].unique()
    counts = mine.groupby("person").size().reindex(people)
    person, _ = chosen(counted, "refused")
    assert counts[person] == np.sort(counts)[len(counts) // 2]


def test_who_is_not_on_the_list_is_refused_and_so_is_what_nobody_is(run: Run) -> None:
    with pytest.raises(BadInput, match="a number from 0 to 1999"):
        life(run, 2000, KEY)
    with pytest.raises(BadInput, match="did you mean child"):
        chosen(run.counted[KEY], "childs")
    nobody = run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=1", "demand.needs_per_1000_week=0.001")
    with pytest.raises(BadInput, match="no people in care homes for whom somebody asked in this run"):
        chosen(nobody.counted[KEY], "care_home")


def test_somebody_is_spoken_of_by_pronouns_and_their_parent_by_name() -> None:
    girl = Somebody("she", "her", "her", "the parent")
    assert girl.of("The person comes out after 7 minutes.") == "She comes out after 7 minutes."
    assert girl.of("GP 2 calls the person, 4 minutes late.") == "GP 2 calls her, 4 minutes late."
    assert girl.of("GP 2 turns to the person's message.") == "GP 2 turns to her message."
    assert girl.of("The person is answered at once.", asks=True) == "The parent is answered at once."
    assert girl.of("It is offered, and the person agrees.", asks=True) == "It is offered, and the parent agrees."


def test_a_life_says_which_contacts_need_not_have_been_made(run: Run) -> None:
    rows = run.tables[KEY].rows(log.CONTACT_OPENED)
    again = rows.where(rows.code == "balked")
    person = int(again.person[-1])
    told = " ".join(life(run, person, KEY))
    assert "put off by the recorded menu" in told
    assert "(failure demand)" in told
    assert "(value demand)" not in told


def test_what_follows_at_once_does_not_tell_the_failure_again_and_what_is_apart_has_its_time() -> None:
    hangs_up = Said(600.0, 0, "She hangs up.")
    again = Said(602.0, 0, "She gave up waiting on the phone and calls again.", "She calls again.", True)
    assert again.after(hangs_up) == "She calls again."
    assert Said(660.0, 0, again.sentence, again.again, True).after(hangs_up) == "At 11:00 she calls again."
    assert Said(660.0, 0, "GP 2 calls her.", timed=True).after(hangs_up) == "At 11:00 GP 2 calls her."
    assert Said(660.0, 0, "Practice nurse 1 calls.", timed=True).after(hangs_up) == "At 11:00 practice nurse 1 calls."
    assert Said(660.0, 0, "The call ends.").after(hangs_up) == "The call ends."
    sent, declines = (
        Said(600.0, 0, f"Physiotherapy: she {what}.") for what in ("is referred there", "does not take it up")
    )
    assert declines.after(sent) == "She does not take it up."


def test_a_carer_is_who_hangs_up_and_the_resident_who_is_sent_on(run: Run) -> None:
    people = run.counted[KEY].people
    residents = np.flatnonzero(people.segment == list(people.segments).index("care_home"))
    told = " ".join(line for person in residents for line in life(run, int(person), KEY))
    assert "the carer calls" in told or "The carer was" in told or "the carer was" in told
    for bad in ("she was put off", "he was put off", "the carer is sent on", "see the carer today"):
        assert bad not in told


def test_a_day_says_its_year_once_and_no_sentence_is_said_twice_running(run: Run) -> None:
    for person in range(0, 400, 3):
        lines = life(run, person, KEY)
        days = [line for line in lines[2:] if not line.startswith("  ") and not line.startswith("The run ends")]
        assert [bool(re.search(r" \d{4}", day)) for day in days] == [at == 0 for at in range(len(days))]
        for line in lines:
            said = re.split(r"(?<=\.) ", line)
            assert all(one != other for one, other in pairwise(said)), line


def test_a_bad_patch_is_over_where_it_had_begun_and_else_it_began_earlier(run: Run) -> None:
    for person in range(0, 400, 4):
        said = [line for line in life(run, person, KEY) if "bad patch" in line]
        begun = ["begins" in line for line in said]
        assert all(one != other for one, other in pairwise(begun)), said
        assert not said or begun[0] or "that began earlier is over" in said[0]
        assert not any("earlier" in line for line in said[1:])
