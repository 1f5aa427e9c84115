"""`pcqa practice`: a practice of one's own in one file: made, checked, drawn."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Commands
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.inputs.own_questions import Question

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
Name = Annotated[str, typer.Argument(help="what settings call it: practice=NAME", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = Commands(no_args_is_help=True, help="Your own practice in one file: make it, check it, draw it.")
    group.command()(new)
    group.command()(check)
    group.command()(template)
    app.add_typer(group, name="practice")


def new(
    name: Name,
    from_: Annotated[str, typer.Option("--from", help="the practice it begins from")] = "average",
    sheet: Annotated[
        Path | None, typer.Option(help="a filled spreadsheet of `pcqa practice template`", show_default=False)
    ] = None,
    form: Annotated[bool, typer.Option("--form", help="ask nothing: write a form to fill in an editor")] = False,
) -> None:
    """Make a practice of your own: answer questions, or fill a form or a spreadsheet.

    What is not answered is filled from national rates. The file is pcqa_conf/practice/NAME.yaml.

    Example: pcqa practice new riverside
    """
    path = _free(name, from_)
    if sheet is not None:
        from pcqa_sim.inputs.own_sheet import read_sheet

        title, said = read_sheet(sheet)
    elif form or not sys.stdin.isatty():
        title, said = name.replace("_", " ").capitalize(), {}
    else:
        title, said = _asked(name)
    from pcqa_sim.app.writing import write_practice

    write_practice(path, title or name, said, from_)
    print(f"Written: {path}")
    if sheet is None and (form or not said):
        print("Fill in what you know: each part has an example; what you leave out is filled from national rates.")
    print(f"Then: pcqa practice check {name}, and pcqa run practice={name}")


def _free(name: str, base: str) -> Path:
    """Return where a practice's file goes; raise BadInput where the name or the practice it begins from is none."""
    from pcqa_sim.configuration import user_library
    from pcqa_sim.inputs.practice_file import default_user_folder

    library, faults = user_library(), list[Fault]()
    if not _NAME.match(name):
        faults.append(Fault("NAME", "small letters, digits and _, at most 40, a letter first", name))
    elif name in library.shipped_files["practice"]:
        faults.append(Fault("NAME", "is the name of a shipped practice: give yours another", name))
    if base not in library.options("practice"):
        faults.append(library.unknown("--from", "practice", base))
    path = default_user_folder() / "practice" / f"{name}.yaml"
    if not faults and path.exists():
        faults.append(Fault(str(path), "is there already: change it in an editor, or give another name"))
    if faults:
        raise BadInput(faults)
    return path


def _asked(name: str) -> tuple[str, dict[str, Any]]:
    """Ask the questions one after another; Enter leaves one out."""
    from pcqa_sim.inputs import own_questions as questions

    print("Enter leaves a question out: it is then filled from national rates. Ctrl-C writes nothing.")
    title = typer.prompt("Name of the practice", default=name.replace("_", " ").capitalize())
    texts: dict[str, str] = {}
    for heading, group in (
        ("The practice", questions.PRACTICE),
        ("Staff: names with half days, or 22 sessions, 2.5 fte, 4 heads, none", questions.STAFF),
        ("Telephone, reception and form", questions.PHONES),
        ("Counts of an ordinary month, to see whether the model resembles you", questions.COUNTS),
    ):
        print(f"\n{heading}")
        for question in group:
            texts[question.key] = _answer(question)
    return title, questions.answered(texts)[0]


def _answer(question: Question) -> str:
    """Ask until the answer can be read."""
    example = f" (such as {question.example})" if question.example else ""
    while True:
        text: str = typer.prompt(f"  {question.asked}{example}", default="", show_default=False)
        if not text.strip() or _readable(question.read, text):
            return text


def _readable(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError as fault:
        print(f"    {shown(str(fault))}")
        return False
    return True


def check(
    name: Name,
    out: Annotated[Path | None, typer.Option(help="folder for the map; beside the practice's file by default")] = None,
) -> None:
    """Say what is odd in a practice of your own, which data it has, what is filled, and draw its map.

    Example: pcqa practice check riverside
    """
    from pcqa_sim.configuration import load_scenario, user_library
    from pcqa_sim.report.console import section_lines
    from pcqa_sim.report.owncheck import sections
    from pcqa_sim.report.systemmap import draw

    library = user_library()
    path = library.own_files.get("practice", {}).get(name)
    scenario = load_scenario(f"practice={name}")
    practice = next(iter(scenario.practices.values()))
    national = next(iter(load_scenario("experiment=named_roles").practices.values()))
    found = sections(scenario, national, _said_in(path) if path else [])
    print(f"{shown(practice.name)}: {practice.list_size:,} patients")
    print("\n".join(line for section in found for line in section_lines(section)))
    folder = out or (path.parent if path else Path("."))
    print("\nMap: {} (Mermaid) and {}".format(*draw(practice, folder, name)))


def _said_in(path: Path) -> list[str]:
    """Return the dotted keys that a practice's own file says."""
    from pcqa_sim.configuration import said_in

    return said_in(path)


def template(
    out: Annotated[Path, typer.Option(help="where the spreadsheet goes")] = Path("practice.xlsx"),
) -> None:
    """Write an empty spreadsheet to fill: staff, rotas, slots, counts. `pcqa practice new NAME --sheet` reads it.

    Example: pcqa practice template --out mine.xlsx
    """
    from pcqa_sim.inputs.own_sheet import template as empty

    if out.exists():
        raise BadInput(Fault(str(out), "is there already: give another name"))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(empty())
    print(f"Written: {out}")
    print(f"Fill it, then: pcqa practice new NAME --sheet {out}")
