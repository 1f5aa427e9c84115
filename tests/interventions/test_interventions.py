from __future__ import annotations

import re

import pytest
from commandline import pcqa
from shortruns import NO_USER_SETTINGS, OF_NETWORKS, composed, paired, run_of

from pcqa_sim.clinic.staff import week_of_role
from pcqa_sim.configuration import options
from pcqa_sim.interventions import INTERVENTIONS, Intervention, apply_all, describe
from pcqa_sim.interventions.add_session import AddSession
from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.interventions.callback_from_queue import CallbackFromQueue
from pcqa_sim.interventions.fcp_direct import FcpDirect
from pcqa_sim.interventions.move_paperwork import MovePaperwork
from pcqa_sim.interventions.move_sessions_to_monday import MoveSessionsToMonday
from pcqa_sim.interventions.pharmacist_prescriptions import PharmacistPrescriptions
from pcqa_sim.interventions.protect_continuity import ProtectContinuity
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import with_settings
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.faults import BadInput

WEEKS = ("run.warm_up_weeks=0", "run.measured_weeks=6")
LACKS = {
    "afternoon_call_handler": "rota.phone={tuesday_friday: '1 from 8 to 13', first_days: null}",
    "form_open_all_day": "channels.form.hours={opens: '08:00', closes: '12:00'}",
}
"""What a practice lacks that these give it: where it is there already, they change nothing."""
FILES = [name for name in options(NO_USER_SETTINGS)["intervention"] if name != "adjust"]  # which changes nothing itself


def more_lines(extra: int, from_week: int = 0, only: tuple[str, ...] = ()) -> Adjust:
    return Adjust(name="more_phone_lines", extra=extra, add={"phones.lines": "extra"}, from_week=from_week, only=only)


def more_handlers(extra: int, from_week: int = 0) -> Adjust:
    return Adjust(add={"rota.extra_call_handlers": extra}, from_week=from_week)


@pytest.mark.parametrize("kind", sorted(INTERVENTIONS))
def test_strength_zero_changes_nothing_but_the_label(kind: str) -> None:
    """That it changes no event of any practice either is tested with conservation, where the runs are."""
    scenario = composed("practice=small", "run=quick")
    changed = INTERVENTIONS[kind].zero().apply(scenario)
    assert describe(scenario, changed) == []
    assert changed.interventions == (INTERVENTIONS[kind].zero().label(),)
    assert changed.replaced(interventions=()) == scenario


def test_more_call_handlers_answer_sooner_and_more_lines_are_engaged_less() -> None:
    """What an intervention is for goes the right way, where it is what is short."""
    short = ("practice=small", "practice.list_size=6000", "run.warm_up_weeks=0", "run.measured_weeks=2")
    short += ("phones.lines=2", "rota.phone_level=0.3")
    before, handlers, lines = (
        run_of(*short),
        run_of(*short, "intervention=[more_call_handlers]"),
        run_of(*short, "intervention=[more_phone_lines]", "intervention.more_phone_lines.extra=20"),
    )
    assert value(handlers, "answered_wait_min") < 0.2 * value(before, "answered_wait_min")
    assert value(before, "engaged_share") > 0.05
    assert value(lines, "engaged_share") < 0.2 * value(before, "engaged_share")
    assert value(lines, "missed_share") > value(before, "missed_share")


def test_more_slots_on_the_day_turn_fewer_people_away_and_take_nobodys_slot() -> None:
    scarce = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=4", "practice.fte_level={gp:0.3}")
    scarce += ("triage.sent_on.extras_per_session=0", "appointments.double_booking=null")  # none made as needed
    more = "intervention.more_on_the_day_slots.extra=15"
    before, after = run_of(*scarce), run_of(*scarce, "intervention=[more_on_the_day_slots]", more)
    told = [value(run, "told_another_day_share") for run in (before, after)]
    assert told[1] < 0.8 * told[0]
    opened = [run.happened.end["practice"].slots_opened["gp", "on_the_day"] for run in (before, after)]
    days = sum(run_days(after, weekday) for weekday in range(5))
    assert opened[1] - opened[0] == 15 * days
    others = [
        {k: v for k, v in r.happened.end["practice"].slots_opened.items() if k[1] != "on_the_day"}
        for r in (before, after)
    ]
    assert others[0] == others[1]


