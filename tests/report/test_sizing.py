from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest
from shortruns import composed
from synthetic import simulator

from pcqa_sim.configuration.ranges import Range
from pcqa_sim.report.sizing import (
    amount,
    frontier_lines,
    frontier_sentences,
    frontier_table,
    short,
    sized_sentences,
    told,
    tried_lines,
    tried_table,
    wanted,
    within,
)
from pcqa_sim.study.methods.frontier import Combination, Frontier, frontier
from pcqa_sim.study.methods.settling import Drift, Settling
from pcqa_sim.study.methods.size import OPEN, Search, Sized
from pcqa_sim.study.methods.sizing import Price, Sizing
from pcqa_sim.study.methods.trials import Point
from pcqa_sim.study.statistics.criterion import Yardstick, read_target
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

LINES = Range("phones.lines", 3, 12, True, 1.0, "lines")
TARGET = read_target("missed_share<=0.1", "practice")
VALUES = [float(value) for value in range(3, 13)]


def falling(x: float) -> float:
    return 0.3 * math.exp(-0.2 * (x - 3))


def sized(curve: Callable[[float], float], noise: float = 0.0005) -> Sized:
    return Search(simulator(curve, 2 * noise, noise, 1), VALUES, TARGET.shortfall).run()


def said(curve: Callable[[float], float], noise: float = 0.0005) -> str:
    return " ".join(sized_sentences(sized(curve, noise), TARGET, LINES, 42))


def test_an_answer_says_what_it_gives_and_that_less_is_not_enough() -> None:
    text = said(falling)
    assert text.startswith("9 is enough, with 95 % confidence. It gives 9.0 %")
    assert "the target is at most 10.0 % (missed, share of calls)" in text
    assert "Less is not: 8 gives 11.0 %" in text
    assert "ruled out at a time. 42 runs" in text


def test_a_bound_that_binds_is_said_to() -> None:
    assert "The answer is the lowest value you allowed, 3: even less may be enough." in said(lambda x: 0.05 - 0.001 * x)
    assert "Your upper bound, 12, stands in the way" in said(lambda x: 0.5 - 0.01 * x)
    assert "The answer is the highest value you allowed, 12" in said(lambda x: 0.215 - 0.01 * x)


def test_no_answer_names_the_nearest() -> None:
    text = said(lambda x: 0.5 - 0.01 * x)
    assert text.startswith("No value from 3 to 12 is shown to be enough, with 95 % confidence. The nearest is 12")


def test_where_more_does_not_help_it_is_said() -> None:
    assert "From 7 on, more makes no clear difference" in said(lambda x: max(0.2, 0.6 - 0.1 * (x - 3)), 0.0)


def test_where_more_is_worse_it_is_said() -> None:
    assert "More makes it worse: the target is met up to 7." in said(lambda x: 0.0137 * x)
    assert "More makes it worse; less than 3, your lower bound, was not looked at." in said(lambda x: 0.1 + 0.01 * x)


def test_a_close_call_is_said_to_be_one() -> None:
    text = said(lambda x: falling(x) if x != 8 else 0.1002, 0.004)
    assert "Less may be enough, too close to the target to tell" in text


def test_what_was_tried_is_a_table() -> None:
    found = sized(falling)
    table, lines = tried_table(found.tried), tried_lines(found.tried, TARGET.yardstick)
    assert list(table["value"]) == sorted(table["value"])
    assert len(lines) == len(table) + 1
    assert set(table["verdict"]) <= {"meets", "misses", "not told apart", ""}


def sizing_of(found: Sized, growing: tuple[float, ...]) -> Sizing:
    """A sizing of which some values go on changing; the trials are no more than what the report asks of them."""
    scenario = composed("practice=small")
    drift = Drift("practice", "paperwork_waiting_min", 187, 3636, True, "role=pharmacist")

    def settling(point: Point) -> Settling:
        return Settling(8, None, "", False, (drift,) if point[0] in growing else (), False)

    nothing = pd.DataFrame({"metric": [], "group": [], "value": []})
    points = {(one.value,): scenario for one in found.tried}
    trials = SimpleNamespace(runs=42, metrics=nothing, scenarios=points, settling=settling)
    return Sizing(found, trials)  # type: ignore[arg-type]


