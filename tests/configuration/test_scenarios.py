"""What loading makes: every shipped option, networks, phases, interventions in order, the same on every way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from pcqa_sim.configuration import config_folder, folders, load_scenario, options
from pcqa_sim.configuration.shapes import root_model
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.scenario import PRACTICE_GROUPS, Practice, with_settings
from pcqa_sim.scenario.groups import PracticeProfile
from pcqa_sim.values.faults import BadInput

Refused = Callable[..., list[str]]
Write = Callable[[dict[str, str | bytes]], Path]
REPOSITORY = Path(__file__).parents[2]
MEMBERS = "network.members={north:['practice=small','phones.lines=4'],south:[]}"


def _chosen(group: str, option: str) -> str:
    if group in ("role", "kind"):  # others name them, so all of them are chosen, in another order
        return f"{group}=[{','.join([option, *(name for name in options()[group] if name != option)])}]"
    if group == "community":  # one place alone, with those to which triage sends people
        return f"community=[{','.join(dict.fromkeys([option, 'pharmacy', 'self_care']))}]"
    return f"intervention=[{option}]" if group == "intervention" else f"{group}={option}"


@pytest.mark.parametrize("override", [_chosen(group, option) for group, known in options().items() for option in known])
def test_every_shipped_option_and_experiment_builds(override: str) -> None:
    assert load_scenario(override).practices


@pytest.mark.parametrize("option", ["befriending", "self_care", "[]"])
def test_places_without_those_that_triage_sends_to_are_refused_with_what_to_write(
    option: str, refused: Refused
) -> None:
    """As with roles and kinds, the list is all there is; nothing is added to it in secret."""
    (said,) = refused(f"community={option}")
    assert said.startswith("community: must have ")
    (words,) = re.findall(r"community=\[\S*\]", said)
    chosen = [] if option == "[]" else [option]
    assert set(load_scenario(words).practices["practice"].community) == {*chosen, "pharmacy", "self_care"}


def test_a_place_says_nothing_of_a_kind_of_need_that_nobody_here_has(refused: Refused) -> None:
    """What a place does for other kinds stays; a slip in a name that is here is told."""
    rest = [name for name in options()["kind"] if name not in ("acute_minor", "social")]
    share = load_scenario().practices["practice"].demand.kinds
    lost = share["acute_minor"].share + share["social"].share + share["medication"].share
    practice = load_scenario(f"kind=[{','.join(rest)}]", f"demand.kinds.medication.share={lost}").practices["practice"]
    assert set(practice.demand.kinds) == set(rest)
    assert refused("community.pharmacy.resolves={medicaton: 0.5}") == [
        "community.pharmacy.resolves: medicaton is no kind of need; did you mean medication?"
    ]


def test_every_group_has_options_and_every_intervention_a_file() -> None:
    shipped = options()
    assert set(PRACTICE_GROUPS) | {"calendar", "run", "practice", "network", "intervention"} <= set(shipped)
    assert all(shipped.values())
    files = (config_folder() / "intervention").glob("*.yaml")
    assert set(INTERVENTIONS) == {yaml.safe_load(file.read_text(encoding="utf-8"))["kind"] for file in files}


def test_the_root_model_and_the_tree_have_the_same_settings() -> None:
    assert set(Practice.model_fields) == {*PracticeProfile.model_fields, *PRACTICE_GROUPS}
    assert set(PRACTICE_GROUPS) | {"practice", "calendar", "run", "network", "phases"} <= set(root_model().model_fields)


def test_the_default_scenario_is_one_average_practice() -> None:
    scenario = load_scenario()
    assert list(scenario.practices) == ["practice"]
    assert scenario.practices["practice"].list_size == 10_000
    assert (scenario.phases, scenario.interventions) == ((), ())


def test_keys_that_files_leave_out_can_be_set() -> None:
    scenario = load_scenario("people.rate_factor={3:2.5}", "people.rate_factor.4=0", "practice.observed=null")
    assert scenario.practices["practice"].people.rate_factor == {3: 2.5, 4: 0}
    opened = load_scenario(
        "calendar.opening_hours.saturday.opens='09:00'", "calendar.opening_hours.saturday.closes='12:00'"
    )
    assert opened.calendar.opening_hours["saturday"] is not None


def test_each_member_of_a_network_has_its_own_overrides_on_top_of_the_root() -> None:
    scenario = load_scenario(MEMBERS, "phones.lines=9", "demand.needs_per_1000_week=80")
    north, south = scenario.practices["north"], scenario.practices["south"]
    assert list(scenario.practices) == ["north", "south"]
    assert (north.list_size, north.phones.lines) == (2000, 4)
    assert (south.list_size, south.phones.lines) == (10_000, 9)
    assert north.demand.needs_per_1000_week == south.demand.needs_per_1000_week == 80


def test_a_members_faults_are_told_under_its_name(refused: Refused) -> None:
    said = refused("network.members={north:['practice=smal','run=quick','phones.linez=3'],south:['calendar.x=3']}")
    assert said == [
        f"north: practice: smal: must be one of: {', '.join(options()['practice'])}; did you mean small?",
        "north: run: belongs to the whole scenario, not to one practice or to a later week",
        "south: calendar.x: belongs to the whole scenario, not to one practice or to a later week",
        "north: phones.linez: 3: is not a setting; did you mean phones.lines?",
    ]
    said = refused("network.members={north:['phones.lines=abc'],south:['role.gp.sessions.0.starts=07:00']}")
    assert said == ["north: phones.lines: abc: must be a whole number from 1 to 10,000"]
    (line,) = refused("network.members={north:[],south:['role.gp.sessions.0.starts=07:00']}")
    assert line.startswith("south: role.gp.sessions: a session must lie inside opening hours")


@pytest.mark.parametrize("key", ["calendar", "run", "network", "phases", "experiment"])
def test_members_and_phases_cannot_touch_the_whole_scenario(key: str, refused: Refused) -> None:
    rule = "belongs to the whole scenario, not to one practice or to a later week"
    assert refused(f"network.members={{north:['{key}=x']}}") == [f"north: {key}: {rule}"]
    assert refused(f"phases=[{{from_week:2,overrides:['{key}=x']}}]") == [f"from week 2: {key}: {rule}"]


OF_ITS_OWN = "network.members={{north:['practice=small',{}],south:['practice=small']}}"


@pytest.mark.parametrize(
    ("own", "north", "south"),
    [
        ("'intervention=[more_call_handlers]'", (60, 1), (62, 0)),
        ("'+intervention=[more_call_handlers]','intervention.more_call_handlers.extra=3'", (62, 3), (62, 0)),
        ("'intervention.more_phone_lines.extra=5'", (65, 0), (62, 0)),
        ("'intervention=[]'", (60, 0), (62, 0)),
        ("'phones.lines=30'", (32, 0), (62, 0)),
    ],
)
def test_a_member_may_have_interventions_of_its_own(own: str, north: tuple[int, int], south: tuple[int, int]) -> None:
    """Its own list takes the place of everybody's, and is for it alone."""
    scenario = load_scenario(OF_ITS_OWN.format(own), "intervention=[more_phone_lines]")
    found = {key: (one.phones.lines, one.rota.extra_call_handlers) for key, one in scenario.practices.items()}
    assert found == {"north": north, "south": south}