@pytest.mark.slow
def test_care_navigation_lowers_gp_appointments_and_a_cap_too() -> None:
    before, trained, capped = (
        run_of("practice=small", *WEEKS, *more)
        for more in ((), ("intervention=[care_navigation_training]",), ("intervention=[cap_contacts_per_session]",))
    )
    assert booked(trained, "gp") < booked(before, "gp")
    assert sum(booked(trained, role) for role in ("other", "pharmacist")) > sum(
        booked(before, role) for role in ("other", "pharmacist")
    )
    assert booked(capped, "gp") < booked(before, "gp")
    assert value(capped, "told_another_day_share") > value(before, "told_another_day_share")


@pytest.mark.slow
@pytest.mark.parametrize(("team", "to"), [((), "other"), (("experiment=named_roles",), "fcp")])
def test_back_pain_straight_to_the_physiotherapist_lowers_gp_appointments_for_it(
    team: tuple[str, ...], to: str
) -> None:
    enough = (*team, f"practice.fte_level={{{to}: 2.0}}")
    before, direct = (run_of("practice=small", *WEEKS, *enough, *more) for more in ((), ("intervention=[fcp_direct]",)))
    seen = [
        run.appointments.merge(run.needs["kind"], left_on="need", right_index=True)
        .query("kind == 'musculoskeletal'")["role"]
        .value_counts()
        for run in (before, direct)
    ]
    assert seen[1]["gp"] < 0.75 * seen[0]["gp"]
    assert seen[1][to] > 1.25 * seen[0][to]


def test_straight_to_nobody_is_refused_in_a_line() -> None:
    for override, said in (
        ("intervention.fcp_direct.role=fcp", "intervention.fcp_direct.role: fcp: must name roles"),
        ("intervention.fcp_direct.role=hca", "hca has no scope or no rota for musculoskeletal needs"),
        ("practice.fte_level={other: 0.0}", "nobody but a GP has scope and a rota for musculoskeletal needs"),
    ):
        with pytest.raises(BadInput) as refused:
            composed("practice=small", "intervention=[fcp_direct]", override)
        assert said in str(refused.value)
        assert len(str(refused.value).splitlines()) == 1


def test_reminders_and_continuity_go_the_right_way() -> None:
    before, reminded, known = (
        run_of("practice=small", *WEEKS, *more)
        for more in (
            (),
            ("intervention=[reminders]", "intervention.reminders.fewer_share=0.5"),
            ("intervention=[protect_continuity]", "intervention.protect_continuity.prefer_share=1"),
        )
    )
    assert value(reminded, "dna_share") < 0.7 * value(before, "dna_share")
    assert value(known, "usual_gp_share") > value(before, "usual_gp_share")


def test_sessions_are_added_and_moved() -> None:
    before = composed("practice=small")
    added = AddSession(role="gp", sessions=3).apply(before)
    moved = MoveSessionsToMonday(role="gp", moved_share=0.3).apply(before)
    weeks = [week_of_role(scenario.practices["practice"], "gp") for scenario in (before, added, moved)]
    assert [len(week) - len(weeks[0]) for week in weeks] == [0, 3, 0]
    mondays = [sum(half.weekday == 0 for half in week) for week in weeks]
    assert mondays[2] > mondays[0]


def test_prescriptions_change_hands_and_not_size() -> None:
    before = composed("practice=small").practices["practice"]
    after = PharmacistPrescriptions(moved_share=0.5, paperwork_share=0.25).change(before)
    for of in (
        lambda practice: sum(practice.backoffice.items["prescription"].by.values()),
        lambda practice: sum(practice.triage.places["medication"].values()),
    ):
        assert of(after) == pytest.approx(of(before))
    assert after.triage.places["medication"]["gp"] == before.triage.places["medication"]["gp"] / 2
    assert after.backoffice.items["prescription"].by == pytest.approx({"gp": 0.3, "pharmacist": 0.7})


def test_slots_kept_back_cannot_be_booked_before_their_time() -> None:
    run = run_of("practice=small", *WEEKS, "intervention=[stagger_release]")
    late = run.appointments.query("release == 'later_on_the_day'")
    assert len(late) > 10
    assert (late["booked"] % DAY >= 13 * 60).all()


