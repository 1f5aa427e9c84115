"""Refusals show what was typed, say what is wrong with it, and show a form that works; every number has limits."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pcqa_sim.configuration import load_scenario
from pcqa_sim.configuration.folders import Library, config_folder
from pcqa_sim.configuration.overrides import read_overrides
from pcqa_sim.configuration.shapes import root_shapes
from pcqa_sim.configuration.sweeping import Composer, read_sweep
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.scenario.fault_wording import bounds, number_rule, plain_number
from pcqa_sim.scenario.shapes import Node, Shapes, shapes_of
from pcqa_sim.values.faults import BadInput

Refused = Callable[..., list[str]]
Write = Callable[[dict[str, str | bytes]], Path]
SIZE = "must be a whole number from 1 to 1,000,000"
WEIGHT = "must be a number from 0 to 1,000"
SETTINGS = Composer((), Library(config_folder()))
TWICE = "is given twice; leave out the one that is not meant"


def refusal(override: str) -> str:
    """Return the one line with which an override is refused, composing what is the same each time once."""
    with pytest.raises(BadInput) as caught:
        SETTINGS.scenario([override])
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "meant"), [("2000.0", 2000), ("1e3", 1000), ("1_000", 1000), ("+5", 5), (" 5", 5), ("5. ", 5)]
)
def test_a_whole_number_may_be_written_in_any_form_of_a_number(typed: str, meant: int) -> None:
    found = SETTINGS.scenario([f"practice.list_size={typed}"])
    assert found == SETTINGS.scenario([f"practice.list_size={meant}"])
    assert isinstance(found.practices["practice"].list_size, int)


def test_a_whole_number_with_a_decimal_point_in_a_file_is_one(user_folder: Write) -> None:
    folder = user_folder({"practice/x.yaml": "defaults: [small@_here_, _self_]\nlist_size: 2000.0\n"})
    assert load_scenario("practice=x", user_folder=folder).practices["practice"].list_size == 2000


AS_TYPED = {
    "practice.list_size='2000'": f"practice.list_size: '2000': {SIZE}; write it without quotes",
    'practice.list_size="2000"': f'practice.list_size: "2000": {SIZE}; write it without quotes',
    "practice.list_size='1e3'": f"practice.list_size: '1e3': {SIZE}; write 1000",
    "practice.list_size=' 5'": f"practice.list_size: ' 5': {SIZE}; write 5",
    "practice.list_size=2000.50": f"practice.list_size: 2000.50: {SIZE}",
    "practice.list_size=0.0": f"practice.list_size: 0.0: {SIZE}",
    "practice.list_size=0x10": f"practice.list_size: 0x10: {SIZE}; write 16",
    "practice.list_size=010": f"practice.list_size: 010: {SIZE}; write 10",
    "practice.list_size=1 000": f"practice.list_size: 1 000: {SIZE}; write 1000",
    "practice.list_size=10%": f"practice.list_size: 10%: {SIZE}",
    "practice.list_size=1e400": f"practice.list_size: 1e400: {SIZE}",
    "practice.list_size=True": f"practice.list_size: True: {SIZE}",
    "practice.list_size='abc'": f"practice.list_size: 'abc': {SIZE}",
    "practice.list_size=２０００": "practice.list_size: ２０００: cannot be read; write 2000",
    "practice.list_size=£5,000": "practice.list_size: £5,000: cannot be read; write 5000",
    "practice.list_size=10,000": "practice.list_size: 10,000: a number is written without commas: 10000",
    "practice.start_belief=50%": "practice.start_belief: 50%: must be a share, from 0 to 1; write 0.5",
    "practice.demand_level='1.5'": "practice.demand_level: '1.5': must be a number above 0, at most 20; write it "
    "without quotes",
    "phones={lines: '4'}": "phones.lines: '4': must be a whole number from 1 to 10,000; write it without quotes",
}


@pytest.mark.parametrize(("override", "line"), AS_TYPED.items())
def test_a_refusal_shows_the_text_as_it_was_typed(override: str, line: str) -> None:
    assert refusal(override) == line


def test_values_of_members_phases_and_interventions_are_shown_as_typed(refused: Refused) -> None:
    said = refused(
        "network.members={north:['phones.lines=0x4'],south:[]}",
        "intervention=[more_phone_lines]",
        "intervention.more_phone_lines.extra='3'",
    )
    assert said == [
        "intervention.more_phone_lines.extra: '3': must be a number from -1,000,000 to 1,000,000; "
        "write it without quotes",
        "north: phones.lines: 0x4: must be a whole number from 1 to 10,000; write 4",
    ]


def test_quotes_of_a_file_are_shown(user_folder: Write, refused: Refused) -> None:
    folder = user_folder({"practice/x.yaml": 'defaults: [small@_here_, _self_]\nlist_size: "2000"\n'})
    line = f"practice/x.yaml line 2, practice.list_size: '2000': {SIZE}; write it without quotes"
    assert refused("practice=x", user_folder=folder) == [line]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("２０００", "2000"), ("0x10", "16"), ("-0b11", "-3"), ("1_000", "1000"), ("£2,000.50", "2000.5"),
        ("10 %", "0.1"), ("'7'", "7"), ("1e20", "1e+20"), ("abc", ""), ("", ""), ("nan", ""), ("inf", ""), ("0x", ""),
        ("2k", ""), ("08:00", ""),
    ],
)  # fmt: skip
def test_the_number_that_a_text_means(text: str, number: str) -> None:
    assert plain_number(text) == number


ONE = (
    "one experiment at a time, since the second would replace the first: write one of your own that begins with "
    "`defaults: [arithmetic@_here_, perfect_service@_here_, _self_]`"
)


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        (["phones.lines=4", "phones.lines=8"], [f"phones.lines: 4 and 8: {TWICE}"]),
        (["phones.lines=4", "phones.lines=4"], [f"phones.lines: 4 and 4: {TWICE}"]),
        (["practice=small", "practice=student"], [f"practice: small and student: {TWICE}"]),
        (["phones={lines: 4}", "phones.lines=8"], [f"phones.lines: 4 and 8: {TWICE}"]),
        (["role=[gp]", "role=[gp,hca]"], [f"role: [gp] and [gp,hca]: {TWICE}"]),
        (
            ["intervention=[reminders]", "intervention=[add_session]"],
            [f"intervention: [reminders] and [add_session]: {TWICE}"],
        ),
        (
            ["+intervention=reminders", "intervention=[add_session]"],
            ["intervention: [add_session]: after +intervention= it drops what that added; write one list"],
        ),
        ([["phones.lines=4", "phones.lines=8"], ["phones.lines=9"]], [f"phones.lines: 4 and 8: {TWICE}"]),
        ([["phones.lines=4"], ["phones.lines=8"]], []),
        (["phones.lines=4", ["phones.lines=8"]], []),
        (["+intervention=reminders", "+intervention=add_session"], []),
        (
            ["rota.phone.monday={08\\:00: 1}", "rota.phone={monday: {09\\:00: 2}}"],
            [f"rota.phone.monday: {{08:00: 1}} and {{09:00: 2}}: {TWICE}"],
        ),
        (["rota.phone={monday: {08\\:00: 1}}", "rota.phone={weekend: {09\\:00: 2}}"], []),
        (
            ["experiment=arithmetic", "experiment=perfect_service"],
            [f"experiment: arithmetic and perfect_service: {TWICE}"],
        ),
        (
            ["experiment=arithmetic", ["experiment=perfect_service"]],
            [f"experiment: arithmetic and perfect_service: {ONE}"],
        ),
        ([["experiment=arithmetic"], ["experiment=arithmetic"]], []),
        (["practice=small", "practice.list_size=2000", "practice={name: x}"], []),
    ],
)
def test_a_key_is_given_once_in_a_list(overrides: list[str | list[str]], lines: list[str]) -> None:
    _, faults = read_overrides(overrides, Library(config_folder()))
    assert [str(fault) for fault in faults] == lines


def test_of_several_lists_the_later_is_meant() -> None:
    found = load_scenario(["phones.lines=3", "practice=small"], ["phones.lines=4"]).practices["practice"]
    assert (found.phones.lines, found.list_size) == (4, load_scenario("practice=small").practices["practice"].list_size)


def test_each_member_and_each_phase_is_a_list_of_its_own(refused: Refused) -> None:
    twice = "['phones.lines=4','phones.lines=5']"
    said = refused(f"network.members={{north:{twice},south:[]}}", f"phases=[{{from_week:1,overrides:{twice}}}]")
    assert said == [f"from week 1: phones.lines: 4 and 5: {TWICE}", f"north: phones.lines: 4 and 5: {TWICE}"]
    members = "network.members={north:['phones.lines=4'],south:[]}"
    later = "phases=[{from_week:1,overrides:['phones.lines=5']},{from_week:2,overrides:['phones.lines=6']}]"
    found = load_scenario("phones.lines=3", members, later)
    assert [found.in_force("north", week).phones.lines for week in (0, 1, 2)] == [4, 5, 6]
    assert found.in_force("south", 0).phones.lines == 3


@pytest.mark.parametrize("texts", [["phones.lines=4", "phones.lines=8"], ["phones.lines=4", "phones.lines=8,9"]])
def test_a_sweep_refuses_a_key_given_twice(texts: list[str]) -> None:
    with pytest.raises(BadInput, match=r"^phones\.lines: is given twice; "):
        read_sweep(texts)


def test_a_sweep_refuses_a_number_with_commas_and_takes_several_values() -> None:
    with pytest.raises(BadInput, match="10,000: a number is written without commas: 10000"):
        read_sweep(["practice.list_size=10,000"])
    assert list(read_sweep(["practice.list_size=100,200"]).axes[0].values) == ["100", "200"]


TIMES = (
    "rota.phone.monday.08:00=1",
    "rota.desk.tuesday_friday.8:30=2.5",
    "rota.inbox.weekend.'10:00'=1",
    "channels.first.form_by_hour.clinical.08:00=2",
    "rota.phone.monday={08:00: 1}",
    "rota.phone={monday: {'8:00': 1}}",
    "network.members={north:['rota.phone.monday={08:00: 1}']}",
)


@pytest.mark.parametrize("override", TIMES)
def test_the_message_about_a_time_of_day_shows_a_form_that_works(override: str) -> None:
    shown = re.search(r"did you mean (.+)\?$", refusal(override))
    assert shown is not None
    (words,) = shlex.split(shown[1]) if shown[1].startswith("'") else [shown[1]]
    assert SETTINGS.scenario([words]) != SETTINGS.scenario([])


@pytest.mark.parametrize(
    ("override", "rule"),
    [
        ("role.gp.absence.sickness_share=1", "must be a share, 0 or more, below 1"),
        ("role.hca.absence.leave_share=1.0", "must be a share, 0 or more, below 1"),
        ("rota.absence.sickness_share=1", "must be a share, 0 or more, below 1"),
        ("appointments.squeeze.minutes_factor=0", "must be a share above 0, at most 1"),
        ("demand.after_bank_holiday_share=0", "must be a share above 0, at most 1"),
        ("practice.start_belief=1.01", "must be a share, from 0 to 1"),
        ("run.seed=9223372036854775808", "must be a whole number, 0 or more, below 9,223,372,036,854,775,808"),
        ("role.gp.weekday_factor.monday=1e9", WEIGHT),
        ("people.deprivation_factor.fifth_1=1e308", WEIGHT),
        ("demand.kinds.social.for_ages.age_0_4=1001", WEIGHT),
        ("channels.first.online_by_segment.generally_well=1e9", WEIGHT),
        ("practice.fte_level.gp=1e9", "must be a number from 0 to 100"),
    ],
)
def test_the_rule_of_a_number_names_its_strict_and_its_upper_bounds(override: str, rule: str) -> None:
    key, _, value = override.partition("=")
    assert refusal(override) == f"{key}: {value}: {rule}"


def _numbers(shapes: Shapes, node: Node, key: str) -> Iterator[tuple[str, Node]]:
    """Yield every number of a schema that is not a time of day, with where it stands."""
    for found in shapes._alternatives(node):
        if found.get("type") in ("integer", "number") and "HH:MM" not in str(found.get("description")):
            yield key, found
        inside = dict(found.get("properties", {}))
        free = [found.get("additionalProperties"), *found.get("patternProperties", {}).values(), found.get("items")]
        for name, one in [*inside.items(), *(("*", one) for one in free if isinstance(one, dict))]:
            yield from _numbers(shapes, one, f"{key}.{name}")


@pytest.mark.parametrize("name", ["", *INTERVENTIONS])
def test_every_number_has_a_lower_and_an_upper_limit(name: str) -> None:
    shapes = shapes_of(INTERVENTIONS[name]) if name else root_shapes()
    times = re.compile(r"\.(opens|closes|starts|ends|at)$")
    numbers = [(key, node) for key, node in _numbers(shapes, shapes._root, name) if not times.search(key)]
    assert numbers
    for key, node in numbers:
        least, most, above, below = bounds(node)
        assert (least is None) != (above is None), key
        assert (most is None) != (below is None), key
        assert number_rule(node).startswith("must be a"), key
