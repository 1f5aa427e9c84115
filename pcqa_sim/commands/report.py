"""`pcqa report`: a study's answers as one page, made from the units in its folder; nothing is run again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.commands.studying import Asked, Paged
    from pcqa_sim.configuration import Shown

PAGE = "report.html"
WITH_PAGES = ("run", "compare", "size", "advise", "trial")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a study that has ended", show_default=False)],
) -> None:
    """Write a study's answers as one page for people, report.html in its folder: to read, to print, to send on.

    Example: pcqa report pcqa_runs/20261125-090000-0123456789ab-1
    """
    from pcqa_sim.commands.rerun import AGAIN
    from pcqa_sim.commands.trust import need_end
    from pcqa_sim.configuration import show
    from pcqa_sim.report.webpage.parts import in_words
    from pcqa_sim.study.record import read_record
    from pcqa_sim.values.faults import BadInput, Fault

    record = read_record(folder)
    need_end(record)
    if record.kind not in WITH_PAGES:
        rule = f"must be the folder of {in_words([f'`pcqa {kind}`' for kind in WITH_PAGES])}: others have no report yet"
        raise BadInput(Fault(str(folder), rule, record.kind))
    asked = AGAIN[record.kind](record, None)
    found = found_there(record.path.parent, asked)
    settings = show(*([one] for one in record.overrides(record.first)))
    record.refuse_other(record.first, settings.scenario)
    print(f"Report in {shown(write_page(record.path.parent, found, settings))}")


def found_there(folder: Path, asked: Asked) -> Paged:
    """Return what a study's method finds in the units of its folder; raise BadInput where one is absent."""
    from pcqa_sim.commands.studying import Paged
    from pcqa_sim.study.execute import Reading

    found = asked.method(Reading.of(folder))
    assert isinstance(found, Paged)
    return found


def write_page(folder: Path, found: Paged, settings: Shown) -> Path:
    """Write the page of what was found into the study's folder, whole, and return where."""
    from pcqa_sim.report.webpage.building import Made
    from pcqa_sim.report.webpage.rendering import html
    from pcqa_sim.study.record import read_record
    from pcqa_sim.values.wholefile import put_text

    page = found.page(Made(read_record(folder).plain, folder, settings))
    put_text(folder / PAGE, html(page))
    return folder / PAGE
