"""Whether a run had settled, and how many replications were enough, in plain words."""

from __future__ import annotations

from pcqa_sim.report.console import wrapped
from pcqa_sim.report.names import of_group
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.base import is_share_of_a_whole
from pcqa_sim.scenario import Scenario
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.settling import LEAST_REPLICATIONS, LEAST_WEEKS, Drift, Settling, settling
from pcqa_sim.study.methods.stopping import Stop

MOST_NAMED = 3
TOO_SHORT_SAID = "too short a run to tell"
QUESTION = "Had the practice settled before it was measured?"
TOO_SHORT = (
    f"Too short to tell: at least {LEAST_WEEKS} measured weeks without bank holidays "
    f"and {LEAST_REPLICATIONS} replications are needed."
)


def settling_text(study: Study, stop: Stop | None = None) -> str:
    """Return what the checks found, to come after the answers, and why the number of replications was enough."""
    lines = ["", QUESTION, *wrapped(sentences(settling(study), study))]
    if stop is not None:
        lines += ["", "Were there enough replications?", *wrapped([stopped(stop)])]
    return "\n".join(lines)


def sentences(found: Settling, study: Study) -> list[str]:
    """Return the findings: first a plain yes, no or cannot tell."""
    if found.too_short:
        return [TOO_SHORT]
    said = [f"WARNING: {still(drift, study.scenario)} in the measured weeks." for drift in found.drifts]
    overload = [drift for drift in found.drifts if drift.overload]
    if overload:
        said.append(
            "WARNING: overloaded without a steady state: this grows week after week, so the results depend on how "
            "long the run is, and a longer warm-up does not help; capacity is below demand."
        )
    elif said:
        said.append(
            "The intervals above are about luck only: a practice that is still changing needs a longer warm-up "
            "(run.warm_up_weeks) or is to be read as a change over time."
        )
    else:
        said.append("Yes: none of the watched metrics drifts through the measured weeks.")
    return [*said, *_warm_up(found)]


def still(drift: Drift, scenario: Scenario) -> str:
    """Return what goes on changing: "clinical pharmacist: paperwork waiting still rises, from 187 to 3,636 minutes"."""
    practice, about = scenario.practices[drift.practice], METRICS[drift.metric]
    where = f"{scenario.called(drift.practice)}: " if len(scenario.practices) > 1 else ""
    whose = f"{of_group(drift.group, practice)}: " if drift.group else ""
    goes = "rises" if drift.end > drift.start else "falls"
    start, end = (_said(max(0.0, value), about.unit) for value in (drift.start, drift.end))
    unit = "" if is_share_of_a_whole(about.unit) else f" {about.unit}"
    return f"{where}{whose}{about.words} ({drift.metric}) still {goes}, from {start} to {end}{unit}"


def verdict(found: Settling, scenario: Scenario, practice: str) -> str:
    """Return in a few words whether a practice had settled, and what had not."""
    settled = found.settled(practice)
    if settled is None:
        return TOO_SHORT_SAID
    if settled:
        return "yes"
    mine = sorted(found.of(practice), key=lambda drift: (not drift.overload, drift.start - drift.end))
    rest = f"; and {len(mine) - MOST_NAMED} more" if len(mine) > MOST_NAMED else ""
    return f"NO: {'; '.join(still(drift, scenario) for drift in mine[:MOST_NAMED])}{rest}"


def _said(value: float, unit: str) -> str:
    if is_share_of_a_whole(unit):
        return f"{value * 100:.1f} %"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _warm_up(found: Settling) -> list[str]:
    """Return what MSER-5 says of the warm-up."""
    if found.suggested is None:
        return []
    out = "none" if found.suggested == 0 else f"{found.suggested}"
    said = f"{found.warm_up_weeks} weeks are left out; MSER-5, a working week a batch, would leave out {out}"
    if found.suggested <= found.warm_up_weeks:
        return [f"Warm-up: {said}."]
    if not found.matters:
        return [f"Warm-up: {said} ({found.metric}), but the weeks between differ from the rest by no more than luck."]
    return [f"WARNING: warm-up: {said} ({found.metric}); set run.warm_up_weeks={found.suggested}."]


def stopped(stop: Stop) -> str:
    """Return why the replications were enough, or that they were not."""
    wanted = stop.precision
    if stop.reached is None:
        return (
            f"NO: after {stop.ran} replications, the most allowed, the half-width of {wanted.metric} is "
            f"{stop.half_width:.3g}, not yet {wanted}; --most allows more."
        )
    confirmed = f", and {stop.ran - stop.reached} more confirmed it" if stop.ran > stop.reached else ""
    return (
        f"Yes: from {stop.reached} replications on the half-width of {wanted.metric} was within {wanted}{confirmed}; "
        f"with all {stop.ran} it is {stop.half_width:.3g}."
    )
