"""Failure demand by cause, and what is left of it when people get through, find a slot, or both."""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results
from pcqa_sim.values.needs import FAILURE_CAUSES

PHONE, SLOTS, BOTH = "three more call handlers", "20 more slots a day", "both"
PEOPLE, MORE = "rota.extra_call_handlers=3", "appointments.extra_on_the_day_slots=20"
SHARE = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
CONTACTS = Measure("failure contacts a day", "failure_contacts_per_working_day")
MINUTES = Measure("extra work, minutes a day", "failure_min_per_working_day", digits=0)
POUNDS = Measure("its cost, pounds a day", "failure_gbp_per_working_day", digits=0)
CAUSES = ("balked", "reneged", "told_another_day", "no_next_step", "unresolved", "called_while_closed")
BY_CAUSE = {
    name: Measure(f"because they {FAILURE_CAUSES[name]}, a day", CONTACTS.metric, f"cause={name}") for name in CAUSES
}


def read(found: Results) -> list[str]:
    """Say how much there is and why, and what each step leaves of it."""
    every = [Measure(f"{words}", CONTACTS.metric, f"cause={name}") for name, words in FAILURE_CAUSES.items()]
    some = [one for one in every if found.level(AS_IT_IS, one).mean > 0]
    known = sorted(some, key=lambda one: -found.level(AS_IT_IS, one).mean)
    causes = "; ".join(f"{one.words} {one.said(found.level(AS_IT_IS, one))}" for one in known[:5])
    return [
        f"As it is, {found.said(AS_IT_IS, SHARE)}, {found.said(AS_IT_IS, CONTACTS)}.",
        f"Most often, a day, because the person {causes}.",
        *(f"With {arm}: {found.all_went(arm, (SHARE, CONTACTS, MINUTES, POUNDS))}." for arm in found.others),
    ]


EXPERIMENT = Experiment(
    question="How much of demand is failure demand, from what, and what would be left of it?",
    arms={PHONE: (PEOPLE,), SLOTS: (MORE,), BOTH: (PEOPLE, MORE)},
    measures=(SHARE, CONTACTS, MINUTES, POUNDS, *BY_CAUSE.values()),
    read=read,
)
