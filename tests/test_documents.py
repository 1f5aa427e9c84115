"""README and docs say what is: samples print what they show, commands are accepted, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from documents import (
    PROJECT,
    Sample,
    anchors,
    commands,
    documents,
    links,
    printed_by_command,
    printed_by_python,
    python_blocks,
    shell_lines,
    text_of,
)
from plugged import knowing, recipes, written

from pcqa_sim.cli import app
from pcqa_sim.configuration import load_scenario
from pcqa_sim.configuration.sweeping import read_sweep
from pcqa_sim.report.shipped import shipped
from pcqa_sim.study.methods.surface import least_points

DOCUMENTS = documents()
COMMANDS = [sample for path in DOCUMENTS for sample in commands(path)]
IN_ONE_SESSION = [path for path in DOCUMENTS if any(block.prints for block in python_blocks(path))]
SHELL = sorted({line for path in DOCUMENTS for line in shell_lines(path)})
OWN = Path(__file__).parent / "data" / "own"  # the practice that docs/practice.md speaks of
TAKE_SETTINGS = ("run", "compare", "calibrate", "size", "sensitivity", "sweep", "story", "show", "advise", "trial")
WITH_A_VALUE = re.compile(r"^--(?!resume|why|yes|events|full|write$)")


@pytest.mark.slow
@pytest.mark.parametrize("sample", COMMANDS, ids=lambda sample: sample.name)
def test_a_command_prints_what_is_shown(sample: Sample, tmp_path: Path) -> None:
    assert printed_by_command(sample, tmp_path) == sample.prints


@pytest.mark.slow
@pytest.mark.parametrize("path", IN_ONE_SESSION, ids=lambda path: path.name)
def test_a_block_of_python_prints_what_is_shown(path: Path) -> None:
    blocks = python_blocks(path)
    for block, prints in zip(blocks, printed_by_python(blocks), strict=True):
        assert prints == (block.prints or ""), block.name


def test_there_are_samples_of_each_sort() -> None:
    assert {sample.path.name for sample in COMMANDS} >= {"README.md", "practice.md"}
    assert [path.name for path in IN_ONE_SESSION] == ["verification.md"]
    assert len(SHELL) > 25


def settings_of(line: str) -> list[list[str]]:
    """Return the lists of settings in a command: its own, and of each --with with them."""
    words = shlex.split(line)[2:]
    own, more, skip = [], [], False
    for at, word in enumerate(words):
        if skip or word.startswith("-"):
            skip = not skip and bool(WITH_A_VALUE.match(word))
            if word == "--with":
                more.append(words[at + 1])
        else:
            own.append(word)
    return [own, *([*own, *shlex.split(one)] for one in more)]


def swept_by(line: str) -> list[list[str]]:
    """Return the settings of each point of a sweep; none of one that goes on."""
    if "--resume" in line:
        return []
    sweep = read_sweep(settings_of(line)[0])
    return [[*sweep.fixed, *(axis.text(point[axis.key]) for axis in sweep.axes)] for point in sweep.points()]


def test_a_surface_has_points_enough() -> None:
    """A sweep that is listed feeds the surface that is listed after it."""
    folder = "--out lines"
    (line,) = (line for line in SHELL if line.startswith("pcqa sweep") and folder in line and "--resume" not in line)
    varied = len(read_sweep(settings_of(line)[0]).axes)
    assert any(line.startswith("pcqa surface lines ") for line in SHELL)
    assert len(swept_by(line)) >= least_points(varied, "gaussian")


def test_the_table_of_environment_variables_is_whole() -> None:
    table = set(re.findall(r"^\| `(PCQA_\w+?)(?:=\S+)?` \|", text_of(PROJECT / "docs" / "cluster.md"), re.M))
    named = [set(re.findall(r"\"(PCQA_\w+)\"", text_of(path))) for path in (PROJECT / "pcqa_sim").rglob("*.py")]
    assert set().union(*named) == table


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in SHELL if line.split()[1] in TAKE_SETTINGS and "=j81009" not in line])
def test_settings_in_a_listed_command_are_settings(line: str, tmp_path: Path) -> None:
    """Own code is that of the recipes in docs/extending.md, where the command gives it."""
    own, *others = settings_of(line)
    if line.startswith("pcqa sweep"):
        own = next(iter(swept_by(line)), [])
    given = [written(tmp_path, recipes()) / "own"] if "--plugins own" in line else []
    with knowing(*given):
        for settings in (own, *others):
            assert load_scenario(*settings, user_folder=OWN).practices


def test_listed_experiments_are_shipped() -> None:
    names = {line.split()[2] for line in SHELL if re.match(r"pcqa experiment \w", line)}
    assert {"more_patients", "half_hours", "capping", "continuity", "cancellation_list"} <= names <= set(shipped())


def test_every_shipped_intervention_is_named_for_practices() -> None:
    text = text_of(PROJECT / "docs" / "practice.md")
    there = {path.stem for path in (PROJECT / "configs" / "intervention").glob("*.yaml")}
    assert len(there) > 40
    assert {name for name in there if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, heading = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name}: {link}"
        assert target.is_relative_to(PROJECT), link
        assert not heading or heading in anchors(target), f"{path.name}: {link}"


def test_every_document_is_reached_from_the_readme() -> None:
    seen, left = set(), [PROJECT / "README.md"]
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        left += [(path.parent / link.partition("#")[0]).resolve() for link in links(path) if ".md" in link]
    assert set((PROJECT / "docs").rglob("*.md")) <= seen


def test_the_readme_is_short_and_shows_a_picture() -> None:
    text = text_of(PROJECT / "README.md")
    assert len(text.splitlines()) <= 120
    assert "![" in text
    assert "notebooks/" in text


def test_the_table_of_published_and_simulated_figures_has_every_target() -> None:
    """Simulated figures take minutes (`make validation`); what is published, and what a figure is, cannot go stale."""
    from pcqa_sim.calibration import read_targets, table
    from pcqa_sim.configuration import config_folder

    text = text_of(PROJECT / "docs" / "validation.md")
    shown = [row.split("|") for row in text.partition("<!-- table -->")[2].partition("<!-- end")[0].splitlines() if row]
    wanted = [row.split("|") for row in table(read_targets(config_folder(), "england"), {}).splitlines()]
    assert [row[1:3] for row in shown] == [row[1:3] for row in wanted]
    assert [row[4].split(":")[0].strip() for row in shown] == [row[4].strip() for row in wanted]
    assert all("(" in row[3] for row in shown[2:])


NAMED = sorted({found for path in DOCUMENTS for found in re.findall(r"\bpcqa ([a-z]+)\b([^\n`#]*)", text_of(path))})


def test_commands_and_options_that_documents_name_are_there() -> None:
    known = {name: set(_options(command)) for name, command in commands_of_pcqa().items()}
    for command, rest in NAMED:
        assert command in known, f"pcqa {command}{rest}"
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest):
            assert option in known[command], f"pcqa {command}{rest}"


def _options(command: Any) -> list[str]:
    """The options of a command, and of those it holds."""
    inside = [option for one in getattr(command, "commands", {}).values() for option in _options(one)]
    return inside + [option for one in command.params for option in one.opts]


def commands_of_pcqa() -> dict[str, Any]:
    return typer.main.get_command(app).commands
