"""A user's own folder: looked through as text first; what is faulty is refused where needed, else warned of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf

from pcqa_sim.configuration import config_folder, load_scenario, options
from pcqa_sim.configuration.folders import Library
from pcqa_sim.configuration.yamltext import faults_in

Refused = Callable[..., list[str]]
Write = Callable[[dict[str, str | bytes]], Path]
PRACTICE = "name: Mine\nlist_size: 5000  # people; own\ndemand_level: 1.0\nstart_belief: 0.2\n"
MORE = "# @package intervention.more\nkind: more_phone_lines\nextra: 3\n"
EXPERIMENT = "# @package _global_\ndefaults:\n  - override /run: quick\n  - _self_\nphones: {lines: 5}\n"
TEXT = ", or put it in quotes if it is text"
HEADER = "remove the line `# @package`: settings belong to their own group"
EMPTY = "an empty mapping changes nothing; write the keys to set in it, or leave it out"


def _options(group: str, *own: str) -> str:
    return ", ".join(sorted([*Library(config_folder()).options(group), *own]))


def _choice(name: str) -> str:
    """Return the override that chooses the option of a file."""
    group, option = name.removesuffix(".yaml").split("/")
    return f"{'+' * (group in ('intervention', 'kind'))}{group}={f'[{option}]' if group == 'role' else option}"


NOT_AN_OPTION = {
    "config.yaml": (
        "config.yaml",
        "phones: {lines: 3}\n",
        "config.yaml: would replace the whole shipped scenario: put "
        "your changes in a file of its own, for example experiment/my_own.yaml, and choose it with experiment=my_own",
    ),
    "stray": ("phones.yaml", "lines: 3\n", "phones.yaml: belongs in the folder of its group, for example practice/"),
    "yml": ("practice/x.yml", PRACTICE, "practice/x.yml: the file name must end in .yaml"),
    "space": (
        "practice/a b.yaml",
        PRACTICE,
        "practice/a b.yaml: a file name begins with a letter and is made of letters, digits, _ and -",
    ),
    "shipped name": (
        "practice/small.yaml",
        PRACTICE,
        "practice/small.yaml: has the name of a shipped file and would replace the whole of it: give it a name of its "
        "own and begin it with `defaults: [small@_here_, _self_]`, then write only what differs",
    ),
}
BEFORE_COMPOSING: dict[str, tuple[str, str | bytes, str]] = {
    "_target_": (
        "practice/x.yaml",
        PRACTICE + "_target_: os.system\n",
        "practice/x.yaml line 5: _target_: os.system: "
        "_target_ is not allowed: settings hold values, and behaviour is chosen by `kind`",
    ),
    "interpolation": (
        "practice/x.yaml",
        "name: ${oc.env:HOME}\n",
        "practice/x.yaml line 1: name: ${oc.env:HOME}: ${...} is not allowed in settings: write the value itself",
    ),
    "interpolated defaults": (
        "practice/x.yaml",
        "defaults: ['${oc.env:HOME}@_here_']\n",
        "practice/x.yaml line 1: "
        "defaults: ['${oc.env:HOME}@_here_']: ${...} is not allowed in settings: write the value itself",
    ),
    "3 MB": (
        "practice/x.yaml",
        "name: " + "x" * 3_000_000,
        "practice/x.yaml: is 2,930 KB; a settings file has at most 256 KB",
    ),
    "alias bomb": (
        "practice/x.yaml",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "practice/x.yaml line 1: YAML aliases and anchors (* and &) are not allowed: write the values out",
    ),
    "tag": (
        "practice/x.yaml",
        "name: !!python/object/apply:os.system [x]\n",
        "practice/x.yaml line 1: tag:yaml.org,2002:python/object/apply:os.system: YAML tags (!) are not allowed",
    ),
    "depth": (
        "practice/x.yaml",
        "a: " + "[" * 5000 + "]" * 5000,
        "practice/x.yaml line 1: is nested more than 20 deep",
    ),
    "shipped name": (
        "practice/small.yaml",
        PRACTICE,
        "practice/small.yaml: has the name of a shipped file and would "
        "replace the whole of it: give it a name of its own and begin it with `defaults: [small@_here_, _self_]`, then "
        "write only what differs",
    ),
    "wrong header of a role": (
        "role/senior.yaml",
        "# @package role.gp\ndefaults: [gp@_here_, _self_]\ntitle: senior GP\n",
        f"role/senior.yaml line 1: role.gp: {HEADER}",
    ),
    "name of a role": (
        "role/Senior.yaml",
        "# @package role.Senior\ndefaults: [gp@_here_, _self_]\ntitle: senior GP\n",
        "role/Senior.yaml: the file name of one role is made of lower-case letters, digits and _, at most 40 of them",
    ),
    "emptied role": (
        "experiment/x.yaml",
        EXPERIMENT + "role: {gp: {scope: {}}}\n",
        f"experiment/x.yaml line 6: role.gp.scope: {{}}: {EMPTY}",
    ),
    "wrong header": (
        "intervention/less.yaml",
        MORE,
        f"intervention/less.yaml line 1: intervention.more: {HEADER}",
    ),
    "_global_": (
        "practice/x.yaml",
        "# @package _global_\n" + PRACTICE,
        "practice/x.yaml line 1: _global_: the package _global_ is only for files in experiment/",
    ),
    "other package": (
        "practice/x.yaml",
        "# @package phones\nlines: 3\n",
        f"practice/x.yaml line 1: phones: {HEADER}",
    ),
    "broken": (
        "practice/x.yaml",
        "name: x\n  bad: [1\n",
        "practice/x.yaml line 2: is not readable YAML: mapping values are not allowed in this context",
    ),
    "bytes": ("practice/x.yaml", b"name: caf\xe9\n", "practice/x.yaml: is not UTF-8 text (byte 9); save it as UTF-8"),
    "UTF-16": (
        "practice/x.yaml",
        PRACTICE.encode("utf-16"),
        "practice/x.yaml: is UTF-16 text and not UTF-8; save it as UTF-8 (in Notepad: Save As, Encoding)",
    ),
    "UTF-16 without a mark": (
        "practice/x.yaml",
        PRACTICE.encode("utf-16-be"),
        "practice/x.yaml: is UTF-16 text and not UTF-8; save it as UTF-8 (in Notepad: Save As, Encoding)",
    ),
    "UTF-32": (
        "practice/x.yaml",
        PRACTICE.encode("utf-32"),
        "practice/x.yaml: is UTF-32 text and not UTF-8; save it as UTF-8 (in Notepad: Save As, Encoding)",
    ),
    "control": (
        "practice/x.yaml",
        b"name: a\x00b\n",
        "practice/x.yaml: is not readable YAML: it holds characters YAML does not allow",
    ),
    "twice": ("practice/x.yaml", "name: a\nname: b\n", "practice/x.yaml line 2: name: the same key is written twice"),
    "list": ("practice/x.yaml", "- a\n", "practice/x.yaml line 1: a settings file holds `key: value` lines"),
    "documents": (
        "practice/x.yaml",
        "a: 1\n---\nb: 2\n",
        "practice/x.yaml line 2: a settings file is one YAML document: remove the line ---",
    ),
    "open value": ("practice/x.yaml", "name: ???\n", "practice/x.yaml line 1: ???: needs a value in its place"),
    "long number": (
        "practice/x.yaml",
        "list_size: " + "9" * 41 + "\n",
        "practice/x.yaml line 1: " + "9" * 41 + ": a number has at most 40 digits",
    ),
    "unquoted time as key": (
        "rota/x.yaml",
        "defaults: [standard@_here_, _self_]\nphone: {monday: {8:30: 2}}\n",
        'rota/x.yaml line 2: 8:30: write "08:30", in quotes; YAML reads 8:30 as 510',
    ),
    "leading zero as key": (
        "people/x.yaml",
        "defaults: [england@_here_, _self_]\nrate_factor: {010: 2}\n",
        f"people/x.yaml line 2: 010: write 10{TEXT}; YAML reads 010 as 8",
    ),
    "emptied": (
        "demand/x.yaml",
        "defaults: [england@_here_, _self_]\nkinds: {}\n",
        f"demand/x.yaml line 2: kinds: {{}}: {EMPTY}",
    ),
    "emptied by an experiment": (
        "experiment/x.yaml",
        EXPERIMENT + "demand: {weekday_share: {}}\n",
        f"experiment/x.yaml line 6: demand.weekday_share: {{}}: {EMPTY}",
    ),
    "emptied intervention": (
        "experiment/x.yaml",
        EXPERIMENT + "intervention: {more_phone_lines: {}}\n",
        f"experiment/x.yaml line 6: intervention.more_phone_lines: {{}}: {EMPTY}",
    ),
    "null key": (
        "practice/x.yaml",
        "null: 1\n",
        "practice/x.yaml line 1: null: a key is one word, or a text in quotes",
    ),
    "list as key": (
        "practice/x.yaml",
        "? [a]\n: 1\n",
        "practice/x.yaml line 1: a key is one word, or a text in quotes",
    ),
    "itself": (
        "practice/x.yaml",
        "defaults: [x@_here_, _self_]\n",
        "practice/x.yaml defaults: a file cannot extend itself, by however many steps",
    ),
    "unknown parent": (
        "practice/x.yaml",
        "defaults: [smal@_here_]\n",
        f"practice/x.yaml defaults: smal@_here_: must be one of: {_options('practice', 'x')}; did you mean small?",
    ),
    "way out": (
        "practice/x.yaml",
        "defaults: [../../x@_here_]\n",
        f"practice/x.yaml defaults: ../../x@_here_: must be one of: {_options('practice', 'x')}",
    ),
    "other group": (
        "practice/x.yaml",
        "defaults: [{/phones@_global_: cloud}]\n",
        "practice/x.yaml defaults: "
        "{/phones@_global_: cloud}: an entry is _self_ or an option of practice/, as x@_here_",
    ),
    "hydra": (
        "experiment/x.yaml",
        "# @package _global_\nhydra: {searchpath: []}\n",
        "experiment/x.yaml: hydra: settings of Hydra cannot be changed",
    ),
    "no override": (
        "experiment/x.yaml",
        EXPERIMENT.replace("override /run", "/run"),
        "experiment/x.yaml defaults: "
        "/run: an experiment chooses options as `override /GROUP: OPTION`; did you mean run?",
    ),
    "unknown option": (
        "experiment/x.yaml",
        EXPERIMENT.replace("quick", "quik"),
        f"experiment/x.yaml defaults: quik: must be one of: {_options('run')}; did you mean quick?",
    ),
    "twice on": (
        "experiment/x.yaml",
        EXPERIMENT.replace("/run: quick", "/intervention: [more_phone_lines, more_phone_lines]"),
        "experiment/x.yaml defaults: more_phone_lines: is chosen twice",
    ),
}
WHEN_JUDGED = {
    "nan": (
        "practice",
        PRACTICE.replace("0.2", ".nan"),
        ["practice/x.yaml line 4, practice.start_belief: nan: must be a share, from 0 to 1"],
    ),
    "no": (
        "practice",
        PRACTICE.replace("Mine", "no"),
        [
            "practice/x.yaml line 1, practice.name: false: must be text; put it in quotes, or YAML "
            "may read it as something else (no as false, 10 as a number)"
        ],
    ),
    "other group's keys": (
        "practice",
        PRACTICE + "phones: {linez: 3}\n",
        ["practice/x.yaml line 5, phones.linez: 3: is not a setting; did you mean phones.lines?"],
    ),
    "unknown key": (
        "practice",
        PRACTICE + "list_sze: 3\n",
        ["practice/x.yaml line 5, practice.list_sze: 3: is not a setting; did you mean practice.list_size?"],
    ),
    "missing keys": (
        "practice",
        "name: x\nlist_size: 3\n",
        [
            "practice.demand_level: needs a value (times; needs against the demand group's rate)",
            "practice.start_belief: needs a value (belief in scarcity at the start of the run)",
        ],
    ),
    "no for a choice": (
        "calendar",
        "defaults: [england_2026@_here_, _self_]\nbank_holidays: no\n",
        ["calendar.bank_holidays: false: must be one of: England, none"],
    ),
}


@pytest.mark.parametrize("case", BEFORE_COMPOSING)
def test_an_unsafe_or_unreadable_file_is_refused(case: str, user_folder: Write, refused: Refused) -> None:
    name, text, line = BEFORE_COMPOSING[case]
    assert refused(_choice(name), user_folder=user_folder({name: text})) == [line]


@pytest.mark.parametrize("case", [*BEFORE_COMPOSING, *NOT_AN_OPTION])
def test_a_faulty_file_that_is_not_needed_is_one_warning_and_changes_nothing(
    case: str, user_folder: Write, caplog: pytest.LogCaptureFixture
) -> None:
    name, text, line = (BEFORE_COMPOSING | NOT_AN_OPTION)[case]
    folder = user_folder({name: text})
    assert load_scenario("run=quick", user_folder=folder) == load_scenario("run=quick")
    load_scenario("run=quick", user_folder=folder)
    assert [one.getMessage() for one in caplog.records] == [f"left out: {line}"]


def test_hydra_is_shown_of_the_user_s_files_only_those_that_are_needed_and_only_what_they_extend(
    user_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, object] = {}
    compute = ConfigLoaderImpl.compute_defaults_list

    def noted(loader: ConfigLoaderImpl, *asked: Any) -> object:
        for group, files in ConfigStore.instance().repo.items():
            if isinstance(files, dict) and group != "hydra":
                shown.update({f"{group}/{name}": OmegaConf.to_container(one.node) for name, one in files.items()})
        return compute(loader, *asked)

    monkeypatch.setenv("PCQA_CACHE", "0")
    monkeypatch.setattr(ConfigLoaderImpl, "compute_defaults_list", noted)
    extending = "defaults: [mine@_here_, _self_]\nlist_size: 7\n"
    own = {"practice/mine.yaml": PRACTICE, "practice/later.yaml": extending, "phones/bad.yaml": "x: ${y}\n"}
    folder = user_folder({**own, "phones/good.yaml": "lines: 3\n"})
    before = ConfigStore.instance().repo
    load_scenario("practice=later", user_folder=folder)
    assert ConfigStore.instance().repo is before, "a program that uses Hydra itself has its own again"
    assert "practice/small.yaml" in shown
    assert "phones/bad.yaml" not in shown
    assert "phones/good.yaml" not in shown
    assert shown["practice/later.yaml"] == {"defaults": ["mine@_here_", "_self_"]}
    assert shown["practice/mine.yaml"] == {}
    assert all(set(one) <= {"defaults"} for one in shown.values() if isinstance(one, dict))


@pytest.mark.parametrize("case", WHEN_JUDGED)
def test_a_faulty_setting_in_a_file_is_refused(case: str, user_folder: Write, refused: Refused) -> None:
    group, text, lines = WHEN_JUDGED[case]
    assert refused(f"{group}=x", user_folder=user_folder({f"{group}/x.yaml": text})) == lines


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("010", f"write 10{TEXT}; YAML reads 010 as 8"),
        ("-010", f"write -10{TEXT}; YAML reads -010 as -8"),
        ("08", f"write 8{TEXT}"),
        ("007.5", f"write 7.5{TEXT}; YAML reads 007.5 as 7.5"),
        ("1_000", f"write 1000{TEXT}; YAML reads 1_000 as 1000"),
        ("0x10", f"write 16{TEXT}; YAML reads 0x10 as 16"),
        ("0b11", f"write 3{TEXT}; YAML reads 0b11 as 3"),
        ("0o17", f"write 15{TEXT}"),
        ("8:30", 'write "08:30", in quotes; YAML reads 8:30 as 510'),
        ("1:2:3", "put it in quotes; YAML reads 1:2:3 as 3723"),
    ],
)
def test_a_number_that_yaml_may_read_as_another_is_refused(
    number: str, rule: str, user_folder: Write, refused: Refused
) -> None:
    folder = user_folder({"practice/x.yaml": PRACTICE.replace("5000", number)})
    assert refused("practice=x", user_folder=folder) == [f"practice/x.yaml line 2: {number}: {rule}"]


@pytest.mark.parametrize("number", ["10", "0", "0.5", "1e3", "+5", "'010'", "0xyz", "0o9", "08:30", "2026-01-05"])
def test_plain_numbers_and_texts_are_left_to_the_settings(number: str) -> None:
    assert faults_in(f"a: {number}\n", "x.yaml") == []


def test_what_is_empty_beneath_may_be_empty(user_folder: Write) -> None:
    experiment = "# @package _global_\nnetwork: {members: {}}\npeople: {rate_factor: {}}\n"
    people = "defaults: [england@_here_, _self_]\nrate_factor: {}\n"
    folder = user_folder({"experiment/x.yaml": experiment, "people/x.yaml": people})
    assert load_scenario("experiment=x", "people=x", user_folder=folder) == load_scenario()


def test_an_experiment_s_empty_mapping_counts_against_the_option_it_chooses(
    user_folder: Write, refused: Refused
) -> None:
    experiment = "# @package _global_\ndefaults: [override /people: x, _self_]\npeople: {rate_factor: {}}\n"
    people = "defaults: [england@_here_, _self_]\nrate_factor: {5: 2}\n"
    folder = user_folder({"experiment/x.yaml": experiment, "people/x.yaml": people})
    lines = [f"experiment/x.yaml line 3: people.rate_factor: {{}}: {EMPTY}"]
    assert refused("experiment=x", user_folder=folder) == lines


def test_an_unknown_folder_names_the_nearest_group(user_folder: Write, caplog: pytest.LogCaptureFixture) -> None:
    load_scenario(user_folder=user_folder({"practise/x.yaml": PRACTICE}))
    (line,) = [one.getMessage() for one in caplog.records]
    assert line.startswith("left out: practise/: is not a group of settings; groups: ")
    assert line.endswith("did you mean practice?")


def test_every_faulty_file_is_told(user_folder: Write, refused: Refused) -> None:
    folder = user_folder({"practice/a.yaml": "x: [", "phones/b.yaml": "x: ${y}\n", "rota/c.yaml": b"\xff"})
    said = refused("phones.linez", "practice=a", "phones=b", "rota=c", "runn.seed=1", "run.seed=x", user_folder=folder)
    assert [line.split(" ")[0].rstrip(":") for line in said] == [
        "phones/b.yaml",
        "practice/a.yaml",
        "rota/c.yaml",
        "phones.linez",
        "runn.seed",
        "run.seed",
    ]


def test_two_files_cannot_extend_each_other(user_folder: Write, refused: Refused) -> None:
    folder = user_folder({"practice/a.yaml": "defaults: [b@_here_]\n", "practice/b.yaml": "defaults: [a@_here_]\n"})
    for name in ("a", "b"):
        line = f"practice/{name}.yaml defaults: a file cannot extend itself, by however many steps"
        assert refused(f"practice={name}", user_folder=folder) == [line]


def test_an_unknown_kind_of_intervention_names_the_nearest(user_folder: Write, refused: Refused) -> None:
    folder = user_folder({"intervention/more.yaml": MORE.replace("more_phone", "more_fone")})
    (line,) = refused("intervention=[more]", user_folder=folder)
    assert line.startswith("intervention.more.kind: more_fone_lines: must be one of: ")
    assert line.endswith("did you mean more_phone_lines?")


def test_an_experiment_and_an_override_cannot_switch_on_the_same(user_folder: Write, refused: Refused) -> None:
    text = EXPERIMENT.replace("/run: quick", "/intervention: [more_phone_lines]")
    folder = user_folder({"experiment/x.yaml": text})
    said = refused("experiment=x", "+intervention=more_phone_lines", user_folder=folder)
    assert said == ["intervention: more_phone_lines: is switched on twice"]


def test_a_path_that_hydra_would_resolve_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "${x}").mkdir()
    (line,) = refused(user_folder=tmp_path / "${x}")
    assert line.endswith("the path must not hold ${")


def test_a_folder_that_is_not_there_is_refused(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = refused(user_folder=tmp_path / "gone")
    assert line.startswith("user folder: ")
    monkeypatch.setenv("PCQA_CONFIG_DIR", str(tmp_path / "gone"))
    (line,) = refused()
    assert line.startswith("$PCQA_CONFIG_DIR: ")
    assert line.endswith("gone: must be an existing folder")


def test_an_own_practice_is_found_by_argument_by_variable_and_beside(
    user_folder: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = user_folder({"practice/mine.yaml": PRACTICE})
    given = load_scenario("practice=mine", user_folder=folder)
    assert given.practices["practice"].list_size == 5000
    monkeypatch.setenv("PCQA_CONFIG_DIR", str(folder))
    assert load_scenario("practice=mine") == given
    assert "mine" in options()["practice"]
    monkeypatch.delenv("PCQA_CONFIG_DIR")
    assert "mine" not in options()["practice"]
    folder.rename(tmp_path / "place" / "pcqa_conf")
    assert load_scenario("practice=mine") == given


def test_the_argument_comes_before_the_variable_and_the_variable_before_beside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for n, name in enumerate(("argument", "variable", "place/pcqa_conf"), start=1):
        path = tmp_path / name / "practice" / "mine.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(PRACTICE.replace("5000", str(n)))
    monkeypatch.setenv("PCQA_CONFIG_DIR", str(tmp_path / "variable"))
    assert load_scenario("practice=mine", user_folder=tmp_path / "argument").practices["practice"].list_size == 1
    assert load_scenario("practice=mine").practices["practice"].list_size == 2
    monkeypatch.delenv("PCQA_CONFIG_DIR")
    assert load_scenario("practice=mine").practices["practice"].list_size == 3


def test_an_own_file_extends_a_shipped_one(user_folder: Write) -> None:
    folder = user_folder(
        {
            "practice/mine.yaml": "defaults: [small@_here_, _self_]\nname: Mine\n",
            "practice/later.yaml": "defaults: [mine@_here_]\nlist_size: 7\n",
            "rota/mine.yaml": 'defaults: [standard@_here_, _self_]\nphone: {monday: {"00:00": 0, "09:00": 5}}\n',
        }
    )
    practice = load_scenario("practice=later", "rota=mine", user_folder=folder).practices["practice"]
    assert (practice.name, practice.list_size) == ("Mine", 7)
    assert practice.rota.phone.monday == {0: 0, 540: 5}, "the times of a day replace those of the file extended"
    assert practice.rota.phone.tuesday_friday == load_scenario().practices["practice"].rota.phone.tuesday_friday


def test_an_own_intervention_gives_a_shipped_kind_other_strength(user_folder: Write) -> None:
    folder = user_folder(
        {
            "intervention/more.yaml": MORE,
            "intervention/most.yaml": "# @package intervention.most\ndefaults: [more@_here_, _self_]\nextra: 9\n",
        }
    )
    chosen = ["intervention=[most,more,more_phone_lines]", "intervention.more.from_week=2"]
    scenario = load_scenario(*chosen, user_folder=folder)
    assert [label.split("(")[0] for label in scenario.interventions] == ["more_phone_lines"] * 3
    lines = load_scenario().practices["practice"].phones.lines
    assert scenario.practices["practice"].phones.lines == lines + 9 + 2
    assert scenario.in_force("practice", 2).phones.lines == lines + 9 + 3 + 2


def test_an_own_experiment_chooses_options_sets_values_and_phases(user_folder: Write) -> None:
    text = EXPERIMENT + "phases: [{from_week: 1, overrides: [phones.lines=3]}]\n"
    further = "# @package _global_\ndefaults: [x@_here_, _self_]\nphones: {menu: {minutes: 1}}\n"
    folder = user_folder({"experiment/x.yaml": text, "experiment/y.yaml": further})
    for chosen in ("x", "y"):
        scenario = load_scenario(f"experiment={chosen}", user_folder=folder)
        assert scenario.run.measured_weeks == 2
        assert [scenario.in_force("practice", week).phones.lines for week in (0, 1)] == [5, 3]
    assert scenario.practices["practice"].phones.menu.minutes == 1
    assert load_scenario("experiment=x", "phones.lines=9", user_folder=folder).practices["practice"].phones.lines == 9


def test_a_folder_with_a_strange_name_works(user_folder: Write, tmp_path: Path) -> None:
    strange = tmp_path / "Praxis Ärzte & Söhne, #1"
    user_folder({"practice/mine.yaml": PRACTICE}).rename(strange)
    assert load_scenario("practice=mine", user_folder=strange).practices["practice"].list_size == 5000


def test_a_faulty_setting_of_a_file_is_told_beside_a_faulty_override_of_another_group(
    user_folder: Write, refused: Refused
) -> None:
    folder = user_folder({"practice/x.yaml": PRACTICE.replace("0.2", "7") + "list_sze: 3\n"})
    assert refused("practice=x", "phones.linez=3", "triage=foo", user_folder=folder)[2:] == [
        "practice/x.yaml line 4, practice.start_belief: 7: must be a share, from 0 to 1",
        "practice/x.yaml line 5, practice.list_sze: 3: is not a setting; did you mean practice.list_size?",
    ]
    lacking = user_folder({"practice/x.yaml": PRACTICE.replace("list_size: 5000  # people; own\n", "")})
    (line,) = refused("practice=x", "practice.list_sze=5000", user_folder=lacking)
    assert line == "practice.list_sze: 5000: is not a setting; did you mean practice.list_size?"
