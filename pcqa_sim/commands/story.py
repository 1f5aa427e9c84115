"""`pcqa story`: one need, or everything that happened to one person, read aloud from the log of a run."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Overrides, Seed, practice_of, scenario_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.results.run import Run
    from pcqa_sim.scenario import Scenario

_WIDE = 100
_YEAR = 52  # weeks
_ABOUT = "urgent, refused, care_home, frequent or child: a person chosen for you"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(story)


def story(
    overrides: Overrides = None,
    need: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="number of the need; without it, the one with most contacts"),
    ] = None,
    person: Annotated[
        int | None, typer.Option(min=0, max=2**31 - 1, help="all of one person's needs, by their number")
    ] = None,
    about: Annotated[str, typer.Option(metavar="WHOM", help=_ABOUT, show_default=False)] = "",
    years: Annotated[
        float | None,
        typer.Option(min=0.02, max=10, help="with --person or --about: years to tell of", show_default=False),
    ] = None,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    seed: Seed = None,
    replication: Annotated[int, typer.Option(min=0, max=MOST_REPLICATIONS - 1, help="which replication")] = 0,
) -> None:
    """Read one need, or a person's way through all services, aloud from the log of a run.

    Example: pcqa story practice=small

    Example: pcqa story practice=small --about refused

    Example: pcqa story practice=small --person 12 --years 1
    """
    from pcqa_sim.results.run import simulate

    _told_of_one(need, person, about, years)
    scenario = _of_years(scenario_of(overrides, seed), years)
    key = practice_of(scenario, practice)
    done = simulate(scenario, replication=replication)
    if person is None and not about:
        _tell_need(done, key, need, replication)
    else:
        _tell_person(done, key, person, about, replication)


def _told_of_one(need: int | None, person: int | None, about: str, years: float | None) -> None:
    """Refuse options that name more than one thing to be told of, and years of a single need."""
    given = [
        name for name, one in (("--need", need), ("--person", person), ("--about", about or None)) if one is not None
    ]
    if len(given) > 1:
        raise BadInput(Fault(given[1], f"cannot be given together with {given[0]}: a story is about one of them"))
    if about:
        from pcqa_sim.report.touchpoints import known_about

        known_about(about)
    if years is not None and person is None and not about:
        raise BadInput(Fault("--years", "needs --person or --about: a single need is told from its run as it is"))


def _of_years(scenario: Scenario, years: float | None) -> Scenario:
    """Return a scenario that measures so many years."""
    from pcqa_sim.scenario import with_settings

    return scenario if years is None else with_settings(scenario, {"run.measured_weeks": max(1, round(years * _YEAR))})


def _tell_need(done: Run, key: str, need: int | None, replication: int) -> None:
    from pcqa_sim.report.story import story as tale

    number = done.tables[key].busiest_need() if need is None else need
    told = tale(done, number, key)
    print(f"Need {number} of person {number // 10**10}, {done.scenario.called(key)}, replication {replication}")
    print("\n".join(told))


def _tell_person(done: Run, key: str, person: int | None, about: str, replication: int) -> None:
    from pcqa_sim.report.life import life
    from pcqa_sim.report.touchpoints import chosen

    why = ""
    if person is None:
        person, why = chosen(done.counted[key], about)
    told = life(done, person, key)
    print(f"Person {person}, {done.scenario.called(key)}, replication {replication}")
    for line in [why, *told] if why else told:
        indent = "         " if line.startswith("  ") else ""
        print(textwrap.fill(line, _WIDE, subsequent_indent=indent))
