"""`pcqa size`: the smallest value of a setting that meets a target, or what two settings cost and give."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands import rostering
from pcqa_sim.commands.options import Overrides, Seed, attempt
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Full, Options, study_command
from pcqa_sim.commands.varying import asked_again, need, overrides_of, start_of
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.limits import MOST_REPLICATIONS
from pcqa_sim.values.words import GP

if TYPE_CHECKING:
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.configuration.ranges import Range, Varied
    from pcqa_sim.report.console import Section
    from pcqa_sim.report.webpage.building import Made, Page
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.sizing import Price, Sizing
    from pcqa_sim.study.record import Record
    from pcqa_sim.study.statistics.criterion import Target

KIND = "size"
LEAST_REPS, REPS = 5, 40
KEPT = "intervention.keep_sessions.most"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(size))


@dataclass(frozen=True)
class SizeRequest:
    """What was asked, in plain data, as run.json keeps it."""

    target: str
    vary: list[str]
    confidence: float = 0.95
    reps: int = REPS
    cost: Sequence[str] = ()
    practice: str = ""
    by_half_hour: str = ""


@dataclass(frozen=True)
class Understood:
    """What was asked, understood and known to make sense."""

    made: Resolved
    base: Scenario
    target: Target
    varied: Varied
    price: Price


def size(
    options: Options,
    target: Annotated[
        str, typer.Option(help='what should be reached, such as "missed_share<=0.05"', show_default=False)
    ] = "",
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=A..B", help="setting to vary, both ends included; twice for cost against result"),
    ] = None,
    overrides: Overrides = None,
    confidence: Annotated[float, typer.Option(help="chance that no verdict of the search is wrong")] = 0.95,
    reps: Annotated[
        int | None,
        typer.Option(
            min=LEAST_REPS,
            max=MOST_REPLICATIONS,
            help=f"replications of a value, at the most ({REPS}; by half hour of each roster, {rostering.REPS})",
            show_default=False,
        ),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=PRICE", help="price of one unit of a varied setting; or the metric that is the cost"),
    ] = None,
    practice: Annotated[str, typer.Option(help="key of the practice, in a network")] = "",
    headroom: Annotated[
        str,
        typer.Option(metavar="ROLE", help="instead of --vary: half days a week of a role not needed for the target"),
    ] = "",
    by_half_hour: Annotated[
        str,
        typer.Option(metavar=rostering.PHONE, help="instead of --vary: which half hour needs how many call handlers"),
    ] = "",
    seed: Seed = None,
    full: Full = False,
) -> None:
    """Find how much is enough: the smallest value that meets a target, or with two settings what cost buys.

    The answer stays inside the range you give, and says when a bound of the range stands in the way. The parameter of
    an intervention switches the intervention on.

    Example: pcqa size --target "missed_share<=0.05" --vary intervention.more_call_handlers.extra=0..6
    Or, who should answer calls when: pcqa size --target "answered_within_2_min_share>=0.9" --by-half-hour rota.phone
    """
    named = bool(overrides or target or vary or headroom or by_half_hour)
    if named or not options.resume:
        need({"--target": target, "--vary": vary or headroom or by_half_hour})
    if headroom and by_half_hour:
        raise BadInput(Fault("--by-half-hour", "is another question than --headroom: ask one at a time", by_half_hour))
    if headroom and vary:
        raise BadInput(Fault("--headroom", "varies the sessions of a role: leave --vary out", headroom))
    if headroom:
        start = start_of(overrides or [], seed, practice)
        more, vary = of_role(headroom, start.base, start.practice)
        overrides = [*(overrides or []), *more]
    many = reps or (rostering.REPS if by_half_hour else REPS)
    request = SizeRequest(target, vary or [], confidence, many, cost or [], practice, by_half_hour)
    options = replace(options, full=full)
    conduct(KIND, again, lambda: _asked(request, overrides or [], seed), options, named)


def again(record: Record, _: int | None = None) -> Asked:
    """Return what a record of such a search asked; raise BadInput where settings files now say otherwise."""
    request = SizeRequest(**record.parameters)
    if request.by_half_hour:
        return asked_again(record, request, rostering.understood, rostering.asked_of)
    return asked_again(record, request, understood, asked_of)


def _asked(request: SizeRequest, overrides: Sequence[str], seed: int | None) -> Asked:
    """Return what is asked as a study; raise BadInput with every fault of it."""
    if request.by_half_hour:
        return rostering.asked_of(request, rostering.understood(request, overrides, seed))
    return asked_of(request, understood(request, overrides, seed))


def understood(request: SizeRequest, overrides: Sequence[str], seed: int | None) -> Understood:
    """Return what is asked; raise BadInput with every fault of it."""
    from pcqa_sim.configuration.ranges import read_ranges
    from pcqa_sim.study.statistics.criterion import read_target

    start = start_of(overrides, seed, request.practice)
    faults: list[Fault] = []
    if not 0.5 <= request.confidence < 1:
        faults.append(Fault("--confidence", "a share from 0.5 to below 1, such as 0.95", f"{request.confidence:g}"))
    if len(request.vary) > 2:
        faults.append(Fault("--vary", "at most two settings at a time", ", ".join(request.vary)))
    target = attempt(lambda: read_target(request.target, start.practice), faults)
    varied = attempt(lambda: read_ranges(request.vary, overrides), faults)
    price = None
    if varied is not None:
        attempt(lambda: [one.values for one in varied.ranges], faults)
        price = attempt(lambda: price_of(request.cost, varied.ranges, start.practice), faults)
    if faults or target is None or varied is None or price is None:
        raise BadInput(faults)
    return Understood(start.made, start.base, target, varied, price)


def of_role(role: str, scenario: Scenario, practice: str) -> tuple[list[str], list[str]]:
    """Return the overrides, and what is varied, of a search for how many sessions of a role are needed."""
    from pcqa_sim.scenario.team import weekly_sessions

    mine = scenario.practices[practice]
    known = [name for name in mine.role if mine.works(name) and weekly_sessions(mine, name) > 1]
    if role not in known:
        raise BadInput(Fault("--headroom", f"must be one of: {', '.join(known)}", role, nearest(role, known)))
    here = weekly_sessions(mine, role)
    change = "+intervention=keep_sessions"
    return [change, f"intervention.keep_sessions.role={role}"], [
        f"{KEPT}={here - int(here) + (here == int(here)):.10g}..{here:.10g}:1"
    ]


def _role_kept(overrides: Sequence[str]) -> str:
    """Return the role whose sessions are varied."""
    said = [one.partition("=")[2] for one in overrides if one.startswith("intervention.keep_sessions.role=")]
    return said[-1] if said else GP


def price_of(texts: Sequence[str], ranges: Sequence[Range], practice: str) -> Price:
    """Return what combinations cost: a metric, or a price for each setting (1 where none is given)."""
    from pcqa_sim.study.methods.sizing import Price
    from pcqa_sim.study.statistics.criterion import read_yardstick

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


def asked_of(request: SizeRequest, found: Understood) -> Asked:
    """Return the search as a study."""
    base = found.base
    return Asked(
        kind=KIND,
        scenarios={base.hash(): base},
        overrides={base.hash(): list(found.varied.asked)},
        parameters=asdict(request),
        method=partial(_found, request, found),
        words=f"{base.weeks} weeks, until enough is known",
        most=_most(request, found),
        periods="weeks",
        made=lambda: found.made,
    )


def _most(request: SizeRequest, found: Understood) -> int:
    """Return how many runs a search takes where every value, or combination, is tried to the end."""
    from pcqa_sim.study.methods.frontier import thin

    each = [len(one.values) for one in found.varied.ranges]
    if len(each) == 1:
        return each[0] * request.reps
    return math.prod(len(thin(one.values)) for one in found.varied.ranges) * request.reps


@dataclass(frozen=True)
class Answered:
    """What a search found, and what it was asked."""

    asked: Understood
    found: Sizing

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write figures, tables and metrics."""
        from pcqa_sim.report import sizing as words

        words.finding(self.found, self.asked.target, self.asked.varied.ranges).fill(files)
        return {"overrides": overrides_of(self.asked.base, self.asked.varied, self.found.trials.scenarios)}

    def tell(self) -> None:
        """Print the answer."""
        from pcqa_sim.report.console import told_text

        print(told_text(self.asked.base, self.asked.target.yardstick.practice, self._told()))

    def tell_first(self) -> None:
        """Print the answer and, where that is short, what was tried."""
        from pcqa_sim.report.screen import sizing_screen

        print(sizing_screen(self.asked.base, self.asked.target.yardstick.practice, self._told()))

    def page(self, made: Made) -> Page:
        """Return the page for people."""
        from pcqa_sim.report.webpage.sizes import page_of_sizing

        asked = self.asked
        return page_of_sizing(asked.base, self.found, asked.target, asked.varied.ranges, self._told(), made)

    def _told(self) -> list[Section]:
        from pcqa_sim.report import sizing as words

        told = words.told(self.found, self.asked.target, self.asked.varied.ranges, self.asked.price)
        base, key = self.asked.base, self.asked.target.yardstick.practice
        if self.asked.varied.ranges[0].key == KEPT and self.found.trials.scenarios:
            told.insert(1, words.headroom(self.found, base.practices[key], _role_kept(self.asked.varied.asked)))
        return told

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))


def _found(request: SizeRequest, asked: Understood, do: Execution) -> Answered:
    from pcqa_sim.study.methods import sizing

    found = sizing.sized(
        asked.varied.scenario_at,
        [one.values for one in asked.varied.ranges],
        asked.target,
        asked.base.run.seed,
        asked.price,
        confidence=request.confidence,
        most=request.reps,
        do=do,
    )
    return Answered(asked, found)
