"""What a run says while its replications come: of those in the store alone, and each counts once."""

from __future__ import annotations

import logging
from pathlib import Path

import pyarrow as pa
import pytest
from shortruns import composed

from pcqa_sim.commands import firstanswers
from pcqa_sim.commands.firstanswers import FirstAnswers
from pcqa_sim.study.result import Result
from pcqa_sim.study.store import Store
from pcqa_sim.study.unit import Unit
from pcqa_sim.values.faults import BadInput

SCENARIO = composed("practice=small")
UNIT_OF = {"failure_share": "share of contacts", "missed_share": "share of calls", "lead_time_days": "days"}


def put(store: Store, replication: int, **values: float) -> Unit:
    """Put a unit into a store; each metric also has another group and another period, which do not count."""
    unit = Unit(SCENARIO.hash(), 1, replication)
    rows = [(m, v, g, p) for m, v in values.items() for g, p in (("", "all"), ("day=mon", "all"), ("", "w01"))]
    columns = {
        "scenario": [unit.scenario] * len(rows),
        "replication": [replication] * len(rows),
        "practice": ["practice"] * len(rows),
        "period": [period for *_, period in rows],
        "group": [group for _, _, group, _ in rows],
        "metric": [metric for metric, *_ in rows],
        "value": [value if (group, period) == ("", "all") else 9.0 for _, value, group, period in rows],
        "unit": [UNIT_OF[metric] for metric, *_ in rows],
    }
    store.put(Result(unit, pa.table(columns)), "")
    return unit


def test_the_first_replication_gives_means_and_the_second_intervals(tmp_path: Path) -> None:
    store, early = Store(tmp_path), FirstAnswers(SCENARIO, 5)
    first = put(store, 0, failure_share=0.20, missed_share=0.01, lead_time_days=7.0)
    said = "so far, 1 of 5 replications: 20.0 % of what people ask is failure demand; 1.0 % of calls missed"
    assert early.take(store, first) == [said]
    (line,) = early.take(store, put(store, 1, failure_share=0.22, missed_share=0.03))
    assert line.startswith("so far, 2 of 5 replications: 21.0 % (8.3 to 33.7) of what people ask is failure demand; ")
    assert line.endswith("; 2.0 % (0.0 to 14.7) of calls missed")


def test_a_replication_counts_once_and_only_if_it_is_in_the_store(tmp_path: Path) -> None:
    store, early = Store(tmp_path), FirstAnswers(SCENARIO, None)
    unit = put(store, 0, failure_share=0.2)
    assert early.take(store, unit) == early.take(store, unit)
    assert early.lines()[0].startswith("so far, 1 replication: 20.0 %")
    with pytest.raises(BadInput, match="is not there"):
        early.take(store, Unit(SCENARIO.hash(), 1, 1))


def test_nobody_who_asked_for_anything(tmp_path: Path) -> None:
    store, early = Store(tmp_path), FirstAnswers(SCENARIO, 2)
    assert early.take(store, put(store, 0, lead_time_days=1.0)) == [
        "so far, 1 of 2 replications: nobody asked for anything"
    ]


def test_beyond_some_replications_no_more_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firstanswers, "MOST_READ", 1)
    store, early = Store(tmp_path), FirstAnswers(SCENARIO, 3)
    before = early.take(store, put(store, 0, failure_share=0.2))
    assert early.take(store, put(store, 1, failure_share=0.9)) == before


def test_a_network_has_a_line_for_each_of_the_first_practices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firstanswers, "MOST_PRACTICES", 2)
    practice = SCENARIO.practices["practice"]
    together = SCENARIO.replaced(practices={"a": practice, "b": practice, "c": practice})
    lines = FirstAnswers(together, 2).lines()
    assert len(lines) == 3
    assert lines[2] == "and 1 more practices"
    assert lines[0] != lines[1]


def test_they_are_logged_where_that_is_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store, early = Store(tmp_path), FirstAnswers(SCENARIO, 2)
    with caplog.at_level(logging.WARNING, "pcqa_sim"):
        assert not early.logged()
    with caplog.at_level(logging.INFO, "pcqa_sim"):
        assert early.logged()
        said = early.take(store, put(store, 0, failure_share=0.2))
    assert [record.message for record in caplog.records if record.name == firstanswers.__name__] == said
