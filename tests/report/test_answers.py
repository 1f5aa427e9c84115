from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
from shortruns import composed, run_of

from pcqa_sim import load_scenario, replicate
from pcqa_sim.report.answers import answers
from pcqa_sim.report.console import answers_text
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.often import later
from pcqa_sim.scenario import Observed, ObservedBand, with_settings
from pcqa_sim.study.methods.replicate import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return replicate(composed("practice=small", "run=quick"), 3, workers=1)


def words(study: Study) -> str:
    found = answers(study, "practice")
    return "\n".join(said for answer in found for said in (answer.question, *answer.sentences, *answer.table))


def test_the_questions_a_practice_asks_are_answered(study: Study) -> None:
    questions = [answer.question for answer in answers(study, "practice")]
    assert questions == [
        "How much demand is there?",
        "How much of it is failure demand, and what does it cost?",
        "What happens at 8am, and on the phone?",
        "Who is turned away, and what becomes of them?",
        "Who sees whom, when and how?",
        "Is GP time spent on GP work?",
        "How soon are needs resolved, and whose are not?",
        "Who comes often, who still does later, and who never comes?",
        "How near is the tipping point?",
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


def test_where_nobody_calls_no_number_is_made_up() -> None:
    text = words(replicate(composed("practice=small", "run=quick", "practice.list_size=1"), 1, workers=1))
    assert "Nobody called." in text
    assert "None: every contact was a first one" not in text
    assert "nan" not in text


def numbers(metric: str, unit: str, mean: float, low: float, high: float) -> Numbers:
    columns = ["practice", "period", "group", "metric", "unit", "mean", "low", "high", "replications"]
    row = ("practice", "all", "", metric, unit, mean, low, high, 5)
    return Numbers(pd.DataFrame([row], columns=columns), "practice")


def test_an_interval_is_cut_only_where_a_share_cannot_go() -> None:
    busy = numbers("consulting_share", "share of session time", 5.96, 4.655, 7.265)
    assert busy.percent("consulting_share") == "596.0 % (465.5 to 726.5)"
    answered = numbers("answered_share", "share of calls", 0.99, -0.1, 1.1)
    assert answered.percent("answered_share") == "99.0 % (0.0 to 100.0)"


def test_every_role_has_a_line_of_its_sessions(study: Study) -> None:
    table = next(answer.table for answer in answers(study, "practice") if "Who sees whom" in answer.question)
    titles = {role.title for role in study.scenario.practices["practice"].role.values()}
    assert {line[:24].rstrip() for line in table[1:]} <= {title[:24] for title in titles}
    assert len(table) == len(titles) + 1
    assert len({len(line) for line in table}) == 1


def test_the_answers_fit_a_screen_and_a_half(
    study: Study, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print(answers_text(study))
    assert len(capsys.readouterr().out.splitlines()) <= 85


def test_the_largest_gap_between_groups_is_told(study: Study) -> None:
    summary = study.summary.query("period == 'all' and metric == 'never_asked_share' and group != ''")
    word = summary["group"].str.partition("=")[0]
    gaps = summary.groupby(word)["mean"].agg(lambda mean: mean.max() - mean.min())
    mine = summary[word == gaps.idxmax()]
    (text,) = re.findall(r"Furthest apart: .*; never asked, (.*)", words(study))
    for end in (mine["mean"].max(), mine["mean"].min()):
        assert f"{end * 100:.1f} %" in text


def test_the_heading_of_one_replication_promises_no_interval(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    print(answers_text(Study(study.scenario, study.units[:1])))
    said = capsys.readouterr().out
    assert "one replication: no interval." in said
    assert "In brackets" not in said
    print(answers_text(study))
    assert "3 replications. In brackets: the 95 % confidence interval" in " ".join(capsys.readouterr().out.split())


def beside(study: Study, **figures: object) -> Study:
    """A study whose practice has published figures of a Monday."""
    waits = [(0, 0, 20), (1, 30, 31), (31, 60, 9), (61, 120, 10), (121, 300, 20), (301, None, 10)]
    bands = [ObservedBand(from_s=first, to_s=last, calls=calls) for first, last, calls in waits]
    known: dict[str, object] = {
        "source": "a file",
        "date": dt.date(2026, 6, 1),
        "inbound": 200,
        "answered": 100,
        "menu": 60,
        "callback": 20,
        "missed": 20,
        "answered_waits": bands,
        "missed_waits": bands,
        "lengths": bands,
    }
    observed = Observed.model_validate(known | figures)
    return Study(with_settings(study.scenario, {"practices.practice.observed": observed}), study.units)


def test_a_practices_own_day_stands_beside_the_simulated(study: Study) -> None:
    text = words(beside(study))
    assert "the practice's own Monday 1 June 2026" in text
    assert "One day, rough: 200 calls observed; a simulated Monday has " in text
    assert "All observed figures are of this one Monday, the simulated shares of all days." in text
    assert "Observed answered 50.0 % against " in text


def test_observed_bands_stand_in_columns_beside_the_simulated(study: Study) -> None:
    table = answers(beside(study), "practice")[-1].table
    titles = [line[:25].strip() for line in table if not line.startswith(" ")]
    assert titles == ["waits of answered calls", "waits of missed calls", "lengths of answered calls"]
    rows = [(line[:25].strip(), line[25:36].strip()) for line in table if line.startswith(" ")]
    waits = [("up to 30 s", "51.0 %"), ("31 to 60 s", "9.0 %"), ("61 to 120 s", "10.0 %")]
    long = [("121 to 300 s", "20.0 %"), ("over 300 s", "10.0 %")]
    assert rows == [*waits, *long, *waits, *long, ("up to 60 s", "60.0 %"), waits[-1], *long]
    assert all(line[36:48].endswith(" %") and line[48:50] == " (" for line in table if line.startswith(" "))


def test_what_the_observed_bands_do_not_tell_is_left_blank(study: Study) -> None:
    bands = [ObservedBand(from_s=0, to_s=120, calls=60), ObservedBand(from_s=121, to_s=None, calls=40)]
    table = answers(beside(study, answered_waits=bands, missed_waits=[]), "practice")[-1].table
    assert [line[25:36].strip() for line in table[4:6]] == ["-", "-"]
    assert {line[25:36].strip() for line in table[7:12]} == {"-"}


def test_a_day_without_calls_is_said_to_be_one(study: Study) -> None:
    assert "No calls were observed on that day." in words(beside(study, inbound=0))


def test_simulated_shares_of_bands_equal_plain_counting() -> None:
    run = run_of("practice=small", "run=quick")
    calls = run.contacts.query(f"channel == 'phone' and opened >= {run.scenario.run.warm_up_weeks * 10080}")
    answered, missed = calls[calls["ending"] == "answered"], calls[calls["ending"] == "missed"]
    frame = run.metrics().set_index(["metric", "group"])["value"]
    waited, missed_after = answered["waited"] * 60, missed["waited"] * 60
    length = answered["talk_min"].dropna() * 60
    assert frame["answered_wait_share", "band=0_30"] == pytest.approx((waited <= 30).mean())
    assert frame["answered_wait_share", "band=60_120"] == pytest.approx(((waited > 60) & (waited <= 120)).mean())
    assert frame["missed_wait_share", "band=300_up"] == pytest.approx((missed_after > 300).mean())
    assert frame["call_length_share", "band=0_60"] == pytest.approx((length <= 60).mean())
    for name in ("answered_wait_share", "missed_wait_share", "call_length_share"):
        assert frame[name].sum() == pytest.approx(1)


NOBODY = """\
defaults: [standard@_here_, _self_]
phone:
  monday: {"00:00": 0, "08:00": 0, "10:00": 0, "13:00": 0}
  tuesday_friday: {"00:00": 0, "08:00": 0, "10:00": 0, "16:00": 0}
"""


def answered(folder: Path, *overrides: str) -> str:
    """The answers of one small practice over one week."""
    short = ("practice=small", "practice.list_size=800", "run.warm_up_weeks=0", "run.measured_weeks=1")
    return words(replicate(load_scenario(*short, *overrides, user_folder=folder), 1, workers=1))


@pytest.mark.slow
def test_a_practice_where_nobody_answers_does_not_look_good(tmp_path: Path) -> None:
    """Everybody is promised a callback: none is missed, turned away or kept in the queue, and none is helped."""
    (tmp_path / "rota").mkdir()
    (tmp_path / "rota" / "nobody.yaml").write_text(NOBODY)
    callbacks = ("phones.callback.accepted_share=1", "phones.callback.offered_from_waiting=0")
    closed = ("phones.extended_hours.tuesday=null", "phones.extended_hours.thursday=null")
    assert "per working day, was not called back " in answered(tmp_path, "rota=nobody", *callbacks, *closed)
    patient = ("phones.callback.lapses_at_closing=false", "phones.callback.patience_mean_min=null")
    text = answered(tmp_path, "rota=nobody", *callbacks, *closed, *patient)
    assert "Nobody was answered. No callback was made: those who asked for one have waited " in text
    assert " days so far." in text
    heard = re.search(r"of the requests that were heard \((\d+)\.\d % of all\)", text)
    assert heard is not None
    assert int(heard[1]) < 60
    assert re.search(r"clear, on average \(\d+\.\d % of requests, not heard, are in neither\)", text)
    left_out = re.search(r"(\d+)\.\d % of needs that end are met, .* with those still open, (\d+)\.\d % of all", text)
    assert left_out is not None
    assert int(left_out[2]) < int(left_out[1]) / 1.5


def test_engaged_attempts_stand_beside_the_published_shares(tmp_path: Path) -> None:
    text = answered(tmp_path, "phones.lines=1", "phones.talk.median_min=12")
    said = re.search(r"Answered (\d+)\.\d %, .* of attempts heard the engaged tone, which these shares leave out", text)
    beside = re.search(r"of all attempts (\d+)\.\d % were answered", text)
    assert said is not None
    assert beside is not None
    assert int(beside[1]) < int(said[1])
    assert re.search(r"waited at most two minutes \(\d+\.\d % of all attempts\)", text)


def test_who_leaves_without_a_next_step_is_said_with_who_is_turned_away(study: Study) -> None:
    (told,) = [answer for answer in answers(study, "practice") if answer.question.startswith("Who is turned away")]
    rows = study.summary.query("period == 'all'").set_index(["metric", "group"])["mean"]
    lost, seen = rows["contact_failed_no_next_step", "need=any"], rows["clinical_needs_seen_share", "need=clinical"]
    assert told.sentences[-1].startswith(f"{lost * 100:.1f} % ")
    assert f" sees {seen * 100:.1f} % " in told.sentences[-1]


class StillFrequent:
    """The share who still come often, after so many weeks, as numbers tell it."""

    def __init__(self, shares: dict[int, float]) -> None:
        self.shares = {f"after={weeks}_weeks": share for weeks, share in shares.items()}

    def has(self, _: str, group: str) -> bool:
        return group in self.shares

    def mean(self, _: str, group: str) -> float:
        return self.shares[group]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({}, ["How many still do in the next half year needs a run of 52 weeks."]),
        (
            {26: 0.44, 52: 0.48},
            [
                "Of those who came most, 44 in 100 do so again in the next half year, 48 in 100 in the next year.",
                "How many still do in each of the next two years needs a run of 156 weeks.",
            ],
        ),
    ],
)
def test_who_still_comes_often_is_one_sentence(shares: dict[int, float], said: list[str]) -> None:
    assert list(later(cast(Any, StillFrequent(shares)), brief=True)) == said
