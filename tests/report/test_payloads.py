"""Every text field from outside, through every writer: nothing acts on the terminal, in a card, a table or a figure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from commandline import pcqa
from markdown_it import MarkdownIt
from payloads import PAYLOADS, YAML_PAYLOADS, acts, safe
from shortruns import NO_USER_SETTINGS, composed

from pcqa_sim import simulate
from pcqa_sim.calibration.targets import Target, Targets, table
from pcqa_sim.configuration import Shown, show, show_text
from pcqa_sim.report.console import answers_text, comparison_text, files_text, told_text
from pcqa_sim.report.settling import settling_text
from pcqa_sim.report.story import story
from pcqa_sim.report.stress import Facts, stress_table
from pcqa_sim.report.trust import trust_card
from pcqa_sim.results.figures import appointments_figure, comparison_figure, morning_figure
from pcqa_sim.results.intraday import morning
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.design.plan import Point
from pcqa_sim.study.methods.pair import Comparison
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.origin import Origin, origin
from pcqa_sim.study.record import new_record, read_record
from pcqa_sim.study.result import MORNINGS, result_of
from pcqa_sim.study.spreadsheet import for_people
from pcqa_sim.study.task import in_one_line, os_fault
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

QUICK = ("practice=small", "run=quick", "run.warm_up_weeks=0", "run.measured_weeks=1")
IN_TABLES = PAYLOADS[:-1]
"""A lone surrogate is no text for a table: commands refuse it before."""
each_payload = pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
each_in_tables = pytest.mark.parametrize("payload", IN_TABLES, ids=range(len(IN_TABLES)))


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(composed(*QUICK))


@pytest.fixture(scope="module")
def plainly() -> Shown:
    return show(*QUICK, user_folder=NO_USER_SETTINGS)


def named(scenario: Scenario, payload: str) -> Scenario:
    """A scenario whose every text is a payload: the practice, its roles, its programmes, the interventions."""
    tree = scenario.model_dump(mode="json")
    practice = tree["practices"]["practice"]
    practice["name"] = payload
    for one in (*practice["role"].values(), *practice["planned"]["programmes"].values()):
        one["title"] = payload
    return Scenario.model_validate(tree | {"interventions": [payload]})


def with_names(run: Run, payload: str) -> Run:
    """A run as it would be told with such texts, which change nothing of what happens."""
    return Run(replace(run.happened, scenario=named(run.scenario, payload)), run.tables)


def study_of(run: Run) -> Study:
    first = result_of(run, keeps=[MORNINGS])
    return Study(run.scenario, (first, result_of(run, replace(first.unit, replication=1), keeps=[MORNINGS])))


def told(act: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    act()
    out, err = capsys.readouterr()
    return out + err


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(text)


@each_in_tables
def test_names_in_settings(run: Run, payload: str, capsys: pytest.CaptureFixture[str]) -> None:
    mine = with_names(run, payload)
    study = study_of(mine)
    comparison = Comparison(study, {payload: study})
    practice = mine.scenario.practices["practice"]
    assert practice.name == shown(payload)
    for act in (
        lambda: print(answers_text(study)),
        lambda: print(settling_text(study)),
        lambda: print(comparison_text(comparison)),
        lambda: print(told_text(mine.scenario, "practice", [])),
        lambda: print("\n".join(story(mine, mine.tables["practice"].busiest_need(), "practice"))),
    ):
        assert safe(told(act, capsys))


@pytest.mark.parametrize("payload", [PAYLOADS[0], PAYLOADS[12]], ids=["escape", "mathematics"])
def test_names_in_figures(run: Run, payload: str) -> None:
    """A dollar begins no mathematics, in which a name may hold a mistake."""
    study = study_of(run)
    roles = dict.fromkeys(run.scenario.practices["practice"].role, shown(payload))
    comparison = Comparison(study, {payload: study})
    assert comparison_figure({payload: comparison.primary(payload, "practice")}, payload)
    assert morning_figure(morning(run.counted["practice"]), payload)
    assert appointments_figure(study.metrics, roles, payload)


def test_a_name_that_is_nothing_but_controls_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 character"):
        named(composed(*QUICK), "\x1b\u202e\n")


@each_payload
def test_cards(run: Run, plainly: Shown, payload: str) -> None:
    """Names, keys, values, units, sources, intervention labels, alternatives, and everything in run.json."""
    one = replace(plainly.settings[0], key=payload, value=payload, unit=payload, source=payload, differs=True)
    lines = replace(one, key="phones.lines")
    sources = [replace(one, source=f"{kind} {payload}", value=1) for kind in ("fitted:", "assumption:", "override")]
    mine = Shown(named(plainly.scenario, payload), (one, lines, *sources), (payload,))
    made: dict[str, Any] = dict.fromkeys(new_record("run", [], {}), payload)
    made |= {"command": [payload], "libraries": {payload: payload}, "machine": {payload: payload}, "kind": "compare"}
    made |= {"scenario": payload, "overrides": {}}
    summary = study_of(run).summary
    for text in (
        trust_card(made, mine, summary, "practice"),
        stress_table(Facts(made, mine.scenario, mine, (payload,))),
    ):
        assert safe(text, wrapped=True)
        assert acts(rendered(text)) == []
    assert safe(show_text(mine))
    told = made | {"libraries": {payload: payload}, "modules": {payload: payload}}
    assert safe("\n".join(origin().differences(Origin.from_dict(told), every=True)))


@each_in_tables
def test_tables_for_people(payload: str) -> None:
    frame = for_people(pd.DataFrame({payload: [payload, "x"], "n": [1.5, -2.0]}))
    written = list(csv.reader(io.StringIO(frame.to_csv(index=False))))
    assert len(written) == 3
    for text in (written[0][0], written[1][0]):
        assert text.isprintable()
        assert text[0] not in "=+-@"
    assert [row[1] for row in written[1:]] == ["1.5", "-2.0"]


@each_payload
def test_faults_and_lines(payload: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert safe(str(BadInput([Fault(payload, payload, payload, payload), Fault(payload, "rule")])))
    assert str(BadInput(Fault(payload, payload))).count("\n") == 0
    assert safe(in_one_line(ValueError(payload)))
    assert safe(os_fault(OSError(5, payload, payload), payload))
    assert safe(str(Point({"practice.name": payload, payload: "1"}, "0" * 12)))
    assert safe(told(lambda: print(files_text(tmp_path / payload, [tmp_path / payload / payload])), capsys))


@each_payload
def test_calibration(payload: str) -> None:
    target = Target(words=payload, metric="missed_share", published=0.1, low=0.0, high=1.0, how="fitted")
    text = table(Targets(targets=(target,)), {})
    assert safe(text)
    assert acts(rendered(text)) == []
    assert len(text.splitlines()) == 3


def test_what_is_typed(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Overrides, options and names of files, as commands refuse them; each command with another payload."""
    words: list[Callable[[str], tuple[str, ...]]] = [
        lambda x: ("show", f"practice.name={x}x", f"{x}=1"),
        lambda x: ("run", f"phones.lines={x}"),
        lambda x: ("run", "--reps", x),
        lambda x: ("run", f"practice.name='{PAYLOADS[-1]}'"),
        lambda x: ("compare", "practice=small", "--with", x),
        lambda x: ("story", "--practice", x),
        lambda x: ("rerun", x),
        lambda x: ("trust", x),
        lambda x: ("replay", x, "--unit", x),
        lambda x: ("surface", x, "--metric", x),
        lambda x: ("sweep", "--metric", x),
        lambda x: ("size", "--target", x, "--vary", x),
        lambda x: ("import", "register", x, "--practice", x),
    ]
    for one, payload in zip(words, PAYLOADS, strict=False):
        capsys.readouterr()
        code = pcqa(*one(payload))
        out, err = capsys.readouterr()
        assert code in (2, 3), one(payload)
        assert safe(out + err), one(payload)
        assert err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.slow
