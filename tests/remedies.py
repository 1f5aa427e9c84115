"""Practices of 5,000 people built so that what would help them is known, and one at its best."""

from __future__ import annotations

from dataclasses import dataclass

from pcqa_sim.commands.advise import AdviseRequest, Understood, understood
from pcqa_sim.study.methods.advise import Advice, Advising
from pcqa_sim.study.methods.replicate import here

FIVE_THOUSAND = ("practice.list_size=5000", "run=quick")
BOOKED_AHEAD = (
    "role.gp.template=[{slots: 8, minutes: 11.5, mode: face_to_face, release: routine}, "
    "{slots: 5, minutes: 9, mode: telephone, release: routine}, "
    "{slots: 1, minutes: 23, mode: home_visit, release: routine}]"
)


@dataclass(frozen=True)
class Case:
    """What a practice lacks, the goal, what could be tried, and what is known to help."""

    lacks: tuple[str, ...]
    goal: str
    remedy: str
    others: tuple[str, ...]


CASES = {
    "too few call handlers": Case(
        ("rota.phone_level=0.4",),
        "missed_share",
        "more_call_handlers",
        ("more_phone_lines", "reminders", "add_session"),
    ),
    "no slots for the day": Case(
        (BOOKED_AHEAD,),
        "seen_later_than_safe_share",
        "more_on_the_day_slots",
        ("more_call_handlers", "reminders", "move_paperwork"),
    ),
    "GPs do a pharmacist's work": Case(
        ("triage.places.medication={gp: 0.46, pharmacist: 0.0, paperwork: 0.35}",),
        "needed_gp_share",
        "pharmacist_prescriptions",
        ("more_call_handlers", "reminders", "move_paperwork"),
    ),
    "a form closed at noon": Case(
        ("channels.form.hours={opens: '08:00', closes: '12:00'}",),
        "form_refused_share",
        "form_open_all_day",
        ("more_call_handlers", "reminders", "more_on_the_day_slots"),
    ),
    "nobody on the phone in the afternoon": Case(
        ("rota.phone={tuesday_friday: '1 from 8 to 13', first_days: null}",),
        "missed_share",
        "afternoon_call_handler",
        ("more_call_handlers", "more_phone_lines", "reminders"),
    ),
}
AT_ITS_BEST = Case(
    ("rota.extra_call_handlers=3", "appointments.extra_on_the_day_slots=40"),
    "missed_share",
    "",
    ("more_call_handlers", "more_phone_lines", "reminders", "move_paperwork"),
)


def asked(case: Case, seed: int, others: int, reps: int) -> Understood:
    """Return what is asked of a case: the remedy, and so many others."""
    can = [one for one in (case.remedy, *case.others[:others]) if one]
    request = AdviseRequest([case.goal], can, reps=reps, together=0, draws=0)
    return understood(request, [*FIVE_THOUSAND, *case.lacks], seed)


def advice_on(case: Case, seed: int, others: int = 3, reps: int = 10) -> Advice:
    """Return what to try first, run in this process."""
    known = asked(case, seed, others, reps)
    options = {name: one.scenario for name, one in known.choice.options.items()}
    return Advising(here(), known.base, options, known.goals, known.pair, known.draw, known.terms).run()
