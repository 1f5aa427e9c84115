"""`make bench`: CPU seconds, logged events and microseconds an event, against peers in the same run.

Four workloads take turns, several rounds, each in a process of its own:
- the default practice for a year (4 + 52 weeks) with its full log;
- gp-ref, a small reference workload (see peers/), in textbook SimPy and in Ciw;
- gp-ref's telephone part, in textbook SimPy and through this project's own phone.
Machines differ and are noisy: read the ratios, not the seconds. Memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))

YEAR, TEXTBOOK, CIW = "practice-year, full log", "gp-ref, textbook SimPy", "gp-ref, Ciw"
PHONE, TEXTBOOK_PHONE = "gp-ref phone, our phone", "gp-ref phone, textbook SimPy"


def practice_year() -> int:
    """Run the default practice for a year; return the rows logged."""
    from pcqa_sim import load_scenario
    from pcqa_sim.simulation import happen

    scenario = load_scenario("run.measured_weeks=52")
    return timed(lambda: happen(scenario, 1, 0).log.num_rows)


def textbook() -> int:
    """Run gp-ref in textbook SimPy; return its logical events."""
    import textbook_simpy

    return timed(lambda: int(textbook_simpy.run()["logical_events"]))


def ciw() -> int:
    """Run gp-ref in Ciw; return its logical events."""
    import ciw_gp_ref

    return timed(lambda: int(ciw_gp_ref.run()["logical_events"]))


def textbook_phone() -> int:
    """Run gp-ref's phone in textbook SimPy; return its calls."""
    import textbook_simpy

    def calls() -> int:
        seen = textbook_simpy.run(phone_only=True)
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
            until=250 * 1440,
            watch=False,
        )
        return len(seen.calls)

    return timed(calls)


WORK: dict[str, Callable[[], int]] = {
    YEAR: practice_year,
    TEXTBOOK: textbook,
    CIW: ciw,
    PHONE: our_phone,
    TEXTBOOK_PHONE: textbook_phone,
}


def timed(work: Callable[[], int]) -> int:
    """Do the work and print what it took, for the process that asked."""
    begun = time.process_time()
    events = work()
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "events": events, "mib": peak}))
    return events


def measure(name: str) -> dict[str, float]:
    """Measure one workload in a fresh process."""
    command = [sys.executable, __file__, "--only", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def wall(command: list[str]) -> float:
    """Return the wall seconds of a command."""
    begun = time.monotonic()
    subprocess.run(command, capture_output=True, check=True)
    return time.monotonic() - begun


def main() -> None:
    """Measure everything in turn and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=list(WORK))
    chosen = parser.parse_args()
    if chosen.only:
        WORK[chosen.only]()
        return
    rounds = [{name: measure(name) for name in WORK} for _ in range(chosen.rounds)]
    print(f"{'median of ' + str(chosen.rounds) + ' rounds':34}{'CPU s':>8}{'events':>10}{'us/event':>10}{'MiB':>7}")
    cost: dict[str, list[float]] = {}
    for name in WORK:
        cost[name] = [r[name]["seconds"] / r[name]["events"] * 1e6 for r in rounds]
        seconds, events, mib = (statistics.median(r[name][key] for r in rounds) for key in ("seconds", "events", "mib"))
        print(f"{name:34}{seconds:8.2f}{events:10,.0f}{statistics.median(cost[name]):10.2f}{mib:7.0f}")
    print("\nratios, round by round: median (least to most)")
    for ours, theirs, what in (
        (YEAR, TEXTBOOK, "cost of a logged event / of textbook SimPy's logical event (goal: at most 0.33)"),
        (YEAR, CIW, "cost of a logged event / of Ciw's logical event"),
        (PHONE, TEXTBOOK_PHONE, "cost of a call through our phone, logged / through textbook SimPy's"),
    ):
        ratios = [a / b for a, b in zip(cost[ours], cost[theirs], strict=True)]
        print(f"  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})  {what}")
    pcqa = str(Path(sys.executable).with_name("pcqa"))
    print(f"\npcqa --help: {wall([pcqa, '--help']):.2f} s wall (goal: under 1 s)")
    seconds = wall([pcqa, "run", "--out", f"/tmp/pcqa-bench-{time.time_ns()}"])
    print(f"pcqa run, defaults: {seconds:.1f} s wall (goal: under 10 s on two cores)")


if __name__ == "__main__":
    main()
