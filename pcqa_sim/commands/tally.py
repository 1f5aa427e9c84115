"""`pcqa tally`: sheets to print for a week, and what filled ones say beside a run."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 5
"""Counts below this are kept back."""
_SIMULATED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "tally": ("failure_share", "Failure demand as a share of contacts", ()),
    "appropriateness": (
        "needed_gp_share",
        "Patients who should have been there, beside GP consultations that needed a GP",
        ("  The run speaks of GPs alone: lay only the sheets of GPs beside it.",),
    ),
}
"""Of a kind of sheet: the metric that is laid beside it, what both say, and what to look out for."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(tally)


def tally(
    clinicians: Annotated[int, typer.Option(min=0, max=26, help="sheets for clinicians, lettered A, B, ...")] = 4,
    failure: Annotated[float, typer.Option(min=0.05, max=0.95, help="the share you expect to be failure demand")] = 0.3,
    out: Annotated[Path, typer.Option(help="the spreadsheet to print and to fill")] = Path("tally.xlsx"),
) -> None:
    """Write the week's failure-demand sheet for reception, and each clinician's sheet; say how many to tally.

    Example: pcqa tally --clinicians 6 --out tally.xlsx
    """
    from pcqa_sim.inputs.tallying import calls_needed, clinic_rows, tally_rows
    from pcqa_sim.inputs.workbook import workbook
    from pcqa_sim.values.clock import WEEKDAYS
    from pcqa_sim.values.wholefile import put_bytes

    days = [f"({day.capitalize()})" for day in WEEKDAYS[:5]]
    sheets = {"Reception": tally_rows(days)}
    for letter in string.ascii_uppercase[:clinicians]:
        sheets[f"Clinician {letter}"] = clinic_rows(letter, "")
    sheets["How"] = _how()
    put_bytes(out, workbook(sheets, dict.fromkeys(sheets, (14, 16, 34, 28))))
    needed = calls_needed(failure)
    print(f"Sheets in {shown(out)}: one for reception, {clinicians} for clinicians.")
    print(
        f"With {100 * failure:.0f} % failure demand, {needed:,} contacts must be tallied each time to see a difference"
    )
    print("of five points (8 times in 10, at the 5 % level); a tenth of that shows only a difference of sixteen.")
    file = shown(out)
    print(
        f"Once it is filled: pcqa import tally {file} --run FOLDER, and pcqa import appropriateness {file} --run FOLDER"
    )


def _how() -> list[list[str]]:
    return [
        ["How to tally"],
        ["Write the date (such as 2 June 2026) in place of the day, and the number of ticks in the last column."],
        ["Reception: for every contact ask yourself: is this the first time, or again, and why?"],
        ["Clinicians: for every patient: should this patient be here today? If not, who instead? No names."],
    ]


def beside(kind: str, file: Path, run: Path | None, day_first: bool) -> None:
    """Print what filled sheets say, and beside it what a run says."""
    from pcqa_sim.commands.look import looked
    from pcqa_sim.inputs.looks import look
    from pcqa_sim.inputs.reading_columns import account
    from pcqa_sim.report.webpage.looked import text_of_look

    read, _ = looked([file], None, day_first, _LEAST)
    mine = [one for one in read if one.layout.kind == kind]
    if not mine:
        rule = f"this is {read[0].layout.name}; a filled {kind} sheet of `pcqa tally` is expected"
        raise BadInput(Fault(read[0].file, rule))
    print("\n".join([*account(mine), "", *text_of_look(look(mine, _LEAST))]))
    if run is not None:
        import pandas as pd

        print("\n".join(_of_run(kind, run, pd.concat([one.frame for one in mine]))))


def _of_run(kind: str, folder: Path, frame: pd.DataFrame) -> list[str]:
    """Return the share that sheets give beside the run's, each with its interval, and whether the two meet."""
    from pcqa_sim.commands.trust import need_end
    from pcqa_sim.inputs.tallying import failure_share, rightly_there
    from pcqa_sim.study.readback import read_metrics, rerun_command
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.statistics.intervals import summarise

    metric, title, note = _SIMULATED[kind]
    record = read_record(folder)
    need_end(record)
    again = f"`{rerun_command(folder)}` makes it again, in another folder"
    metrics = read_metrics(folder / "metrics.parquet", again, [("period", "=", "all"), ("scenario", "=", record.first)])
    summary = summarise(metrics)
    mine = summary[(summary["metric"] == metric) & (summary["group"] == "")]
    if mine.empty:
        raise BadInput(Fault(str(folder), f"has no {metric}"))
    own = failure_share(frame) if kind == "tally" else rightly_there(frame)
    row = mine.iloc[0]
    if not own.whole:
        return [title, "  No sheet was filled: there is nothing to lay beside the run."]
    low, high = own.interval
    alike = low <= float(row["high"]) and float(row["low"]) <= high
    return [
        title,
        f"  on the sheets  {own}",
        f"  simulated      {100 * row['mean']:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f})",
        f"  {'Alike: the intervals meet.' if alike else 'Not alike: the intervals do not meet.'}",
        *note,
    ]
