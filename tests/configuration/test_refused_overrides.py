"""Every override that must be refused says so in one line a fault: key, value, rule, nearest."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcqa_sim.configuration import config_folder, load_scenario
from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.mappings import given_twice
from pcqa_sim.configuration.overrides import read_overrides
from pcqa_sim.scenario import with_settings
from pcqa_sim.scenario.groups import Menu
from pcqa_sim.values.faults import BadInput

Refused = Callable[..., list[str]]
Write = Callable[[dict[str, str | bytes]], Path]
LINES = "must be a whole number from 1 to 10,000"
FORM = "an override is written key=value, for example phones.lines=8 or practice=small"
SWEEP = "several values at once are for `pcqa sweep`; a single run takes one value"
PLUS = "settings cannot be added with +; leave it out (only +intervention=NAME and +kind=NAME are written with +)"


def _options(group: str) -> str:
    return ", ".join(Library(config_folder()).options(group))


_phones = load_scenario().practices["practice"].phones
_absence = load_scenario().practices["practice"].rota.absence
KINDS_OF_VALUE = {
    "phones.lines=abc": f"phones.lines: abc: {LINES}",
    "phones.lines=2.5": f"phones.lines: 2.5: {LINES}",
    "phones.lines=true": f"phones.lines: true: {LINES}",
    "phones.lines=null": f"phones.lines: null: {LINES}",
    "phones.lines=0": f"phones.lines: 0: {LINES}",
    "rota.written_for_list_size=0": "rota.written_for_list_size: 0: must be a whole number from 1 to 1,000,000",
    "practice.start_belief=1.5": "practice.start_belief: 1.5: must be a share, from 0 to 1",
    "demand.needs_per_1000_week=nan": "demand.needs_per_1000_week: nan: must be a number above 0, at most 10,000",
    "demand.needs_per_1000_week=inf": "demand.needs_per_1000_week: inf: must be a number above 0, at most 10,000",
    "run.seed=-1": "run.seed: -1: must be a whole number, 0 or more, below 9,223,372,036,854,775,808",
    "practice.name=5": "practice.name: 5: must be text; put it in quotes, or YAML may read it as something else "
    "(no as false, 10 as a number)",
    "practice.name=" + "x" * 121: "practice.name: " + "x" * 77 + "...: must be text of 1 to 120 characters",
    "demand.kinds.social.relational=2": "demand.kinds.social.relational: 2: must be true or false",
    "role.gp.title=3": "role.gp.title: 3: must be text; put it in quotes, or YAML may read it as something else "
    "(no as false, 10 as a number)",
    "role.gp.absence.leave_share=1": "role.gp.absence.leave_share: 1: must be a share, 0 or more, below 1",
    "appointments.not_attending.lead.same_day=1.2": "appointments.not_attending.lead.same_day: 1.2: must be a share, "
    "from 0 to 1",
    "demand.kinds.social.origin=police": "demand.kinds.social.origin: police: must be one of: patient, hospital, "
    "social_care",
    "role.gp.template=[{slots:3,minutes:10,mode:phone,release:routine}]": "role.gp.template.0.mode: phone: must be one "
    "of: face_to_face, telephone, video, online_message, home_visit; did you mean telephone?",
    "calendar.start_date=soon": "calendar.start_date: soon: must be a date, written YYYY-MM-DD",
    "calendar.start_date=345600": "calendar.start_date: 345600: must be a date, written YYYY-MM-DD",
    "calendar.start_date=2026-01-06": "calendar.start_date: 2026-01-06: the start date is a Monday; "
    "2026-01-06 is a Tuesday",
    "calendar.bank_holidays=Englnd": "calendar.bank_holidays: Englnd: must be one of: England, none; "
    "did you mean England?",
    "calendar.opening_hours.monday.opens=8:00": "calendar.opening_hours.monday.opens: 8:00: a time of day is "
    'written "HH:MM", in quotes, from "00:00" to "24:00"',
    "phones.menu=4": "phones.menu: 4: must be a group of settings, not one value: " + ", ".join(Menu.model_fields),
    "role.gp.sessions=3": "role.gp.sessions: 3: must be a list, written [a, b]",
    "role.gp.sessions=[]": "role.gp.sessions: needs 1 or more entries",
    "network.members={North:[]}": "network.members: North: must be made of lower-case letters, digits and _, begin "
    "with a letter, and have at most 40 characters",
}
ACROSS_SETTINGS = {
    "role.gp.sessions=[{starts:'08:30',ends:'12:40'},{starts:'11:00',ends:'15:10'}]": "role.gp.sessions: "
    "sessions must not overlap",
    "role.gp.sessions=[{starts:'11:30',ends:'08:30'}]": "role.gp.sessions.0: the end comes after the "
    "start: starts < ends",
    "calendar.opening_hours.monday.closes=07:00": "calendar.opening_hours.monday: the end comes after the start: "
    "opens < closes",
    "role.gp.sessions.0.starts=07:00": "role.gp.sessions: a session must lie inside opening hours; monday "
    "is open 08:00-18:30",
}
KEYS = {
    "phones.linez=3": "phones.linez: 3: is not a setting; did you mean phones.lines?",
    "lines=3": "lines: 3: is not a setting; did you mean phones.lines?",
    "phones.lines.x=4": "phones.lines.x: 4: is not a setting; did you mean phones.lines?",
    "practise=small": "practise: small: is not a setting; did you mean practice?",
    "practice.phones={lines:3}": "practice.phones: {lines: 3}: is not a setting; did you mean phones?",
    "phones={linez:3}": "phones.linez: 3: is not a setting; did you mean phones.lines?",
    "demand.kinds.acute_mino.share=0.3": "demand.kinds.acute_mino.share: 0.3: is not a setting; did you mean "
    "demand.kinds.acute_minor.share?",
    "role.gpp.fte_per_10000=3": "role.gpp.fte_per_10000: 3: is not a setting; did you mean role.gp.fte_per_10000?",
    "role=[gp,nurse]": f"role: nurse: must be a list of: {_options('role')}; did you mean practice_nurse?",
    "role=null": f"role: null: must be a list of: {_options('role')}",
    "role=[gp,practice_nurse,hca,pharmacist,other,gp]": "role: gp: is chosen twice",
    "practice@phones=small": "practice@phones: small: is not a setting; did you mean practice?",
    "practice=smal": f"practice: smal: must be one of: {_options('practice')}; did you mean small?",
    "practice=null": f"practice: null: must be one of: {_options('practice')}",
    "practice=[small]": f"practice: [small]: must be one of: {_options('practice')}; did you mean small?",
    "phones=3": f"phones: 3: must be one of: {_options('phones')}",
    "intervention=[more_lines]": f"intervention: more_lines: must be a list of: {_options('intervention')}; "
    "did you mean more_phone_lines?",
    "intervention.more_phone_line.extra=3": "intervention.more_phone_line.extra: 3: must name an intervention: "
    f"{_options('intervention')}; did you mean more_phone_lines?",
    "intervention.more_phone_lines.extra=3": "intervention.more_phone_lines.extra: 3: is not switched on; add "
    "intervention=[more_phone_lines]",
}
FORMS = {
    "phones._target_=os.system": "phones._target_: os.system: _target_ is not allowed: settings hold values, and "
    "behaviour is chosen by `kind`",
    "practice={_target_:os.system}": "practice: {_target_:os.system}: _target_ is not allowed: settings hold "
    "values, and behaviour is chosen by `kind`",
    "phones.lines='${oc.env:HOME}'": "phones.lines: '${oc.env:HOME}': ${...} is not allowed in settings: write the "
    "value itself",
    "+new.key=1": f"+new.key: 1: {PLUS}",
    "++phones.lines=3": f"++phones.lines: 3: {PLUS}",
    "~phones": "~phones: settings cannot be removed with ~; choose another option or set a value",
    "hydra.run.dir=x": "hydra.run.dir: x: settings of Hydra cannot be changed",
    "hydra/launcher=x": "hydra/launcher: x: settings of Hydra cannot be changed",
    "+hydra.x=1": "+hydra.x: 1: settings of Hydra cannot be changed",
    "intervention=[more_phone_lines,more_phone_lines]": "intervention: more_phone_lines: is switched on twice",
    "intervention=more_phone_lines,more_call_handlers": "intervention: more_phone_lines,more_call_handlers: to "
    "choose several at once, write a list: intervention=[a,b]",
    "role=gp,other": "role: gp,other: to choose several at once, write a list: role=[a,b]",
    "+role=other": f"+role: other: {PLUS}",
    "phones.lines=1,2": f"phones.lines: 1,2: {SWEEP}",
    "phones.lines=range(1,3)": f"phones.lines: range(1,3): {SWEEP}",
    "practice=average,small": f"practice: average,small: {SWEEP}",
    "phones.lines": f"phones.lines: {FORM}",
    "": f"override: {FORM}",
    "=3": f"override: =3: {FORM}",
    "phones.lines=": "phones.lines: needs a value after the =",
    "practice=": "practice: needs a value after the =",
    "phones.lines=[1": "phones.lines: [1: cannot be read; put text with special characters in quotes, as in "
    "practice.name='The Surgery (main)'",
    "rota.phone.monday.08:00=3": "rota.phone.monday.08:00: 3: all times of a day are written together, in braces, "
    "with a backslash, and the whole in quotes; did you mean 'rota.phone.monday={00\\:00: 0, 08\\:00: 3}'?",
}


EMPTY = "an empty mapping changes nothing; name the keys to set instead"
MEMBERS = (
    "must be a mapping of practice key to a list of overrides, as in "
    "network.members={north:[],south:['practice=small']}"
)
SHAPES = {
    "phones={}": f"phones: {{}}: {EMPTY}, as in phones.lines={_phones.lines}",
    "phones={menu:{}}": f"phones.menu: {{}}: {EMPTY}, as in phones.menu.minutes={_phones.menu.minutes}",
    "rota.phone.monday={}": 'rota.phone.monday: the first time is "00:00"',
    "phases=[{from_week:1,overrides:['rota.absence={}']}]": f"from week 1: rota.absence: {{}}: {EMPTY}, as in "
    f"rota.absence.sickness_share={_absence.sickness_share}",
    "network.members={north:['rota.absence={}']}": f"north: rota.absence: {{}}: {EMPTY}, as in "
    f"rota.absence.sickness_share={_absence.sickness_share}",
    "network.members=[a]": f"network.members: [a]: {MEMBERS}",
    "network.members=[]": f"network.members: []: {MEMBERS}",
    "network={members:[a]}": f"network.members: [a]: {MEMBERS}",
    "demand.kinds=[a]": "demand.kinds: [a]: must be a group of settings, not a list",
    "role.gp.sessions={}": "role.gp.sessions: {}: must be a list, written [a, b], not a mapping",
}


@pytest.mark.parametrize(("override", "line"), (KINDS_OF_VALUE | ACROSS_SETTINGS | KEYS | FORMS | SHAPES).items())
def test_a_faulty_override_is_told_in_one_line(override: str, line: str, refused: Refused) -> None:
    assert refused(override) == [line]


@pytest.mark.parametrize(
    ("override", "where"),
    [
        ("demand.weekday_share.monday=0.9", "demand.weekday_share"),
        ("demand.kinds.social.share=0.9", "demand.kinds"),
        ("people.ages.age_0_4.share=0.5", "people.ages"),
        ("people.ages.age_0_4.segments.young_families=0.5", "people.ages.age_0_4.segments"),
        ("people.deprivation_share.fifth_1=0.5", "people.deprivation_share"),
        ("triage.places.acute_minor.gp=0.99", "triage.places.acute_minor"),
        ("channels.first.clinical.app=0.9", "channels.first.clinical"),
        ("channels.next_actions.gave_up=1", "channels.next_actions"),
    ],
)
def test_shares_that_do_not_sum_to_one_are_refused(override: str, where: str, refused: Refused) -> None:
    (line,) = refused(override)
    assert re.fullmatch(rf"{where}: the shares sum to [0-9.]+, but must sum to 1", line)


SHIPPED = load_scenario().practices["practice"]
NAMES = {
    "triage.places.social={gp:0,other:0,no_next_step:0,told_or_done:0,self_care:0,"
    "pharmacist:1.0}": "triage.places.social.pharmacist: the role has no scope for it; see role.pharmacist.scope",
    "demand.kinds.social.for_ages={age_0_5:2}": "demand.kinds.social.for_ages: age_0_5 is no age band; did you mean "
    "age_0_4?",
    "demand.kinds.social.for_segments={generaly_well:2}": "demand.kinds.social.for_segments: generaly_well is "
    "no segment; "
    "did you mean generally_well?",
    "planned.programmes.blood_test.by_segment={generally_wel:0.5}": "planned.programmes.blood_test.by_segment: "
    "generally_wel is no segment; did you mean generally_well?",
    "planned.programmes.blood_test.by_age={age_0_5:0.5}": "planned.programmes.blood_test.by_age: age_0_5 is no "
    "age band; "
    "did you mean age_0_4?",
    "planned.programmes.blood_test.role=hcaa": "planned.programmes.blood_test.role: hcaa is no role; did you mean hca?",
    "demand.seeking.never_factor_by_age={age_0_5:2}": "demand.seeking.never_factor_by_age: age_0_5 is no age band; did "
    "you mean age_0_4?",
    "appointments.not_attending.deprivation_factor={fifth_9:2}": "appointments.not_attending.deprivation_factor: "
    "fifth_9 is no fifth; did you mean fifth_5?",
    "role.gp.scope={acute_mino:0.3}": "role.gp.scope: acute_mino is no kind of need; did you mean acute_minor?",
    "role.gp.template=[{slots:3,minutes:10,mode:telephone,release:routin}]": "role.gp.template: routin is no release "
    "rule; did you mean routine?",
    "appointments.extra_role=gpp": "appointments.extra_role: gpp is no role; did you mean gp?",
    "practice.fte_level={gpp:2}": "practice.fte_level: gpp is no role; did you mean gp?",
}
RULES = {
    "role.gp.template=[{slots:30,minutes:10,mode:telephone,release:routine}]": "role.gp.template: slots of 300 "
    "minutes do "
    "not fit a session of 250 minutes",
    "role.hca.template=[{slots:3,minutes:10,mode:telephone,release:routine}]": "role.hca.consultation_min: must "
    "name the "
    "minutes of telephone",
    "role.gp.sessions=[{starts:'18:00',ends:'22:10'}]": "role.gp.sessions: a session must lie inside opening hours; "
    "monday is open 08:00-18:30",
    "appointments.releases.routine.hours_before=10": "appointments.releases.routine: a release rule has days_before or "
    "hours_before, one of the two",
    "appointments.releases.mine={urgent_only:true}": "appointments.releases.mine: a release rule has days_before or "
    "hours_before, one of the two",
    "demand.kinds.social={asked_late_share:0.9,never_asked_share:0.3}": "demand.kinds.social: never_asked_share + "
    "asked_late_share is at most 1",
    "planned.programmes.blood_test={first_days:9,last_days:8}": "planned.programmes.blood_test: first_days is at most "
    "last_days",
    "people.rate_factor={99999:2}": "people.rate_factor: person 99999 is not on a list of 10000",
    "people.rate_factor={5:21}": "people.rate_factor: 21.0 x demand_level is at most 20",
}


@pytest.mark.parametrize(("override", "line"), (NAMES | RULES).items())
def test_what_does_not_fit_the_other_groups_is_told_in_one_line(override: str, line: str, refused: Refused) -> None:
    assert refused(override) == [line]


def test_a_place_that_is_no_role_names_the_nearest(refused: Refused) -> None:
    said = refused(
        "triage.places.social.gpp=1.0", *(f"triage.places.social.{name}=0" for name in SHIPPED.triage.places["social"])
    )
    assert said == ["triage.places.social: gpp is no role; did you mean gp?"]


def test_a_kind_that_goes_nowhere_is_refused() -> None:
    places = {kind: row for kind, row in SHIPPED.triage.places.items() if kind != "social"}
    with pytest.raises(BadInput, match=r"^triage\.places: must say where social goes$"):
        with_settings(SHIPPED, {"triage.places": places})


def test_a_role_without_scope_for_any_kind_is_refused(refused: Refused) -> None:
    said = refused(*(f"role.pharmacist.scope.{kind}=0" for kind in SHIPPED.role["pharmacist"].scope))
    assert said == ["role.pharmacist.scope: a role must be able to resolve at least one kind of need"]


def test_a_probability_of_not_coming_above_one_is_refused(refused: Refused) -> None:
    (line,) = refused("appointments.not_attending.mode_factor.telephone=49")
    rule = r"appointments\.not_attending: lead x mode x age x deprivation reaches [\d.]+, but a share is at most 1"
    assert re.fullmatch(rule, line)


def test_a_release_further_ahead_than_the_diary_is_refused(refused: Refused) -> None:
    horizon = SHIPPED.appointments.horizon_days
    assert refused(f"appointments.releases.routine.days_before={horizon + 1}") == [
        f"appointments.releases.routine.days_before: {horizon + 1} is at most horizon_days, {horizon}"
    ]


@pytest.mark.parametrize(
    "overrides",
    [
        ("outcome.dna_rebook_share=1", "outcome.waiting.share=1"),
        ("demand.kinds.social.follow_up_share=1", "role.gp.scope.social=0.5", "outcome.waiting.share=0.2"),
    ],
)
def test_a_chain_of_contacts_that_never_ends_is_refused_before_the_run(
    overrides: tuple[str, ...], refused: Refused
) -> None:
    (line,) = refused(*overrides)
    told = re.fullmatch(
        r"demand\.kinds\.(\w+): each contact with the role (\w+) would bring ([\d.]+) more, and none would "
        r"ever end: "
        "fewer must be unresolved, followed up, missed and asked about again",
        line,
    )
    assert told is not None
    assert float(told[3]) >= 1


def test_a_chain_just_below_one_contact_for_each_is_accepted() -> None:
    scope, missed = 0.95, SHIPPED.appointments.not_attending.lead.greatest
    again = (1 - missed) * (1 - scope) + missed * SHIPPED.outcome.dna_rebook_share
    share = round(1 - again - 0.75, 3)
    accepted = load_scenario(f"outcome.waiting.share={share}").practices["practice"]
    assert accepted.outcome.waiting.share == share


def test_a_role_that_is_not_chosen_names_the_list_it_belongs_in(refused: Refused, user_folder: Write) -> None:
    own = "# @package role.senior\ndefaults: [gp@_here_, _self_]\ntitle: senior GP\n"
    said = refused("role.senior.fte_per_10000=2", user_folder=user_folder({"role/senior.yaml": own}))
    chosen = ",".join([*SHIPPED.role, "senior"])
    assert said == [f"role.senior.fte_per_10000: 2: is not chosen; add it to the list: role=[{chosen}]"]


def test_all_faults_are_told_at_once(refused: Refused) -> None:
    said = refused(
        "phones.linez=3", "practice=smal", "demand.needs_per_1000_wek=3", "phones.lines=abc", "run.seed=0.5", "x"
    )
    wheres = [line.split(":")[0] for line in said]
    assert sorted(wheres) == sorted(
        ["phones.linez", "practice", "demand.needs_per_1000_wek", "phones.lines", "run.seed", "x"]
    )


def test_faults_of_settings_and_of_interventions_are_told_together(refused: Refused) -> None:
    said = refused(
        "phones.lines=abc",
        "practice.list_size=0",
        "intervention=[add_session]",
        "intervention.add_session.sessions=-1",
    )
    assert said == [
        f"phones.lines: abc: {LINES}",
        "practice.list_size: 0: must be a whole number from 1 to 1,000,000",
        "intervention.add_session.sessions: -1: must be a number from 0 to 1,000",
    ]


def test_an_unknown_parameter_of_an_intervention_names_the_nearest(refused: Refused) -> None:
    said = refused("intervention=[more_phone_lines]", "intervention.more_phone_lines.extre=3")
    assert said == [
        "intervention.more_phone_lines.extre: 3: is not a setting; did you mean intervention.more_phone_lines.extra?"
    ]


def test_an_intervention_for_an_unknown_practice_is_refused(refused: Refused) -> None:
    said = refused("intervention=[more_phone_lines]", "intervention.more_phone_lines.only=[practise]")
    assert said == [
        "intervention.more_phone_lines.only: practise: must name practices: practice; did you mean practice?"
    ]


@pytest.mark.parametrize("override", ["x" * 30_000 + "=3", "run.seed=" + "9" * 5000, "phones.lines=" + "[" * 2000])
def test_overlong_and_overdeep_overrides_are_refused(override: str, refused: Refused) -> None:
    (line,) = refused(override)
    assert len(line) < 400


def test_a_value_cannot_move_the_cursor(refused: Refused) -> None:
    assert "\x1b" not in "".join(refused("phones.lines='\x1b[31mred'", "practice.name=\x1b[31mred"))


def test_an_override_that_is_no_text_is_refused(refused: Refused) -> None:
    assert refused(3) == ["override: 3: must be text, as in 'phones.lines=8'"]  # type: ignore[arg-type]


@given(st.text(max_size=30), st.sampled_from(["", "phones.lines=", "practice=", "intervention=[", "phases=[{", "+"]))
def test_any_text_is_read_or_refused_but_never_breaks(text: str, before: str) -> None:
    read, faults = read_overrides([before + text], Library(config_folder()))
    assert len(read) == 1 or faults


@pytest.mark.parametrize("key", ["demand.kinds", "demand.weekday_share"])
def test_an_empty_mapping_that_would_be_merged_away_is_refused(key: str, refused: Refused) -> None:
    (line,) = refused(f"{key}={{}}")
    assert line.startswith(f"{key}: {{}}: {EMPTY}, as in {key}.")


@pytest.mark.parametrize("override", ["network.members={}", "people.rate_factor={}", "intervention=[]"])
def test_what_is_empty_already_may_be_set_empty(override: str) -> None:
    assert load_scenario(override) == load_scenario()


def test_an_empty_mapping_counts_against_what_was_set_before_it(refused: Refused) -> None:
    filled = load_scenario(["people.rate_factor={}"], ["people.rate_factor={5:2}"]).practices["practice"]
    assert filled.people.rate_factor == {5: 2}
    assert refused("people.rate_factor={5:2}", "people.rate_factor={}") == [
        f"people.rate_factor: {{}}: {EMPTY}, as in people.rate_factor.5=2"
    ]


def test_a_value_of_another_shape_is_told_with_every_other_fault(refused: Refused) -> None:
    said = refused("phones.linez=3", "network.members=[a]", "rota.phone.monday={}")
    assert sorted(line.split(":")[0] for line in said) == ["network.members", "phones.linez", "rota.phone.monday"]


def test_a_value_that_does_not_fit_an_earlier_override_names_its_key(refused: Refused) -> None:
    sunday = "calendar.opening_hours.sunday"
    said = refused(f"{sunday}={{opens:'08:00',closes:'09:00'}}", f"{sunday}=[a]")
    assert said == [f"{sunday}: [a]: does not fit what other overrides set"]


def test_the_example_of_members_can_be_used() -> None:
    assert list(load_scenario(MEMBERS.split()[-1]).practices) == ["north", "south"]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("phones.línes=1", "phones.línes: 1: is not a setting; did you mean phones.lines?"),
        ("phones..lines=4", "phones..lines: 4: is not a setting; did you mean phones.lines?"),
        ("phones.lines =4", "phones.lines: 4: has a space before the =; did you mean phones.lines=4?"),
    ],
)
def test_what_cannot_be_read_says_whether_its_key_is_at_fault(override: str, said: str, refused: Refused) -> None:
    assert refused(override) == [said]


def test_empty_quotes_are_a_value(refused: Refused) -> None:
    assert refused("practice.name=''") != refused("practice.name=")
    assert "must be text of 1 to 120 characters" in refused("practice.name=''")[0]


@pytest.mark.parametrize(
    ("override", "key"),
    [
        (r"rota.phone.monday={08\:00: 1, 08\:00: 2}", "08:00"),
        ("practice.fte_level={gp: 1, other: 1, gp: 0.8}", "gp"),
        ("phases=[{from_week: 2, from_week: 3, overrides: ['phones.lines=4']}]", "from_week"),
        ("demand={kinds: {social: {latest_days: 1, latest_days: 2}}}", "latest_days"),
    ],
)
def test_a_mapping_gives_a_key_once(override: str, key: str, refused: Refused) -> None:
    (line,) = refused(override)
    assert line.endswith(f": gives {key} twice; leave out the one that is not meant")


def test_the_same_key_in_two_mappings_or_in_quoted_text_is_no_key_given_twice() -> None:
    assert given_twice("{a: {x: 1}, b: {x: 1}}") == given_twice("{a: 'b, a: 1', b: x:a:b}") == ""
    assert given_twice("[{x: 1}, {x: 1}]") == given_twice(r"{08\:00: 1, 09\:00: 1}") == given_twice("4") == ""


def test_everything_that_does_not_fit_the_other_groups_is_told_at_once(refused: Refused) -> None:
    said = refused(
        "practice.fte_level={gpp: 2}", "appointments.extra_role=gpq", "demand.kinds.social.for_ages={old: 2}"
    )
    assert said == [
        "demand.kinds.social.for_ages: old is no age band; there are age_0_4, age_5_17, age_18_34, age_35_49, "
        "age_50_64, age_65_74, age_75_84, age_85_up",
        "practice.fte_level: gpp is no role; did you mean gp?",
        "appointments.extra_role: gpq is no role; did you mean gp?",
    ]
    assert refused("role=[gp]") == [
        "planned.programmes.long_term_review.role: practice_nurse is no role "
        "(and is named in 13 other places); there is gp",
        "planned.programmes.blood_test.role: hca is no role (and is named in 6 other places); there is gp",
        "planned.programmes.medication_review.role: pharmacist is no role "
        "(and is named in 8 other places); there is gp",
        "triage.cover: other is no role (and is named in 12 other places); there is gp",
        "backoffice.items.recall.by: none of practice_nurse, hca, other, administrator has a rota: fte_per_10000 or "
        "fte_level is 0",
    ]


def test_every_intervention_that_does_not_fit_is_told(refused: Refused) -> None:
    said = refused(
        "intervention=[add_session,more_phone_lines]",
        "intervention.add_session.role=nobody",
        "intervention.more_phone_lines.only=[x]",
    )
    assert [line.split(": ")[0] for line in said] == [
        "intervention.add_session.role",
        "intervention.more_phone_lines.only",
    ]
