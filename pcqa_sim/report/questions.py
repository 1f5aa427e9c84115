"""The questions a practice asks of a run, each answered in a few sentences.

A number that leaves out people who got no line, were not heard or not served would look better the more of them there
are: beside it stands the number with them.
"""

from __future__ import annotations

from pcqa_sim.report.names import GROUPS, PUBLISHED_MODES, of_persons
from pcqa_sim.report.numbers import Answer, Numbers
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.reach import triage_by_day
from pcqa_sim.scenario.team import sessions_by_day
from pcqa_sim.scenario.triage_time import patient_minutes
from pcqa_sim.values.needs import FAILURE_CAUSES, SELF_TREATED, WENT_ELSEWHERE
from pcqa_sim.values.words import GP, NextAction

MOST_CAUSES = 3
MOST_NEXT_ACTIONS = 3
_LEAST_WIDE = 7
_ALL = 0.9995
_NOTHING = "Nobody asked the practice for anything."
_ELSEWHERE = (*WENT_ELSEWHERE, SELF_TREATED)


def demand(n: Numbers) -> Answer:
    """How many needs and calls there are, and through which channels."""
    question = "How much demand is there?"
    if not n.has("contacts_per_need"):
        return Answer(question, (_calls_made(n), "No need arose."))
    needs = (
        f"They come from {n.number('needs_per_working_day')} needs, at "
        f"{n.number('contacts_per_need', digits=2)} contacts for each asked about; the practice invites "
        f"people to {n.number('needs_per_working_day', 'origin=practice')} reviews and tests."
    )
    others = "; ".join(
        f"{through} {n.number('contacts_per_1000_working_day', f'channel={channel}', 1)}{_front(n, place)}"
        for channel, through, place in (
            ("online", "online forms", "place=inbox"),
            ("desk", "at the desk", "place=desk"),
            ("app", "in the NHS App", ""),
        )
    )
    return Answer(question, (f"{_calls_made(n)} Besides, per 1,000 patients: {others}. {needs}",))


def _front(n: Numbers, place: str) -> str:
    """Say how long people wait at the desk or in the inbox, and how many of them are seen to, unless all are."""
    if not n.has("front_wait_min", place):
        return ""
    every = n.mean("front_seen_share", place) >= _ALL  # those seen by those who came meanwhile may be a few more
    seen = "" if every else f", {n.mean_percent('front_seen_share', place)} seen to"
    return f", waiting {n.mean_wait('front_wait_min', place)}{seen}"


def _calls_made(n: Numbers) -> str:
    if not n.has("attempts_answered_share"):
        return "Nobody called."
    if not n.has("answered_share"):
        return "Every caller heard the engaged tone."
    return (
        f"{n.number('calls_per_working_day')} calls a working day, "
        f"{n.number('calls_per_1000_working_day', digits=1)} per 1,000 patients; "
        f"Mondays {n.number('calls_by_weekday', 'weekday=mon')}."
    )


def failure(n: Numbers) -> Answer:
    """How much of the demand is failure demand, from what, and what it costs."""
    question = "How much of it is failure demand, and what does it cost?"
    metric = "failure_contacts_per_working_day"
    causes = [
        f"{FAILURE_CAUSES[group.removeprefix('cause=')]} {n.number(metric, group, 1)}"
        for group in n.groups(metric)[:MOST_CAUSES]
        if n.mean(metric, group) > 0
    ]
    if not n.has("failure_share"):
        return Answer(question, (_NOTHING,))
    if not causes:
        return Answer(question, ("None: every contact was a first one or a planned one.",))
    return Answer(
        question,
        (
            f"{n.percent('failure_share')} of what people ask, {n.percent('failure_share_of_calls')} of calls: "
            f"{n.number('failure_contacts_per_working_day')} contacts a working day that need not have been made. "
            f"{_extra_work(n)} "
            "Most often because the person, per working day, " + "; ".join(causes) + ".",
        ),
    )


def _extra_work(n: Numbers) -> str:
    """Say what the extra work takes and costs, with moved and missed appointments apart."""
    return (
        "Extra work (contacts in vain, consultations repeated): "
        f"{n.mean('failure_min_per_working_day'):,.0f} minutes, £{n.number('failure_gbp_per_working_day')}; moved "
        f"appointments £{n.mean('moved_gbp_per_working_day'):,.0f}, "
        f"missed £{n.mean('missed_gbp_per_working_day'):,.0f}."
    )


