"""`pcqa tally`: sheets to print for a week, and what filled ones say beside a run."""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    import pandas as pd

_SIMULATED = {"tally": "failure_share"}


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
    print("Save the filled sheets as CSV, then: pcqa import tally FILE --run FOLDER")


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
    from pcqa_sim.inputs.reading_columns import account
    from pcqa_sim.report.webpage.looked import text_of_look

    read, found = looked([file], None, day_first, 5)
    if any(one.layout.kind != kind for one in read):
        rule = f"this is {read[0].layout.name}; a filled {kind} sheet of `pcqa tally` is expected"
        raise BadInput(Fault(read[0].file, rule))
    print("\n".join([*account(read), "", *text_of_look(found)]))
    if run is not None:
        print("\n".join(_of_run(kind, run, [one.frame for one in read])))


def _of_run(kind: str, folder: Path, frames: list[pd.DataFrame]) -> list[str]:
    import pandas as pd

    from pcqa_sim.commands.trust import need_end
    from pcqa_sim.inputs.tallying import failure_share
    from pcqa_sim.study.readback import read_metrics, rerun_command
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.statistics.intervals import summarise

    if kind not in _SIMULATED:
        return ["A run says nothing of who should have been there: the model sends people where its triage rules say."]
    record = read_record(folder)
    need_end(record)
    again = f"`{rerun_command(folder)}` makes it again, in another folder"
    frame = read_metrics(folder / "metrics.parquet", again, [("period", "=", "all"), ("scenario", "=", record.first)])
    summary = summarise(frame)
    mine = summary[(summary["metric"] == "failure_share") & (summary["group"] == "")]
    if mine.empty:
        raise BadInput(Fault(str(folder), "has no failure_share"))
    row = mine.iloc[0]
    own = failure_share(pd.concat(frames))
    low, high = own.interval
    alike = low <= float(row["high"]) and float(row["low"]) <= high
    return [
        "Failure demand as a share of contacts",
        f"  tallied    {own}",
        f"  simulated  {100 * row['mean']:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f})",
        f"  {'Alike: the intervals meet.' if alike else 'Not alike: the intervals do not meet.'}",
    ]
