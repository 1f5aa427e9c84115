from __future__ import annotations

import re

import pytest
from shortruns import composed, run_of

from pcqa_sim.report import why as words
from pcqa_sim.report.why import MOST_KINDS, Told, commands, explain, phrase
from pcqa_sim.study.methods.pair import Comparison, compare
from pcqa_sim.study.methods.why import NOTHING, Step
from pcqa_sim.values import eventlog as log

QUICK = ("practice=small", "run=quick")
HANDLERS = "intervention=[more_call_handlers]"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    others = {HANDLERS: composed(*QUICK, HANDLERS), "nothing": composed(*QUICK)}
    return compare(composed(*QUICK), others, 2, workers=1, why=True)


@pytest.fixture(scope="module")
def told(comparison: Comparison) -> Told:
    return explain(comparison, HANDLERS, "practice")[1]


def test_it_says_how_many_needs_went_which_way(comparison: Comparison, told: Told) -> None:
    found, _ = explain(comparison, HANDLERS, "practice")
    assert f"{found.needs:,} needs arose" in told.sums[0]
    assert f"{len(found.partings):,} went differently" in told.sums[0]
    word = "fewer" if found.failures < 0 else "more"
    assert f"{abs(found.failures):,} {word} failure contact" in told.sums[1]


def test_the_most_telling_kind_comes_first(told: Told) -> None:
    first = told.kinds[0]
    assert "the person gives up waiting on the phone; with the change, is answered" in first.sentence
    assert "fewer failure contact" in first.sentence
    assert len(told.kinds) <= MOST_KINDS


def test_an_example_is_what_both_stories_say(told: Told) -> None:
    before, after = told.kinds[0].example
    assert before.startswith("base: ")
    assert "hangs up" in before
    assert after.startswith("changed: ")
    assert "is answered" in after


def test_the_numbers_can_be_fed_to_story(comparison: Comparison, told: Told) -> None:
    needs = run_of(*QUICK).needs.index
    for kind in told.kinds:
        assert kind.needs
        assert all(need in needs for need in kind.needs)
    base, other = commands(["practice=small"], f"{HANDLERS} practice.name='A B'", 7, 3)
    assert base == "pcqa story practice=small --need 7 --seed 3"
    assert other == f"pcqa story practice=small '{HANDLERS}' 'practice.name=A B' --need 7 --seed 3"
    assert commands([], HANDLERS, 7, None)[0] == "pcqa story --need 7"


def test_what_is_the_same_is_said_to_be(comparison: Comparison) -> None:
    _, same = explain(comparison, "nothing", "practice")
    assert same.kinds == ()
    assert "went the same way in both, to the minute" in same.sums[0]


def test_a_need_that_has_no_more_rows_has_no_more_story(comparison: Comparison) -> None:
    table = comparison.base.units[0].log
    assert table is not None
    need = int(run_of(*QUICK).needs.index[0])
    assert words._moment(table, need, -1, composed(*QUICK), "practice") == "nothing more before the run ends."
    first = words._moment(table, need, 0, composed(*QUICK), "practice")
    assert re.fullmatch(r"\w+day \d+ \w+, \d\d:\d\d\. .+\.", first)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ((log.MISSED, "", "queue"), "gives up waiting on the phone"),
        ((log.ANSWERED, "call_handler", ""), "is answered"),
        ((log.CONTACT_OPENED, "phone", "balked"), "asks again, because the person was put off by the recorded menu"),
        (
            (log.CONTACT_OPENED, "phone", "planned_follow_up"),
            "asks again, because the person was asked to come for a follow-up",
        ),
        ((log.NEXT_ACTION, "", "nhs_111"), "turns to NHS 111 instead"),
        (NOTHING, "has nothing more to do with the practice before the run ends"),
        (("robot_answered", "robot", "kindly"), "has 'robot answered' (kindly, robot)"),
    ],
)
def test_steps_in_words(step: Step, said: str) -> None:
    assert phrase(step) == said


def test_every_event_has_words_without_underscores() -> None:
    for event in log.CATALOGUE:
        assert "_" not in phrase((event, "call_handler", "some_code"))
