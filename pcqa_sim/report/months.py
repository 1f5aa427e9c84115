"""What months of work on demand and on people do, week by week: `pcqa_four_months` and `pcqa_nine_months`.

A practice does one thing after another, each from a week on, with the team it has. What the Academy's practices
report is a prediction to be held against this, and no figure is fitted to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from pcqa_sim.report.experiments import AS_IT_IS, WHOLE, Experiment, Measure, Results, became
from pcqa_sim.report.names import many
from pcqa_sim.study.statistics.intervals import ConfidenceInterval, interval

if TYPE_CHECKING:
    import pandas as pd

FROM_WEEK: Final = 5  # of the run; the weeks before are as they were
PEOPLE_FROM: Final = 20
MANAGED: Final = ("care_navigation_training", "pharmacist_prescriptions", "cross_trained_reception", "stagger_release")
PEOPLE: Final = ("anticipatory_care", "named_gp_for_frequent", "micro_teams", "community_champions")
"""Interventions of the four months, and those added for the nine."""

EARLY: Final = Measure("calls 08:00-10:00", "share_0800_1000", per_cent=True, of="a day's calls")
REFUSED: Final = Measure("told to call another day", "told_another_day_share", per_cent=True, of="requests heard")
FAILURE: Final = Measure("failure demand", "failure_share", per_cent=True, of="contacts")
GP_FREE: Final = Measure("GPs' free hours a week", "unused_hours_per_week", "role=gp")
NURSE_FREE: Final = Measure("nurses' free hours a week", "unused_hours_per_week", "role=practice_nurse")
OTHER_FREE: Final = Measure("other clinicians' free hours a week", "unused_hours_per_week", "role=other")
OFTEN: Final = Measure(
    "more than 3 contacts in a month", "over_3_contacts_in_month_share", per_cent=True, digits=2, of="people"
)
MEASURES: Final = (EARLY, REFUSED, FAILURE, GP_FREE, NURSE_FREE, OTHER_FREE, OFTEN)

_GP_WITH: Final = Measure("GPs' minutes with patients a day", "patient_min_per_working_day", "role=gp")
_PAPER: Final = Measure("GPs at paperwork", "back_office_share", "role=gp")
_SEEING: Final = Measure("GPs with patients", "consulting_share", "role=gp")
_LIST: Final = Measure("list that the same GPs could look after", GP_FREE.metric, digits=0)
_BEGINS: Final = dict.fromkeys(MANAGED, "demand is managed") | dict.fromkeys(PEOPLE, "people are met")
_LAST_WEEKS: Final = 4
_MONTHS: Final = 12 / (365.25 / 7)  # months a week


def months_of(question: str, arm: str, since: Mapping[str, int], note: str) -> Experiment:
    """Return the experiment in which a practice takes up interventions, each from its week on."""
    begins = (f"intervention.{name}.from_week={week}" for name, week in since.items())
    return Experiment(
        question=question,
        arms={arm: (f"intervention=[{','.join(since)}]", *begins)},
        measures=MEASURES,
        read=partial(_read, arm=arm),
        draw=partial(_draw, title=question, since=since),
        notes=(note,),
    )


def could_serve(found: Results, arm: str, period: str = WHOLE) -> list[float]:
    """Return how long a list the same GPs could serve in an arm, replication by replication.

    It is as much longer as they have hours to spare. The hours with nothing to do are put to patients as the others
    are; paperwork grows in step. NaN in weeks in which GPs see nobody.
    """
    size = found.scenario.practices[found.practice].list_size
    each = (found.values(arm, one, period) for one in (GP_FREE, _GP_WITH, _PAPER, _SEEING))
    return [_served(size, *of_one) for of_one in zip(*each, strict=True)]


def _served(size: int, spare: float, minutes_a_day: float, paper: float, seeing: float) -> float:
    """Return the list that spare hours a week do for as well, beside minutes a day with patients and their paper."""
    busy = minutes_a_day * 5 / 60 * (1 + paper / seeing) if seeing else 0.0
    return size * (1 + spare / busy) if busy else math.nan


def _read(found: Results, arm: str) -> list[str]:
    """Say what has become of each measure in the last weeks, of all the weeks, and how long a list could be served."""
    said = [f"In the last {_LAST_WEEKS} weeks, {_how_late(found)} it began, held against the same weeks as it is:"]
    pairs = [(one, _last(found, AS_IT_IS, one), _last(found, arm, one)) for one in MEASURES]
    said += [f"- {became(*pair)}." for pair in pairs]
    clear = [one for one in MEASURES if found.clear(arm, one)]
    weeks = f"Over all {found.scenario.run.measured_weeks} weeks"
    changed = (
        f"clear of chance: {found.all_went(arm, clear)}" if clear else "nothing has changed that is clear of chance"
    )
    lists = became(_LIST, could_serve(found, AS_IT_IS), could_serve(found, arm))
    return [*said, f"{weeks}, {changed}.", f"{weeks}, with their hours as they are: {lists}."]


def _how_late(found: Results) -> str:
    """Return how long after the change the last weeks are: "about 4 months after"."""
    months = round((found.scenario.weeks - FROM_WEEK) * _MONTHS)
    return f"about {many(months, 'month')} after" if months >= 1 else "just after"


def _last(found: Results, arm: str, measure: Measure) -> list[float]:
    """Return a measure over the last weeks of an arm that have it, replication by replication."""
    latest = list(found.weeks(arm, measure))[-_LAST_WEEKS:]
    weeks = [found.values(arm, measure, f"w{week:02d}") for week in latest]
    return [sum(one) / len(weeks) for one in zip(*weeks, strict=True)] or [math.nan] * found.replications


def _draw(found: Results, title: str, since: Mapping[str, int]) -> bytes:
    """Return the picture: week by week, both arms, with a line where each change begins."""
    from pcqa_sim.results.figures import weeks_figure

    panels = {
        f"{one.words}{f' ({one.unit})' if one.unit else ''}": {
            arm: _weeks(found.weeks(arm, one), one.times) for arm in found.arms
        }
        for one in MEASURES
    }
    panels[_LIST.words] = {arm: _weeks(_lists(found, arm), 1) for arm in found.arms}
    return weeks_figure(panels, title, {week: _BEGINS[name] for name, week in since.items()})


def _lists(found: Results, arm: str) -> dict[int, ConfidenceInterval]:
    """Return the list that could be served, week by week."""
    lists = {week: interval(could_serve(found, arm, f"w{week:02d}")) for week in found.weeks(arm, GP_FREE)}
    return {week: one for week, one in lists.items() if not math.isnan(one.mean)}


def _weeks(weeks: Mapping[int, ConfidenceInterval], times: float) -> pd.DataFrame:
    import pandas as pd

    rows: Sequence[dict[str, float]] = [
        {"week": week, **{name: getattr(one, name) * times for name in ("mean", "low", "high")}}
        for week, one in weeks.items()
    ]
    return pd.DataFrame(rows, columns=["week", "mean", "low", "high"], dtype=float)  # of a short run perhaps none