def phone(n: Numbers) -> Answer:
    """What happens on the phone, and when people call."""
    question = "What happens at 8am, and on the phone?"
    if not n.has("answered_share"):
        return Answer(question, (_calls_made(n),))
    return Answer(
        question,
        (
            f"{n.percent('share_0800_0830')} of a working day's calls come from 08:00 to 08:30, "
            f"{n.percent('share_0800_1000')} from 08:00 to 10:00. "
            f"Answered {n.percent('answered_share')}, ended in the menu {n.percent('menu_share')}, "
            f"callback asked for {n.percent('callback_share')}, missed {n.percent('missed_share')}.{_engaged(n)} "
            f"{_answered_soon(n)}{_callbacks(n)}",
        ),
    )


def _engaged(n: Numbers) -> str:
    """Say what the published shares leave out: attempts that never got a line."""
    if not n.mean("engaged_share"):
        return ""
    return (
        f" {n.percent('engaged_share')} of attempts heard the engaged tone, which these shares leave out: "
        f"of all attempts {n.percent('attempts_answered_share')} were answered."
    )


def _answered_soon(n: Numbers) -> str:
    """Say how soon callers are answered, and beside it the same of all attempts and of all who queued."""
    if not n.has("answered_within_2_min_share"):
        return "Nobody was answered."
    return (
        f"Of those answered, {n.percent('answered_within_2_min_share')} waited at most two minutes "
        f"({n.mean_percent('attempts_within_2_min_share')} of all attempts); "
        f"the mean wait is {n.number('answered_wait_min', digits=1)} minutes "
        f"({n.mean('queue_wait_min'):.1f} with those who gave up)."
    )


def _callbacks(n: Numbers) -> str:
    """Say how many callbacks are made and after how long, where any was asked for."""
    if not n.has("callback_made_share"):
        return ""
    if not n.has("callback_after_min"):
        return f" No callback was made: those who asked for one have waited {n.mean_wait('callback_wait_min')} so far."
    after, wait = n.mean_wait("callback_after_min"), n.mean_wait("callback_wait_min")
    made = f" Callbacks: {n.mean_percent('callback_made_share')} made, after {after}"
    return made + (f" ({wait} with those not made)." if wait != after else ".")


def turned_away(n: Numbers, contract: str) -> Answer:
    """Who is told to call another day, what they then do, and on how many days nobody is."""
    question = "Who is turned away, and what becomes of them?"
    if not n.has("told_another_day_share"):
        nothing_heard = "No request was heard: nobody was turned away, and nobody was helped."
        return Answer(question, (nothing_heard if n.has("requests_heard_share") else _NOTHING,))
    told = (
        f"{n.number('told_another_day_per_working_day', digits=1)} people a working day are told to call "
        f"another day, {n.percent('told_another_day_share')} of the requests that were heard "
        f"({n.mean_percent('requests_heard_share')} of all); "
        f"on {n.percent('nobody_turned_away_share')} of working days nobody is."
    )
    if contract:
        told += f" {contract}"
    metric = "next_action_of_turned_away_share"
    groups = [group for group in n.groups(metric) if n.mean(metric, group) >= 0.005][:MOST_NEXT_ACTIONS]
    next_actions = [f"{n.percent(metric, group, 0)} {_counted(group)}" for group in groups]
    mostly = (f"Of them, mostly, {'; '.join(next_actions)}.",) if next_actions else ()
    return Answer(question, (told, *mostly, *_left_without(n)))


def _left_without(n: Numbers) -> tuple[str, ...]:
    """Say who leaves without a next step, and who sees a clinician; what else reception does is in summary.csv."""
    if not n.has("contact_failed_no_next_step", "need=any"):
        return ()
    return (
        f"{n.percent('contact_failed_no_next_step', 'need=any')} of what is heard ends without a next step; a "
        f"clinician sees {n.percent('clinical_needs_seen_share', 'need=clinical')} of clinical needs asked about.",
    )


def _counted(group: str) -> str:
    return NextAction.of(group.removeprefix("next_action=")).counted