def test_the_verdict_of_settling_stands_by_what_was_tried() -> None:
    sections = told(sizing_of(sized(falling), ()), TARGET, [LINES], Price((3.0,), (1.0,)))
    (settled,) = [one for one in sections if one.heading == "Had the practice settled before it was measured?"]
    assert settled.sentences[0].startswith("At all that were tried (")
    assert sections[0].sentences[0].startswith("9 is enough")


def test_nothing_is_clear_where_the_practice_does_not_settle() -> None:
    found = sized(falling)
    sections = told(sizing_of(found, (9.0,)), TARGET, [LINES], Price((3.0,), (1.0,)))
    assert sections[0].sentences[0].startswith("NOT CLEAR: at 9 the practice does not settle")
    text = " ".join(sentence for one in sections for sentence in one.sentences)
    assert "At 9 NO: clinical pharmacist: paperwork waiting" in text
    (row,) = [one for one in sections[1].table if one.strip().startswith("9 ")]
    assert row.endswith("not clear: it does not settle")
    others = told(sizing_of(found, (8.0,)), TARGET, [LINES], Price((3.0,), (1.0,)))[0].sentences
    assert others[0].startswith("Not clear at 8: ")
    assert others[1].startswith("9 is enough")


def test_the_frontier_in_words() -> None:
    slots = Range("intervention.more_on_the_day_slots.extra", 0, 4, True, 2.0, "slots")
    handlers = Range("intervention.more_call_handlers.extra", 0, 3, True, 1.0, "people")

    def curve(one: float, two: float) -> float:
        return 0.2 - 0.06 * min(one, 2) - 0.011 * two

    axes = (handlers.values, slots.values)
    found = frontier(simulator(curve, 0.001, 0.0005, 1), axes, lambda p: 10 * p[0] + p[1], TARGET.shortfall)
    ranges = (handlers, slots)
    text = " ".join(frontier_sentences(found, TARGET, ranges, "money", 60))
    cheapest = "more_call_handlers.extra = 1, more_on_the_day_slots.extra = 4"
    assert text.startswith(
        f"The cheapest that is enough, with 95 % confidence: {cheapest}. It costs 14 and gives 9.6 %"
    )
    assert "It stands at a bound of your range for more_on_the_day_slots.extra" in text
    assert "Cost is money. 60 runs" in text
    lines = frontier_lines(found, TARGET, ranges)
    assert lines[0].split()[:3] == ["cost", "more_call_handlers.extra", "more_on_the_day_slots.extra"]
    assert len(lines) == len(found.edge) + 1
    table = frontier_table(found, ranges)
    assert list(table.columns[:3]) == [handlers.key, slots.key, "cost"]
    assert len(table) == 12


def test_where_nothing_is_shown_to_be_enough_none_is_called_cheaper() -> None:
    """All that is too close to the target counts, what costs more than the nearest too."""
    handlers = Range("rota.extra_call_handlers", 0, 1, True, 1.0, "people")
    ranges = (Range("phones.lines", 1, 3, True, 2.0, "lines"), handlers)
    seen = interval([0.05, 0.15])
    close = [Combination((x, y), x + 9 * y, seen, OPEN, False) for x in (1.0, 2.0) for y in (0.0, 1.0)]
    text = " ".join(frontier_sentences(Frontier(tuple(close), None, tuple(close), False, 0.95), TARGET, ranges, "m", 8))
    assert "4 combinations are too close to the target to tell; the cheapest of them: phones.lines = 1" in text
    text = " ".join(frontier_sentences(Frontier(tuple(close), None, (close[0],), False, 0.95), TARGET, ranges, "m", 8))
    assert "Too close to the target to tell: phones.lines = 1" in text
    assert "heaper" not in text


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        ("missed_share", 0.0512, "5.1 %"),
        ("failure_contacts_per_working_day", 68.21, "68.2"),
        ("failure_contacts_per_working_day", 1234.4, "1,234"),
        ("answered_wait_min", 0.0412, "0.0412"),
    ],
)
def test_amounts_as_they_are_read(metric: str, value: float, said: str) -> None:
    assert amount(value, Yardstick(metric, "p")) == said


def test_small_things() -> None:
    assert within(ConfidenceInterval(0.05, 0.04, 0.06, 5), Yardstick("missed_share", "p")) == "5.0 % (4.0 to 6.0)"
    assert wanted(read_target("answered_share>=60%", "p")) == "at least 60.0 % (answered, share of calls)"
    assert short("intervention.more_call_handlers.extra") == "more_call_handlers.extra"
    assert short("phones.lines") == "phones.lines"
