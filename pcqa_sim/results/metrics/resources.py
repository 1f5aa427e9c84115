"""Metrics of what a need takes: clinicians' minutes, consultations, days until somebody looks at it."""

from __future__ import annotations

from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio, by_mode
from pcqa_sim.results.tables import role_of
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY
from pcqa_sim.values.needs import GAVE_UP


@metric("clinicians' time with patients for one need", "minutes per need asked about", "less")
def clinician_min_per_need(c: Counted) -> dict[str, Ratio]:
    """Minutes of consultations about needs that people brought, by needs asked about: in all, and by role."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    ended = ended.where(c.is_asked_about[c.tables.needs_of(log.CONSULT_ENDED)])
    asked = c.by_day(c.asked_about["asked"])
    found = {"": Ratio(c.by_day(ended.time, ended.amount), asked)}
    for name, minutes in c.by_word(role_of(ended.who), c.seeing, ended.time, ended.amount).items():
        found[f"role={name}"] = Ratio(minutes, asked)
    return found


@metric("consultations for one need", "consultations per need asked about")
def consultations_per_need(c: Counted) -> dict[str, Ratio]:
    """Consultations about needs that people brought, by needs asked about: in all, and by mode."""
    seen, about = c.tables.appointment_columns, c.is_asked_about[c.tables.needs_of(log.BOOKED)]
    seen = seen.where(about & (seen.words("status") == "attended"))
    asked = c.by_day(c.asked_about["asked"])
    found = {"": Ratio(c.by_day(seen["start"]), asked)}
    for group, mine in by_mode(seen.words("mode")).items():
        found[group] = Ratio(c.by_day(seen["start"][mine]), asked)
    return found


@metric("days from asking to a clinician", "days", "less")
def days_to_clinician(c: Counted) -> dict[str, Ratio]:
    """Mean days from first asking to the end of the first consultation, by its day: in all and by persons' groups.

    Needs that no clinician has seen are left out; `days_waited_for_clinician` has them too.
    """
    seen = c.asked_about.known("seen")
    return c.mean_by_group(seen["seen"], seen["person"], (seen["seen"] - seen["asked"]) / DAY)


@metric("needs that end with the person giving up", "share of needs asked about that end", "less")
def gave_up_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs asked about that ended unmet because the person gave up: in all and by the persons' groups.

    Needs that are still open are left out.
    """
    over = c.asked_about.known("closed")
    return c.share_by_group(over["closed"], over["person"], over.words("ending") == GAVE_UP)
