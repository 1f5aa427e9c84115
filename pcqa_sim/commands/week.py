"""`pcqa week`: the weekly temperature test, XmR charts of chosen measures of a run or of a practice's own counts."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Promise, command_line
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.report.webpage.weeks import Weekly

PAGE = "week.html"
MOST_MEASURES, MOST_WEEKS = 12, 520


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(week)


def week(
    source: Annotated[
        Path, typer.Argument(metavar="DIR|CSV", help="a run's folder, or your own weeks", show_default=False)
    ],
    measures: Annotated[
        str, typer.Option(metavar="A,B,...", help="metrics of the run, or columns of the CSV; about five")
    ] = "",
    changed: Annotated[
        list[int] | None, typer.Option(metavar="N", min=1, help="week, counted from 0, from which limits begin anew")
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="which replication: one practice has one")] = 0,
    promise: Promise = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="where the page goes", show_default=False)] = None,
) -> None:
    """Say of chosen measures, week by week, whether anything changed or whether it is chance, and draw the charts.

    A CSV has a row a week: its first column names the week, an empty cell is a missing week.

    Example: pcqa week pcqa_runs/20261125-090000-0123456789ab-1 --measures "missed_share,failure_share,lead_time_days"
    """
    from pcqa_sim.report.console import wrapped
    from pcqa_sim.report.webpage.rendering import html
    from pcqa_sim.report.webpage.weeks import page_of_weeks, weekly_text
    from pcqa_sim.values.wholefile import put_text

    names = [name.strip() for name in measures.split(",") if name.strip()]
    if len(names) > MOST_MEASURES:
        raise BadInput(
            Fault("--measures", f"at most {MOST_MEASURES}: charts nobody reads help nobody", str(len(names)))
        )
    from_weeks = tuple(changed or ())
    found = _of_csv(source, names, from_weeks) if source.is_file() else _of_run(source, names, from_weeks, replication)
    for line in weekly_text(found):
        print("\n".join(wrapped([line.strip()], "  " if line.startswith(" ") else "")) if line else "")
    for line in _promises(source, promise or []):
        print("\n" + "\n".join(wrapped([line], "")))
    where = page or (source / PAGE if source.is_dir() else source.with_suffix(".html"))
    asked = " ".join(["pcqa", *command_line()])
    put_text(where, html(page_of_weeks(source.resolve().name, found, asked)))
    print(f"\nCharts in {shown(where)}")


def _promises(source: Path, texts: list[str]) -> list[str]:
    """Return on how many days and half hours of a run promises are kept; raise BadInput where days are not known."""
    from pcqa_sim.report.promises import promise_line
    from pcqa_sim.study.readback import read_metrics, rerun_command
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.statistics.promise import WHERE, kept, read_promises

    if not texts:
        return []
    if source.is_file():
        raise BadInput(Fault(WHERE, "needs the folder of a run: a CSV has weeks, not days and half hours", source.name))
    first, again = read_record(source).first, f"`{rerun_command(source)}` makes it again, in another folder"
    frame = read_metrics(source / "metrics.parquet", again, [("scenario", "=", first)])
    keys = frame["practice"].unique().tolist()[:1]
    return [promise_line(kept(one, frame)) for key in keys for one in read_promises(texts, str(key))]


def _of_csv(path: Path, names: list[str], changed: tuple[int, ...]) -> list[Weekly]:
    """Return the columns of a practice's own CSV; raise BadInput naming the row and the column of a fault."""
    from pcqa_sim.report.webpage.weeks import Weekly
    from pcqa_sim.values.reading import text_of

    rows = list(csv.reader(io.StringIO(text_of(path))))
    head, body = ([cell.strip() for cell in rows[0]] if rows else []), [row for row in rows[1:] if any(row)]
    if len(head) < 2 or not 1 <= len(body) <= MOST_WEEKS:
        rule = f"needs a heading (week, then measures) and 1 to {MOST_WEEKS} rows, one a week"
        raise BadInput(Fault(str(path), rule))
    wanted = names or head[1:][:MOST_MEASURES]
    if absent := [name for name in wanted if name not in head[1:]]:
        raise BadInput(Fault("--measures", f"a column of {path.name}", absent[0], nearest(absent[0], head[1:])))
    weeks = tuple(shown(row[0], 24) for row in body)
    return [
        Weekly(
            shown(name, 60),
            weeks,
            tuple(_number(row, head.index(name), path, at) for at, row in enumerate(body, 2)),
            changed,
        )
        for name in wanted
    ]


def _number(row: list[str], column: int, path: Path, line: int) -> float:
    """Return a cell's number, NaN where it is empty."""
    text = row[column].strip() if column < len(row) else ""
    try:
        value = float(text.removesuffix("%").replace(",", "")) if text else math.nan
    except ValueError:
        value = math.inf
    if math.isinf(value) or (text and math.isnan(value)):
        raise BadInput(Fault(f"{path}: line {line}", "a number, or nothing where the week is missing", text))
    return value


def _of_run(folder: Path, names: list[str], changed: tuple[int, ...], replication: int) -> list[Weekly]:
    """Return metrics of one replication of a run by measured week; raise BadInput where there are none."""
    from pcqa_sim.commands.trust import need_end
    from pcqa_sim.report.webpage.weeks import Weekly
    from pcqa_sim.results.metrics import METRICS
    from pcqa_sim.results.metrics.base import is_share_of_a_whole
    from pcqa_sim.study.readback import read_metrics, read_settings, rerun_command
    from pcqa_sim.study.record import read_record
    from pcqa_sim.study.scenariofile import SCENARIOS
    from pcqa_sim.study.statistics.criterion import read_yardstick

    record = read_record(folder)
    need_end(record)
    again = f"`{rerun_command(folder)}` makes it again, in another folder"
    settings = read_settings(folder / SCENARIOS / f"{record.first}.yaml", again)
    key, begin = next(iter(settings["practices"])), int(settings["run"]["warm_up_weeks"])
    chosen = [read_yardstick(name, key, "--measures") for name in names or ("failure_share", "missed_share")]
    frame = read_metrics(folder / "metrics.parquet", again, [("scenario", "=", record.first), ("practice", "=", key)])
    frame = frame[frame["period"].str.startswith("w") & (frame["replication"] == replication)]
    if frame.empty:
        raise BadInput(Fault("--replication", "one that the run has, with results by week", str(replication)))
    weeks = [f"w{number:02d}" for number in range(begin, begin + int(settings["run"]["measured_weeks"]))]
    found = []
    for one in chosen:
        mine = frame[(frame["metric"] == one.metric) & (frame["group"] == one.group)].set_index("period")["value"]
        words = METRICS[one.metric].words + (f": {one.group}" if one.group else "")
        values = tuple(float(mine.get(name, math.nan)) for name in weeks)
        labels = tuple(str(number) for number in range(len(weeks)))
        found.append(Weekly(words, labels, values, changed, is_share_of_a_whole(METRICS[one.metric].unit)))
    return found
