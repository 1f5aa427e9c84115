from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from shortruns import composed, run_of

from pcqa_sim.scenario import Scenario
from pcqa_sim.study.why import NOTHING, Why, table_of, why
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import WEEK
from pcqa_sim.values.eventlog import EventLog

QUICK = ("practice=small", "run=quick")
HANDLERS = "intervention=[more_call_handlers]"
Told = tuple[float, int, str, str, str]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return composed(*QUICK)


def logged(*told: Told, practice: int = 0) -> pa.Table:
    """A log of (time, need, event, who, code), all of them in the measured weeks."""
    events = EventLog(("practice", "elsewhere"))
    for time, need, event, who, code in told:
        events.add((WEEK + time, practice, 1, need, 0, event, who, code, 0.0))
    return events.table()


def opened(time: float, need: int, cause: str = "new") -> Told:
    return (time, need, log.CONTACT_OPENED, "phone", cause)


MISSED: Told = (2.0, 7, log.MISSED, "", "queue")
ANSWERED: Told = (2.0, 7, log.ANSWERED, "call_handler", "")


def test_where_two_stories_part(scenario: Scenario) -> None:
    found = why(
        logged(opened(1, 7), MISSED, opened(9, 7, "reneged")), logged(opened(1, 7), ANSWERED), scenario, "practice"
    )
    (parting,) = found.partings
    assert (parting.need, parting.base_row, parting.other_row) == (7, 1, 1)
    assert parting.last == ("contact_opened", "phone", "new")
    assert parting.base == ("missed", "", "queue")
    assert parting.other == ("answered", "call_handler", "")
    assert (parting.contacts, parting.failures) == (-1, -1)
    assert (found.needs, found.same, found.shifted) == (1, 0, 0)
    assert (found.contacts, found.failures) == (-1, -1)


def test_a_wait_is_no_parting(scenario: Scenario) -> None:
    """Whether, and how long, somebody queues is time; which row it happened at is found all the same."""
    queued: Told = (1.5, 7, log.QUEUED, "", "")
    shifted = why(logged(opened(1, 7), ANSWERED), logged(opened(1, 7), queued, ANSWERED), scenario, "practice")
    assert (shifted.same, shifted.shifted, shifted.partings) == (0, 1, ())
    (parting,) = why(
        logged(opened(1, 7), MISSED), logged(opened(1, 7), queued, ANSWERED), scenario, "practice"
    ).partings
    assert (parting.base_row, parting.other_row) == (1, 2)


def test_the_same_minute_is_the_same(scenario: Scenario) -> None:
    one, later = logged(opened(1, 7)), logged(opened(1.25, 7))
    assert (why(one, one, scenario, "practice").same, why(one, one, scenario, "practice").shifted) == (1, 0)
    assert (why(one, later, scenario, "practice").same, why(one, later, scenario, "practice").shifted) == (0, 1)


def test_a_story_may_end_or_never_begin(scenario: Scenario) -> None:
    short, long = logged(opened(1, 7)), logged(opened(1, 7), ANSWERED, opened(3, 8))
    partings = why(short, long, scenario, "practice").partings
    assert [(one.need, one.base, one.base_row) for one in partings] == [(7, NOTHING, -1), (8, NOTHING, -1)]
    assert partings[1].last == NOTHING


def test_other_practices_and_warm_up_do_not_count(scenario: Scenario) -> None:
    here, there = logged(opened(1, 7)), logged(opened(1, 7), practice=1)
    assert why(there, there, scenario, "practice").needs == 0
    early = logged((-WEEK, 7, log.CONTACT_OPENED, "phone", "reneged"))
    assert why(here, early, scenario, "practice").failures == 0


def test_kinds_gather_needs_and_put_the_telling_first(scenario: Scenario) -> None:
    asked = [opened(1, need) for need in (1, 2, 3)]
    missed = [(2.0, need, log.MISSED, "", "queue") for need in (1, 2)]
    answered = [(2.0, need, log.ANSWERED, "call_handler", "") for need in (1, 2)]
    today, later = ((2.0, 3, log.DECIDED, "call_handler", code) for code in ("booked_today", "booked_ahead"))
    base = logged(*asked, *missed, today, opened(9, 2, "reneged"))
    other = logged(*asked, *answered, later)
    first, second = why(base, other, scenario, "practice").kinds()
    assert (first.base[0], first.needs, first.failures) == ("missed", 2, -1)
    assert [one.need for one in first.examples] == [2, 1]
    assert (second.needs, second.failures) == (1, 0)


@pytest.fixture(scope="module")
def real() -> Why:
    return why(run_of(*QUICK).log, run_of(*QUICK, HANDLERS).log, composed(*QUICK), "practice")


@pytest.mark.slow
def test_the_kinds_add_up_to_the_difference_of_the_metric(real: Why) -> None:
    """What is explained is all there is to explain: failure contacts of the measured weeks, to the last one."""
    runs = [run_of(*QUICK), run_of(*QUICK, HANDLERS)]
    counts = []
    for run in runs:
        contacts = run.contacts
        counts.append(int((contacts["failure"] & (contacts["opened"] >= WEEK)).sum()))
    assert real.failures == counts[1] - counts[0]
    assert sum(kind.failures for kind in real.kinds()) == real.failures
    assert sum(kind.needs for kind in real.kinds()) == len(real.partings)
    assert real.same + real.shifted + len(real.partings) == real.needs
    metric = [
        run.metrics().query("metric == 'failure_contacts_per_working_day' and group == ''")["value"].iloc[0]
        for run in runs
    ]
    assert (real.failures < 0) == (metric[1] < metric[0])


def test_only_what_comes_after_the_parting_differs(real: Why) -> None:
    """More call handlers: the commonest parting is somebody who gives up in one run and is answered in the other."""
    assert real.partings
    commonest = max(real.kinds(), key=lambda kind: kind.needs if kind.failures < 0 else 0)
    assert (commonest.base[0], commonest.other[0]) == (log.MISSED, log.ANSWERED)


def test_a_scenario_and_itself_never_part() -> None:
    run = run_of(*QUICK)
    found = why(run.log, run.log, composed(*QUICK), "practice")
    assert (found.partings, found.shifted, found.failures, found.contacts) == ((), 0, 0, 0)
    assert found.same == found.needs == len(run.needs)


def test_the_table_has_a_row_a_need(real: Why) -> None:
    table = table_of(real)
    assert isinstance(table, pd.DataFrame)
    assert list(table["need"]) == [one.need for one in real.partings]
    assert table["failures"].sum() == real.failures
