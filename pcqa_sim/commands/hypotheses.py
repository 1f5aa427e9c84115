"""`pcqa hypotheses`: what practices believe, run with the same people and the same luck, a verdict in a line each."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcqa_sim.commands.options import Overrides, Seed, composed_again, resolved_of, with_seed
from pcqa_sim.commands.run import grown
from pcqa_sim.commands.studying import Asked, conduct
from pcqa_sim.commands.studyoptions import Options, study_command
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    import pandas as pd

    from pcqa_sim.report.hypotheses import Hypothesis, Verdict
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.replicate import Study
    from pcqa_sim.study.record import Record

KIND = "hypotheses"
AS_IT_IS = ""
_WIDE, _INDENT, _VERDICT = 100, 21, 19
_LEAST = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(study_command(hypotheses))


def hypotheses(
    options: Options,
    overrides: Overrides = None,
    only: Annotated[str, typer.Option(metavar="A,B", help="some of them, by name", show_default=False)] = "",
    turning: Annotated[
        bool, typer.Option("--turning", help="also find the setting on which each turns; --resume goes on with it")
    ] = False,
    reps: Annotated[
        int | None, typer.Option(min=_LEAST, max=MOST_REPLICATIONS, help="replications; else what the settings say")
    ] = None,
    seed: Seed = None,
) -> None:
    """Judge what practices believe of themselves on your own or a shipped practice, a line and a verdict each.

    Example: pcqa hypotheses

    Example: pcqa hypotheses practice=small --only not_enough_capacity,access_is_prime

    Example: pcqa hypotheses --turning --only not_enough_capacity --out turning
    """

    def ask() -> Asked:
        own = list(overrides or [])
        plan = [
            point
            for name in _named(only)
            for amount in (None, *(_amounts(name) if turning else ()))
            for point in _points(name, own, amount, seed)
        ]
        return _asked(plan, {"replications": reps or plan[0].scenario.run.replications, "turning": turning})

    conduct(KIND, again, ask, options, bool(overrides) or bool(only), reps)


@dataclass(frozen=True)
class Point:
    """One scenario of the study: of which hypothesis, at which amount of its turning setting, and which arm."""

    name: str
    amount: float | None
    arm: str
    scenario: Scenario
    overrides: list[str]

    @property
    def key(self) -> str:
        """Return by what the record knows it."""
        return "|".join((self.name, "" if self.amount is None else f"{self.amount:g}", self.arm))


def _named(only: str) -> list[str]:
    """Return the hypotheses that are meant; raise BadInput for a name there is not."""
    from pcqa_sim.report.hypotheses import hypotheses as known

    names = [name.strip() for name in only.split(",") if name.strip()] or list(known())
    for name in names:
        if name not in known():
            raise BadInput(Fault("--only", f"hypotheses are: {', '.join(known())}", name, nearest(name, known())))
    return list(dict.fromkeys(names))


def _known(name: str) -> Hypothesis:
    from pcqa_sim.report.hypotheses import hypotheses as known

    return known()[name]


def _amounts(name: str) -> Sequence[float]:
    turning = _known(name).turning
    return () if turning is None else turning.amounts


def _points(name: str, own: list[str], amount: float | None, seed: int | None) -> list[Point]:
    """Return base and arms of a hypothesis, at an amount of the setting on which it may turn."""
    from pcqa_sim.report.hypotheses import PREFIX

    known = _known(name)
    more = [] if amount is None or known.turning is None else list(known.turning.settings(amount))
    first = f"experiment={PREFIX}{name}"
    try:
        base = with_seed(resolved_of([[first], own, more]).scenario, seed)
        arms: Mapping[str, Sequence[str]] = {AS_IT_IS: (), **known.arms_of(base)}
        return [
            Point(name, amount, arm, _composed(first, own, more, list(change), seed), [first, *own, *more, *change])
            for arm, change in arms.items()
        ]
    except BadInput as bad:
        raise BadInput(Fault(f"{name}: {one.where}", one.rule, one.value, one.nearest) for one in bad.faults) from None


def _composed(first: str, own: list[str], more: list[str], change: list[str], seed: int | None) -> Scenario:
    return with_seed(resolved_of([one for one in ([first], own, more, change) if one]).scenario, seed)


def again(record: Record, replications: int | None = None) -> Asked:
    """Return what a record of hypotheses asked, with more replications where they are given."""
    points = []
    for key, scenario in record.plain["points"].items():
        name, amount, arm = key.split("|", 2)
        composed = record.scenario(scenario, composed_again)
        points.append(Point(name, float(amount) if amount else None, arm, composed, record.overrides(scenario)))
    return _asked(points, dict(record.parameters) | grown(record, replications))


def _asked(points: list[Point], parameters: Mapping[str, Any]) -> Asked:
    """Return the study of some points; those that are the same scenario are run once."""
    scenarios = {point.scenario.hash(): point.scenario for point in points}
    overrides: dict[str, list[str]] = {}
    for point in points:
        overrides.setdefault(point.scenario.hash(), point.overrides)
    runs = len(scenarios) * int(parameters["replications"])
    base = points[0]
    return Asked(
        kind=KIND,
        scenarios=scenarios,
        overrides=overrides,
        parameters=parameters,
        method=partial(_found, points, dict(parameters)),
        words=f"{len(scenarios)} scenarios of {base.scenario.weeks} weeks, {runs} runs",
        most=runs,
        replications=parameters["replications"],
        periods="weeks",
        names={"base": base.scenario.hash(), "points": {point.key: point.scenario.hash() for point in points}},
        made=lambda: resolved_of([[one] for one in base.overrides]),
    )


@dataclass(frozen=True)
class Judged:
    """The verdict on each hypothesis, and those at the amounts of the setting on which it may turn."""

    verdicts: Mapping[str, Verdict]
    turned: Mapping[str, Mapping[float, Verdict]]
    weeks: str
    studies: Sequence[Study]

    @property
    def lines(self) -> list[str]:
        """Return a line and a verdict each, and what each turns on where that was looked for."""
        said = []
        for name, one in self.verdicts.items():
            said += textwrap.wrap(one.line(_VERDICT), _WIDE, subsequent_indent=" " * _INDENT)
            if name in self.turned:
                said += [" " * _INDENT + line for line in textwrap.wrap(self._turns(name), _WIDE - _INDENT)]
        return [*said, "", *textwrap.wrap(self.weeks, _WIDE)]

    def _turns(self, name: str) -> str:
        """Say at which amount of its setting a hypothesis turns."""
        from pcqa_sim.report.hypotheses import turns_at

        known = _known(name)
        assert known.turning is not None
        tried = self.turned[name]
        at = turns_at(list(tried), [one.found.mean for one in tried.values()], known.bound)
        each = "; ".join(f"{amount:g}: {one.said}" for amount, one in tried.items())
        if math.isnan(at):
            return f"Does not turn on {known.turning.words} between {min(tried):g} and {max(tried):g} ({each})."
        return f"Turns at about {at:.3g}, by {known.turning.words} ({each})."

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write verdicts with their definitions, a table, and all metrics."""
        import pandas as pd

        files.put_bytes("hypotheses.md", "\n".join(self._page()).encode())
        files.put_csv("hypotheses.csv", self.table())
        files.put_result("metrics.parquet", pd.concat([study.metrics for study in self.studies], ignore_index=True))
        return {}

    def _page(self) -> list[str]:
        said = ["# What practices believe", ""]
        for name, one in self.verdicts.items():
            known = _known(name)
            said += [f"## {one.claim}: {one.said}", "", f"{one.numbers()}.", "", known.definition]
            said += ["", known.note] if known.note else []
            said += ["", self._turns(name)] if name in self.turned else []
            said += [""]
        return [*said, self.weeks, ""]

    def table(self) -> pd.DataFrame:
        """Return a row for each hypothesis, and for each amount of its setting."""
        import pandas as pd

        rows: list[tuple[str, float | None, Verdict]] = [(name, None, one) for name, one in self.verdicts.items()]
        rows += [(name, amount, one) for name, tried in self.turned.items() for amount, one in tried.items()]
        return pd.DataFrame(
            {
                "hypothesis": [name for name, _, _ in rows],
                "claim": [one.claim for _, _, one in rows],
                "amount": [math.nan if amount is None else amount for _, amount, _ in rows],
                "verdict": [one.said for _, _, one in rows],
                "mean": [one.found.mean for _, _, one in rows],
                "low": [one.found.low for _, _, one in rows],
                "high": [one.found.high for _, _, one in rows],
                "bound": [one.bound for _, _, one in rows],
            }
        )

    def tell(self) -> None:
        """Print the verdicts."""
        print("\n".join(self.lines))

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written))


