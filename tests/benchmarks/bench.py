"""`make bench`, `make bench-quick`: what a logged row costs, compiled and interpreted, against peers in the same run.

Workloads take turns, at least five rounds, each in a process of its own:
- the default practice with its full log, in both forms of the model;
- gp-ref, a small reference workload (see peers/), in textbook SimPy, in lean SimPy and in Ciw;
- gp-ref's telephone part, in textbook SimPy and through this project's own phone.
Then one run by stage, in the long form by size, and where an interpreted run's time goes. Machines differ and are
noisy: read the ratios, which are taken round by round, and not the seconds. Memory is the peak of the process.
`--write` puts the tables into a document, between the lines that say so.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import gc
import io
import json
import os
import platform
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))

COMPILED, INTERPRETED = "practice, compiled", "practice, interpreted"
TEXTBOOK, LEAN, CIW = "gp-ref, textbook SimPy", "gp-ref, lean SimPy", "gp-ref, Ciw"
PHONE, TEXTBOOK_PHONE = "gp-ref phone, our phone", "gp-ref phone, textbook SimPy"
ROUNDS = 5
START, END = "<!-- bench -->\n", "<!-- end of bench -->\n"
LONG, QUICK = (52, 250, 250), (4, 40, 8)  # weeks of the practice after four of warm-up, days of gp-ref, days in Ciw
SIZES = (2_500, 10_000, 40_000)


def sizes() -> tuple[int, int, int]:
    """Return how long the workloads are, in a process that measures one."""
    return QUICK if os.environ.get("BENCH_QUICK") else LONG


def practice() -> int:
    """Run the default practice; return the rows logged."""
    from pcqa_sim import load_scenario
    from pcqa_sim.simulation import happen

    scenario = load_scenario(f"run.measured_weeks={sizes()[0]}")
    return timed(lambda: happen(scenario, 1, 0).log.num_rows)


def peer(name: str, at: int = 1) -> Callable[[], int]:
    """Return what runs gp-ref in a peer; it returns the logical events."""

    def run() -> int:
        module = __import__(name)
        return timed(lambda: int(module.run(days=sizes()[at])["logical_events"]))

    return run


def textbook_phone() -> int:
    """Run gp-ref's phone in textbook SimPy; return its calls."""
    import textbook_simpy

    def calls() -> int:
        seen = textbook_simpy.run(days=sizes()[1], phone_only=True)
        return int(seen["fresh"] + seen["redials"])

    return timed(calls)


def our_phone() -> int:
    """Run gp-ref's phone through the practice's own phone; return its calls."""
    from pcqa_sim.values.distributions import Exponential, LogNormal
    from pcqa_sim.verification import Profile, phone

    steps = ((480, 2.4), (510, 0.8), (570, 0.32), (720, 0.20), (840, 0.22), (1020, 0.10), (1110, 0.0))
    redial = (0.5, Exponential(20.0))

    def calls() -> int:
        seen = phone(
            Profile(steps, day_factors=(1.25, 1.00, 0.95, 0.90, 0.90)),
            LogNormal.from_mean(4.0, 0.6),
            [(0, 2), (480, 5), (600, 3), (840, 2)],
            patience=Exponential(10.0),
            lines=20,
            redial_after_engaged=redial,
            redial_after_reneging=redial,
            redial_until=1110,
            until=sizes()[1] * 1440,
            watch=False,
        )
        return len(seen.calls)

    return timed(calls)


