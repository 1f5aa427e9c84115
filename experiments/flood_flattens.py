"""The flood practice as it is, and with more slots a day from week 5: does the rush at eight fade, and how fast?"""

from __future__ import annotations

from pcqa_sim.report.experiments import Experiment, Measure, Results

FROM_WEEK, EXTRA = 5, 30
MORE = f"{EXTRA} more slots a day from week {FROM_WEEK}"
NAME = "more_on_the_day_slots"
EARLY = Measure("calls 08:00-10:00", "share_0800_1000", per_cent=True, of="a day's calls")
BELIEF = Measure("late same-day requests that people expect to be refused", "belief", per_cent=True)
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
MEASURES = (EARLY, BELIEF, TOLD)


def read(found: Results) -> list[str]:
    """Say what the change does over the run, and in which week half of it is reached."""
    said = [f"With {MORE}: {found.all_went(MORE, MEASURES)}, over the whole run."]
    weeks = {week: one.mean for week, one in found.weeks(MORE, BELIEF).items() if week >= FROM_WEEK}
    if len(weeks) < 2:
        return said
    first, last = next(iter(weeks.values())), list(weeks.values())[-1]
    half = next(week for week, mean in weeks.items() if abs(mean - first) >= abs(last - first) / 2)
    told = f"What people expect goes from {first:.0%} to {last:.0%} by week {max(weeks)}".replace("%", " %")
    return [*said, f"{told}; half of that is reached {half - FROM_WEEK + 1} weeks after the change."]


def draw(found: Results) -> bytes:
    """Return the picture: week by week, both arms."""
    import pandas as pd

    from pcqa_sim.results.figures import weeks_figure

    def of(arm: str, measure: Measure) -> pd.DataFrame:
        rows = [
            {"week": week, "mean": one.mean, "low": one.low, "high": one.high}
            for week, one in found.weeks(arm, measure).items()
        ]
        return pd.DataFrame(rows, columns=["week", "mean", "low", "high"]).set_index("week").mul(100).reset_index()

    panels = {f"{one.words} ({one.unit})": {arm: of(arm, one) for arm in found.arms} for one in (EARLY, BELIEF)}
    return weeks_figure(panels, EXPERIMENT.question, {FROM_WEEK: MORE})


EXPERIMENT = Experiment(
    question="Does an 8am flood flatten when every request gets an answer, and how fast?",
    arms={
        MORE: (
            f"intervention=[{NAME}]",
            f"intervention.{NAME}.extra={EXTRA}",
            f"intervention.{NAME}.from_week={FROM_WEEK}",
        )
    },
    measures=MEASURES,
    read=read,
    draw=draw,
)