def _found(points: list[Point], parameters: Mapping[str, Any], do: Execution) -> Judged:
    """Have all points run at once, each scenario once, and judge the hypotheses one by one."""
    from pcqa_sim.report.experiments import Results
    from pcqa_sim.study.methods.pair import Comparison
    from pcqa_sim.study.methods.replicate import Job, Study

    many = int(parameters["replications"])
    distinct = {point.scenario.hash(): point.scenario for point in points}
    jobs = [Job(one, one.run.seed, number) for one in distinct.values() for number in range(many)]
    units = tuple(do(jobs))
    mine = {name: Study(one, units[at * many : (at + 1) * many]) for at, (name, one) in enumerate(distinct.items())}
    verdicts: dict[str, Verdict] = {}
    turned: dict[str, dict[float, Verdict]] = {}
    for name, amount in dict.fromkeys((point.name, point.amount) for point in points):
        arms = {p.arm: mine[p.scenario.hash()] for p in points if (p.name, p.amount) == (name, amount)}
        base = arms.pop(AS_IT_IS)
        judged = _known(name).judge(Results(Comparison(base, arms)))
        if amount is None:
            verdicts[name] = judged
        else:
            turned.setdefault(name, {})[amount] = judged
    return Judged(verdicts, turned, _how(points[0].scenario, many), tuple(mine.values()))


def _how(scenario: Scenario, many: int) -> str:
    """Return what the verdicts rest on."""
    from pcqa_sim.study.methods.pair import LEAST_PAIRS

    run, key = scenario.run, next(iter(scenario.practices))
    few = f" So few tell nothing apart: ask for {LEAST_PAIRS} or more with --reps." if many < LEAST_PAIRS else ""
    return (
        f"{scenario.called(key)}, {scenario.practices[key].list_size:,} patients, {run.measured_weeks} weeks after "
        f"{run.warm_up_weeks}, {many} replications of each, the same people with the same luck. Intervals are 95 %, of "
        f"luck alone: what the settings assume moves them too. How each is defined: hypotheses.md.{few}"
    )