def seen(n: Numbers, practice: Practice) -> Answer:
    """Who sees whom, when and how: by role, mode and lead time, missed, and with the usual GP."""
    question = "Who sees whom, when and how?"
    if not n.has("lead_time_days"):
        return Answer(question, ("Nobody had an appointment.",))
    gp, other = ("gp:", "other_staff:")
    modes = "; ".join(
        f"{how} {n.percent('mode_share', f'mode={mode}')}"
        for mode, how in PUBLISHED_MODES.items()
        if n.has("mode_share", f"mode={mode}")
    )
    when = "; ".join(
        f"{who} {n.percent('lead_time_share', f'lead={key}same_day')} on the day they are asked for, "
        f"{n.percent('over_two_weeks_share', f'role={role}')} more than two weeks later"
        for who, key, role in (("GPs", gp, GP), ("others", other, "other_staff"))
        if n.has("lead_time_share", f"lead={key}same_day")
    )
    own = f"; {n.percent('usual_gp_share')} of GP appointments are with the usual GP" if n.has("usual_gp_share") else ""
    return Answer(
        question,
        (
            f"{n.number('appointments_per_1000_working_day', digits=1)} appointments per 1,000 patients a working day: "
            f"{modes}.",
            f"{when[0].upper()}{when[1:]}.",
            f"{n.percent('dna_share')} are missed by the patient{own}.{_found(n)}{_triage(n, practice)}",
        ),
        _roles(n, practice),
    )


def _found(n: Numbers) -> str:
    """Say who is in none of the shares of appointments: those for whom none was found."""
    if not n.has("appointment_found_share"):
        return ""
    return f" Of those looked for, {n.mean_percent('appointment_found_share')} were found."


def _triage(n: Numbers, practice: Practice) -> str:
    """Say how much time is made for clinician triage, and how soon people are called, or have their form read."""
    rules, wait = practice.triage.clinician_triage, "clinician_triage_wait_min"
    if rules is None or not n.has(wait):
        return ""
    role, by_day = practice.role[rules.role], triage_by_day(practice, rules.role)
    there = sum(sessions_by_day(practice, rules.role)) * patient_minutes(practice, rules.role)
    why = "by the requests expected" if rules.sessions_share is None else "as set"
    soon = "; ".join(
        f"{who} {n.mean_wait(wait, f'wanted={group}')}"
        for group, who in (("today", "who wants help today waits"), ("later", "others wait"))
        if n.has(wait, f"wanted={group}")
    )
    share = f"{sum(by_day) / there * 100:.0f} %" if there else "none"
    return f" Clinician triage has {share} of the time of {role.title}s with patients, {why}: {soon}."


def _roles(n: Numbers, practice: Practice) -> tuple[str, ...]:
    """Return a small table of means: how much each role does, and how its sessions go."""
    width = max([*(len(role.title) for role in practice.role.values()), 18])
    columns = ("of all", "missed", "with patients", "paperwork", "idle", "overtime a day")
    lines = [f"{'':<{width}}" + "".join(f"{name:>{_wide(name)}}" for name in columns)]
    for key, role in practice.role.items():
        if not n.has("consulting_share", f"role={key}"):
            continue
        group = f"role={key}"
        shares = [
            f"{n.mean(metric, group):.1%}".replace("%", " %") if n.has(metric, group) else "-"
            for metric in ("role_share", "dna_share", "consulting_share", "back_office_share", "idle_share")
        ]
        cells = [*shares, f"{n.mean('overtime_min_per_working_day', group):.0f} min"]
        row = "".join(f"{cell:>{_wide(name)}}" for cell, name in zip(cells, columns, strict=True))
        lines.append(f"{role.title:<{width}}{row}")
    return tuple(lines) if len(lines) > 1 else ()


def _wide(name: str) -> int:
    return max(len(name), _LEAST_WIDE) + 2


