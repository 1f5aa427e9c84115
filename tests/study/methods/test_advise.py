from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest
from shortruns import composed

from pcqa_sim.report.advice import Told, page, table
from pcqa_sim.report.webpage.advice import effects
from pcqa_sim.scenario import Scenario, with_settings
from pcqa_sim.study.methods.advise import HELPS, LITTLE, NOTHING, UNCLEAR, WORSE, Advice, Advising, Terms, most_runs
from pcqa_sim.study.methods.replicate import Job
from pcqa_sim.study.result import Result
from pcqa_sim.study.statistics.criterion import Yardstick
from pcqa_sim.values.luck import stream

GOAL = Yardstick("missed_share", "practice")
BESIDE = Yardstick("answered_share", "practice")


class World:
    """Scenarios that give what they are said to, with common luck: a change of missed calls, and one of harm."""

    def __init__(self, changes: Mapping[str, float], harms: Mapping[str, float] | None = None) -> None:
        self.base = composed("practice=small", "run=quick")
        self.changes, self.harms = dict(changes), dict(harms or {})
        self.names = {self.base.hash(): NOTHING}
        self.scenarios = {name: self.scenario(name, number) for number, name in enumerate(changes, 1)}
        self.ran: Counter[str] = Counter()

    def scenario(self, name: str, number: int) -> Scenario:
        made = with_settings(self.base, {"practices.practice.phones.lines": 50 + number})
        self.names[made.hash()] = name
        return made

    def do(self, jobs: Sequence[Job]) -> list[Result]:
        return [self.result(job) for job in jobs]

    def result(self, job: Job) -> Result:
        name = self.names[job.unit.scenario]
        self.ran[name] += 1
        common = float(stream(1, job.replication, "common").normal(0, 0.02))
        own = float(stream(1, job.replication, name).normal(0, 0.0005))
        missed = 0.2 + self.changes.get(name, 0.0) + common + own
        told = {"missed_share": missed, "answered_share": 0.7 - common, "gave_up_share": 0.05 + self.harms.get(name, 0)}
        rows = [(metric, "all", value) for metric, value in told.items()]
        rows += [("missed_share", f"w0{week}", missed + 0.01 * week) for week in (1, 2)]
        columns = {
            "scenario": [job.unit.scenario] * len(rows),
            "replication": [job.replication] * len(rows),
            "practice": ["practice"] * len(rows),
            "period": [period for _, period, _ in rows],
            "group": [""] * len(rows),
            "metric": [metric for metric, _, _ in rows],
            "value": [value for _, _, value in rows],
            "unit": ["share of calls"] * len(rows),
        }
        return Result(job.unit, pa.table(columns))

    def advice(self, terms: Terms, goals: Sequence[Yardstick] = (GOAL,)) -> Advice:
        return Advising(self.do, self.base, self.scenarios, goals, self.pair, self.drawn, terms).run()

    def pair(self, one: str, other: str) -> Scenario | str:
        if "no" in (one, other):
            return "contradict each other"
        name = f"{one} + {other}"
        self.changes[name] = self.changes[one] + 0.5 * self.changes[other]
        return self.scenario(name, 20 + len(self.changes))

    def drawn(self, draw: int, names: Sequence[str]) -> Mapping[str, Scenario]:
        """In the last draw the second is the best of all."""
        found = {}
        for number, name in enumerate(names):
            drawn = f"{name}, draw {draw}"
            self.changes[drawn] = self.changes.get(name, 0.0) - (0.1 if draw == 3 and number == 2 else 0.0)
            found[name] = self.scenario(drawn, 100 + 10 * draw + number)
        return found


def test_options_are_ranked_by_what_they_do_and_judged_against_nothing() -> None:
    world = World({"good": -0.05, "better": -0.08, "little": -0.003, "none": 0.0, "bad": 0.04})
    found = world.advice(Terms(together=0, draws=0))
    assert [(one.name, one.verdict) for one in found.options] == [
        ("better", HELPS),
        ("good", HELPS),
        ("little", LITTLE),
        ("none", UNCLEAR),
        ("bad", WORSE),
    ]
    assert found.options[0].changes[0].mean == pytest.approx(-0.08, abs=0.001)
    assert found.least == 0.01
    assert found.options[0].weeks is not None
    assert [one.weeks for one in found.options[3:]] == [None, None]


