"""Every check of conservation fails when the log, or the state the run ended in, is tampered with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shortruns import NO_USER_SETTINGS, composed, run_of

from pcqa_sim import simulate
from pcqa_sim.configuration import options
from pcqa_sim.configuration.building import resolve
from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.interventions import INTERVENTIONS, Intervention, apply_all
from pcqa_sim.results import conservation
from pcqa_sim.results.conservation import ConservationError
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.simulation import EndState, Happened
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY

BACK = "phones.callback.offered_from_waiting=0"
Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def eventful() -> Run:
    """A run with something of everything: engaged tones, callbacks, cancellations, sickness."""
    return run_of("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=4", "phones.lines=2", BACK)


def broken(run: Run, change: Change) -> Happened:
    """A run whose log was tampered with."""
    table = run.log
    frame = table.to_pandas()
    for name in ("practice", "event", "who", "code"):
        frame[name] = frame[name].astype(str)
    frame = change(frame)
    columns = {}
    for field in table.schema:
        coded = pa.types.is_dictionary(field.type)
        values = pa.array(frame[field.name].tolist(), field.type.value_type if coded else field.type)
        columns[field.name] = values.dictionary_encode() if coded else values
    return replace(run.happened, log=pa.table(columns))


def some(frame: pd.DataFrame, event: str, **where: object) -> int:
    """The place of a row in the middle of those of an event."""
    mine = frame["event"] == event
    for name, value in where.items():
        mine &= frame[name] == value
    found = frame.index[mine]
    return int(found[len(found) // 2])


def twice(event: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        at = some(frame, event)
        return pd.concat([frame.loc[:at], frame.loc[[at]], frame.loc[at + 1 :]])

    return change


def without(event: str, **where: object) -> Change:
    return lambda frame: frame.drop(some(frame, event, **where))


def with_value(event: str, column: str, value: object, **where: object) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[some(frame, event, **where), column] = value
        return frame

    return change


def later_with_value(event: str, column: str, value: object) -> Change:
    """Change a row of a contact that is not its need's first."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        later = frame.index[(frame["event"] == event) & (frame["contact"] > 0)]
        frame.loc[later[len(later) // 2], column] = value
        return frame

    return change


def test_a_good_run_passes(eventful: Run) -> None:
    assert set(conservation.check(broken(eventful, lambda frame: frame))) == {"practice"}


TAMPERED: dict[str, tuple[Change, str]] = {
    "contact twice": (twice(log.CONTACT_OPENED), "has contact_opened twice"),
    "answered twice": (twice(log.ANSWERED), "its call ended twice"),
    "menu twice": (twice(log.MENU_ENDED), "its call ended twice"),
    "engaged twice": (twice(log.ENGAGED), "its call ended twice"),
    "need twice": (twice(log.NEED_AROSE), "arose twice"),
    "end twice": (twice(log.NEED_CLOSED), "ended twice"),
    "queued twice": (twice(log.QUEUED), "queued twice"),
    "talk twice": (twice(log.TALK_ENDED), "talk_ended twice"),
    "called back twice": (twice(log.CALLED_BACK), "called_back twice"),
    "front twice": (twice(log.FRONT_SEEN), "front_seen twice"),
    "decided twice": (twice(log.DECIDED), "decided twice"),
    "booked twice": (twice(log.BOOKED), "booked twice"),
    "cancelled twice": (twice(log.CANCELLED), "cancelled twice"),
    "consultation twice": (twice(log.CONSULT_ENDED), "consult_ended twice"),
    "missed appointment twice": (twice(log.DID_NOT_ATTEND), "did_not_attend twice"),
    "result twice": (twice(log.RESULT_BACK), "result_back twice"),
    "next_action twice": (twice(log.NEXT_ACTION), "next_action twice"),
    "seen and missed": (
        with_value(log.CONSULT_ENDED, "event", log.DID_NOT_ATTEND, code="resolved"),
        "never opened|consultations, the log|should be free|called|appointments by the log",
    ),
    "no need": (without(log.NEED_AROSE), "not arisen"),
    "no end": (without(log.NEED_CLOSED), "open by the log"),
    "no answer": (without(log.ANSWERED), "in progress by the log"),
    "no miss": (without(log.MISSED), "in progress by the log|did not happen to its parent"),
    "no talk": (without(log.TALK_ENDED), "in progress by the log|decided without a talk"),
    "no call back": (without(log.CALLED_BACK), "callbacks are due"),
    "no contact": (without(log.CONTACT_OPENED), "never opened"),
    "no booking": (without(log.BOOKED), "never opened|appointments by the log|did not happen"),
    "no consultation": (without(log.CONSULT_ENDED, code="resolved"), "were called in|consultations, the log"),
    "no missed appointment": (without(log.DID_NOT_ATTEND), "were called in|did not happen to its parent"),
    "no cancellation": (without(log.CANCELLED), "appointments by the log|did not happen to its parent"),
    "nobody at the desk": (without(log.FRONT_SEEN), "was decided unseen"),
    "no decision at the desk": (without(log.DECIDED, who="front_desk"), "was seen and never decided|did not happen"),
    "another parent": (later_with_value(log.CONTACT_OPENED, "amount", 99.0), "no parent before it"),
    "a parent for the first": (with_value(log.CONTACT_OPENED, "amount", 0.0, contact=0), "is first but has a parent"),
    "no such cause": (later_with_value(log.CONTACT_OPENED, "code", "nonsense"), "has no cause"),
    "new again": (later_with_value(log.CONTACT_OPENED, "code", "new"), "has no cause"),
    "a cause for the first": (
        with_value(log.CONTACT_OPENED, "code", "chase", contact=0),
        "is first but has a parent|has no cause",
    ),
    "no such ending": (with_value(log.NEED_CLOSED, "code", "vanished"), "which is no ending"),
    "backwards": (lambda frame: frame.iloc[::-1], "forward in time"),
    "another role": (
        with_value(log.BOOKED, "who", "gp.1", who="hca.1"),
        "appointments by the log|should be free",
    ),
    "another rule": (
        with_value(log.BOOKED, "code", "routine.face_to_face", code="on_the_day.face_to_face"),
        "appointments by the log|should be free",
    ),
    "a longer consultation": (with_value(log.CONSULT_ENDED, "amount", 600.0), "minutes of consultations, the log"),
    "more consulting": (with_value(log.SESSION_ENDED, "amount", 500.0, code=log.CONSULTING), "do not add up"),
    "more paperwork": (with_value(log.SESSION_ENDED, "amount", 500.0, code=log.BACK_OFFICE), "do not add up"),
    "paperwork from nowhere": (with_value(log.PAPERWORK_MADE, "amount", 500.0), "paperwork does not add up"),
    "paperwork that is gone": (with_value(log.PAPERWORK, "amount", 9999.0), "paperwork does not add up"),
    "more idling": (with_value(log.SESSION_ENDED, "amount", 500.0, code=log.IDLE), "do not add up"),
    "a longer roster": (with_value(log.SESSION_ENDED, "amount", 500.0, code=log.ROSTERED), "do not add up"),
    "overtime": (with_value(log.SESSION_ENDED, "amount", 500.0, code=log.OVERTIME), "do not add up"),
    "less than no time": (with_value(log.SESSION_ENDED, "amount", -1.0, code=log.IDLE), "less than no time"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_breach_stops_the_run_and_names_the_event(case: str, eventful: Run) -> None:
    change, said = TAMPERED[case]
    with pytest.raises(ConservationError, match=said):
        conservation.check(broken(eventful, change))


CAUSES = sorted(
    {
        "called_while_closed", "balked", "engaged", "reneged", "told_another_day", "unresolved", "wrong_clinician",
        "no_continuity", "planned_follow_up", "chase", "dna_rebook", "rearranged", "cancelled_by_practice",
        "no_slot_online", "form_refused", "lost_hand_off", "bounced",
    }
)  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_that_did_not_happen_to_the_parent_is_a_breach(cause: str, eventful: Run) -> None:
    """What followed a resolved, attended appointment's only real cause is given every other one."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        real = "told_another_day" if cause != "told_another_day" else "balked"
        frame.loc[some(frame, log.CONTACT_OPENED, code=real), "code"] = cause
        return frame

    with pytest.raises(ConservationError, match="cause that did not happen to its parent"):
        conservation.check(broken(eventful, change))


def test_the_message_names_need_contact_and_time(eventful: Run) -> None:
    with pytest.raises(ConservationError, match=r"need \d+, contact \d+, day \d+ \d\d:\d\d: its call ended twice"):
        conservation.check(broken(eventful, twice(log.ANSWERED)))


def test_the_breach_names_the_practice(eventful: Run) -> None:
    change = with_value(log.NEED_AROSE, "need", 5)
    with pytest.raises(ConservationError, match=r"^practice practice: need \d+"):
        conservation.check(broken(eventful, change))


def test_anything_after_the_end_of_its_need_is_a_breach(eventful: Run) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = frame[(frame["event"] == log.NEED_CLOSED) & (frame["contact"] >= 0)].iloc[5].copy()
        row["event"], row["amount"], row["code"] = log.QUEUED, 0.0, ""
        row["time_min"] = frame["time_min"].iloc[-1]
        mine = (frame["need"] == row["need"]) & (frame["event"] == log.QUEUED)
        return pd.concat([frame[~mine], row.to_frame().T])

    with pytest.raises(ConservationError, match="happened after the need ended"):
        conservation.check(broken(eventful, change))


def with_one_more(end: EndState, name: str) -> EndState:
    value = getattr(end, name)
    if isinstance(value, int):
        return replace(end, **{name: value + 100})
    key = ("gp", "routine")
    return replace(end, **{name: {**value, key: value.get(key, 0) + 1}})


@pytest.mark.parametrize("name", [field.name for field in fields(EndState)])
def test_every_count_of_the_end_state_is_checked(name: str, eventful: Run) -> None:
    end = {key: with_one_more(state, name) for key, state in eventful.happened.end.items()}
    with pytest.raises(ConservationError):
        conservation.check(replace(eventful.happened, end=end))


# Nothing is lost whatever is switched on, in any practice; and strength zero changes nothing.

PRACTICES, FILES = options()["practice"], options()["intervention"]
OTHERS = [name for name in PRACTICES if name != "small"]
SMALL_FIRST = [pytest.param(name, marks=() if name == "small" else pytest.mark.slow) for name in PRACTICES]
"""One practice in the quick tests, all of them in the slow."""


def in_each_practice(names: Sequence[str]) -> list[Any]:
    """Each name with each practice: small in the quick tests, another one in turn in the slow, the rest in the soak."""

    def tier(at: int, practice: str) -> tuple[pytest.MarkDecorator, ...]:
        if practice == "small":
            return ()
        return (pytest.mark.slow if practice == OTHERS[at % len(OTHERS)] else pytest.mark.soak,)

    return [
        pytest.param(name, practice, marks=tier(at, practice))
        for at, name in enumerate(names)
        for practice in PRACTICES
    ]


SHORT = ("run.warm_up_weeks=0", "run.measured_weeks=2", "practice.list_size=1000")  # whole lists run in the soak


def shipped(practice: str) -> Scenario:
    return composed(f"practice={practice}", *SHORT)


@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("kind", sorted(INTERVENTIONS))
def test_strength_zero_leaves_every_setting_as_it_was(kind: str, practice: str) -> None:
    """The same settings are the same run, to the last bit: that is tested elsewhere."""
    scenario = shipped(practice)
    zero = INTERVENTIONS[kind].zero().apply(scenario)
    assert zero.replaced(interventions=scenario.interventions) == scenario


@pytest.mark.parametrize("practice", SMALL_FIRST)
def test_nothing_is_lost_with_everything_at_once_and_all_zeros_change_nothing(practice: str) -> None:
    before = run_of(f"practice={practice}", *SHORT)
    zeros = [intervention.zero() for intervention in INTERVENTIONS.values()]
    assert simulate(apply_all(shipped(practice), zeros)).log.equals(before.log)
    now = (f"intervention.{name}.from_week=0" for name in FILES)
    everything = composed(f"practice={practice}", *SHORT, f"intervention=[{','.join(FILES)}]", *now)
    assert simulate(everything).log.num_rows > 0  # raises where anything is lost


@pytest.mark.parametrize(("kind", "practice"), in_each_practice(FILES))
def test_nothing_is_lost_and_nothing_changes_before_its_week(kind: str, practice: str) -> None:
    before = run_of(f"practice={practice}", *SHORT)
    after = simulate(apply_all(shipped(practice), (_late()[kind],)))  # raises where anything is lost
    old, new = (after.scenario.in_force("practice", week) for week in (0, 1))
    ahead = [(one.role, one.fte_level, one.appointments.releases, one.triage.clinician_triage) for one in (old, new)]
    if ahead[0] != ahead[1]:
        return  # the diary of later weeks is open before, and can be booked
    for mine, theirs in zip(_first_days(before), _first_days(after), strict=True):
        assert np.array_equal(mine, theirs)


@pytest.mark.parametrize(("model", "practice"), in_each_practice(sorted(TRIAGE)))
def test_nothing_is_lost_with_any_access_model(model: str, practice: str) -> None:
    assert simulate(composed(f"practice={practice}", *SHORT, f"triage={model}")).log.num_rows > 0


@cache
def _late() -> dict[str, Intervention]:
    """Every intervention as its file has it, from week 1: composed together, to be applied one by one."""
    late = (f"intervention.{name}.from_week=1" for name in FILES)
    words = ("practice=small", *SHORT, f"intervention=[{','.join(FILES)}]", *late)
    return dict(zip(FILES, resolve(words, NO_USER_SETTINGS).interventions, strict=True))


def _first_days(run: Run) -> list[np.ndarray]:
    """When what happened to whom, up to the Saturday before the intervention."""
    table = run.log
    time, need = (table.column(name).to_numpy() for name in ("time_min", "need"))
    early = (time < 5 * DAY) & (need >= 0)
    return [table.column(name).to_numpy()[early] for name in ("time_min", "need", "contact", "amount")]
