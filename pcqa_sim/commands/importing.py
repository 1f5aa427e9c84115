"""`pcqa import`: published files of one practice read into its settings file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import processes_here
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.inputs.imports import Imported

_WEEKS_TO_SETTLE, _WEEKS_MEASURED = 8, 10  # of the runs to which a demand level is fitted
_PROFILES, _OLDER = ("average", "suburban", "rural_older", "urban_deprived", "student"), 65  # by their people; years
_DAYS_OF_A_KIND = 6  # replications where a single day of each is measured


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import")(import_)


class Import(StrEnum):
    """What can be imported."""

    register = "register"
    telephony = "telephony"
    appointments = "appointments"
    online = "online"
    workforce = "workforce"
    survey = "survey"
    network = "network"
    pcn = "pcn"
    england = "england"
    tally = "tally"
    appropriateness = "appropriateness"


def import_(
    kind: Annotated[Import, typer.Argument(help="what the file holds")],
    file: Annotated[Path, typer.Argument(help="the file, as downloaded: CSV, Excel, or a zip", show_default=False)],
    practice: Annotated[str, typer.Option(help="ODS code of the practice, such as J81009")] = "",
    area: Annotated[str, typer.Option(help="code of a sub-ICB, ICB or PCN instead: its figures become targets")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="use figures that do not reconcile, or a very short list")
    ] = False,
    day_first: Annotated[bool, typer.Option("--day-first", help="01/02/2026 is 1 February")] = False,
    name: Annotated[str, typer.Option(help="for pcn: the network's name, or a part that no other has")] = "",
    run: Annotated[
        Path | None, typer.Option(help="for tally and appropriateness: folder of a run to lay them beside")
    ] = None,
) -> None:
    """Read a published file into a practice profile of your own, under pcqa_conf/practice.

    Layout and generation of the file are found by its heading. `tally` and `appropriateness` read the sheets of
    `pcqa tally` and lay them beside a run; `pcn` reads a list of practices and writes a network of your own, under
    pcqa_conf/network.

    Example: pcqa import register gp-reg-pat-prac-all.csv --practice J81009
    """
    from pcqa_sim.calibration.own import target_row
    from pcqa_sim.inputs.import_figures import import_published
    from pcqa_sim.inputs.practice_file import default_user_folder

    if kind in (Import.tally, Import.appropriateness):
        from pcqa_sim.commands.tally import beside

        beside(kind.value, file, run, day_first)
        return
    folder = default_user_folder()
    if kind is Import.pcn:
        from pcqa_sim.inputs.pcn_file import import_pcn

        print("\n".join(map(shown, import_pcn(file, name, folder, accept, _older_shares).lines)))
        return
    _one_place(practice, area)
    if practice and _is_strict(kind, file):
        imported = _strictly(kind, file, practice, folder, accept)
    else:
        imported = import_published(file, kind.value, practice, area, folder, target_row, day_first)
    print("\n".join(map(shown, imported.lines)))


def _older_shares() -> dict[str, float]:
    """Return the share of people of 65 and over in each shipped profile that differs in its people."""
    from pcqa_sim.configuration import load_scenario

    found = {}
    for profile in _PROFILES:
        (practice,) = load_scenario(f"practice={profile}").practices.values()
        ages = practice.people.ages
        found[profile] = sum(band.share for age, band in ages.items() if int(age.split("_")[1]) >= _OLDER)
    return found


def _one_place(practice: str, area: str) -> None:
    from pcqa_sim.values.faults import BadInput, Fault

    if practice and area:
        raise BadInput(Fault("--area", "is for figures of an area; give it or --practice, not both", area))


def _is_strict(kind: Import, file: Path) -> bool:
    """Tell whether a file is for the importers that write a list size, or a day and a demand level."""
    from pcqa_sim.inputs.known_layouts import DURATIONS
    from pcqa_sim.inputs.peeking import layout_at
    from pcqa_sim.inputs.published import first_bytes

    if kind not in (Import.register, Import.telephony):
        return False
    found = layout_at(file)
    if found is None:
        return not first_bytes(file).startswith((b"PK", b"\xd0\xcf"))
    ready = {Import.register: ("register", "telephony"), Import.telephony: ("telephony", "register")}
    return found == DURATIONS or found.kind in ready[kind]


def _strictly(kind: Import, file: Path, practice: str, folder: Path, accept: bool) -> Imported:
    from pcqa_sim.inputs.imports import import_register, import_telephony

    if kind is Import.register:
        return import_register(file, practice, folder, accept=accept)
    weeks, day = _simulated_week_for, _simulated_day_for
    return import_telephony(file, practice, folder, weeks, accept=accept, simulated_day_for=day)


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
