"""What reception does with what is asked: the parts make the whole, and each is what happened."""

from __future__ import annotations

import numpy as np
import pytest
from shortruns import composed, run_of

from pcqa_sim import simulate
from pcqa_sim.report.story import story
from pcqa_sim.results.metrics.reception import DONE
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.needs import (
    ASKED_THROUGH,
    INVITED,
    NO_NEXT_STEP,
    PAPERWORK_TO_DO,
    PRACTICE,
    SELF_TREATED,
    SIGNPOSTED,
    TOLD_OR_DONE,
)

QUICK = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2")


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(*QUICK)


def test_what_reception_does_adds_up_in_all_and_for_each_kind(run: Run) -> None:
    shares = [run.value("reception_does_share", f"did={word}") for word in DONE]
    assert sum(shares) == pytest.approx(1)
    assert run.value("reception_does_share", "did=reception") == 0  # nothing is a remainder
    frame = run.metrics()
    mine = frame[(frame["metric"] == "reception_does_share") & (frame["period"] == "all")]
    for kind in ("acute_minor", "medication", "ongoing_condition"):
        assert mine[mine["group"].str.startswith(f"did={kind}:")]["value"].sum() == pytest.approx(1)


def test_next_steps_are_shares_of_those_who_have_one(run: Run) -> None:
    does = {word: run.value("reception_does_share", f"did={word}") for word in DONE}
    known = 1 - does[NO_NEXT_STEP] - does["another_day"]
    assert run.value("contact_failed_no_next_step", "need=any") == pytest.approx(does[NO_NEXT_STEP])
    assert run.value("next_step_appointment", "need=any") == pytest.approx(does["appointment"] / known)
    when = [run.value("next_step_known_there_and_then", f"when={w}") for w in _WHEN]
    assert sum(when) == pytest.approx(1)
    assert 0.5 < when[0] < 0.95


_WHEN = ("there_and_then", "later_that_day", "next_day", "later")


def test_clinical_needs_seen_are_those_with_a_consultation_among_those_that_end(run: Run) -> None:
    tables, kinds = run.counted["practice"].tables, run.scenario.practices["practice"].demand.kinds
    needs = tables.needs
    ended = needs[needs["closed"].notna() & needs["asked"].notna() & (needs["origin"] != PRACTICE)]
    ended = ended[[not kinds[kind].administrative for kind in ended["kind"]]]
    seen = set(tables.rows(log.CONSULT_ENDED).need.tolist())
    share = sum(need in seen for need in ended.index) / len(ended)
    assert run.value("clinical_needs_seen_share", "need=clinical") == pytest.approx(share)
    assert 0.2 < share < 0.9


def test_invited_people_make_contacts_of_value_and_others_need_none(run: Run) -> None:
    """Asked for by the practice, made by the person: value demand, through a channel of theirs."""
    contacts = run.counted["practice"].contacts
    asking = contacts.where(contacts.words("cause") == INVITED)
    assert len(asking) > 20
    assert asking.words("channel").isin(ASKED_THROUGH).all()
    assert not asking["failure"].any()
    invitations = run.counted["practice"].tables.rows(log.INVITED)
    assert len(asking) < len(np.unique(invitations.need))
    assert (contacts.words("channel") == PRACTICE).sum() > len(np.unique(invitations.need))


def test_who_is_left_without_a_next_step_fails_and_who_comes_back_as_advised_does_not(run: Run) -> None:
    contacts = run.counted["practice"].contacts
    failed = contacts.where(contacts.words("cause") == NO_NEXT_STEP)
    assert len(failed) > 0
    assert failed["failure"].all()


def test_more_invited_to_ask_means_more_contacts_and_as_many_needs() -> None:
    few, many = (run_of(*QUICK, f"planned.asks_share={share}") for share in (0.0, 0.9))
    needs = [one.value("needs_per_working_day", "origin=patient") for one in (few, many)]
    calls = [one.value("contacts_per_1000_working_day", "channel=phone") for one in (few, many)]
    assert needs[0] == needs[1]
    assert calls[1] > calls[0] + 1


def test_perfect_service_has_no_failure_demand_whatever_reception_does_rightly() -> None:
    perfect = composed("experiment=perfect_service", *QUICK[:1], "run.measured_weeks=1")
    right = {"resolved_share": 1.0, "return_days": 3.0}
    row = {"gp": 0.5, TOLD_OR_DONE: 0.2, "self_care": 0.15, "pharmacy": 0.15, "reception": 0.0}
    changes: dict[str, object] = {
        "practices.practice.triage.elsewhere": {"self_care": right, "pharmacy": right},
        "practices.practice.triage.invited": {"booked": 0.8, TOLD_OR_DONE: 0.2},
        "practices.practice.planned.asks_share": 0.7,
    }
    changes |= {f"practices.practice.triage.places.{kind}": row for kind in perfect.practices["practice"].demand.kinds}
    run = simulate(with_settings(perfect, changes))
    assert run.value("failure_share") == 0
    assert run.value("reception_does_share", f"did={TOLD_OR_DONE}") > 0.1
    assert run.value("reception_does_share", "did=self_care") > 0.05


SAID = {
    (TOLD_OR_DONE, "test_result"): "reads out the result",
    (TOLD_OR_DONE, "administrative"): "sees to it there and then",
    (NO_NEXT_STEP, "medication"): "what will happen next",
    (SIGNPOSTED + SELF_TREATED, "acute_minor"): "advice on what to do at home",
    (SIGNPOSTED + "pharmacy", "acute_minor"): "offers a pharmacy",
    (PAPERWORK_TO_DO, "ongoing_condition"): "passes it on, to be written",
}


@pytest.mark.parametrize(("disposition", "kind"), SAID)
def test_each_thing_that_reception_does_is_told_for_what_it_is(run: Run, disposition: str, kind: str) -> None:
    contacts = run.counted["practice"].contacts
    such = contacts.where((contacts.words("disposition") == disposition) & (contacts.words("kind") == kind))
    assert SAID[disposition, kind] in "\n".join(story(run, int(such["need"][0]), "practice"))


def test_an_invitation_is_told_with_its_reminders(run: Run) -> None:
    invitations = run.counted["practice"].tables.rows(log.INVITED)
    told = "\n".join(story(run, int(invitations.need[0]), "practice"))
    assert "The text or letter says that it is due and to ask for an appointment." in told
    assert (invitations.amount == 0).sum() == len(np.unique(invitations.need))
