"""`pcqa run`: one scenario, replications, and short answers with their intervals."""

from __future__ import annotations

import re
import shlex
import time
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import (
    Out,
    Overrides,
    Seed,
    Workers,
    command_line,
    processes_here,
    progress,
    resolved_of,
    told_if_not_written,
    with_seed,
)
from pcqa_sim.commands.trust import write_cards
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.replicate import Study
    from pcqa_sim.study.stopping import Precision, Stop

AUTO = "auto"
_WHOLE = re.compile(r"[0-9]{1,9}")
Metric = Annotated[str, typer.Option(help="with --reps auto: the metric whose interval is to be narrow")]
HalfWidth = Annotated[
    str,
    typer.Option(metavar="WIDTH", help="with --reps auto: half of the interval; 5% of the mean, or 0.01 in its unit"),
]
Most = Annotated[int, typer.Option(min=5, max=MOST_REPLICATIONS, help="with --reps auto: most replications")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    overrides: Overrides = None,
    reps: Annotated[
        str | None, typer.Option(metavar="N|auto", help="replications; auto runs as many as needed")
    ] = None,
    metric: Metric = "failure_share",
    half_width: HalfWidth = "5%",
    most: Most = 100,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
    events: Annotated[bool, typer.Option("--events", help="keep the event log of every replication")] = False,
) -> None:
    """Run one scenario and print short answers with their intervals.

    Example: pcqa run practice=small intervention=[more_call_handlers] --reps 10

    Example: pcqa run practice=small --reps auto --metric missed_share --half-width 0.01
    """
    many, precision = _replications(reps, metric, half_width, most)
    made = resolved_of(overrides)
    scenario = with_seed(made.scenario, seed)
    from pcqa_sim.report import console
    from pcqa_sim.study import files
    from pcqa_sim.study.claiming import claimed, label_of
    from pcqa_sim.study.provenance import Request

    with claimed(out, label_of(scenario), command_line()) as folder:
        begun = time.monotonic()
        study, stop = _replicated(scenario, many, precision, processes_here(workers), keep_log=events)
        seconds = time.monotonic() - begun
        asked = {"replications": len(study.units)}
        request = Request("run", command_line(), asked, {scenario.hash(): overrides or []})
        with told_if_not_written(lambda: _tell(study, stop)):
            written = files.write_study(study, folder, request, seconds)
            write_cards(folder, made)
    _tell(study, stop)
    console.print_files(folder, written[: 2 * len(scenario.practices) + 2])
    again = [*(overrides or []), *([] if seed is None else ["--seed", str(seed)])]
    print("Read one person's need aloud: " + shown(shlex.join(["pcqa", "story", *again])))


def _tell(study: Study, stop: Stop | None) -> None:
    from pcqa_sim.report.console import print_answers
    from pcqa_sim.report.settling import print_settling

    print_answers(study)
    print_settling(study, stop)


def _replications(reps: str | None, metric: str, half_width: str, most: int) -> tuple[int | None, Precision | None]:
    """Return the number of replications (None for the scenario's own), or the precision that decides it."""
    if reps != AUTO:
        if reps is not None and not (_WHOLE.fullmatch(reps) and 1 <= int(reps) <= MOST_REPLICATIONS):
            raise BadInput(Fault("--reps", f"a whole number from 1 to {MOST_REPLICATIONS:,}, or auto", reps))
        return (None if reps is None else int(reps)), None
    from pcqa_sim.results.metrics import METRICS, unknown_metric
    from pcqa_sim.study.stopping import Precision, read_half_width

    if metric not in METRICS:
        raise BadInput(unknown_metric("--metric", metric))
    width, relative = read_half_width(half_width)
    return None, Precision(metric, width, relative, most=most)


def _replicated(
    scenario: Scenario, many: int | None, precision: Precision | None, workers: int, keep_log: bool
) -> tuple[Study, Stop | None]:
    """Run the replications behind a progress bar."""
    from pcqa_sim.study.replicate import replicate
    from pcqa_sim.study.stopping import replicate_until

    if precision is not None:
        words = f"{scenario.weeks} weeks, until {precision.metric} is within {precision}"
        with progress(words, precision.most) as done:
            return replicate_until(scenario, precision, workers=workers, keep_log=keep_log, done=done)
    used = many or scenario.run.replications
    with progress(f"{scenario.weeks} weeks, {used} replications", used) as done:
        return replicate(scenario, used, workers=workers, keep_log=keep_log, done=done), None