def by_stage() -> dict[str, float]:
    """Return the CPU seconds of each stage of one run, from the start of the process, as the command does them."""
    at = [time.process_time()]
    gc.set_threshold(200_000, 20, 100)
    taken: dict[str, float] = {}

    def done(stage: str) -> None:
        at.append(time.process_time())
        taken[stage] = at[-1] - at[-2]

    taken["start of Python"] = at[0]
    from pcqa_sim import load_scenario
    from pcqa_sim.kernel.process import seldom_collecting
    from pcqa_sim.results.conservation import check
    from pcqa_sim.results.run import Run
    from pcqa_sim.simulation import Ongoing
    from pcqa_sim.values.eventlog import write_log

    done("import")
    scenario = load_scenario(f"run.measured_weeks={sizes()[0]}")
    done("compose")
    with seldom_collecting(sum(practice.list_size for practice in scenario.practices.values())):
        ongoing = Ongoing(scenario, 1, 0)
        done("build")
        taken["all of this, to the first event"] = sum(taken.values())
        ongoing.go_on(scenario.weeks * 7)
        happened = ongoing.end()
        done("model")
    run = Run(happened, check(happened))
    done("checks and tables")
    run.measured("weeks")
    done("metrics")
    taken["checks, tables and metrics"] = taken["checks and tables"] + taken["metrics"]
    with tempfile.TemporaryDirectory() as folder:
        write_log(happened.log, Path(folder, "events.parquet"))
    done("write")
    return taken


def by_size() -> dict[str, float]:
    """Return the CPU microseconds of the model a person-week, by list size."""
    from pcqa_sim import load_scenario
    from pcqa_sim.simulation import happen

    found = {}
    for people in SIZES:
        scenario = load_scenario(f"practice.list_size={people}", "run.warm_up_weeks=2", "run.measured_weeks=6")
        begun = time.process_time()
        happen(scenario, 1, 0)
        found[f"{people:,} people"] = (time.process_time() - begun) / people / 8 * 1e6
    return found


WORK: dict[str, Callable[[], object]] = {
    COMPILED: practice,
    INTERPRETED: practice,
    TEXTBOOK: peer("textbook_simpy"),
    LEAN: peer("lean_simpy"),
    CIW: peer("ciw_gp_ref", 2),
    PHONE: our_phone,
    TEXTBOOK_PHONE: textbook_phone,
}
RATIOS = (
    (INTERPRETED, COMPILED, "a row interpreted / compiled (goal: at least 3.5)"),
    (COMPILED, TEXTBOOK, "a row compiled / a logical event of textbook SimPy (goal: at most 0.28)"),
    (INTERPRETED, TEXTBOOK, "a row interpreted / a logical event of textbook SimPy"),
    (COMPILED, LEAN, "a row compiled / a logical event of lean SimPy"),
    (COMPILED, CIW, "a row compiled / a logical event of Ciw"),
    (PHONE, TEXTBOOK_PHONE, "a call through our phone, logged, compiled / through textbook SimPy's"),
)


def timed(work: Callable[[], int]) -> int:
    """Do the work and print what it took, for the process that asked."""
    from pcqa_sim.values.form import form

    begun = time.process_time()
    events = work()
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "events": events, "mib": peak, "form": form()}))
    return events


def measure(what: str, name: str, quick: bool) -> dict[str, float]:
    """Measure one workload, or one run by stage or size, in a fresh process and in the form its name asks for."""
    asked = {"PCQA_PURE": "1" if "interpreted" in name else "0", "BENCH_QUICK": "1" if quick else ""}
    command = [sys.executable, __file__, what, name]
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=True)
    found = dict(json.loads(done.stdout.splitlines()[-1]))
    if name == COMPILED and found.get("form", "compiled") != "compiled":
        sys.exit("the model is not compiled, or was compiled of other sources: make compiled")
    return found


def workloads(rounds: int, quick: bool) -> None:
    """Print what the workloads take, and their ratios round by round."""
    taken = [{name: measure("--only", name, quick) for name in WORK} for _ in range(rounds)]
    print(f"{'median of ' + str(rounds) + ' rounds':34}{'CPU s':>8}{'events':>10}{'us/event':>10}{'MiB':>7}")
    cost: dict[str, list[float]] = {}
    for name in WORK:
        cost[name] = [r[name]["seconds"] / r[name]["events"] * 1e6 for r in taken]
        seconds, events, mib = (statistics.median(r[name][key] for r in taken) for key in ("seconds", "events", "mib"))
        print(f"{name:34}{seconds:8.2f}{events:10,.0f}{statistics.median(cost[name]):10.2f}{mib:7.0f}")
    print("\nratios, round by round: median (least to most)")
    for ours, theirs, what in RATIOS:
        ratios = [a / b for a, b in zip(cost[ours], cost[theirs], strict=True)]
        print(f"  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})  {what}")


