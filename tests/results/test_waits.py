"""Waits are of everybody who waits, and shares of all attempts stand beside the published ones."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from shortruns import met_plainly, run_of

from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import ASKED_THROUGH, CALL_ANOTHER_DAY, INFORMED, TRIAGE_RULES

WEEKS = 3
SHORT = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", f"run.measured_weeks={WEEKS}")
WAITING = (  # nobody tires of waiting for a callback, and none lapses
    "phones.callback.lapses_at_closing=false",
    "phones.callback.patience_mean_min=null",
    "phones.callback.accepted_share=1",
    "phones.callback.offered_from_waiting=0",
    "phones.talk.median_min=50",
    "channels.inbox_min=120",
)


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(*SHORT, *WAITING)


@cache
def measured(*overrides: str) -> dict[tuple[str, str], float]:
    return run_of(*SHORT, *overrides).metrics().set_index(["metric", "group"])["value"].to_dict()


def mean_wait(since: pd.Series, until: pd.Series) -> float:
    """Each wait by itself, those without an end until the end of the run."""
    return float((until.fillna(WEEKS * WEEK) - since).mean())


def test_who_is_never_called_back_has_waited_until_the_end(run: Run) -> None:
    asked = run.contacts[run.contacts["ending"] == log.CALLBACK_REQUESTED]
    called = asked["ended"] + asked["called_back_after"]
    assert called.isna().any()
    found = measured(*WAITING)
    assert found["callback_made_share", ""] == pytest.approx(called.notna().mean())
    assert found["callback_after_min", ""] == pytest.approx(asked["called_back_after"].mean(), rel=1e-6)
    assert found["callback_wait_min", ""] == pytest.approx(mean_wait(asked["ended"], called), rel=1e-5)
    assert found["callback_wait_min", ""] > found["callback_after_min", ""] * 1.2


def test_waits_at_the_desk_and_in_the_inbox_are_those_of_each_contact(run: Run) -> None:
    contacts, calendar = run.contacts, run.scenario.calendar.working()
    open_then = np.array([calendar.is_open(minute) for minute in contacts["opened"]])
    administrative = [
        name for name, kind in run.scenario.practices["practice"].demand.kinds.items() if kind.administrative
    ]
    about = contacts["need"].map(run.needs["kind"]).isin(administrative)
    forms = (contacts["channel"] == "online") & (contacts["ending"] != log.FORM_REFUSED)
    places = {
        "desk": (contacts["channel"] == "desk") & open_then,
        "inbox": forms | (contacts["channel"] == "app") & about,
    }
    found = measured(*WAITING)
    for place, mine in places.items():
        came = contacts[mine]
        assert found["front_wait_min", f"place={place}"] == pytest.approx(
            mean_wait(came["opened"], came["front_at"]), rel=1e-6
        )
        assert found["front_seen_share", f"place={place}"] == pytest.approx(came["front_at"].notna().mean())
    assert found["front_seen_share", "place=inbox"] < 1


def test_days_waited_are_those_of_each_need_asked_about(run: Run) -> None:
    needs = run.needs.query("origin != 'practice'").dropna(subset="asked")
    ended = run.events[run.events["event"] == log.CONSULT_ENDED].groupby("need")["time_min"].min()
    seen = ended.reindex(needs.index)
    found = measured(*WAITING)
    there = run.events[(run.events["event"] == log.PLACE_BEGAN) & (run.events["who"] != "self_care")]
    assert (run.events.query("who == 'self_care'")["event"] == log.PLACE_BEGAN).any()
    begun = there.groupby("need")["time_min"].min().reindex(needs.index)
    assert (begun < needs["closed"]).any()
    until = pd.concat([seen, begun, needs["closed"]], axis=1).min(axis=1)
    assert found["days_waited_for_clinician", ""] == pytest.approx(mean_wait(needs["asked"], until) / DAY)
    assert found["days_open_of_asked", ""] == pytest.approx(mean_wait(needs["asked"], needs["closed"]) / DAY)
    people = run.happened.people["practice"]
    child = people.ages.index("age_0_4") == people.age[needs["person"]]
    assert found["days_open_of_asked", "age=0_4"] == pytest.approx(
        mean_wait(needs["asked"][child], needs["closed"][child]) / DAY
    )
    assert found["days_open_of_asked", ""] > found["days_to_resolution", ""]


def test_waits_for_paper_begin_with_test_or_request(run: Run) -> None:
    events = run.events
    awaited = events[events["code"].isin(("awaiting_test", "paperwork_to_do"))].set_index("need")["time_min"]
    back = events[events["event"] == log.RESULT_BACK].set_index("need")["time_min"]
    assert not awaited.index.duplicated().any()
    wait = mean_wait(awaited, back.reindex(awaited.index)) / DAY
    assert measured(*WAITING)["paper_wait_days", ""] == pytest.approx(wait)


def test_a_wait_for_a_clinician_triage_ends_with_it() -> None:
    run = run_of(*SHORT, "triage=gp_phone_first")
    looks = run.appointments[run.appointments["release"].isin(TRIAGE_RULES)]
    assert len(looks)
    ends = run.events[run.events["event"].isin((log.CONSULT_ENDED, log.DID_NOT_ATTEND, log.CANCELLED))]
    over = ends.set_index(["need", "contact"])["time_min"]
    over = over.reindex(pd.MultiIndex.from_frame(looks[["need", "contact"]])).to_numpy()
    wait = mean_wait(looks["booked"], pd.Series(over, index=looks.index))
    assert measured("triage=gp_phone_first")["clinician_triage_wait_min", ""] == pytest.approx(wait)


def test_all_attempts_are_below_the_line(run: Run) -> None:
    contacts = run_of(*SHORT, "phones.lines=1").contacts
    calls = contacts[(contacts["channel"] == "phone") & (contacts["ending"] != "in_progress")]
    found = measured("phones.lines=1")
    for ending in ("engaged", "menu_ended", "callback_requested", "missed", "answered"):
        share = (calls["ending"] == ending).mean()
        assert found["attempt_endings_share", f"ending={ending}"] == pytest.approx(share)
    answered = calls["ending"] == "answered"
    assert found["attempts_answered_share", ""] == pytest.approx(answered.mean())
    assert found["attempts_within_2_min_share", ""] == pytest.approx((answered & (calls["waited"] <= 2)).mean())
    queued = calls[calls["ending"].isin(("answered", "missed")) & (calls["why"] != "closed")]
    assert found["queue_wait_min", ""] == pytest.approx(queued["waited"].mean(), rel=1e-6)


def test_fewer_lines_do_not_look_better_among_all_attempts() -> None:
    """The published shares do: whoever hears the engaged tone leaves their denominator."""
    slow = ("phones.talk.median_min=12",)
    many, few = measured(*slow), measured(*slow, "phones.lines=2")
    assert few["answered_share", ""] > many["answered_share", ""]
    assert few["answered_within_2_min_share", ""] > many["answered_within_2_min_share", ""]
    for metric in ("attempts_answered_share", "requests_heard_share"):
        assert few[metric, ""] < many[metric, ""]


def test_requests_are_heard_or_not(run: Run) -> None:
    contacts = run.contacts
    asked = contacts[contacts["channel"].isin(ASKED_THROUGH) & (contacts["why"] != INFORMED)]
    heard = (asked["disposition"] != "").mean()
    assert measured(*WAITING)["requests_heard_share", ""] == pytest.approx(heard)
    assert heard < 0.9


def test_appointments_are_found_or_not(run: Run) -> None:
    asked = run.contacts[run.contacts["channel"].isin(ASKED_THROUGH)]
    found, told = asked["booked"].sum(), (asked["disposition"] == CALL_ANOTHER_DAY).sum()
    in_app = ((asked["channel"] == "app") & (asked["next_action"] == "phone")).sum()
    assert told
    assert in_app
    assert measured(*WAITING)["appointment_found_share", ""] == pytest.approx(found / (found + told + in_app))


def test_needs_that_stay_open_are_not_met(run: Run) -> None:
    needs = run.needs.assign(met=met_plainly(run)).query("origin != 'practice'")
    met = needs["met"].sum()
    found = measured(*WAITING)
    assert found["needs_met_of_arisen_share", ""] == pytest.approx(met / len(needs))
    assert found["needs_met_of_arisen_share", ""] < found["needs_met_share", ""]