def test_a_member_s_own_intervention_is_told_by_its_name_and_refused_by_its_place(refused: Refused) -> None:
    scenario = load_scenario(OF_ITS_OWN.format("'intervention=[more_call_handlers]'"))
    assert scenario.interventions == ("more_call_handlers(only=['north'], extra=1)",)
    ones = "'intervention=[add_session]','intervention.add_session.{}'"
    assert refused(OF_ITS_OWN.format(ones.format("only=[south]"))) == [
        "north: intervention.add_session.only: is for north alone, whose own it is: leave `only` out"
    ]
    (line,) = refused(OF_ITS_OWN.format(ones.format("role=fcq")))
    assert line.startswith("north: intervention.add_session.role: fcq: must name roles that north (Small practice) has")
    assert refused("phases=[{from_week:2,overrides:['intervention=[add_session]']}]") == [
        "from week 2: intervention: begins in the week that its own from_week says: leave it out of later weeks"
    ]


def test_phases_add_up_and_hold_for_those_they_name() -> None:
    phases = (
        "phases=[{from_week:2,overrides:['phones.lines=5']},"
        "{from_week:4,overrides:['phones.menu.minutes=1'],only:[north]},"
        "{from_week:6,overrides:['phones.lines=7']}]"
    )
    scenario = load_scenario(MEMBERS, phases)
    lines = {key: [scenario.in_force(key, week).phones.lines for week in (0, 2, 4, 6)] for key in scenario.practices}
    before = load_scenario().practices["practice"].phones
    assert lines == {"north": [4, 5, 5, 7], "south": [before.lines, 5, 5, 7]}
    assert [scenario.in_force("north", week).phones.menu.minutes for week in (2, 4, 6)] == [before.menu.minutes, 1, 1]
    assert scenario.in_force("south", 6).phones.menu.minutes == before.menu.minutes


