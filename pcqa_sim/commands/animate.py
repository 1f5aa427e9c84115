"""`pcqa animate`: one simulated day as a page that moves, offline."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import OnePractice, Overrides, Seed, practice_of, scenario_of
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.report.dayfilm.moves import Moves
    from pcqa_sim.scenario import Scenario

AS_IT_IS, CHANGED = "as it is", "with the change"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(animate)


def animate(
    overrides: Overrides = None,
    with_: Annotated[
        str, typer.Option("--with", metavar="OVERRIDES", help="the same day with these settings on top, too")
    ] = "",
    day: Annotated[
        str, typer.Option(help="a weekday of the last week that is simulated, or a date as 2026-02-02")
    ] = "monday",
    practice: OnePractice = "",
    seed: Seed = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="where the page goes")] = Path("day.html"),
) -> None:
    """Show people and queues moving through one day: phone, reception, clinic, community. One page, no network.

    It has a pause, a speed, and the same day as a table. With --with both are there, for the same people and luck.

    Example: pcqa animate practice=small run=quick --with triage=total_digital --out monday.html
    """
    from pcqa_sim.report.dayfilm.page import day_html
    from pcqa_sim.values.wholefile import put_text

    if out.exists():
        raise BadInput(Fault(str(out), "is there already: give another name"))
    base = scenario_of(overrides, seed)
    number = day_of(base, day)
    scenarios = {AS_IT_IS: base}
    if with_:
        scenarios[CHANGED] = scenario_of([list(overrides or []), shlex.split(with_)], seed)
    key = practice_of(base, practice)
    sides = [_day(one, key, number, name) for name, one in scenarios.items()]
    put_text(out, day_html(*headings(base, key, number), sides))
    print(f"{len(sides[0].needs):,} needs move through the day. Written: {shown(out)}")


def _day(scenario: Scenario, key: str, day: int, name: str) -> Moves:
    from pcqa_sim.report.dayfilm.moves import moves_of
    from pcqa_sim.results.run import simulate

    return moves_of(simulate(scenario).events, key, day, name)


def headings(scenario: Scenario, key: str, day: int) -> tuple[str, str]:
    """Return the page's title, and what it is of."""
    date = scenario.calendar.start_date + dt.timedelta(days=day)
    title = f"{shown(scenario.called(key), 80)}: {date:%A} {date.day} {date:%B %Y}"
    about = (
        f"One simulated day of {scenario.people_of(key):,} patients (seed {scenario.run.seed}, replication 0). "
        "One day of one run shows how things happen, not how often: for that, run replications."
    )
    return title, about


def day_of(scenario: Scenario, text: str) -> int:
    """Return the number of a day of the run: a weekday of its last week, or a date; raise BadInput for another."""
    word = text.strip().lower()
    if word in WEEKDAYS:
        return (scenario.weeks - 1) * 7 + WEEKDAYS.index(word)
    start = scenario.calendar.start_date
    last = start + dt.timedelta(days=scenario.weeks * 7 - 1)
    rule = f"a weekday, or a date of the run, {start} to {last}"
    try:
        number = (dt.date.fromisoformat(word) - start).days
    except ValueError:
        raise BadInput(Fault("--day", rule, text, nearest(word, WEEKDAYS))) from None
    if not 0 <= number < scenario.weeks * 7:
        raise BadInput(Fault("--day", rule, text))
    return number
