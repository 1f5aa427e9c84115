"""Whether a run had settled, and how many replications were enough, in plain words."""

from __future__ import annotations

from pcqa_sim.report.console import wrapped
from pcqa_sim.report.numbers import is_share_of_a_whole
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.study.methods.replicate import Study
from pcqa_sim.study.methods.settling import LEAST_REPLICATIONS, LEAST_WEEKS, Drift, Settling, settling
from pcqa_sim.study.methods.stopping import Stop

QUESTION = "Had the practice settled before it was measured?"


def settling_text(study: Study, stop: Stop | None = None) -> str:
    """Return what the checks found, to come after the answers, and why the number of replications was enough."""
    lines = ["", QUESTION, *wrapped(sentences(settling(study), study))]
    if stop is not None:
        lines += ["", "Were there enough replications?", *wrapped([stopped(stop)])]
    return "\n".join(lines)


def sentences(found: Settling, study: Study) -> list[str]:
    """Return the findings: first a plain yes, no or cannot tell."""
    if found.too_short:
        return [
            f"Too short to tell: at least {LEAST_WEEKS} measured weeks without bank holidays "
            f"and {LEAST_REPLICATIONS} replications are needed."
        ]
    several = len(study.scenario.practices) > 1
    said = [_warning(drift, study, several) for drift in found.drifts]
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


def _warning(drift: Drift, study: Study, several: bool) -> str:
    where = f"{study.scenario.practices[drift.practice].name}: " if several else ""
    about = METRICS[drift.metric]
    goes = "rises" if drift.end > drift.start else "falls"
    start, end = (_said(value, about.unit) for value in (max(0.0, drift.start), max(0.0, drift.end)))
    return f"WARNING: {where}{about.words} ({drift.metric}) still {goes}, from {start} to {end} in the measured weeks."


def _said(value: float, unit: str) -> str:
    return f"{value * 100:.1f} %" if is_share_of_a_whole(unit) else f"{value:.2f} {unit}"


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
