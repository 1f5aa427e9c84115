"""`pcqa events`: the event log of one replication, written as other programs read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.study.record import Record

FILES = {"csv": "activities.csv", "vidigi": "vidigi.csv"}
_BACK_AGAIN = "keep the logs of a run with: pcqa run ... --events"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(events)


def events(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a run with --events", show_default=False)],
    to: Annotated[Literal["csv", "vidigi"], typer.Option("--to", help="for process mining, or for vidigi 2")] = "csv",
    replication: Annotated[int, typer.Option(min=0, max=MOST_REPLICATIONS - 1, help="which replication")] = 0,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="where it goes", show_default=False)
    ] = None,
) -> None:
    """Write what happened to each need as a CSV that process-mining tools read, or vidigi, which animates queues.

    Activities (csv) have case, activity, time, resource and detail; vidigi's log has an arrival, queues, uses of
    resources and a departure for each need.

    Example: pcqa events pcqa_runs/20261125-090000-0123456789ab-1 --to vidigi
    """
    from pcqa_sim.report.activities import activities, steps
    from pcqa_sim.study.readback import read_settings, rerun_command
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.scenariofile import SCENARIOS
    from pcqa_sim.study.spreadsheet import for_people
    from pcqa_sim.values.wholefile import put_text

    record = read_record(folder)
    place = record.path.parent
    again = f"`{rerun_command(place)}` makes it again, in another folder"
    settings = read_settings(place / SCENARIOS / f"{record.first}.yaml", again)
    key = practice or next(iter(settings["practices"]))
    if key not in settings["practices"]:
        raise BadInput(Fault("--practice", "one of the run's practices", key, nearest(key, settings["practices"])))
    log = _log_of(record, replication)
    first_day = _day(settings["calendar"]["start_date"])
    rows = activities(log, key, first_day) if to == "csv" else steps(log, key, replication)
    where = file or place / FILES[to]
    put_text(where, for_people(rows).to_csv(index=False, lineterminator="\n"))
    print(f"{len(rows):,} rows of {rows.iloc[:, 0].nunique():,} needs in {shown(where)}")


def _log_of(record: Record, replication: int) -> pd.DataFrame:
    """Return the log that was kept of a replication; raise BadInput where none was."""
    from pcqa_sim.study.readback import read_back, resume_command
    from pcqa_sim.study.result import EVENTS
    from pcqa_sim.study.store import Store
    from pcqa_sim.study.unit import Unit, read_unit

    path = Store(record.path.parent).path(Unit(record.first, record.seed, replication), EVENTS)
    if not path.exists():
        raise BadInput(Fault(str(path), f"no log of this replication was kept; {_BACK_AGAIN}"))
    with read_back(path, f"`{resume_command(record.path.parent)}` does it again"):
        frame: pd.DataFrame = read_unit(path).to_pandas()
    return frame


def _day(text: object) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text))
