"""Requests as forms: by whom, through the phone message, on behalf of people, and asked because it is easy."""

from __future__ import annotations

import pytest
from fixedluck import GivenLuck
from onepart import need_of
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.frontdoor.form_first import FormFirst
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import FormFirst as Rules
from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.needs import APP, DESK, ONLINE, PHONE, SENT_TO_FORM, Need

SHORT = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2")
YOUNG, OLD, WITHOUT = 0, 1, 2  # persons: the last uses no forms


def first(**changes: float) -> FormFirst:
    rules = {
        "takes_up_share": 0.8, "takes_up_by_age": {"old": 0.5}, "message_moves_share": 0.4, "fills_in_factor": 1.5,
        "form_min": 0.5,
    }  # fmt: skip
    return FormFirst(Rules(**(rules | changes)), [True, True, False], [0, 1, 0], ("young", "old"))  # type: ignore[arg-type]


def need(person: int, **luck: float) -> Need:
    made = need_of("acute_minor", luck=GivenLuck(**luck))
    made.person = person
    return made


@pytest.mark.parametrize(
    ("person", "luck", "usual", "there", "channel"),
    [
        (YOUNG, 0.79, PHONE, True, ONLINE),
        (YOUNG, 0.79, DESK, True, ONLINE),
        (YOUNG, 0.81, PHONE, True, PHONE),
        (YOUNG, 0.79, APP, True, APP),
        (YOUNG, 0.79, PHONE, False, PHONE),  # nobody turns to a form that is known to be closed
        (OLD, 0.41, PHONE, True, PHONE),
        (OLD, 0.39, PHONE, True, ONLINE),
        (WITHOUT, 0.01, PHONE, True, PHONE),
    ],
)
def test_a_form_is_sent_by_those_who_use_such_things_the_old_more_seldom(
    person: int, luck: float, usual: str, there: bool, channel: str
) -> None:
    assert first().channel(need(person, takes_up_the_form=luck), usual, there) == channel


def test_the_phone_message_moves_a_share_of_callers_who_have_not_been_heard() -> None:
    moved, stays = (need(YOUNG, moved_to_the_form_by_phone=u) for u in (0.39, 0.41))
    assert first().moves(moved, True)
    assert not first().moves(stays, True)
    assert not first().moves(moved, False)
    assert not first().moves(need(WITHOUT, moved_to_the_form_by_phone=0.0), True)
    moved.heard = True
    assert not first().moves(moved, True)


def test_what_nobody_would_have_asked_is_asked_by_a_share_of_those_who_send_forms() -> None:
    luck = {"takes_up_the_form": 0.1, "asks_because_it_is_easy": 0.2}
    assert not first().is_induced(need(YOUNG, **luck))
    assert first(induced_share=0.3).is_induced(need(YOUNG, **luck))
    assert not first(induced_share=0.1).is_induced(need(YOUNG, **luck))
    assert not first(induced_share=0.3).is_induced(need(WITHOUT, **luck))


def channels(run: Run) -> dict[str, int]:
    counts: dict[str, int] = run.contacts["channel"].value_counts().to_dict()
    return counts


def test_total_digital_moves_callers_to_the_form_and_spends_receptions_time_on_those_who_stay() -> None:
    run, base = run_of(*SHORT, "triage=total_digital"), run_of(*SHORT)
    assert channels(run)["online"] > 1.6 * channels(base)["online"]
    assert channels(run)["phone"] < 0.9 * channels(base)["phone"]
    assert (run.contacts["cause"] == SENT_TO_FORM).sum() > 10
    talk = [one.contacts["talk_min"].mean() for one in (run, base)]
    assert talk[0] > 1.2 * talk[1]
    online = [one.contacts[one.contacts["channel"] == "online"]["front_min"].mean() for one in (run, base)]
    assert online[0] < 0.7 * online[1]


def test_easier_access_brings_requests_that_were_never_asked_before() -> None:
    asked = [
        (run_of(*SHORT, "triage=total_digital", f"triage.form_first.induced_share={share}").needs["contacts"] > 0).sum()
        for share in (0.0, 1.0)
    ]
    assert asked[1] > 1.02 * asked[0]


def test_an_age_band_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match=r"triage.form_first.takes_up_by_age: age_64_74 is no age band; did you mean"):
        composed("triage=total_digital", "triage.form_first.takes_up_by_age.age_64_74=0.5")


MODES = ("face_to_face", "telephone", "online_message")


def test_needs_are_dealt_with_in_the_mode_that_was_preferred_or_not() -> None:
    def share(liked: str) -> float:
        given = ",".join(f"{mode}: {float(mode == liked)}" for mode in MODES)
        frame = run_of(*SHORT, "triage=total_digital", f"channels.preferred_modes={{{given}}}").metrics()
        mine = frame[(frame["metric"] == "mode_asked_for_share") & (frame["group"] == "")]
        return float(mine["value"].iloc[0])

    shares = {mode: share(mode) for mode in MODES}
    assert sum(shares.values()) == pytest.approx(1.0)  # each consultation is in one of them
    assert min(shares.values()) > 0.05
    nothing = {"practices.practice.channels.preferred_modes": None}
    none = simulate(with_settings(composed(*SHORT, "triage=total_digital"), nothing)).metrics()
    assert "mode_asked_for_share" not in set(none["metric"])
