"""`python tests/benchmarks/scale.py`: what a person-week costs, and what memory takes, by people and practices.

Each run has a process of its own, and runs take turns, so that ratios hold on a busy machine; phone lines grow with
the list, staff do by themselves. Memory is the process's peak above what it had before the run. Two lengths tell
people's memory and rows' memory apart: rows grow with the weeks, people do not. `--write` puts the table into a
document. `--large` measures a few weeks of 200,000 people and of 35 practices instead, once, against one practice's.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

START, END = "<!-- scale -->\n", "<!-- end of scale -->\n"
LINES_PER_10000 = 60


@dataclass(frozen=True)
class Size:
    """So many practices of so many people each, for so many weeks."""

    practices: int
    people: int
    weeks: int

    @property
    def overrides(self) -> list[str]:
        lines = max(1, LINES_PER_10000 * self.people // 10_000)
        weeks = ["run.warm_up_weeks=0", f"run.measured_weeks={self.weeks}"]
        if self.practices == 1:
            return [f"practice.list_size={self.people}", f"phones.lines={lines}", *weeks]
        member = f"['practice.list_size={self.people}','phones.lines={lines}']"
        return [f"network.members={{{','.join(f'p{n}:{member}' for n in range(self.practices))}}}", *weeks]


@dataclass(frozen=True)
class Measured:
    """CPU seconds of a run, rows of its log, and MiB above what the process had before."""

    seconds: float
    rows: int
    mib: float


def sizes(weeks: int) -> list[Size]:
    """Return what is measured: the first is what others are held against."""
    lists = [Size(1, people, weeks) for people in (10_000, 30_000, 100_000)]
    return [*lists, *(Size(many, 10_000, weeks) for many in (3, 10)), Size(1, 10_000, 4 * weeks)]


def large(weeks: int) -> list[Size]:
    """Return the largest, after what they are held against; for the memory of rows, four times as long, last."""
    return [Size(1, 10_000, weeks), Size(1, 200_000, weeks), Size(35, 10_000, weeks), Size(1, 10_000, 4 * weeks)]


def measure(size: Size) -> Measured:
    """Run once in this process, which should have done nothing else."""
    import pyarrow  # noqa: F401  (what is loaded before is not the run's)
    from scipy import special  # noqa: F401

    from pcqa_sim import load_scenario
    from pcqa_sim.simulation import happen

    scenario = load_scenario(*size.overrides)
    before, begun = peak_mib(), time.process_time()
    rows = happen(scenario, 1, 0).log.num_rows
    return Measured(time.process_time() - begun, rows, peak_mib() - before)


def peak_mib() -> float:
    """Return the process's peak of memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def apart(size: Size) -> Measured:
    """Measure in a process of its own."""
    words = [sys.executable, __file__, "--one", json.dumps(asdict(size))]
    return Measured(**json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout))


def table(found: dict[Size, list[Measured]]) -> str:
    """Return the table: medians over rounds, ratios taken round by round against the first size."""
    base, long = next(iter(found)), next(size for size in reversed(found))
    per_row = _per_row(found[base], found[long])
    lines = [
        "| practices | people each | weeks | rows a person-week "
        "| microseconds a person-week | to the first, round by round "
        "| MiB at the peak | MB per 1,000 people, without rows |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for size, runs in found.items():
        people = size.practices * size.people
        cost = [one.seconds / people / size.weeks * 1e6 for one in runs]
        first = [one.seconds / base.people / base.weeks / base.practices * 1e6 for one in found[base]]
        ratios = sorted(mine / other for mine, other in zip(cost, first, strict=True))
        rows, mib = runs[0].rows, statistics.median(one.mib for one in runs)
        of_people = (mib * 1024**2 - rows * per_row) / 1e6 / people * 1000
        lines.append(
            f"| {size.practices} | {size.people:,} | {size.weeks} | {rows / people / size.weeks:.2f} "
            f"| {statistics.median(cost):.1f} | {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) "
            f"| {mib:.0f} | {of_people:.1f} |"
        )
    return "\n".join([*lines, "", f"Bytes a row of the log, at the peak: {per_row:.0f}."])


def _per_row(short: list[Measured], long: list[Measured]) -> float:
    """Return what a row takes: more weeks of the same people have more rows and nothing else."""
    more = statistics.median(one.mib for one in long) - statistics.median(one.mib for one in short)
    return more * 1024**2 / (long[0].rows - short[0].rows)


def main() -> None:
    """Measure, print and, where asked, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--weeks", type=int, default=4)
    asked.add_argument("--large", action="store_true")
    asked.add_argument("--write", type=Path)
    asked.add_argument("--one", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        print(json.dumps(asdict(measure(Size(**json.loads(given.one))))))
        return
    found: dict[Size, list[Measured]] = {size: [] for size in (large if given.large else sizes)(given.weeks)}
    for _ in range(given.rounds):
        for size, runs in found.items():
            runs.append(apart(size))
    made = table(found)
    print(made)
    if given.write:
        text = given.write.read_text()
        before, after = text.split(START)[0], text.split(END)[1]
        given.write.write_text(f"{before}{START}{made}\n{END}{after}")


if __name__ == "__main__":
    main()
