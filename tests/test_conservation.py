from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

from pcqa_sim import conservation
from pcqa_sim import eventlog as log
from pcqa_sim.conservation import ConservationError
from pcqa_sim.run import Run
from pcqa_sim.simulation import Happened


def broken(run: Run, change: "Callable[[pd.DataFrame], pd.DataFrame]") -> Happened:  # noqa: F821, UP037
    """A run whose log was tampered with."""
    table = run.log
    frame = table.to_pandas()
    for name in ("practice", "event", "who", "code"):
        frame[name] = frame[name].astype(str)
    frame = change(frame)
    columns = {}
    for field in table.schema:
        values = pa.array(
            frame[field.name].tolist(), field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        )
        columns[field.name] = values.dictionary_encode() if pa.types.is_dictionary(field.type) else values
    return replace(run.happened, log=pa.table(columns))


def twice(event: str, **where: str) -> "Callable[[pd.DataFrame], pd.DataFrame]":  # noqa: F821, UP037
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame[frame["event"] == event]
        for name, value in where.items():
            mine = mine[mine[name] == value]
        row = mine.iloc[[len(mine) // 2]]
        return pd.concat([frame.loc[: row.index[0]], row, frame.loc[row.index[0] + 1 :]])

    return change


def without(event: str) -> "Callable[[pd.DataFrame], pd.DataFrame]":  # noqa: F821, UP037
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame.index[frame["event"] == event]
        return frame.drop(mine[len(mine) // 2])

    return change


def with_value(event: str, column: str, value: object) -> "Callable[[pd.DataFrame], pd.DataFrame]":  # noqa: F821, UP037
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        later = frame.index[(frame["event"] == event) & (frame["contact"] != 0)]
        frame.loc[later[len(later) // 2], column] = value
        return frame

    return change


def test_a_good_run_passes(small_run: Run) -> None:
    assert set(conservation.check(broken(small_run, lambda frame: frame))) == {"practice"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (twice(log.CONTACT_OPENED), "has contact_opened twice"),
        (twice(log.ANSWERED), "its call ended twice"),
        (twice(log.MENU_ENDED), "its call ended twice"),
        (twice(log.NEED_AROSE), "arose twice"),
        (twice(log.NEED_CLOSED), "ended twice"),
        (twice(log.CONSULT_ENDED), "consult_ended twice"),
        (twice(log.TALK_ENDED), "talk_ended twice"),
        (twice(log.DECIDED), "decided twice"),
        (twice(log.OUTCOME), "outcome twice"),
        (twice(log.FATE), "fate twice"),
        (without(log.NEED_AROSE), "not arisen"),
        (without(log.NEED_CLOSED), "open by the log"),
        (without(log.ANSWERED), "in progress by the log"),
        (without(log.MISSED), "in progress by the log|did not happen to its parent"),
        (without(log.TALK_ENDED), "in progress by the log|callbacks are due"),
        (without(log.CALLED_BACK), "callbacks are due"),
        (without(log.BOOKED), "never opened|slots taken"),
        (without(log.CONTACT_OPENED), "never opened"),
        (with_value(log.CONTACT_OPENED, "amount", 99.0), "no parent before it"),
        (with_value(log.CONTACT_OPENED, "code", "nonsense"), "has no cause"),
        (with_value(log.CONTACT_OPENED, "code", "new"), "has no cause"),
        (with_value(log.CONTACT_OPENED, "code", "lost_hand_off"), "cause that did not happen to its parent"),
        (with_value(log.CONTACT_OPENED, "code", "chase"), "cause that did not happen to its parent"),
        (with_value(log.NEED_CLOSED, "code", "vanished"), "which is no ending"),
        (lambda frame: frame.iloc[::-1], "forward in time"),
    ],
)
def test_a_breach_stops_the_run_and_names_the_event(small_run: Run, change: object, said: str) -> None:
    with pytest.raises(ConservationError, match=said):
        conservation.check(broken(small_run, change))  # type: ignore[arg-type]


def test_the_message_names_need_contact_and_time(small_run: Run) -> None:
    with pytest.raises(ConservationError, match=r"need \d+, contact \d+, day \d+ \d\d:\d\d: its call ended twice"):
        conservation.check(broken(small_run, twice(log.ANSWERED)))


def test_anything_after_the_end_of_its_need_is_a_breach(small_run: Run) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = frame[frame["event"] == log.NEED_CLOSED].iloc[5].copy()
        row["event"], row["amount"], row["code"] = log.QUEUED, 0.0, ""
        row["time_min"] = frame["time_min"].iloc[-1]
        mine = (frame["need"] == row["need"]) & (frame["event"] == log.QUEUED)
        return pd.concat([frame[~mine], row.to_frame().T])

    with pytest.raises(ConservationError, match="happened after the need ended"):
        conservation.check(broken(small_run, change))