def test_a_users_own_file(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, units and sources as a file holds them, from the file to the terminal and the files of a run."""
    folder = elsewhere / "pcqa_conf" / "practice"
    folder.mkdir(parents=True)
    comments = iter(YAML_PAYLOADS)
    name = r'"\e[2J\nALL IS WELL <script>alert(1)</script> \u202e![x](http://e.example)"'
    lines = [
        "defaults: [small@_here_, _self_]",
        f"name: {name}",
        f"list_size: 1000  # {next(comments)}; {next(comments)}",
        f"demand_level: 1.1  # people; fitted: {next(comments)}",
        f"start_belief: 0.2  # share; assumption: {next(comments)}",
    ]
    (folder / "mine.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ("practice=mine", *QUICK[1:])
    assert pcqa("show", *words) == 0
    assert pcqa("story", *words) == 0
    assert pcqa("run", *words, "--reps", "2", "--workers", "1", "--out", "out") == 0
    assert pcqa("trust", "out") == 0
    out, err = capsys.readouterr()
    assert "ALL IS WELL <script>" in out, "it was shown, as text"
    assert safe(out + err)
    for card in ("trust-card.md", "stress-des.md"):
        text = (elsewhere / "out" / card).read_text(encoding="utf-8")
        assert safe(text, wrapped=True)
        assert acts(rendered(text)) == []


@each_in_tables
def test_a_record_from_elsewhere_tells_nothing_raw(tmp_path: Path, payload: str) -> None:
    """What is only told again is one printable line from the moment it is read."""
    name = "0" * 12
    plain = {"form": 1, "kind": "run", "seed": 1, "scenario": name, "parameters": {"replications": 2}}
    plain |= {"overrides": {name: []}, "results": {}, "command": [payload], "code": payload, "python": payload}
    plain |= {"libraries": {payload: payload}, "machine": {payload: payload}, "pcqa_sim": payload}
    (tmp_path / "run.json").write_text(json.dumps(plain))
    read = read_record(tmp_path)
    assert safe("\n".join(origin().differences(read.origin, every=True)))
    assert read.plain["command"] == [shown(payload)]
