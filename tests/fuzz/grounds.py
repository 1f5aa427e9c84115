"""What is spoiled: small files written by hand in the published layouts, settings of one's own, and command lines."""

from __future__ import annotations

_REGISTER_CCG = """\
PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS
GP_PRAC_PAT_LIST,01JAN2026,GP,00X,E38000000,A11110,AA1 1AA,ALL,ALL,5100
GP_PRAC_PAT_LIST,01JAN2026,GP,00X,E38000000,A11111,AA1 2AA,ALL,ALL,8000
GP_PRAC_PAT_LIST,01JAN2026,GP,00X,E38000000,A11111,AA1 2AA,MALE,ALL,3900
"""
_REGISTER_ICB = """\
PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS
GP_PRAC_PAT_LIST,2026-01-01,GP,00X,E38000000,A11111,AA1 2AA,ALL,ALL,8000
GP_PRAC_PAT_LIST,2026-01-01,GP,00X,E38000000,B22222,AA1 3AA,ALL,ALL,12000
"""
_CELLS = (
    ("CBT001", "TOTAL", 100), ("CBT002", "TOTAL", 25), ("CBT003", "1_30", 40), ("CBT003", ">300", 20),
    ("CBT004", "0", 4), ("CBT004", "121_180", 6), ("CBT005", "TOTAL", 5), ("CBT006", "TOTAL", 5),
    ("CBT007", "0_10", 10), ("CBT007", "61_90", 30), ("CBT007", "121_180", 20),
)  # fmt: skip


def _telephony(*dates: str) -> str:
    """A file of days that add up, for two practices."""
    header = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
    rows = [
        f"{date},Y99,QXX,00X,U00000,{code},{indicator},{band},{value}"
        for date in dates
        for code in ("A11111", "A11112")
        for indicator, band, value in _CELLS
    ]
    return "\n".join([header, *rows]) + "\n"


DATA = {
    "register": (_REGISTER_CCG, _REGISTER_ICB),
    "telephony": (_telephony("2026-06-01"), _telephony("2026-06-02", "2026-06-03", "01JUN2026")),
}

_PRACTICE = """\
# Our own practice.
name: Hillside
list_size: 1500  # people; our own count
demand_level: 1.1  # times; assumption: a little more than the mean
start_belief: 0.2  # share; assumption: near the average
"""
_EXTENDED = "defaults:\n  - small@_here_\n  - _self_\nname: Hillside\nlist_size: 1500  # people; our own count\n"
_INTERVENTION = """\
# @package intervention.more
kind: more_phone_lines
extra: 3  # lines; assumption: a try
from_week: 1  # week; assumption: after a week
only: []
"""
_EXPERIMENT = """\
# @package _global_
defaults:
  - override /practice: small
  - override /run: quick
  - _self_
phones: {lines: 5, menu: {minutes: 0.5}}
rota:
  phone:
    monday: {"00:00": 0, "08:00": 3, "10:00": 2, "18:30": 0}
appointments:
  releases:
    routine: {days_before: 14, online_bookable: true}
"""
_ROLE = """\
# @package role.physio
title: physiotherapist
fte_per_10000: 0.5  # full-time equivalents; assumption: half a post
sessions_per_fte: 9  # half days a week; assumption: as others
sessions_per_clinician: 7  # half days a week; assumption: as others
sessions:
  - {starts: "08:30", ends: "12:40"}
weekday_factor: {monday: 1.0, tuesday: 1.0, wednesday: 1.0, thursday: 1.0, friday: 1.0, saturday: 0, sunday: 0}
template:
  - {slots: 8, minutes: 20, mode: face_to_face, release: routine}
absence: {leave_share: 0.14, sickness_share: 0.045, sickness_mean_days: 4}
consultation_min: {face_to_face: 18, telephone: 10, video: 10, online_message: 8}
consultation_cv: 0.5
differences: {pace_cv: 0.12, skill_sd: 0.03, follow_up_cv: 0.3}
notes_min: 3
makes: {letter: 0.1}
overtime: {may_wait_days: 2, most_min: 40, protected_min: 20}
scope: {musculoskeletal: 0.9}
cost_per_hour_gbp: 45
"""
SETTINGS = {
    "practice/hillside.yaml": (_PRACTICE, "practice=hillside"),
    "practice/valley.yaml": (_EXTENDED, "practice=valley"),
    "intervention/more.yaml": (_INTERVENTION, "intervention=[more]"),
    "experiment/ours.yaml": (_EXPERIMENT, "experiment=ours"),
    "role/physio.yaml": (_ROLE, "role=[gp,practice_nurse,hca,pharmacist,other,administrator,physio]"),
}
"""Files of a user's own folder, each with the word that chooses it."""

COMMANDS = (
    "show practice=small phones.lines=4",
    "show practice=small intervention=[more_phone_lines,reminders] intervention.more_phone_lines.extra=2",
    "show experiment=named_roles triage=total_digital run.measured_weeks=2",
    "show role.gp.fte_per_10000=6 appointments.releases.routine.days_before=7 calendar=always_open",
    "run practice=small run=quick --reps 2 --seed 3 --workers 1",
    "run practice=small --reps auto --metric missed_share --half-width 5% --most 10 --workers 1 --out results",
    "compare practice=small --with phones.lines=4 --with intervention=[more_call_handlers] --reps 2 --why --workers 1",
    "sweep practice=small phones.lines=4,8 --vary practice.demand_level=0.8..1.2 --design lhs --points 4 --out lines",
    "size practice=small --target missed_share<=0.05 --vary phones.lines=4..8 --reps 5",
    "sensitivity practice=small --metric missed_share --vary phones.lines=4..9 --vary practice.demand_level=0.9..1.1",
    "story practice=small --need 3 --seed 1",
    "calibrate run=quick --rounds 1 --reps 2",
    "surface lines --metric missed_share --at phones.lines=7",
    "replay lines --unit 37233b803860-1-0",
    "rerun results/run.json --out again",
    "trust results --probe 20 --metric missed_share",
    "part lines --part 3 --of 100",
    "import register register.csv --practice A11111",
    "import telephony telephony.csv --practice A11111 --accept",
)
