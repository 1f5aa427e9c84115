"""Where does calling everybody first save GPs' time, and where does it cost them more?

Draws, over the share that clinician triage settles, the minutes it may take before GPs spend more time than with
reception-led access: for three shares of those settled who come back. The lines are arithmetic (`boundary`); the points
are runs in the world of `experiment=arithmetic`, with the same people and the same luck under both models.
Run it from the project's folder: python experiments/triage_boundary.py [--out docs/triage_boundary.png]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from pcqa_sim import load_scenario, simulate
from pcqa_sim.scenario import Practice, Scenario
from pcqa_sim.scenario.checks import RECEPTION

GP, SEEN, MODEL = "gp", "face_to_face", "gp_phone_first"
COMES_BACK = (0.0, 0.1, 0.3)
COLOURS = ("#1f5fa8", "#c25e00", "#a8203a")
POINTS = ((0.3, 1.0), (0.3, 3.0), (0.6, 2.0), (0.6, 4.0), (0.9, 3.0), (0.9, 6.0))
ESTEEM = (0.34, 4.0)  # settled share as in configs/triage/gp_phone_first.yaml; gp_triage_call_min


@dataclass(frozen=True)
class Mix:
    """Of requests that reception does not settle: the share that a GP sees, and GP minutes of those, and of all."""

    gp_share_min: float
    all_min: float


def mix_of(practice: Practice) -> Mix:
    """Return the mix of a practice's settings: GP minutes a request as sent now, and if a GP saw every one."""
    minutes = practice.role[GP].consultation_min[SEEN]
    booked = by_gp = whole = 0.0
    for kind, about in practice.demand.kinds.items():
        row = practice.triage.places[kind]
        share = about.share * (1 - row.get(RECEPTION, 0.0))
        booked += share
        whole += share * minutes * about.minutes_factor
        by_gp += about.share * row.get(GP, 0.0) * minutes * about.minutes_factor
    return Mix(by_gp / booked, whole / booked)


def gp_minutes(mix: Mix, triage_min: float, settled: float, comes_back: float) -> float:
    """Return GP minutes a request if a GP calls first.

    Of those settled a share comes back, is called again and, if brought in, seen by a GP whatever it is.
    """
    again = (triage_min + (1 - settled) * mix.all_min) / (1 - settled * comes_back)
    return triage_min + (1 - settled) * mix.gp_share_min + settled * comes_back * again


def boundary(mix: Mix, settled: float, comes_back: float) -> float:
    """Return the minutes triage may take for GP minutes neither to rise nor to fall against reception-led access."""
    back = settled * comes_back
    return (1 - back) * settled * mix.gp_share_min - back * (1 - settled) * mix.all_min


def scenario(model: str, *settings: str) -> Scenario:
    """Return the plain world with an access model."""
    return load_scenario(
        "experiment=arithmetic",
        "practice=small",
        "run.warm_up_weeks=0",
        "run.measured_weeks=6",
        f"triage={model}",
        *settings,
    )


def simulated(triage_min: float, settled: float, comes_back: float) -> float:
    """Return GP minutes a need by simulation, calling first less reception-led: the same people, the same luck."""
    kinds = load_scenario().practices["practice"].demand.kinds
    first = scenario(
        MODEL,
        f"triage.clinician_triage.mean_min={triage_min}",
        f"triage.clinician_triage.resolve_factor={1 - comes_back}",
        *(f"triage.clinician_triage.settled_share.{kind}={settled}" for kind in kinds),
    )
    return _gp_minutes(first) - _gp_minutes(scenario("reception_led"))


def _gp_minutes(made: Scenario) -> float:
    run = simulate(made)
    seen = run.contacts[run.contacts["clinician"].str.startswith(f"{GP}.")]
    return float(seen["consult_min"].sum() / len(run.needs))


def main() -> None:
    """Draw the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/triage_boundary.png"))
    chosen = parser.parse_args()
    mix = mix_of(scenario("reception_led").practices["practice"])
    figure = Figure(figsize=(8, 5.2), layout="constrained")
    axes = figure.add_subplot()
    settled = np.linspace(0, 1, 101)
    for share, colour in zip(COMES_BACK, COLOURS, strict=True):
        line = [max(0.0, boundary(mix, float(s), share)) for s in settled]
        axes.plot(settled * 100, line, color=colour, lw=2, label=f"{share:.0%} of those settled come back")
    for at, minutes in POINTS:
        more = simulated(minutes, at, COMES_BACK[1])
        print(f"settled {at:.0%}, {minutes} min: {more:+.2f} GP minutes a need")
        axes.plot(at * 100, minutes, "^" if more > 0 else "v", color=COLOURS[1], ms=9, mec="white")
    axes.plot(ESTEEM[0] * 100, ESTEEM[1], "o", color="black", ms=7)
    axes.annotate("ESTEEM trial", (ESTEEM[0] * 100, ESTEEM[1]), (8, 4), textcoords="offset points")
    axes.text(98, 7.4, "above a line: GPs spend more time", color="0.3", ha="right")
    axes.text(98, 0.25, "below it: less", color="0.3", ha="right")
    axes.set(
        xlabel="settled by clinician triage, % of requests triaged",
        ylabel="minutes of a GP's triage",
        ylim=(0, 8),
        xlim=(0, 100),
        title="When does a GP calling everybody first save GPs' time?",
    )
    axes.plot([], [], "^", color=COLOURS[1], label="simulated, 10 % come back: more GP time")
    axes.plot([], [], "v", color=COLOURS[1], label="simulated, 10 % come back: less GP time")
    axes.legend(loc="upper left", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(chosen.out, dpi=120)
    print(f"written: {chosen.out}")


if __name__ == "__main__":
    main()
