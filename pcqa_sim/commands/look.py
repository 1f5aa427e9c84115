"""`pcqa look`: what a practice's own exports say, before anything is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import command_line
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.inputs.known_layouts import Layout
    from pcqa_sim.inputs.looking import Looked
    from pcqa_sim.inputs.reading_columns import Columns

MOST_FILES = 24


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(look)


def look(
    files: Annotated[list[Path], typer.Argument(help="exports: CSV, Excel, or a zip of them", show_default=False)],
    columns: Annotated[
        Path | None, typer.Option(metavar="YAML", help="which column means what, for a file of an unknown heading")
    ] = None,
    day_first: Annotated[bool, typer.Option("--day-first", help="01/02/2026 is 1 February")] = False,
    least: Annotated[int, typer.Option(min=1, max=100, help="counts below this are kept back")] = 5,
    into: Annotated[str, typer.Option(metavar="NAME", help="write the counts into your practice's file")] = "",
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="write a page, too", show_default=False)] = None,
) -> None:
    """Say what call logs, appointment books and other exports of your own say, before anything is simulated.

    Only columns that are known are read. Who called or came is replaced as it is read; nothing but sums is kept.

    Example: pcqa look calls.csv appointments.xlsx --page look.html
    """
    from pcqa_sim.report.webpage.looked import page_of_look, text_of_look
    from pcqa_sim.report.webpage.rendering import html
    from pcqa_sim.values.wholefile import put_text

    if len(files) > MOST_FILES:
        raise BadInput(Fault("FILE", f"at most {MOST_FILES} files at once", str(len(files))))
    read, found = looked(files, columns, day_first, least)
    from pcqa_sim.inputs.reading_columns import account

    print("\n".join([*account(read), "", *text_of_look(found)]))
    if into:
        from pcqa_sim.inputs.own_fit import write_counts

        print(f"\nwritten: {shown(str(write_counts(_own_file(into), found.counts)))}")
    if page is not None:
        asked = " ".join(["pcqa", *command_line()])
        put_text(page, html(page_of_look("What your own data say", found, asked)))
        print(f"\nPage: {shown(page)}")


def looked(files: list[Path], columns: Path | None, day_first: bool, least: int) -> tuple[list[Columns], Looked]:
    """Return what files hold and say; raise BadInput, with a mapping suggested, for an unknown heading.

    A mapping of one's own goes before what is known of a heading, and has to fit one of the files.
    """
    from pcqa_sim.inputs.cellreaders import Salt
    from pcqa_sim.inputs.known_layouts import of_kinds, with_own
    from pcqa_sim.inputs.looks import kinds
    from pcqa_sim.inputs.looks import look as looking
    from pcqa_sim.inputs.practice_file import default_user_folder
    from pcqa_sim.inputs.reading_columns import no_heading, read_columns
    from pcqa_sim.inputs.suggesting import suggested

    known, salt = with_own(default_user_folder()), Salt()
    read: list[Columns] = []
    own = _mapping(columns) if columns is not None else None
    for path in files:
        for layouts in ([own], known) if own is not None else (known,):
            try:
                read += read_columns(path, layouts, salt, day_first=day_first)
                break
            except BadInput as bad:
                if not no_heading(bad):
                    raise
        else:
            if own is not None:
                raise BadInput(_unfit(path.name, columns, own))
            rule = "its heading is not known; if this is right, save it as c.yaml and give --columns c.yaml"
            print(suggested(path))
            raise BadInput(Fault(path.name, rule))
    if own is not None and all(one.layout is not own for one in read):
        raise BadInput(_unfit(", ".join(path.name for path in files), columns, own))
    mine = of_kinds([one.layout for one in read], kinds())
    if len(mine) < len(read):
        other = next(one for one in read if one.layout not in mine)
        rule = f"this is {other.layout.name}, which `{other.layout.command or 'nothing here'}` reads"
        raise BadInput(Fault(other.file, rule))
    return read, looking(read, least)


def _mapping(columns: Path) -> Layout:
    """Return what a user says of columns; raise BadInput for a kind or a word that is not known."""
    from pcqa_sim.inputs.known_layouts import read_layout
    from pcqa_sim.inputs.looks import kinds
    from pcqa_sim.inputs.suggesting import completed
    from pcqa_sim.inputs.vocabulary import words_not_known

    own = completed(read_layout(columns))
    if own.kind not in kinds():
        raise BadInput(Fault(f"{columns.name} kind", f"must be one of: {', '.join(kinds())}", own.kind))
    if faults := words_not_known(own, columns.name):
        raise BadInput(faults)
    return own


def _unfit(files: str, columns: Path | None, own: Layout) -> Fault:
    """Say that a mapping of one's own fits no line of files."""
    named = ", ".join(shown(one, 60) for one in own.columns)
    return Fault(shown(files, 200), f"has no line with all the headings of {shown(str(columns), 200)}: {named}")


def _own_file(name: str) -> Path:
    from pcqa_sim.configuration import user_library

    path = user_library().own_files.get("practice", {}).get(name)
    if path is None:
        raise BadInput(Fault("--into", "is for a practice of your own, of which there is a file", name))
    return path
