"""Metrics of people: who needs, who asks, who attends often, whose need is met and how soon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcqa_sim.results.columns import Columns
from pcqa_sim.results.metrics.base import metric
from pcqa_sim.results.metrics.counted import Counted, Ratio
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.clock import DAY, WEEK
from pcqa_sim.values.needs import FACE_TO_FACE, NEVER_ASKED, RESOLVED
from pcqa_sim.values.words import GP, PlaceRoute, Service

EMERGENCY = Service.EMERGENCY_DEPARTMENT.value
CHILDREN = ("age_0_4", "age_5_17")
_YEAR = 52  # weeks
CHOSEN_OVER = 8  # weeks; assumption: as long as the standard warm-up


@metric("consultations of the tenth of adults who attend most", "share of face-to-face GP consultations of adults")
def top_tenth_consultation_share(c: Counted) -> Ratio:
    """Share of adults' face-to-face GP consultations that go to the tenth of adults with most in the measured weeks.

    As published, the tenth is chosen by the consultations it is judged on; so it has no value for a week or a day. Of
    a run that measures more than a year it is of the last 52 weeks: over longer who comes often evens out.
    """
    person, start = _seen_by_gp(c)
    late = start >= (c.scenario.weeks - min(c.scenario.run.measured_weeks, _YEAR)) * WEEK
    person, start = person[late], start[late]
    top = _top_tenth(c, person)
    return Ratio(c.by_day(start[top[person]]), c.by_day(start), whole=True)


@metric("consultations of who attended most before", "share of face-to-face GP consultations of adults")
def earlier_top_tenth_share(c: Counted) -> Ratio:
    """Share of adults' face-to-face GP consultations that go to the tenth of adults with most in the 8 weeks before.

    They are chosen anew for each week; the first 8 weeks of a run, warm-up included, have no value.
    """
    person, start = _seen_by_gp(c)
    week = (start // WEEK).astype(np.int64)
    of_top_tenth = np.zeros(len(start), dtype=bool)
    for number in range(CHOSEN_OVER, c.scenario.weeks):
        before = (week >= number - CHOSEN_OVER) & (week < number)
        of_top_tenth |= (week == number) & _top_tenth(c, person[before])[person]
    judged = start[week >= CHOSEN_OVER]
    return Ratio(c.by_day(start[of_top_tenth]), c.by_day(judged))


def _seen_by_gp(c: Counted) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return who had a face-to-face consultation with a GP, adults only, and when."""
    seen = c.tables.appointment_columns
    by_gp = (seen.words("status") == "attended") & (seen.words("role") == GP)
    seen = seen.where(by_gp & (seen.words("mode") == FACE_TO_FACE))
    seen = seen.where(adults(c)[seen["person"]])
    return seen["person"], seen["start"]


def adults(c: Counted) -> NDArray[np.bool_]:
    """Return of everybody whether they are an adult."""
    child = [number for number, name in enumerate(c.people.ages) if name in CHILDREN]
    adult: NDArray[np.bool_] = ~np.isin(c.people.age, child)
    return adult


def _top_tenth(c: Counted, person: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return of everybody whether they are in the tenth of adults who are named most often, the first where equal."""
    adult = np.flatnonzero(adults(c))
    counts = np.bincount(person, minlength=len(c.people))[adult]
    chosen = np.zeros(len(c.people), dtype=bool)
    chosen[adult[np.argsort(-counts, kind="stable")[: len(adult) // 10]]] = True
    return chosen


@metric("needs people have", "needs per 1,000 people per week")
def needs_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Needs per 1,000 people and week, planned care left out: in all, and by segment, age and deprivation."""
    needs = _brought(c)
    return c.per_1000_week(needs["arose"], needs["person"])


@metric("needs nobody ever asks about", "share of needs", "less")
def never_asked_share(c: Counted) -> dict[str, Ratio]:
    """Share of needs that the practice is never asked about: in all, and by segment, age and deprivation.

    Those with which people go to a place in the community by themselves are among them, however they end there.
    """
    needs = _brought(c)
    return c.share_by_group(needs["arose"], needs["person"], never_asked(c, needs))


def never_asked(c: Counted, needs: Columns) -> NDArray[np.bool_]:
    """Return of needs whether the practice is never asked about them, which is known on the day on which they arise."""
    sent = c.tables.rows(log.PLACE_SENT)
    by_themselves = np.isin(needs["need"], sent.need[sent.code == PlaceRoute.JOINED.value])
    found: NDArray[np.bool_] = by_themselves | (needs.words("ending") == NEVER_ASKED)
    return found


def _brought(c: Counted) -> Columns:
    needs = c.tables.need_columns
    return needs.where(needs.words("origin") != "practice")


@metric("needs met", "share of needs that end", "more")
def needs_met_share(c: Counted) -> dict[str, Ratio]:
    """Share of ended needs that were met: by the practice, its message, or where it sent the person, a pharmacy say.

    Or at a place in the community where the person went by themselves. Needs never asked about are among those that
    end. In all, and by segment, age and deprivation; planned care is left out, and so are needs that are still open:
    `needs_met_of_arisen_share` has them too.
    """
    needs = _brought(c)
    ended = needs.where(needs.words("ending") != "open")
    return c.share_by_group(ended["closed"], ended["person"], ended["met"])


@metric("needs met, by all that arise", "share, by needs that arise meanwhile", "more")
def needs_met_of_arisen_share(c: Counted) -> dict[str, Ratio]:
    """Needs met in a period, by the practice, its message or where the person went, by needs that arose in it.

    In all, and by segment, age and deprivation; planned care is left out. Needs that stay open count as not met.
    """
    needs = _brought(c)
    met = needs.where(needs["met"])
    return c.by_group(met["closed"], met["person"], needs["arose"], needs["person"])


@metric("needs that end in A&E", "needs per 1,000 people per week", "less")
def emergency_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Needs that end in an emergency department, per 1,000 people and week: in all, by segment, age, deprivation."""
    ended = c.tables.rows(log.NEED_CLOSED)
    there = ended.where(ended.code == EMERGENCY)
    return c.per_1000_week(there.time, there.person)


@metric("days from asking to the need being resolved", "days, mean of needs the practice resolves", "less")
def days_to_resolution(c: Counted) -> dict[str, Ratio]:
    """Mean days from the first contact to the end of needs that the practice resolved, by the day they end.

    Needs that end otherwise, or not at all, are left out; `days_open_of_asked` has them too.
    """
    needs = _brought(c)
    needs = needs.where(needs.words("ending") == RESOLVED).known("asked")
    return c.mean_by_group(needs["closed"], needs["person"], (needs["closed"] - needs["asked"]) / DAY)


@metric("consultations by person's group", "consultations per 1,000 people per week")
def consultations_per_1000_week(c: Counted) -> dict[str, Ratio]:
    """Consultations per 1,000 people and week: in all, and by segment, age and deprivation."""
    ended = c.tables.rows(log.CONSULT_ENDED)
    return c.per_1000_week(ended.time, ended.person)
