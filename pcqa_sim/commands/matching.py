"""`pcqa calibrate --fit`: chosen settings found by history matching, with intervals, and written with their source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcqa_sim.commands.direct import HEAD, lines_of_direct, statistics_in, table_rows, to_write
from pcqa_sim.commands.options import resolved_of
from pcqa_sim.commands.studying import Asked
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown

if TYPE_CHECKING:
    from pcqa_sim.calibration import Targets
    from pcqa_sim.calibration.matching import Aim, Grid, Match
    from pcqa_sim.calibration.statistics import Direct, Statistic
    from pcqa_sim.calibration.targets import Seen
    from pcqa_sim.configuration import Resolved
    from pcqa_sim.scenario import Scenario
    from pcqa_sim.study.design.designs import Vary
    from pcqa_sim.study.execute import Execution
    from pcqa_sim.study.files import Filling
    from pcqa_sim.study.methods.replicate import Study


def asked_of_match(
    scenario: Scenario, overrides: list[str], parameters: Mapping[str, Any], made: Resolved | None, write: bool
) -> Asked:
    """Return the match of a scenario's only practice as a study; raise BadInput where it cannot be matched."""
    from pcqa_sim.calibration.direct import units_of
    from pcqa_sim.calibration.matching import WAVES, points_for, runs_for, scenario_with, values_at
    from pcqa_sim.commands.calibrate import KIND, wanted_of
    from pcqa_sim.study.design.designs import read_ranges

    if len(scenario.practices) != 1 or scenario.phases:
        raise BadInput(Fault("calibrate", "fits one practice whose settings stay the same through the run"))
    targets = wanted_of(scenario, parameters["targets"])
    try:
        ranges = read_ranges(parameters.get("fit", []))
    except BadInput as bad:
        raise BadInput([Fault("--fit", one.rule, one.value, one.nearest) for one in bad.faults]) from None
    many = int(parameters["replications"])
    points = points_for(ranges, int(parameters["points"])) if ranges else 0
    for corner in (0.0, 1.0):
        scenario_with(scenario, values_at(ranges, [corner] * len(ranges)))
    aims = aims_of(targets, parameters["weight"])
    own = _own_file(overrides) if write else None
    statistics = statistics_in(parameters)
    runs = (runs_for(points, many) if ranges else 0) + many + units_of(statistics, many)
    return Asked(
        kind=KIND,
        scenarios={scenario.hash(): scenario},
        overrides={scenario.hash(): overrides},
        parameters=parameters,
        method=partial(_matched, scenario, targets, ranges, aims, points, many, own, statistics),
        words=f"{scenario.weeks} weeks, {WAVES} waves of {points} points, {many} runs each",
        most=runs,
        replications=many,
        periods="all",
        names={"scenario": scenario.hash()},
        made=lambda: made or resolved_of([[one] for one in overrides]),
    )


def aims_of(targets: Targets, weights: Sequence[str]) -> list[Aim]:
    """Return targets as aims, with weights written METRIC=N; raise BadInput for one that is no target's."""
    from pcqa_sim.calibration.matching import Aim

    known = {target.metric for target in targets.targets}
    found: dict[str, float] = {}
    for text in weights:
        metric, _, number = text.partition("=")
        try:
            found[metric] = float(number)
        except ValueError:
            found[metric] = 0.0
        if metric not in known or not 0 <= found[metric] <= 1000 or (found[metric] == 0 and number != "0"):
            rule = f"METRIC=N with a metric of the targets ({', '.join(sorted(known))}) and N from 0 to 1000"
            raise BadInput(Fault("--weight", rule, text, nearest(metric, known)))
    return [
        Aim.of(target, found.get(target.metric, 1.0)) for target in targets.targets if found.get(target.metric, 1.0) > 0
    ]


def _own_file(overrides: Sequence[str]) -> Path:
    from pcqa_sim.configuration import user_library

    name = next((one.partition("=")[2] for one in overrides if one.startswith("practice=")), "")
    path = user_library().own_files.get("practice", {}).get(name)
    if path is None:
        raise BadInput(
            Fault("--write", "with --fit, is for a practice of your own: name it, as in practice=riverside", name)
        )
    return path


