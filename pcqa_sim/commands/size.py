"""`pcqa size`: the smallest value of a setting that meets a target, or what two settings cost and give."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcqa_sim.commands.options import (
    Out,
    Overrides,
    Seed,
    Workers,
    attempt,
    command_line,
    practice_of,
    processes_here,
    progress,
    scenario_of,
    told_if_not_written,
)
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from pcqa_sim.configuration.ranges import Range, Varied
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.criterion import Target
    from pcqa_sim.study.sizing import Price

LEAST_REPS = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(size)


@dataclass(frozen=True)
class SizeRequest:
    """What was asked, in plain data, as run.json keeps it."""

    target: str
    vary: list[str]
    confidence: float = 0.95
    reps: int = 40
    cost: tuple[str, ...] = ()
    practice: str = ""


@dataclass(frozen=True)
class Asked:
    """What was asked, understood and known to make sense."""

    base: Scenario
    target: Target
    varied: Varied
    price: Price


def size(
    target: Annotated[str, typer.Option(help='what should be reached, such as "missed_share<=0.05"')],
    vary: Annotated[
        list[str],
        typer.Option(metavar="KEY=A..B", help="setting to vary, both ends included; twice for cost against result"),
    ],
    overrides: Overrides = None,
    confidence: Annotated[float, typer.Option(help="chance that no verdict of the search is wrong")] = 0.95,
    reps: Annotated[
        int, typer.Option(min=LEAST_REPS, max=MOST_REPLICATIONS, help="replications of a value, at the most")
    ] = 40,
    cost: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=PRICE", help="price of one unit of a varied setting; or the metric that is the cost"),
    ] = None,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Find how much is enough: the smallest value that meets a target, or with two settings what cost buys.

    The answer stays inside the range you give, and says when a bound of the range stands in the way. The parameter of
    an intervention switches the intervention on.

    Example: pcqa size --target "missed_share<=0.05" --vary intervention.more_call_handlers.extra=0..6
    """
    request = SizeRequest(target, vary, confidence, reps, tuple(cost or ()), practice)
    asked = understood(request, overrides or [], seed)
    from pcqa_sim.study.claiming import claimed, label_of

    with claimed(out, label_of(asked.base), command_line()) as folder:
        carry_out(asked, request, folder, processes_here(workers))


def understood(request: SizeRequest, overrides: Sequence[str], seed: int | None) -> Asked:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.configuration.ranges import read_ranges
    from pcqa_sim.study.criterion import read_target

    base = scenario_of(list(overrides), seed)
    practice = practice_of(base, request.practice)
    faults: list[Fault] = []
    if not 0.5 <= request.confidence < 1:
        faults.append(Fault("--confidence", "a share from 0.5 to below 1, such as 0.95", f"{request.confidence:g}"))
    if len(request.vary) > 2:
        faults.append(Fault("--vary", "at most two settings at a time", ", ".join(request.vary)))
    target = attempt(lambda: read_target(request.target, practice), faults)
    varied = attempt(lambda: read_ranges(request.vary, overrides), faults)
    price = None
    if varied is not None:
        attempt(lambda: [one.values for one in varied.ranges], faults)
        price = attempt(lambda: price_of(request.cost, varied.ranges, practice), faults)
    if faults or target is None or varied is None or price is None:
        raise BadInput(faults)
    return Asked(base, target, varied, price)


def price_of(texts: Sequence[str], ranges: Sequence[Range], practice: str) -> Price:
    """Return what combinations cost: a metric, or a price for each setting (1 where none is given)."""
    from pcqa_sim.study.criterion import read_yardstick
    from pcqa_sim.study.sizing import Price

    if texts and len(ranges) < 2:
        raise BadInput(Fault("--cost", "is for two settings: with one, the smallest value is the cheapest", texts[0]))
    if len(texts) == 1 and "=" not in texts[0]:
        return Price(metric=read_yardstick(texts[0], practice, "--cost"))
    keys = [one.key for one in ranges]
    prices = dict.fromkeys(keys, 1.0)
    for text in texts:
        key, _, amount = text.partition("=")
        if key.strip() not in keys:
            raise BadInput(Fault("--cost", "is for settings that are varied", key, nearest(key, keys)))
        prices[key.strip()] = _amount(text, amount)
    return Price(tuple(one.low for one in ranges), tuple(prices.values()), stated=bool(texts))


def _amount(text: str, amount: str) -> float:
    try:
        price = float(amount)
    except ValueError:
        price = -1.0
    if not 0 <= price < float("inf"):
        raise BadInput(Fault("--cost", "is written KEY=PRICE, the price a number, 0 or more", text))
    return price


def carry_out(asked: Asked, request: SizeRequest, folder: Path, workers: int) -> list[Path]:
    """Search, write the files of the study, and print the answer; return the files' paths."""
    from pcqa_sim.report import sizing as words
    from pcqa_sim.report.console import print_files, print_told
    from pcqa_sim.study import sizing
    from pcqa_sim.study.files import write_finding
    from pcqa_sim.study.provenance import Request

    begun = time.monotonic()
    with progress(f"{asked.base.weeks} weeks, runs", None) as done:
        found = sizing.sized(
            asked.varied.scenario_at,
            [one.values for one in asked.varied.ranges],
            asked.target,
            asked.base.run.seed,
            asked.price,
            confidence=request.confidence,
            most=request.reps,
            workers=workers,
            done=done,
        )
    told = words.told(found, asked.target, asked.varied.ranges, asked.price)
    overrides = {made.hash(): list(asked.varied.overrides_at(at)) for at, made in found.trials.scenarios.items()}
    made = Request("size", command_line(), asdict(request), {asked.base.hash(): list(asked.varied.asked)} | overrides)
    finding = words.finding(found, asked.target, asked.varied.ranges)

    def tell() -> None:
        print_told(asked.base, asked.target.yardstick.practice, told)

    with told_if_not_written(tell):
        written = write_finding(finding, folder, made, asked.base.run.seed, time.monotonic() - begun)
    tell()
    print_files(folder, written[:2])
    return written