def test_faults_of_phases_are_told_with_their_week(refused: Refused) -> None:
    said = refused("phases=[{from_week:3,overrides:['phones.linez=4','phones.menu.minutes=99']}]")
    assert said == ["from week 3: phones.linez: 4: is not a setting; did you mean phones.lines?"]
    said = refused("phases=[{from_week:3,overrides:['phones.menu.minutes=99'],only:[]}]")
    assert said == ["from week 3: phones.menu.minutes: 99: must be a number from 0 to 30"]
    said = refused(MEMBERS, "phases=[{from_week:3,overrides:['phones.lines=4'],only:[nort]}]")
    assert said == ["phases.0.only: nort: must name practices: north, south; did you mean north?"]
    said = refused("phases=[{from_week:0,overrides:[]}]")
    assert said == [
        "phases.0.from_week: 0: must be a whole number from 1 to 1,300",
        "phases.0.overrides: needs 1 or more entries",
    ]
    said = refused("phases=[{from_week:3,overrides:['practice=small']}]")
    assert said == ["phases: the list and its people stay the same through a run"]


def test_interventions_keep_their_order_however_they_are_given() -> None:
    ways = (
        ["intervention=[more_phone_lines,more_call_handlers]"],
        ["intervention=more_phone_lines", "+intervention=more_call_handlers"],
        ["+intervention=more_phone_lines", "+intervention=[more_call_handlers]"],
    )
    made = [load_scenario(*way) for way in ways]
    kinds = [label.split("(")[0] for label in made[0].interventions]
    assert kinds == ["more_phone_lines", "more_call_handlers"]
    assert made[0] == made[1] == made[2]
    other = load_scenario("intervention=[more_call_handlers,more_phone_lines]")
    assert other.interventions == tuple(reversed(made[0].interventions))
    assert other.hash() != made[0].hash()


def test_an_intervention_can_be_for_one_practice_from_a_week_on() -> None:
    chosen = ("intervention=[more_phone_lines]", "intervention.more_phone_lines={only:[south],from_week:3}")
    scenario = load_scenario(MEMBERS, *chosen)
    lines = load_scenario().practices["practice"].phones.lines
    assert [scenario.in_force("south", week).phones.lines for week in (2, 3)] == [lines, lines + 2]
    assert scenario.in_force("north", 3).phones.lines == 4


ROLE = "# @package role.senior\ndefaults: [gp@_here_, _self_]\ntitle: senior GP\nfte_per_10000: 1.0  # FTE; own rota\n"


