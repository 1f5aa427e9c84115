from __future__ import annotations

import datetime as dt

import pytest
from shortruns import composed

from pcqa_sim import replicate
from pcqa_sim.report.answers import answers
from pcqa_sim.scenario import Observed, ObservedBand
from pcqa_sim.study.replicate import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed("practice=small", "run=quick"), 3, workers=1)


def words(study: Study) -> str:
    return "\n".join(s for answer in answers(study, "practice") for s in (answer.question, *answer.sentences))


def test_the_questions_a_practice_asks_are_answered(study: Study) -> None:
    questions = [answer.question for answer in answers(study, "practice")]
    assert questions == [
        "How much demand is there?",
        "How much of it is failure demand?",
        "What happens on the phone, and at 8am?",
        "Who is turned away, and what becomes of them?",
        "Who is seen, and when?",
    ]


def test_numbers_come_with_intervals_that_make_sense(study: Study) -> None:
    text = words(study)
    summary = study.summary
    row = summary.query("period == 'all' and metric == 'answered_share'").iloc[0]
    expected = (
        f"Answered {row['mean']:.1%}".replace("%", " %") + f" ({row['low'] * 100:.1f} to {row['high'] * 100:.1f})"
    )
    assert expected in text
    assert "nan" not in text
    assert "(-" not in text
    assert " to -" not in text


def test_one_replication_has_no_interval() -> None:
    text = words(replicate(composed("practice=small", "run=quick"), 1, workers=1))
    assert "nan" not in text


def test_perfect_service_says_there_is_no_failure_demand() -> None:
    study = replicate(composed("practice=small", "experiment=perfect_service"), 1, workers=1)
    assert "None: every contact was a first one or a planned one." in words(study)


def test_a_practices_own_day_stands_beside_the_simulated(study: Study) -> None:
    bands = [ObservedBand(from_s=0, to_s=120, calls=60), ObservedBand(from_s=120, to_s=None, calls=40)]
    observed = Observed(
        source="a file",
        date=dt.date(2026, 6, 1),
        inbound=200,
        answered=100,
        menu=60,
        callback=20,
        missed=20,
        answered_waits=bands,
        missed_waits=[],
        lengths=[],
    )
    practice = study.scenario.practices["practice"].model_copy(update={"observed": observed})
    text = words(Study(study.scenario.replaced(practices={"practice": practice}), study.units))
    assert "the practice's own Monday 1 June 2026" in text
    assert "One day, rough: 200 calls observed" in text
    assert "answered 50.0%" in text.replace(" %", "%")
    assert "60.0" in text
