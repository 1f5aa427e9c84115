"""`pcqa import`: published files of one practice read into its settings file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pcqa_sim.commands.options import processes_here
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.outside import shown

_WEEKS_TO_SETTLE, _WEEKS_MEASURED = 8, 10  # of the runs to which a demand level is fitted
_DAYS_OF_A_KIND = 6  # replications where a single day of each is measured


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import")(import_)


class Import(StrEnum):
    """What can be imported."""

    register = "register"
    telephony = "telephony"


def import_(
    kind: Annotated[Import, typer.Argument(help="what the file holds")],
    file: Annotated[Path, typer.Argument(help="the published file, as downloaded", show_default=False)],
    practice: Annotated[str, typer.Option(help="ODS code of the practice, such as J81009", show_default=False)],
    accept: Annotated[
        bool, typer.Option("--accept", help="use figures that do not reconcile, or a very short list")
    ] = False,
) -> None:
    """Read a published file into a practice profile of your own, under pcqa_conf/practice.

    Example: pcqa import register gp-reg-pat-prac-all.csv --practice J81009
    """
    from pcqa_sim.inputs.imports import import_register, import_telephony
    from pcqa_sim.inputs.practice_file import default_user_folder

    folder = default_user_folder()
    if kind is Import.register:
        imported = import_register(file, practice, folder, accept=accept)
    else:
        weeks, day = _simulated_week_for, _simulated_day_for
        imported = import_telephony(file, practice, folder, weeks, accept=accept, simulated_day_for=day)
    print("\n".join(map(shown, imported.lines)))


def _simulated_week_for(list_size: int, around: dt.date) -> Callable[[float], list[float]]:
    """Return a function from demand level to simulated calls on each Monday to Friday, for a practice of this size.

    It is measured in the weeks around a date, after those in which a run settles; the season is then that of the
    date, and without bank holidays every day is an ordinary one, as the date is.
    """
    from pcqa_sim.configuration import load_scenario
    from pcqa_sim.scenario import with_settings
    from pcqa_sim.study.methods.replicate import replicate

    first = around - dt.timedelta(days=around.weekday(), weeks=_WEEKS_TO_SETTLE + _WEEKS_MEASURED // 2)
    weeks = (f"run.warm_up_weeks={_WEEKS_TO_SETTLE}", f"run.measured_weeks={_WEEKS_MEASURED}")
    scenario = load_scenario(*weeks, f"calendar.start_date={first}", "calendar.bank_holidays=none")
    (key, practice), *_ = scenario.practices.items()

    def calls(level: float) -> list[float]:
        sized = with_settings(practice, {"list_size": list_size, "demand_level": level})
        trial = scenario.replaced(practices={key: sized})
        frame = replicate(trial, 2, seed=1, workers=processes_here(None)).metrics
        days = frame[(frame["period"] == "all") & (frame["metric"] == "calls_by_weekday")]
        means = days.groupby("group")["value"].mean()
        return [float(means[f"weekday={day[:3]}"]) for day in WEEKDAYS[:5]]

    return calls


def _simulated_day_for(list_size: int, date: dt.date) -> Callable[[float], float]:
    """Return a function from demand level to simulated calls on one date, with the bank holidays around it."""
    from pcqa_sim.configuration import load_scenario
    from pcqa_sim.results.run import simulate
    from pcqa_sim.scenario import with_settings

    first = date - dt.timedelta(days=date.weekday(), weeks=_WEEKS_TO_SETTLE)
    weeks = (f"run.warm_up_weeks={_WEEKS_TO_SETTLE}", "run.measured_weeks=1")
    scenario = load_scenario(*weeks, f"calendar.start_date={first}", "calendar.bank_holidays=England")
    (key, practice), *_ = scenario.practices.items()

    def calls(level: float) -> float:
        sized = with_settings(practice, {"list_size": list_size, "demand_level": level})
        trial = scenario.replaced(practices={key: sized})
        runs = (simulate(trial, 1, number).counted[key] for number in range(_DAYS_OF_A_KIND))
        return sum(float(run.by_day(run.calls["opened"])[(date - first).days]) for run in runs) / _DAYS_OF_A_KIND

    return calls