def by_wing() -> dict[str, float]:
    """Return what shares of an interpreted run's time the wings take, as Python's profiler sees it.

    What is written in C counts where it is called. Luck and the log are told apart from the rest of `values`.
    """
    from pcqa_sim import load_scenario
    from pcqa_sim.simulation import happen

    scenario = load_scenario("run.warm_up_weeks=0", "run.measured_weeks=2")
    profiler = cProfile.Profile(time.process_time, builtins=False)
    profiler.runcall(happen, scenario, 1, 0)
    taken: dict[str, float] = {}
    for (file, *_), (_, _, seconds, *_) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        where = wing_of(Path(file).parts)
        taken[where] = taken.get(where, 0.0) + seconds
    whole = sum(taken.values())
    return {name: taken[name] / whole for name in sorted(taken, key=lambda name: -taken[name])}


def wing_of(parts: tuple[str, ...]) -> str:
    """Return which part of the model a file belongs to."""
    if "simpy" in parts:
        return "SimPy"
    if "pcqa_sim" not in parts[:-1]:
        return "other libraries"
    wing, *below = parts[len(parts) - parts[::-1].index("pcqa_sim") :]
    if wing != "values" or not below:
        return wing.removesuffix(".py")
    return {"luck.py": "luck", "native_luck.py": "luck", "eventlog.py": "log"}.get(below[0], "values")


def profile() -> None:
    """Print what bounds a run: the shares of its parts, interpreted."""
    print("\nwhere an interpreted run's time goes, under Python's profiler")
    for where, share in measure("--profile", INTERPRETED, quick=True).items():
        if share >= 0.005:
            print(f"{where:34}{share:12.0%}")


def table(what: str, title: str, rounds: int, quick: bool) -> None:
    """Print medians of one run by stage or by size, in both forms."""
    taken = {name: [measure(what, name, quick) for _ in range(rounds)] for name in (COMPILED, INTERPRETED)}
    print(f"\n{title:34}{'compiled':>12}{'interpreted':>14}")
    for row in taken[COMPILED][0]:
        mine, other = (statistics.median(one[row] for one in taken[name]) for name in (COMPILED, INTERPRETED))
        print(f"{row:34}{mine:12.2f}{other:14.2f}")


def document(text: str, quick: bool) -> str:
    """Return the part of docs/performance.md that this writes."""
    command = "make bench-quick" if quick else "make bench"
    weeks, days, days_in_ciw = QUICK if quick else LONG
    machine = f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} processors"
    return f"""Written by `{command}` ({machine}):
the default practice for its weeks of warm-up and {weeks} more, from the start and with its whole log; gp-ref for {days}
days, in Ciw for {days_in_ciw}. CPU time; workloads take turns and ratios are taken round by round, so that they hold
on a busy machine, where seconds do not.

```
{text.strip()}
```
"""


def put(part: str, into: Path) -> None:
    """Put a part into a document, in the place of the one that was there."""
    text = into.read_text()
    into.write_text(f"{text.split(START)[0]}{START}{part}{END}{text.split(END)[1]}")


def main() -> None:
    """Measure everything in turn, print it, and write it down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="short workloads: under two minutes")
    parser.add_argument("--write", type=Path, help="the document to write")
    for what in ("--only", "--stages", "--sizes", "--profile"):
        parser.add_argument(what, choices=list(WORK), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only:
        WORK[chosen.only]()
    elif chosen.stages or chosen.sizes or chosen.profile:
        print(json.dumps(by_stage() if chosen.stages else by_size() if chosen.sizes else by_wing()))
    else:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            workloads(chosen.rounds, chosen.quick)
            table("--stages", "one run by stage, CPU s", 1 if chosen.quick else 3, chosen.quick)
            if not chosen.quick:
                table("--sizes", "CPU us of the model a person-week", 1, chosen.quick)
            profile()
        print(shown.getvalue())
        if chosen.write:
            put(document(shown.getvalue(), chosen.quick), chosen.write)


if __name__ == "__main__":
    main()