def test_half_days_that_are_over_by_then_keep_nothing_back() -> None:
    before = composed("practice=small").practices["practice"]
    after = INTERVENTIONS["stagger_release"].model_validate({"share": 1, "at": "13:00"}).change(before)
    (morning, afternoon), was = (after.role["gp"].blocks(half) for half in (0, 1)), before.role["gp"]
    assert morning == was.blocks(0)
    assert [block.release == "later_on_the_day" for block in afternoon] == [
        block.release == "on_the_day" for block in was.blocks(1)
    ]
    assert any(block.release == "on_the_day" for block in morning)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("intervention", "metric", "sign", "base"),
    [
        ("online_hours_or_cap", "calls_per_working_day", 1, ()),
        ("admin_call_line", "share_0800_0830", -1, ()),
        ("cross_trained_reception", "answered_within_2_min_share", 1, ("practice.list_size=9000",)),
    ],
)
def test_reception_and_channels_go_the_right_way(
    intervention: str, metric: str, sign: int, base: tuple[str, ...]
) -> None:
    """The 95 % confidence interval of the paired difference is on the right side of 0."""
    short = ("practice=average", "practice.list_size=4000", "run.warm_up_weeks=1", "run.measured_weeks=3", *base)
    difference = paired(composed(*short), composed(*short, f"intervention=[{intervention}]"), metric)
    assert difference.low > 0 if sign > 0 else difference.high < 0