@dataclass
class Matched:
    """A match, the run at the values found, and the practice's file that is to have them."""

    targets: Targets
    match: Match | None
    direct: Sequence[Direct]
    seen: Seen
    studies: Sequence[Study]
    own: Path | None
    written: list[Path] = field(default_factory=list)

    def fill(self, files: Filling) -> Mapping[str, Any]:
        """Write the settings found, the fit table and all metrics; and the practice's file where that was asked."""
        import pandas as pd

        from pcqa_sim.calibration import table

        files.put_bytes("published.md", f"{table(self.targets, self.seen)}\n".encode())
        if self.direct:
            files.put_csv("direct.csv", pd.DataFrame(table_rows(self.direct), columns=list(HEAD)))
        names = ["setting", "value", "low", "high", "range_low", "range_high", "identified"]
        sought, fits = (self.match.found, self.match.fits) if self.match is not None else ((), ())
        rows = [[getattr(one, "key" if name == "setting" else name) for name in names] for one in sought]
        files.put_csv("fitted.csv", pd.DataFrame(rows, columns=names))
        words = ["words", "published", "fitted", "sd", "explained", "reached"]
        table_of_fits = [[getattr(one, name) for name in words] for one in fits]
        files.put_csv("fits.csv", pd.DataFrame(table_of_fits, columns=words))
        distinct = {study.scenario.hash(): study.metrics for study in self.studies}
        files.put_result("metrics.parquet", pd.concat(distinct.values(), ignore_index=True))
        if self.own is not None:
            self.written = write_match(self.own, self.match, self.direct)
        return {}

    def tell(self) -> None:
        """Print settings with intervals, which the targets do not identify, and published beside simulated."""
        from pcqa_sim.calibration import table

        lines = [*lines_of_direct(self.direct), *(lines_of(self.match) if self.match is not None else [])]
        print("\n".join([*lines, table(self.targets, self.seen)]))

    def afterwards(self, folder: Path, written: Sequence[Path]) -> None:
        """Name the files, and the settings files that were changed."""
        from pcqa_sim.report.console import files_text

        print(files_text(folder, written[:3]))
        for path in self.written:
            print(f"written: {shown(path)}")


def lines_of(match: Match) -> list[str]:
    """Return what was found in lines."""
    lines = [f"{match.points} points were run; {100 * match.left:.1f} % of the ranges is not ruled out."]
    if not match.possible:
        lines.append(
            "WARNING: no values in these ranges give all targets; the nearest are told. Widen the ranges, or ask why."
        )
    for one in match.found:
        between = f"{one.low:g} to {one.high:g}"
        if not match.possible:
            lines.append(f"{one.key}: nearest at {one.value:g}, of {one.range_low:g} to {one.range_high:g}")
        elif one.identified:
            lines.append(f"{one.key} = {one.value:g} ({between})")
        else:
            lines.append(
                f"{one.key}: not identified by these targets: {between} of {one.range_low:g} to {one.range_high:g}; "
                "its range is carried on"
            )
    return lines


def write_match(own: Path, match: Match | None, direct: Sequence[Direct] = ()) -> list[Path]:
    """Write settings read directly and identified ones into a practice's file, and the ranges of the others beside it.

    Each has its source: which files it was read from, or what it was calibrated to. Returns the files written.
    """
    from pcqa_sim.inputs.own_fit import write_calibrated
    from pcqa_sim.inputs.ranges import write_carried

    files = sorted(set(re.findall(r"[\w.\-]+\.(?:csv|xlsx|xls|zip|json)", own.read_text(encoding="utf-8"))))
    to = ", ".join(files[:4]) or "the practice's own counts"
    source = f"calibrated to {to} on {dt.date.today():%Y-%m-%d}"
    sought = match.found if match is not None else ()
    values = to_write(direct)
    for one in (one for one in sought if one.identified):
        value = round(one.value) if one.whole else one.value
        values[one.key] = (value, f"{source}, 95 % {one.low:g} to {one.high:g}")
    if values:
        write_calibrated(own, values)
    others = {one.key: (one.low, one.high) for one in sought if not one.identified}
    return [*([own] if values else []), *write_carried(own.parent.parent, own.stem, others, source)]


def _matched(
    scenario: Scenario,
    targets: Targets,
    ranges: Sequence[Vary],
    aims: Sequence[Aim],
    points: int,
    many: int,
    own: Path | None,
    statistics: Sequence[Statistic],
    do: Execution,
) -> Matched:
    import numpy as np

    from pcqa_sim.calibration.direct import directly
    from pcqa_sim.calibration.fitting import measure
    from pcqa_sim.calibration.matching import match, scenario_with, values_at, values_of
    from pcqa_sim.study.methods.replicate import replications_of

    studies: list[Study] = []

    def run(here: Scenario, many: int) -> Study:
        studies.append(replications_of(do, here, many))
        return studies[-1]

    direct: tuple[Direct, ...] = ()
    if statistics:
        shown_by = directly(scenario, statistics, run, many)
        scenario, direct = shown_by.scenario, shown_by.found
    there = {one.key for one in direct if one.shown}
    sought = [one for one in ranges if one.key not in there]
    for key in sorted(there & {one.key for one in ranges}):
        print(f"{key} is read directly from your files, and not searched for")

    def simulate(rows: Grid, times: int) -> Grid:
        return np.array([values_of(run(scenario_with(scenario, values_at(sought, row)), times), aims) for row in rows])

    found = match(sought, aims, simulate, points, many, scenario.run.seed, told=print) if sought else None
    last = run(scenario_with(scenario, _whole(sought, found.values)) if found is not None else scenario, many)
    return Matched(targets, found, direct, measure(last), studies, own)


def _whole(ranges: Sequence[Vary], values: Mapping[str, float]) -> dict[str, float]:
    return {one.key: float(round(values[one.key])) if one.whole else values[one.key] for one in ranges}
