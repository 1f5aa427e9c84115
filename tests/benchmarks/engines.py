"""`make bench`, second part: what the engines cost beside bare processes, and how fast a large folder is surveyed.

Forty units of about a second of fixed work are done by two bare processes, by the local engine with two processes, and
by a real Dask cluster of two workers, in turn, several rounds. All include the start of their processes (the cluster
is started before) and the engines also write, check and gather every unit. Machines are noisy: read the ratios; those
of processor time (of all processes of a way, but a cluster's) hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

import fakeunits  # noqa: E402
from clusters import dask_cluster  # noqa: E402
from fakeunits import drive, plan_of  # noqa: E402

from pcqa_sim.study.engines.dask_engine import Dask, connected  # noqa: E402
from pcqa_sim.study.engines.local import Local  # noqa: E402
from pcqa_sim.study.store import Store  # noqa: E402
from pcqa_sim.study.task import Task  # noqa: E402
from pcqa_sim.study.unit import unit_bytes  # noqa: E402

UNITS, PROCESSES = 40, 2
PLAN = plan_of(4, UNITS // 4)
BARE = """
import sys
import fakeunits
from fakeunits import Task, plan_of
names = list(plan_of(4, {units}).units())[int(sys.argv[1]) :: {processes}]
for name in names:
    fakeunits.busy(Task("", name, fakeunits.busy))
"""


def bare() -> None:
    """Do all units in two processes that know nothing of each other."""
    text = BARE.format(units=UNITS // 4, processes=PROCESSES)
    words = [[sys.executable, "-c", text, str(number)] for number in range(PROCESSES)]
    for process in [subprocess.Popen(one, cwd=TESTS) for one in words]:
        assert process.wait() == 0


def local() -> None:
    """Do them by the local engine."""
    with tempfile.TemporaryDirectory() as folder:
        assert len(drive(Path(folder) / "out", PLAN, Local(PROCESSES), fakeunits.busy).done) == UNITS


def dask(address: str) -> None:
    """Do them by a Dask cluster."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Dask(connected(address))
        assert len(drive(Path(folder) / "out", PLAN, engine, fakeunits.busy).done) == UNITS
        engine.close()


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def timed(*words: str) -> tuple[float, float]:
    """Run a way in a process of its own; return its seconds and the processor seconds of it and all it began."""
    begun = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, __file__, "--way", *words], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, spent


def overhead(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, dask_cluster(Path(folder)) as cluster:
        time.sleep(5)
        ways = {"bare": ("bare",), "local": ("local",), "dask": ("dask", cluster.address)}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds):
            for name in list(ways)[number % 3 :] + list(ways)[: number % 3]:
                found[name].append(timed(*ways[name]))
    print(f"{UNITS} units of about a second on {PROCESSES} processes, {rounds} rounds, to bare processes:")
    for name in ways:
        wall, processor = (ratios(found[name], found["bare"], at) for at in (0, 1))
        seconds = statistics.median(one[0] for one in found[name])
        print(
            f"  {name:<6} {seconds:6.2f} s; time {wall}" + (f"; processor time {processor}" if name != "dask" else "")
        )


def ratios(mine: list[tuple[float, float]], theirs: list[tuple[float, float]], at: int) -> str:
    each = [one[at] / other[at] for one, other in zip(mine, theirs, strict=True)]
    return f"{statistics.median(each):.3f} ({min(each):.3f} to {max(each):.3f})"


def look_through(units: int) -> None:
    """Time the survey of a folder of whole units, as long as those of a quarter of a year."""
    plan = plan_of(units // 10, 10)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        first = next(plan.units())
        store.path(first).parent.mkdir()
        small = fakeunits.quick(Task("", first, fakeunits.quick))
        noise = [str(hash_of(n)) * 90 for n in range(small.num_rows)]
        table = small.append_column("padding", [noise])
        for name in plan.units():
            store.path(name).write_bytes(unit_bytes(table, str(name), "code"))
        size = store.path(first).stat().st_size
        spent = seconds_of(
            lambda: print(f"  {store.survey(plan.units()).whole:,} whole units of {size:,} bytes:", end="")
        )
    print(f" {spent:.2f} s, {spent / units * 1e6:.0f} us a unit")


def hash_of(number: int) -> int:
    return int.from_bytes(fakeunits.hashlib.sha256(str(number).encode()).digest() * 12, "big")


if __name__ == "__main__":
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--rounds", type=int, default=5)
    read.add_argument("--units", type=int, default=10_000)
    read.add_argument("--way", nargs="+", help="do one way, once, and stop")
    given = read.parse_args()
    if given.way:
        {"bare": bare, "local": local, "dask": dask}[given.way[0]](*given.way[1:])
        sys.exit()
    print("a folder looked through:")
    look_through(given.units)
    overhead(given.rounds)
