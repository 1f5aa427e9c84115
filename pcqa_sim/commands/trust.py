"""`pcqa trust`: the trust card and the STRESS-DES table of a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import Workers, practice_of, processes_here
from pcqa_sim.commands.watching import progress
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.configuration import Shown
    from pcqa_sim.study.methods.one_at_a_time import Move, Probed
    from pcqa_sim.study.record import Record

DIFFERENCES = ("practice", "group", "metric", "difference", "low", "high", "verdict")
CARD, TABLE = "trust-card.md", "stress-des.md"
_NOT_MOVED = ("run", "calendar", "intervention")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(trust)


def trust(
    folder: Annotated[Path, typer.Argument(help="folder of a study, or its run.json", show_default=False)],
    probe: Annotated[
        float | None, typer.Option(min=1, max=90, help="per cent by which each assumption is moved, one at a time")
    ] = None,
    metric: Annotated[str, typer.Option(help="what the moves are judged by")] = "failure_share",
    reps: Annotated[int, typer.Option(min=2, max=MOST_REPLICATIONS, help="replications of each move")] = 5,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    ranges: Annotated[
        list[Path] | None,
        typer.Option(metavar="YAML", help="80 % intervals of settings, a file a person; all are drawn together"),
    ] = None,
    draws: Annotated[int, typer.Option(min=8, max=2000, help="joint draws of --ranges")] = 40,
    workers: Workers = None,
) -> None:
    """Say how far to trust a run: what is fitted, predicted and assumed, and what would change the answer.

    With --probe each assumption is moved by so many per cent, one at a time and with the same luck, and those that
    move the metric most are named; that takes as many runs as there are assumptions, times --reps.

    Example: pcqa trust pcqa_runs/20261125-090000-0123456789ab-1 --probe 20 --metric missed_share
    """
    from pcqa_sim.configuration import show
    from pcqa_sim.report.trust import trust_card
    from pcqa_sim.study.record import read_record

    record = read_record(folder)
    need_end(record)
    base = record.first
    shown = show(*([one] for one in record.overrides(base)))
    record.refuse_other(base, shown.scenario)
    key = practice_of(shown.scenario, practice)
    summary, differences = _results(record.path.parent, base, record.kind)
    probed = (
        None
        if probe is None
        else _probed(shown, record.overrides(base), record.seed, (probe, metric, key, reps), processes_here(workers))
    )
    beliefs = _beliefs(record, ranges or [], (metric, key, draws), processes_here(workers))
    print(trust_card(record.plain, shown, summary, key, differences, probed), end="")
    print("\n".join(beliefs), end="\n" if beliefs else "")


def _beliefs(record: Record, files: Sequence[Path], asked: tuple[str, str, int], workers: int) -> list[str]:
    """Return what people's ranges, drawn together, make of the metric and of what each change does to it."""
    if not files:
        return []
    from pcqa_sim.commands.beliefs import joint_lines
    from pcqa_sim.commands.options import composed_again
    from pcqa_sim.inputs.ranges import read_people
    from pcqa_sim.study.statistics.criterion import read_yardstick

    metric, practice, draws = asked
    others = dict(record.plain.get("others", {})) if record.kind == "compare" else {}
    names = {"": record.first} | {str(label): str(name) for label, name in others.items()}
    scenarios = {label: record.scenario(name, composed_again) for label, name in names.items()}
    return joint_lines(scenarios, read_people(files), read_yardstick(metric, practice), draws, workers)


def write_cards(folder: Path, shown: Shown) -> list[Path]:
    """Write the trust card and the STRESS-DES table of a scenario beside the results of its run or comparison."""
    from pcqa_sim.report.stress import Facts, stress_table
    from pcqa_sim.report.trust import trust_card
    from pcqa_sim.study.record import read_record
    from pcqa_sim.values.wholefile import put_text

    read = read_record(folder)
    record = read.plain
    summary, differences = _results(folder, read.first, read.kind)
    cards = [trust_card(record, shown, summary, key, differences) for key in shown.scenario.practices]
    others = tuple(record.get("others", {}))
    texts = {
        CARD: "\n".join(cards),
        TABLE: stress_table(Facts(record, shown.scenario, shown, others)),
    }
    for name, text in texts.items():
        put_text(folder / name, text)
    return [folder / name for name in texts]


def need_end(record: Record) -> None:
    """Raise BadInput for a study that has not come to its end."""
    from pcqa_sim.study.readback import resume_command

    if not record.ended:
        rule = f"has not come to its end; go on with: {resume_command(record.path.parent)}"
        raise BadInput(Fault(str(record.path.parent), rule))


def _results(folder: Path, base: str, kind: str) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return the summary of the base's results and, for a comparison, its differences."""
    from pcqa_sim.study.readback import read_metrics, read_table, rerun_command
    from pcqa_sim.study.statistics.intervals import summarise

    again = f"`{rerun_command(folder)}` makes it again, in another folder"
    metrics = read_metrics(folder / "metrics.parquet", again, [("period", "=", "all"), ("scenario", "=", base)])
    differences = read_table(folder / "comparison.parquet", again, DIFFERENCES) if kind == "compare" else None
    return summarise(metrics), differences


def _probed(shown: Shown, overrides: list[str], seed: int, asked: tuple[float, str, str, int], workers: int) -> Probed:
    """Move each assumption by itself and return what that did to the metric."""
    from pcqa_sim.scenario import with_settings
    from pcqa_sim.study.methods.one_at_a_time import probe
    from pcqa_sim.study.statistics.criterion import read_yardstick

    per_cent, metric, practice, reps = asked
    yardstick = read_yardstick(metric, practice)
    moves = moves_of(shown, overrides, per_cent)
    base = with_settings(shown.scenario, {"run.seed": seed})
    runs = (len(moves) + 1) * reps
    with progress(f"{base.weeks} weeks, {runs} runs", runs) as done:
        return probe(base, moves, yardstick, reps, workers=workers, done=done)


def moves_of(shown: Shown, overrides: Sequence[str], per_cent: float) -> list[Move]:
    """Return each assumed number moved up by so many per cent, or down where up is not allowed.

    Numbers that cannot move alone (shares that must sum to 1) and those written by time of day are left out.
    """
    from pcqa_sim.configuration import assumed
    from pcqa_sim.configuration.sweeping import Composer
    from pcqa_sim.study.methods.one_at_a_time import Move

    composer = Composer(list(overrides))
    values = {one.key: one.value for one in assumed(shown) if _movable(one.key, one.value)}
    # All are set, each to what it is: the settings are then composed once, and a move lays one number into them.
    still = {key: f"{key}={value}" for key, value in values.items()}
    moves = []
    for key, value in values.items():
        for way in (1, -1):
            moved = _moved(value, way * per_cent / 100)
            try:
                scenario = composer.scenario(list((still | {key: f"{key}={moved}"}).values()))
            except BadInput:
                continue
            moves.append(Move(key, float(str(value)), float(moved), scenario))
            break
    return moves


def _moved(value: object, by: float) -> int | float:
    """Return a number moved by a share of itself; a whole number stays whole and moves by 1 at the least."""
    number = float(str(value))
    if isinstance(value, int):
        return round(number) + (round(number * by) or (1 if by > 0 else -1))
    return float(f"{number * (1 + by):.6g}")


def _movable(key: str, value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and value != 0
    return number and ":" not in key and key.partition(".")[0] not in _NOT_MOVED