def test_a_role_of_ones_own_extends_a_shipped_one_and_joins_the_list(user_folder: Write) -> None:
    folder = user_folder({"role/senior.yaml": ROLE})
    chosen = f"role=[{','.join(load_scenario().practices['practice'].role)},senior]"
    practice = load_scenario(chosen, "role.senior.sessions_per_fte=8", user_folder=folder).practices["practice"]
    shipped = load_scenario().practices["practice"].role
    assert list(practice.role) == [*shipped, "senior"]
    assert {name: practice.role[name] for name in shipped} == shipped
    senior = {"title": "senior GP", "fte_per_10000": 1.0, "sessions_per_fte": 8.0}
    assert practice.role["senior"] == with_settings(shipped["gp"], senior)


def test_two_roles_are_enough_where_nothing_names_a_third() -> None:
    practice = load_scenario().practices["practice"]
    programmes = [f"planned.programmes.{name}.role=other" for name in practice.planned.programmes]
    with pytest.raises(BadInput) as caught:
        load_scenario("role=[gp,other]", *programmes)
    assert str(caught.value).splitlines() == [
        "triage.cover: practice_nurse is no role (and is named in 9 other places); there are gp, other",
        "triage.cover: pharmacist is no role (and is named in 7 other places); there are gp, other",
        "triage.cover: hca is no role (and is named in 4 other places); there are gp, other",
    ]
    two = {
        "role": {name: practice.role[name] for name in ("gp", "other")},
        "triage.places": {kind: {"gp": 1.0} for kind in practice.demand.kinds},
        "triage.cover": {},
        "planned.programmes": {},
    }
    assert list(with_settings(practice, two).role) == ["gp", "other"]


def test_a_member_of_a_network_can_have_roles_of_its_own(user_folder: Write) -> None:
    folder = user_folder({"role/senior.yaml": ROLE})
    chosen = f"role=[{','.join(load_scenario().practices['practice'].role)},senior]"
    scenario = load_scenario(f"network.members={{north:['{chosen}'],south:[]}}", user_folder=folder)
    assert "senior" in scenario.practices["north"].role
    assert "senior" not in scenario.practices["south"].role


@pytest.mark.slow
@pytest.mark.usefixtures("composed_afresh")
def test_threads_do_not_disturb_each_other() -> None:
    wanted = [f"phones.lines={n}" for n in range(1, 9)] * 2
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(load_scenario, wanted))
    assert [scenario.practices["practice"].phones.lines for scenario in made] == [*range(1, 9)] * 2


@pytest.mark.usefixtures("composed_afresh")
def test_a_program_that_uses_hydra_itself_keeps_its_own(tmp_path: Path) -> None:
    from hydra import compose, initialize_config_dir

    (tmp_path / "theirs.yaml").write_text("a: 1\n")
    with initialize_config_dir(str(tmp_path), version_base="1.3"):
        assert load_scenario("run=quick").run.measured_weeks == 2
        assert compose("theirs").a == 1


def test_the_hash_is_the_same_in_every_process() -> None:
    overrides = ["practice=small", "intervention=[more_phone_lines,more_call_handlers]", "people.rate_factor={3:2}"]
    code = f"from pcqa_sim.configuration import load_scenario; print(load_scenario(*{overrides!r}).hash())"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY), "PCQA_CACHE": "0"},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {load_scenario(*overrides).hash()}


def test_hydra_is_imported_only_when_something_is_loaded() -> None:
    code = "import sys, pcqa_sim.configuration; print('hydra' in sys.modules or 'omegaconf' in sys.modules)"
    env = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert run.stdout.strip() == "False"


def test_settings_are_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "site" / "pcqa_sim" / "configuration" / "folders.py"
    monkeypatch.setattr(folders, "__file__", str(module))
    with pytest.raises(FileNotFoundError, match="install pcqa-sim again"):
        config_folder()
    for inside in ("site/configs", "site/pcqa_sim/configs"):
        (tmp_path / inside).mkdir(parents=True)
        (tmp_path / inside / "config.yaml").write_text("defaults: []\n")
        assert config_folder() == tmp_path.resolve() / inside


def test_a_configuration_composed_from_the_shipped_folder_given_as_own_is_the_shipped() -> None:
    assert load_scenario(user_folder=config_folder()) == load_scenario()