def test_what_is_clearly_behind_is_run_no_further() -> None:
    world = World({"a": -0.05, "b": -0.0501, "far": 0.1})
    found = world.advice(Terms(first=5, most=15, together=0, draws=0, least=0.00001))
    assert (world.ran["a"], world.ran["b"], world.ran["far"], world.ran[NOTHING]) == (15, 15, 5, 15)
    assert {one.name: one.runs for one in found.options} == {"a": 15, "b": 15, "far": 5}


def test_nothing_helps_where_nothing_does() -> None:
    found = World({"none": 0.0, "bad": 0.04}).advice(Terms())
    assert found.helping == ()
    assert (found.pairs, found.stays, found.draws) == ((), {}, 0)


def told(world: World, terms: Terms) -> Told:
    return Told(world.advice(terms), {}, dict.fromkeys(world.scenarios, ()), {"adjust": "nothing"}, 7, 20)


@pytest.mark.parametrize("changes", [{"none": 0.0, "bad": 0.04}, {"good": -0.05, "better": -0.08}])
def test_whatever_was_found_can_be_told(changes: dict[str, float]) -> None:
    found = told(World(changes), Terms(draws=2))
    helps = "good" in changes
    said = page(found)
    assert ("Nothing helps for certain. Of 2 options none improves it by 1 point or more" in said) is not helps
    assert ("Try first: better." in said) is helps
    assert ("With 7 assumptions drawn from 20 % around" in said) is helps
    rows = table(found)
    assert list(rows["option"])[:2] == (["better", "good"] if helps else ["none", "bad"])
    drawn = effects(found)
    assert len(drawn.pictures[0].table.rows) == len(rows)
    assert all(len(row) == 7 for row in drawn.pictures[0].table.rows)


def test_harm_stands_in_the_answer_and_under_the_picture() -> None:
    found = told(World({"good": -0.05, "better": -0.08}, {"better": 0.02}), Terms(draws=0))
    assert "HARM: clearly worse are needs given up unmet" in page(found)
    assert "The best that does no harm found here: good" in page(found)
    drawn = effects(found)
    assert drawn.notes[0].startswith("Clearly worse with better: needs given up unmet +2")
    assert [row[5] for row in drawn.pictures[0].table.rows][:2] == ["1", "none"]


def test_harm_is_told_and_further_goals_must_not_suffer() -> None:
    found = World({"good": -0.05, "better": -0.08}, {"better": 0.02}).advice(Terms(together=0, draws=0), (GOAL, BESIDE))
    better, good = found.options
    assert [harm.entry.metric for harm in better.harms] == ["gave_up_share"]
    assert better.harms[0].change.mean == pytest.approx(0.02)
    assert good.harms == ()
    assert len(better.changes) == 2


def test_the_best_are_tried_in_pairs_and_those_that_contradict_are_not() -> None:
    world = World({"good": -0.05, "better": -0.08, "no": -0.06, "fourth": -0.02})
    found = world.advice(Terms(together=3, draws=0))
    assert [one.name for one in found.pairs] == ["better + good"]
    pair = found.pairs[0]
    assert (pair.better_half, pair.verdict) == ("better", HELPS)
    assert pair.added is not None
    assert pair.added.mean == pytest.approx(-0.025, abs=0.002)
    assert found.skipped == {"better + no": "contradict each other", "no + good": "contradict each other"}


def test_it_is_counted_how_often_each_stays_first() -> None:
    found = World({"good": -0.05, "better": -0.08}).advice(Terms(together=2, draws=4))
    assert found.draws == 4
    assert found.stays == {NOTHING: 0, "better": 3, "good": 1}


def test_no_more_is_run_than_was_said() -> None:
    world, terms = World({"a": -0.05, "b": -0.0501, "c": -0.0502}), Terms(first=5, most=10, draws=3, least=0.00001)
    world.advice(terms)
    assert sum(world.ran.values()) <= most_runs(3, terms)