def work(n: Numbers) -> Answer:
    """Whether GP time is spent on GP work, and how clinicians' sessions go."""
    question = "Is GP time spent on GP work?"
    group = "role=gp"
    if not n.has("consulting_share", group):
        return Answer(question, ("No GP had a session.",))
    sessions = f"{n.number('slots_unused_per_working_day', digits=1)} slots a working day stay empty."
    if not n.has("needed_gp_share"):
        return Answer(question, (sessions,))
    needed = f"{n.percent('needed_gp_share')} of GP consultations needed a GP: no other role here is as good at it"
    relational = n.percent("gp_work_share", "work=relational")
    time = f"Relational needs take {relational} of their time, transactional the rest."
    return Answer(question, (f"{needed}. {time} {sessions}",))


def resolved(n: Numbers) -> Answer:
    """How soon needs are resolved, whose are met, and whose are never asked about."""
    question = "How soon are needs resolved, and whose are not?"
    if not n.has("needs_met_share"):
        return Answer(question, ("No need ended.",))
    elsewhere = sum(n.mean("need_endings_share", f"ending={ending}") for ending in _ELSEWHERE)
    met = (
        f"{n.percent('needs_met_share')} of needs that end are met, "
        f"{n.number('days_to_resolution', digits=1)} days after first asking; with those still open, "
        f"{n.mean_percent('needs_met_of_arisen_share')} of all. Asked about, a need waits "
        f"{n.mean('days_waited_for_clinician'):.1f} days for help or its end, and stays open "
        f"{n.mean('days_open_of_asked'):.1f}. Of those that end, "
        f"{n.percent('need_endings_share', 'ending=recovered')} go by themselves, {elsewhere * 100:.1f} % end "
        f"elsewhere or in self-care, {n.percent('need_endings_share', 'ending=gave_up')} are given up."
    )
    never = f"{n.percent('never_asked_share')} are never asked about."
    return Answer(question, (f"{met} {never}{_cost(n)}", *_gaps(n)))


def _cost(n: Numbers) -> str:
    """Say what care costs for each need met and asked about, and who pays for it."""
    if not n.has("cost_per_need_met"):
        return ""
    others = (("network", "network"), ("NHS elsewhere", "nhs_elsewhere"))
    paid = ", ".join(f"{said} £{n.mean('cost_per_need_met', f'payer={payer}'):.0f}" for said, payer in others)
    met, asked = n.mean("cost_per_need_met"), n.mean("cost_per_need_asked")
    return f" A need met costs £{met:.0f} ({paid}), one asked about £{asked:.0f}."


def _gaps(n: Numbers) -> tuple[str, ...]:
    """Return the largest difference between two groups in needs met, and in needs never asked about."""
    told = []
    for metric, name in (("needs_met_share", "needs met"), ("never_asked_share", "never asked")):
        far = _furthest(n, metric)
        if far is not None:
            high, low = far
            sides = (f"{of_persons(group)} {n.percent(metric, group)}" for group in (high, low))
            told.append(f"{name}, {' and '.join(sides)}")
    return (f"Furthest apart: {'; '.join(told)}.",) if told else ()


def _furthest(n: Numbers, metric: str) -> tuple[str, str] | None:
    """Return the two groups of one kind (segment, age, deprivation) whose means are furthest apart."""
    pairs = []
    for word in GROUPS:
        groups = [group for group in n.groups(metric) if group.startswith(f"{word}=")]
        if len(groups) > 1:
            pairs.append((n.mean(metric, groups[0]) - n.mean(metric, groups[-1]), groups[0], groups[-1]))
    if not pairs:
        return None
    _, high, low = max(pairs)
    return high, low


def tipping(n: Numbers) -> Answer:
    """How near the load is to the point from which a day's failures no longer clear."""
    question = "How near is the tipping point?"
    if not n.has("tipping_point_share"):
        return Answer(question, ("There were no appointments to ask for.",))
    load = n.mean("tipping_point_share")
    sentence = (
        "more is asked for than there is, and a day's refusals no longer clear"
        if load >= 1
        else "a day's refusals clear, on average"
    )
    unheard = max(0.0, 1 - n.mean("requests_heard_share")) if n.has("requests_heard_share") else 0.0
    left_out = f" ({unheard * 100:.1f} % of requests, not heard, are in neither)" if unheard else ""
    return Answer(
        question,
        (
            f"Bookings and refusals together are {n.percent('tipping_point_share')} of the appointments there are: "
            f"{sentence}{left_out}. Of GPs' appointments {n.percent('appointments_taken_share', 'role=gp')} are taken.",
        ),
    )
