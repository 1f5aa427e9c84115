"""What months of work on demand and on people do, week by week: `pcqa_four_months` and `pcqa_nine_months`.

A practice does one thing after another, each from a week on, with the team it has. What the Academy's practices
report is a prediction to be held against this, and no figure is fitted to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from pcqa_sim.report.experiments import AS_IT_IS, WHOLE, Experiment, Measure, Results
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

if TYPE_CHECKING:
    import pandas as pd

FROM_WEEK: Final = 5  # of the run; the weeks before are as they were
PEOPLE_FROM: Final = 20
MANAGED: Final = ("care_navigation_training", "pharmacist_prescriptions", "cross_trained_reception", "stagger_release")
PEOPLE: Final = ("anticipatory_care", "named_gp_for_frequent", "micro_teams", "community_champions")
"""Interventions of the four months, and those added for the nine."""

EARLY: Final = Measure("calls 08:00-10:00, of a day's", "share_0800_1000", per_cent=True)
REFUSED: Final = Measure("told to call another day", "told_another_day_share", per_cent=True)
FAILURE: Final = Measure("failure demand, of contacts", "failure_share", per_cent=True)
GP_FREE: Final = Measure("GPs' hours a week without patient or paper", "unused_hours_per_week", "role=gp")
NURSE_FREE: Final = Measure("nurses' hours a week without either", "unused_hours_per_week", "role=practice_nurse")
OTHER_FREE: Final = Measure("other clinicians' hours a week without either", "unused_hours_per_week", "role=other")
OFTEN: Final = Measure(
    "people with more than 3 contacts in the month before", "over_3_contacts_in_month_share", per_cent=True, digits=2
)
MEASURES: Final = (EARLY, REFUSED, FAILURE, GP_FREE, NURSE_FREE, OTHER_FREE, OFTEN)

_GP_WITH: Final = Measure("GPs' minutes with patients a day", "patient_min_per_working_day", "role=gp")
_PAPER: Final = Measure("GPs at paperwork", "back_office_share", "role=gp")
_SEEING: Final = Measure("GPs with patients", "consulting_share", "role=gp")
_LIST: Final = "list that the same GPs could serve"
_LAST_WEEKS: Final = 4


def months_of(question: str, arm: str, months: int, since: Mapping[str, int], note: str) -> Experiment:
    """Return the experiment in which a practice takes up interventions, each from its week on."""
    begins = (f"intervention.{name}.from_week={week}" for name, week in since.items())
    return Experiment(
        question=question,
        arms={arm: (f"intervention=[{','.join(since)}]", *begins)},
        measures=MEASURES,
        read=partial(_read, arm=arm, months=months),
        draw=partial(_draw, title=question),
        notes=(note,),
    )


def could_serve(found: Results, arm: str, period: str = WHOLE) -> ConfidenceInterval:
    """Return how long a list the same GPs could serve in an arm: as much longer as they have hours to spare.

    The hours with nothing to do are put to patients as the others are; paperwork grows in step. NaN in weeks in which
    GPs see nobody.
    """
    size = found.scenario.practices[found.practice].list_size
    each = (found.values(arm, one, period) for one in (GP_FREE, _GP_WITH, _PAPER, _SEEING))
    return interval([_served(size, *of_one) for of_one in zip(*each, strict=True)])


def _served(size: int, spare: float, minutes_a_day: float, paper: float, seeing: float) -> float:
    """Return the list that spare hours a week do for as well, beside minutes a day with patients and their paper."""
    busy = minutes_a_day * 5 / 60 * (1 + paper / seeing) if seeing else 0.0
    return size * (1 + spare / busy) if busy else math.nan


def _read(found: Results, arm: str, months: int) -> list[str]:
    """Say what the last four weeks are like with and without the change, and how long a list could be served."""
    said = [f"Over the weeks measured, {arm}: {found.all_went(arm, MEASURES)}."]
    shown = [(one, _last(found, AS_IT_IS, one), _last(found, arm, one)) for one in MEASURES]
    told = "; ".join(f"{one.words} {one.said(was)} as it is and {one.said(now)} then" for one, was, now in shown)
    said.append(f"In the last four weeks, about {months} months after it began: {told}.")
    lists = [could_serve(found, one) for one in (AS_IT_IS, arm)]
    each = [f"{one.mean:,.0f} ({one.low:,.0f} to {one.high:,.0f})" for one in lists]
    said.append(f"With as many hours, the same GPs could serve a list of {each[0]} as it is and {each[1]} then.")
    return said


def _last(found: Results, arm: str, measure: Measure) -> ConfidenceInterval:
    """Return the mean of a measure over the last weeks of an arm that have it, over replications."""
    latest = list(found.weeks(arm, measure))[-_LAST_WEEKS:]
    weeks = [found.values(arm, measure, f"w{week:02d}") for week in latest]
    return interval([sum(one) / len(weeks) for one in zip(*weeks, strict=True)])


def _draw(found: Results, title: str) -> bytes:
    """Return the picture: week by week, both arms, with a line where the change begins."""
    from pcqa_sim.results.figures import weeks_figure

    panels = {
        f"{one.words}{' (%)' if one.per_cent else ''}": {
            arm: _weeks(found.weeks(arm, one), one.times) for arm in found.arms
        }
        for one in MEASURES
    }
    panels[_LIST] = {arm: _weeks(_lists(found, arm), 1) for arm in found.arms}
    return weeks_figure(panels, title, FROM_WEEK)


def _lists(found: Results, arm: str) -> dict[int, ConfidenceInterval]:
    """Return the list that could be served, week by week."""
    lists = {week: could_serve(found, arm, f"w{week:02d}") for week in found.weeks(arm, GP_FREE)}
    return {week: one for week, one in lists.items() if not math.isnan(one.mean)}


def _weeks(weeks: Mapping[int, ConfidenceInterval], times: float) -> pd.DataFrame:
    import pandas as pd

    rows: Sequence[dict[str, float]] = [
        {"week": week, **{name: getattr(one, name) * times for name in ("mean", "low", "high")}}
        for week, one in weeks.items()
    ]
    return pd.DataFrame(rows, columns=["week", "mean", "low", "high"], dtype=float)  # of a short run perhaps none
