"""Directions that any GP, practice manager or receptionist would expect of a change, each held against paired runs.

`python tests/documents.py directions` tries them all and writes the table of docs/validation.md.
"""

from __future__ import annotations

from typing import Final

from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.interventions.cap_contacts_per_session import CapContactsPerSession
from pcqa_sim.interventions.move_paperwork import MovePaperwork
from pcqa_sim.interventions.online_hours_or_cap import OnlineHoursOrCap
from pcqa_sim.interventions.protect_continuity import ProtectContinuity
from pcqa_sim.values.words import GP
from pcqa_sim.verification.pairs import Direction, Measure


def _all_roles(level: float) -> dict[str, float]:
    """Return every role's level of full-time equivalents."""
    return dict.fromkeys((GP, "practice_nurse", "hca", "pharmacist", "other", "administrator"), level)


_TOLD_MORE, _TOLD_FEWER = Measure("rises", "told_another_day_share"), Measure("falls", "told_another_day_share")
_MORE_FAILS = Measure("rises", "failure_share")
_WAIT = "answered_wait_min"

DIRECTIONS: Final = (
    Direction(
        "twice the list, with its staff",
        "a bigger practice has less to fear from one person's leave: fewer are told to call another day",
        (_TOLD_FEWER,),
        (Adjust(set={"practice.list_size": 10_000}),),
        settings=("run.measured_weeks=12",),
    ),
    Direction(
        "a fifth more on the list, the same staff",
        "more are told to call another day, and more come back",
        (_TOLD_MORE, _MORE_FAILS),
        (
            Adjust(
                set={
                    "practice.list_size": 6000,
                    "rota.written_for_list_size": 12_000,
                    "practice.fte_level": _all_roles(5 / 6),
                }
            ),
        ),
    ),
    Direction(
        "a fifth more needs, the same staff",
        "more are told to call another day, more fails, calls wait longer",
        (_TOLD_MORE, _MORE_FAILS, Measure("rises", _WAIT)),
        (Adjust(set={"practice.demand_level": 1.2}),),
    ),
    Direction(
        "a fifth fewer GPs",
        "more are told to call another day, more fails, and reception spends more time on it",
        (_TOLD_MORE, _MORE_FAILS, Measure("rises", "failure_min_per_working_day", "role=call_handler")),
        (Adjust(set={"practice.fte_level": {GP: 0.8}}),),
    ),
    Direction(
        "a fifth fewer GPs, and what it costs",
        "failure demand costs more",
        (Measure("rises", "failure_gbp_per_working_day"),),
        (Adjust(set={"practice.fte_level": {GP: 0.8}}),),
        wrong="fewer of its minutes are a GP's: nurses and others, whose hour costs less, see more of who comes again",
    ),
    Direction(
        "a fifth more GPs",
        "fewer are told to call another day, and less fails",
        (_TOLD_FEWER, Measure("falls", "failure_share")),
        (Adjust(set={"practice.fte_level": {GP: 1.2}}),),
    ),
    Direction(
        "GPs' sessions of at most 12 appointments",
        "a GP sees fewer people a day, and more are told to call another day",
        (Measure("falls", "contacts_per_full_day", "role=gp"), _TOLD_MORE),
        (CapContactsPerSession(role=GP, most=12),),
    ),
    Direction(
        "consultations of GPs that take a fifth longer, in the same slots",
        "people are called later, and GPs stay longer",
        (Measure("rises", "late_min", "role=gp"), Measure("rises", "overtime_min_per_session", "role=gp")),
        (Adjust(times={"role.gp.consultation_min": 1.2}),),
    ),
    Direction(
        "two thirds of the practice nurses",
        "nurses' appointments are further away",
        (Measure("rises", "lead_time_days", "role=practice_nurse"),),
        (Adjust(set={"practice.fte_level": {"practice_nurse": 0.67}}),),
    ),
    Direction(
        "half of the health care assistants",
        "their appointments are further away",
        (Measure("rises", "lead_time_days", "role=hca"),),
        (Adjust(set={"practice.fte_level": {"hca": 0.5}}),),
    ),
    Direction(
        "twice the pharmacists",
        "they see more people, and fewer are told to call another day",
        (Measure("rises", "role_share", "role=pharmacist"), _TOLD_FEWER),
        (Adjust(set={"practice.fte_level": {"pharmacist": 2.0}}),),
    ),
    Direction(
        "all letters of the GPs to administrators",
        "GPs spend less of their sessions on paper, and stay less after them",
        (Measure("falls", "back_office_share", "role=gp"), Measure("falls", "overtime_min_per_session", "role=gp")),
        (MovePaperwork(item="letter", giver=GP, taker="administrator", share=1.0),),
        settings=("run.measured_weeks=12",),
    ),
    Direction(
        "GPs sick three times as often",
        "more appointments are moved, and more people are told to call another day",
        (Measure("rises", "moved_min_per_working_day"), _TOLD_MORE),
        (Adjust(times={"role.gp.absence.sickness_share": 3}),),
    ),
    Direction(
        "a week with Good Friday, and one with Easter Monday",
        "more are told to call another day, and calls wait longer, than in the same weeks without them",
        (_TOLD_MORE, Measure("rises", _WAIT)),
        settings=("run.warm_up_weeks=12", "run.measured_weeks=2", "calendar.bank_holidays=none"),
        otherwise=("calendar.bank_holidays=England",),
    ),
    Direction(
        "July instead of February and March",
        "fewer call",
        (Measure("falls", "calls_per_1000_working_day"),),
        otherwise=("calendar.start_date=2026-06-01",),
    ),
    Direction(
        "one call handler more",
        "calls are answered sooner, and fewer are missed",
        (Measure("falls", _WAIT), Measure("falls", "missed_share")),
        (Adjust(add={"rota.extra_call_handlers": 1}),),
    ),
    Direction(
        "three quarters of the hours of call handlers",
        "calls are answered later, and more are missed",
        (Measure("rises", _WAIT), Measure("rises", "missed_share")),
        (Adjust(times={"rota.phone_level": 0.75}),),
    ),
    Direction(
        "calls that take half as long again",
        "calls are answered later, and more are missed",
        (Measure("rises", _WAIT), Measure("rises", "missed_share")),
        (Adjust(times={"phones.talk.median_min": 1.5}),),
    ),
    Direction(
        "four telephone lines instead of ample ones",
        "callers hear the engaged tone",
        (Measure("rises", "engaged_share"),),
        (Adjust(set={"phones.lines": 4}),),
    ),
    Direction(
        "a recorded message of 90 seconds instead of 24, where a tenth hang up in each minute of it",
        "more hang up before it ends",
        (Measure("rises", "menu_share"),),
        (Adjust(set={"phones.menu.minutes": 1.5}),),
        settings=("phones.menu.balking_per_min=0.1",),
    ),
    Direction(
        "callers who wait twice as long",
        "fewer calls are missed, and those that are answered waited longer",
        (Measure("falls", "missed_share"), Measure("rises", _WAIT)),
        (Adjust(times={"phones.patience.mean_min": 2, "phones.patience.early_mean_min": 2}),),
    ),
    Direction(
        "no callback from the queue, where calls take half as long again",
        "more calls are missed",
        (Measure("rises", "missed_share"),),
        (Adjust(set={"phones.callback.accepted_share": 0.0}),),
        settings=("phones.talk.median_min=2.55",),
    ),
    Direction(
        "an online form that closes at noon",
        "more people call",
        (Measure("rises", "calls_per_1000_working_day"),),
        (OnlineHoursOrCap(hours={"opens": "08:00", "closes": "12:00"}, most_per_1000_day=None),),
    ),
    Direction(
        "twice as many who do not come",
        "more time is kept for nobody, and more comes back",
        (Measure("rises", "missed_min_per_working_day"), _MORE_FAILS),
        (Adjust(times={"appointments.not_attending.lead": 2}),),
    ),
    Direction(
        "half of those without a usual GP ask for one, and wait five days longer",
        "more see their own GP, later",
        (Measure("rises", "usual_gp_share"), Measure("rises", "lead_time_days", "role=gp")),
        (ProtectContinuity(prefer_share=0.5, extra_days=5),),
    ),
    Direction(
        "what opens on the day can be booked twelve weeks ahead",
        "fewer appointments are booked for the same day",
        (Measure("falls", "same_day_share"),),
        (Adjust(set={"appointments.releases.on_the_day": {"days_before": 84, "at": "00:00"}}),),
    ),
    Direction(
        "no slots kept for who is flagged as urgent, where nobody is put on top of a session",
        "more of them are sent on",
        (Measure("rises", "sent_on_share"),),
        (Adjust(set={"appointments.releases.emergency.flagged_only": False}),),
        settings=("triage.sent_on.extras_per_session=0",),
    ),
    Direction(
        "reception that recognises 95 of 100 urgent needs instead of 76",
        "fewer urgent needs are taken for what can wait, and fewer are seen later than is safe",
        (Measure("falls", "under_triage_share"), Measure("falls", "seen_later_than_safe_share")),
        (
            Adjust(
                set={
                    "triage.recognition.reception.sensitivity": 0.95,
                    "triage.recognition.reception.sensitivity_sd": 0.0,
                }
            ),
        ),
    ),
    Direction(
        "the people of an older, rural practice",
        "more ask, and more are visited",
        (
            Measure("rises", "contacts_per_1000_working_day", "channel=phone"),
            Measure("rises", "mode_share", "mode=home_visit"),
        ),
        otherwise=("people=rural_older",),
    ),
    Direction(
        "the people of a deprived, urban practice",
        "more do not come",
        (Measure("rises", "dna_share"),),
        otherwise=("people=urban_deprived",),
    ),
)
