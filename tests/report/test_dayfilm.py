"""A day as a moving picture: everybody who moves is somewhere at each minute, and the table says the same."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from pcqa_sim.report.dayfilm.moves import (
    BOOKED,
    CALLING,
    DONE,
    FRONT,
    LAST,
    NOWHERE,
    SEEN,
    STAGES,
    TALKING,
    Moves,
    moves_of,
    table,
)
from pcqa_sim.report.dayfilm.page import day_html
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log

MONDAY = 14


@pytest.fixture(scope="module")
def monday(small_run: Run) -> Moves:
    return moves_of(small_run.events, "practice", MONDAY, "as it is")


def test_people_are_seen_and_answered_as_often_as_the_log_says(small_run: Run, monday: Moves) -> None:
    events = small_run.events
    day = events[(events["time_min"] >= MONDAY * 1440) & (events["time_min"] < (MONDAY + 1) * 1440)]
    for event, stage in ((log.CONSULT_ENDED, SEEN), (log.ANSWERED, TALKING)):
        needs = day[(day["event"] == event) & (day["need"] >= 0)]["need"].nunique()
        moved = sum(any(where == stage for _, where in moves) for moves in monday.needs)
        assert needs
        assert moved == needs


def test_moves_are_in_order_and_nobody_is_lost(monday: Moves) -> None:
    for moves in monday.needs:
        times = [at for at, _ in moves]
        assert times == sorted(times)
        assert all(one[1] != other[1] for one, other in itertools.pairwise(moves))
    began = sum(moves[0][0] <= LAST for moves in monday.needs)
    assert sum(monday.counts(LAST)) == began
    rows = table([monday])["as it is"]
    assert rows[-1] == ("19:00", monday.counts(LAST))
    assert rows[-1][1][NOWHERE] + rows[-1][1][BOOKED] + rows[-1][1][DONE] > rows[0][1][NOWHERE]


def test_the_day_begins_on_the_phone_and_at_the_desk(monday: Moves) -> None:
    first = [moves[0][1] for moves in monday.needs]
    assert first.count(CALLING) > 10
    assert first.count(FRONT) > 3


def test_the_page_asks_for_nothing_and_text_from_outside_is_text(monday: Moves) -> None:
    page = day_html("<script>alert(1)</script>", "a & b", [monday, Moves("</script><b>", monday.needs)])
    assert "<script>alert" not in page
    assert page.count("</script>") == 1
    assert "https:" not in page.replace("https://www.w3.org", "")
    film = json.loads(re.search(r"const film = (.*);\n", page)[1])  # type: ignore[index]
    assert len(film["stages"]) == len(STAGES)
    assert film["sides"][1]["name"] == "</script><b>"
