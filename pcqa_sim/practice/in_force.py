"""What is read of a practice's settings at every contact, as plain values: read off once, as they take effect."""

from __future__ import annotations

from pcqa_sim.scenario import Practice
from pcqa_sim.values.needs import REFERRAL


class InForce:
    """The settings in force, of those that a person's story asks for again and again.

    `cancel_share` of appointments booked ahead are cancelled; `waiting_list` are its rules, None where there is none;
    `asks_to_book_share` of invited people are to ask; `late_mean_days` is after how long those ask who ask late.
    `requests` says which paper a request is for; `chase_share` of people call when it is late; `writes_referrals`
    tells whether the back office does. `logs_refusals` tells whether it is written what was asked for in vain.
    Who is seen more than `late_after_days` after the day they wanted is seen late; `refers` has by role the share of
    consultations that refer, and is empty where no referral is lost; `settles` is the share by kind that clinician
    triage deals with, None without it.
    """

    def __init__(self, settings: Practice) -> None:
        appointments, backoffice, outcome = settings.appointments, settings.backoffice, settings.outcome
        self.cancel_share = float(appointments.cancelling.share)
        self.waiting_list = appointments.waiting_list
        self.logs_refusals = bool(appointments.empty_slots_logged)
        self.asks_to_book_share = float(settings.planned.asks_share)
        self.late_mean_days = float(settings.demand.seeking.late_mean_days)
        self.requests = dict(backoffice.requests)
        self.chase_share = float(backoffice.chase_share)
        self.writes_referrals = REFERRAL in backoffice.items
        self.late_after_days = int(outcome.waiting.after_days)
        makes = {} if outcome.hand_offs is None else {name: role.makes for name, role in settings.role.items()}
        self.refers = {name: float(made.get(REFERRAL, 0.0)) for name, made in makes.items()}
        triage = settings.triage.clinician_triage
        self.settles = None if triage is None else dict(triage.settled_share)