def test_a_form_that_is_full_sends_people_to_the_phone() -> None:
    capped = run_of(
        "practice=small",
        *WEEKS,
        "intervention=[online_hours_or_cap]",
        "intervention.online_hours_or_cap.hours={opens: '08:00', closes: '18:30'}",
        "intervention.online_hours_or_cap.most_per_1000_day=3",
    )
    forms = capped.contacts[capped.contacts["channel"] == "online"]
    sent = forms[forms["ending"] != "form_refused"]
    assert sent.groupby(sent["opened"] // DAY).size().max() == 6  # 3 per 1,000 on a list of 2,000
    after = capped.contacts[capped.contacts["cause"] == "form_refused"]
    assert {"phone", "online"} <= set(after["channel"])
    assert after["failure"].all()


def test_callbacks_are_asked_for_more_often() -> None:
    short = ("practice=small", *WEEKS, "rota.phone_level=0.4")
    shares = [value(run_of(*short, *more), "callback_share") for more in ((), ("intervention=[callback_from_queue]",))]
    assert shares[1] > shares[0]


@pytest.mark.parametrize("kind", ["add_session", "move_sessions_to_monday", "cap_contacts_per_session"])
def test_a_role_that_is_not_there_is_refused(kind: str) -> None:
    with pytest.raises(BadInput) as refused:
        composed("practice=small", f"intervention=[{kind}]", f"intervention.{kind}.role=surgeon")
    assert f"intervention.{kind}.role: surgeon: must name roles" in str(refused.value)


def test_sessions_cannot_be_added_to_nobody() -> None:
    nobody = ("practice.fte_level={other: 0.0}", "role.other.fte_per_10000=0")
    with pytest.raises(BadInput, match="other has no full-time equivalents to add to"):
        composed("practice=small", *nobody, "intervention=[add_session]", "intervention.add_session.role=other")


def test_a_cap_leaves_one_appointment_of_each_mode() -> None:
    """Whoever has to be seen at home can be, however few patients a session holds."""
    before, capped = (
        composed("practice=small", *more).practices["practice"].role["gp"].template
        for more in ((), ("intervention=[cap_contacts_per_session]", "intervention.cap_contacts_per_session.most=9"))
    )
    assert sum(block.slots for block in capped) == 9
    assert {block.mode for block in capped} == {block.mode for block in before}
    assert [block.mode for block in capped][-1] == before[-1].mode


@pytest.mark.parametrize(
    ("intervention", "setting", "most"),
    [
        (Adjust(add={"phones.lines": 1}), "phones.lines", 10_000),
        (Adjust(add={"rota.extra_call_handlers": 1}), "rota.extra_call_handlers", 1000),
        (Adjust(add={"appointments.extra_on_the_day_slots": 1}), "appointments.extra_on_the_day_slots", 10_000),
        (ProtectContinuity(prefer_share=0, extra_days=1), "appointments.continuity.tolerance_days", 60),
    ],
)
def test_past_the_limit_of_a_setting_an_intervention_is_refused(
    intervention: Intervention, setting: str, most: int
) -> None:
    """It would otherwise run with settings that no file could hold, and could not be run again."""
    scenario = with_settings(composed("practice=small"), {f"practices.practice.{setting}": most})
    with pytest.raises(BadInput) as refused:
        intervention.apply(scenario)
    said = rf"{setting}: {most + 1}: must be a whole number from \d to {most:,}"
    assert re.fullmatch(said, str(refused.value))


def test_the_command_refuses_it_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("phones.lines=10000", "intervention=[more_phone_lines]", "intervention.more_phone_lines.extra=1000")
    assert pcqa("show", *lines) == 2
    said = "intervention.more_phone_lines: phones.lines: 11000: must be a whole number from 1 to 10,000\n"
    assert capsys.readouterr().err == said


def test_a_refusal_names_practice_and_week() -> None:
    small = composed("practice=small")
    full = with_settings(small.practices["practice"], {"phones.lines": 10_000})
    two = small.replaced(practices={"north": small.practices["practice"], "south": full})
    with pytest.raises(BadInput, match=r"^south: from week 3: phones\.lines: 10001: must be"):
        more_lines(1, from_week=3).apply(two)
    with pytest.raises(BadInput, match=r"^practice\.fte_level\.gp: "):
        small.changed(lambda practice: with_settings(practice, {"fte_level.gp": -1.0}))


def test_a_practice_that_stays_the_same_is_changed_once() -> None:
    """Settings of later weeks that another practice's phases repeat are not made and judged again."""
    small, seen = composed("practice=small"), []
    two = small.replaced(practices={"north": small.practices["practice"], "south": small.practices["practice"]})
    for week in (2, 4, 6):
        two = more_lines(1, from_week=week, only=("north",)).apply(two)
    two.changed(lambda practice: seen.append(practice) or practice)
    assert len(seen) == 4


def test_work_is_not_moved_from_a_role_to_itself() -> None:
    practice = composed("practice=small").practices["practice"]
    with pytest.raises(ValueError, match=r"^taker: gp does it already"):
        MovePaperwork(item="letter", taker="gp", share=0.5).change(practice)


def test_a_callback_is_offered_to_everybody_at_the_soonest() -> None:
    """Fewer than nobody cannot wait: sooner by more callers than that means at once."""
    practice = composed("practice=small").practices["practice"]
    assert practice.phones.callback.offered_from_waiting < 50
    assert CallbackFromQueue(sooner_by=50, more_share=0).change(practice).phones.callback.offered_from_waiting == 0


def test_all_of_a_rows_rounded_shares_may_go_to_one_role() -> None:
    """Published shares sum to one within 0.001; a share of all is no more than all."""
    practice = with_settings(
        composed("practice=small").practices["practice"],
        {
            "triage.places.musculoskeletal": {"gp": 0.7004, "other": 0.3005},
            "triage.places.medication": {"gp": 0.7004, "pharmacist": 0.3005},
            "backoffice.items.prescription.by": {"gp": 0.7004, "pharmacist": 0.3005},
        },
    )
    direct = FcpDirect(direct_share=1).change(practice)
    assert direct.triage.places["musculoskeletal"] == {"gp": 0.0, "other": 1.0}
    moved = PharmacistPrescriptions(moved_share=1, paperwork_share=1).change(practice)
    assert moved.triage.places["medication"] == {"gp": 0.0, "pharmacist": 1.0}
    assert moved.backoffice.items["prescription"].by == {"gp": 0.0, "pharmacist": 1.0}


def booked(run: Run, role: str) -> int:
    """How many appointments with a role were booked in the run."""
    return int((run.appointments["role"] == role).sum())


def run_days(run: Run, weekday: int) -> int:
    """How many days of a weekday the diary was opened for."""
    appointments = run.scenario.practices["practice"].appointments
    last = run.scenario.weeks * 7 - 1 + appointments.horizon_days
    calendar = run.scenario.calendar.working()
    return sum(calendar.hours_of(day) is not None for day in range(last + 1) if day % 7 == weekday)


def value(run: Run, name: str) -> float:
    frame = run.metrics()
    return float(frame[(frame["metric"] == name) & (frame["group"] == "")]["value"].iloc[0])


@pytest.mark.parametrize("kind", sorted({*FILES} - OF_NETWORKS))
def test_an_intervention_says_what_it_changes_and_from_when(kind: str) -> None:
    base = ("practice=small", *([LACKS[kind]] if kind in LACKS else []))
    changed = composed(*base, f"intervention=[{kind}]", f"intervention.{kind}.from_week=5")
    lines = describe(composed(*base), changed)
    assert lines
    for line in lines:
        assert line.startswith("practice ")
        assert line.partition(" until week ")[0].endswith(" from week 5")
        assert "->" in line


def test_what_is_for_a_time_says_until_when() -> None:
    """Letters stop for four weeks and then come twice: one line each, the second until they are as before."""
    stopped = ("intervention=[letters_stop,letters_flood]", "intervention.letters_stop.weeks=4")
    key = "practice backoffice.items.letter.per_1000_day"
    assert describe(composed("practice=small"), composed("practice=small", *stopped)) == [
        f"{key}: 8.0 -> 0.0 from week 8",
        f"{key}: 8.0 -> 16.0 from week 12 until week 16",
    ]
    alone = describe(composed("practice=small"), composed("practice=small", "intervention=[letters_stop]"))
    assert alone == [f"{key}: 8.0 -> 0.0 from week 8 until week 12"]


PRESSURES = ("epidemic", "gp_vacancy", "letters_flood", "letters_stop", "list_growth", "pharmacy_closes",
             "sickness_wave", "volunteers_end", "winter_surge")  # fmt: skip


@pytest.mark.parametrize("kind", PRESSURES)
def test_a_pressure_begins_when_a_standard_run_is_measured(kind: str) -> None:
    """Not while it warms up, when it would make the run begin elsewhere and be half over before anybody looks."""
    made = composed("practice=small", f"intervention=[{kind}]")
    assert min(phase.from_week for phase in made.phases) >= made.run.warm_up_weeks


def test_what_would_begin_when_the_run_is_over_is_refused() -> None:
    rule = r"^intervention\.winter_surge\.from_week: 8: must be a week of the run, which has 3 counted from 0"
    with pytest.raises(BadInput, match=rule):
        composed("practice=small", "run=quick", "intervention=[winter_surge]")


def test_a_rota_and_a_team_are_told_as_they_are_said() -> None:
    said = composed("practice=small", "rota.phone.first_days=null", "rota.phone.monday='2, 3 from 8 to 10'")
    people = "[{name: Dr A, sessions: [mon, tue_am]}, {name: Dr B, sessions: [wed_pm]}]"
    team = composed("practice=small", f"role.gp.people={people}")
    before = composed("practice=small")
    assert "practice rota.phone.monday: none -> 3 from 8 to 10, 2 from 10 to 18:30" in describe(before, said)
    assert "practice role.gp.people: none -> Dr A: mon, tue_am; Dr B: wed_pm" in describe(before, team)


def test_interventions_add_up_from_left_to_right() -> None:
    scenario = composed("practice=small")
    both = apply_all(scenario, [more_lines(2), more_lines(3, from_week=4)])
    assert both.in_force("practice", 3).phones.lines == scenario.practices["practice"].phones.lines + 2
    assert both.in_force("practice", 4).phones.lines == scenario.practices["practice"].phones.lines + 5
    assert both.interventions == ("more_phone_lines(extra=2)", "more_phone_lines(from_week=4, extra=3)")


def test_an_earlier_intervention_reaches_later_phases_too() -> None:
    scenario = composed("practice=small")
    late = more_lines(1, from_week=8).apply(scenario)
    both = more_handlers(1, from_week=2).apply(late)
    assert both.in_force("practice", 9).rota.extra_call_handlers == 1
    assert both.in_force("practice", 9).phones.lines == scenario.practices["practice"].phones.lines + 1
    assert both.in_force("practice", 1).rota.extra_call_handlers == 0


def test_only_names_the_practices_it_is_for() -> None:
    small = composed("practice=small")
    two = small.replaced(practices={"north": small.practices["practice"], "south": small.practices["practice"]})
    changed = more_lines(2, only=("north",)).apply(two)
    assert [line.split()[0] for line in describe(two, changed)] == ["north"]
    with pytest.raises(ValueError, match="unknown practice 'west'; known: north, south"):
        more_lines(2, only=("west",)).apply(two)


def test_the_hash_tells_settings_and_order_apart() -> None:
    scenario = composed("practice=small")
    lines, handlers = more_lines(2), more_handlers(1)
    hashes = {s.hash() for s in (scenario, lines.apply(scenario), handlers.apply(lines.apply(scenario)))}
    hashes.add(lines.apply(handlers.apply(scenario)).hash())
    assert len(hashes) == 4
    other_seed = with_settings(scenario, {"run.seed": 99, "run.replications": 50})
    assert other_seed.hash() == scenario.hash()
