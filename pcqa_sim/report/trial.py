"""A trial in words: when a practice's own charts would show a change, how often falsely, and whether promises hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pcqa_sim.interventions import describe
from pcqa_sim.report.console import Section
from pcqa_sim.report.first import capital
from pcqa_sim.report.promises import kept_sentence, promised
from pcqa_sim.report.sizing import amount
from pcqa_sim.study.methods.trial import Charted, Trial, spread
from pcqa_sim.study.statistics.promise import Kept
from pcqa_sim.study.statistics.xmr import RUN

MOST_CHANGES, MOST_WIDE = 4, 34


def told(trial: Trial, name: str) -> list[Section]:
    """Return the answer, the table of the charts, and the promises where there are any."""
    lines = changes_of(trial)
    more = len(lines) - MOST_CHANGES
    changes = [f"changed: {line}" for line in lines[:MOST_CHANGES]]
    changes += [f"changed: and {more} settings more"] if more > 0 else []
    sections = [Section(f"With {name}", [*changes, *first(trial)]), Section("Chart by chart", (), table_lines(trial))]
    if trial.promised:
        sections.append(Section("Promises", [promise_sentence(*one, trial.after) for one in trial.promised]))
    return sections


def changes_of(trial: Trial) -> list[str]:
    """Return what the change is, one line a setting, without the practice where there is one, and without the week."""
    since = f" from week {trial.base.run.warm_up_weeks + trial.before}"
    keys = list(trial.base.practices)
    mine = f"{keys[0]} " if len(keys) == 1 else ""
    return [line.removesuffix(since).removeprefix(mine) for line in describe(trial.base, trial.other)]


def first(trial: Trial) -> Iterator[str]:
    """Yield what matters most: which chart shows it first, which signal as often without, and how often any does."""
    shows = sorted(filter(shows_it, trial.charts), key=lambda one: (spread(one.shown)[0], many_of(one.false)))
    if shows:
        best = shows[0]
        yield f"First to show it: {best.yardstick.words}, after {weeks_of(best, trial.after)}."
    else:
        yield f"No chart shows it within {trial.after} weeks in half of the practices, more often than without it."
    either = [one for one in trial.charts if 2 * many_of(one.false) > many_of(one.shown) > 0]
    if either:
        named = ", ".join(one.yardstick.words for one in either)
        yield f"More than half as often without the change, and so no sign of it: {named}."
    yield (
        f"Without any change at least one of the {len(trial.charts)} charts signals within {trial.after} weeks in "
        f"{many_of(trial.any_false)} of {trial.practices} practices: one signal by itself proves nothing."
    )


def shows_it(one: Charted) -> bool:
    """Tell whether a chart signals in half of the practices, and at most half as often without the change."""
    return math.isfinite(spread(one.shown)[0]) and 2 * many_of(one.false) <= many_of(one.shown)


def weeks_of(one: Charted, after: int) -> str:
    """Return after how many weeks a chart signals: "3 weeks (8 practices in 10: 1 to 9)"."""
    middle, low, high = spread(one.shown)
    most = f"{low:.0f} to {high:.0f}" if math.isfinite(high) else f"{low:.0f} to more than {after}"
    most = most if math.isfinite(low) else f"more than {after}"
    said = f"{middle:.0f} week{'' if middle == 1 else 's'}" if math.isfinite(middle) else f"more than {after} weeks"
    return f"{said} (8 practices in 10: {most})"


def table_lines(trial: Trial) -> list[str]:
    """Return a small table of the charts."""
    rows = [rows_of(one, trial.after) for one in trial.charts]
    wide = max([len(row[0]) for row in rows] + [10])
    wide = min(wide, MOST_WIDE)
    lines = [f"{'':<{wide}}{'before':>9}{'after':>9}{'alone':>9}{'shown':>10}  {'weeks':<21}{'falsely':>8}"]
    for name, before, after, alone, shown_in, weeks, falsely in rows:
        short = name if len(name) <= wide else f"{name[: wide - 4]} ..."
        lines.append(f"{short:<{wide}}{before:>9}{after:>9}{alone:>9}{shown_in:>10}  {weeks:<21}{falsely:>8}")
    return [
        *lines,
        f"alone: the same weeks without the change, by other luck; weeks: median, and 8 in 10 of {trial.practices}",
    ]


HEAD = ("", "before", "after", "left alone", "chart shows it", "weeks until then", "shows it falsely")


def rows_of(one: Charted, after: int) -> tuple[str, ...]:
    """Return a chart's row: what it measures, means before, after and left alone, when it signals, and falsely."""
    many = len(one.shown)
    means = (amount(value, one.yardstick) for value in (one.before, one.after, one.without))
    middle, low, high = (f"{x:.0f}" if math.isfinite(x) else f"over {after}" for x in spread(one.shown))
    weeks = f"{middle} ({low} to {high})"
    return (named(one), *means, f"{many_of(one.shown)} of {many}", weeks, f"{many_of(one.false)} of {many}")


def named(one: Charted) -> str:
    """Return what a chart measures, with its unit where that is not a share."""
    return one.yardstick.words if one.yardstick.is_share else f"{one.yardstick.words}, {one.yardstick.unit}"


def chart_sentence(one: Charted, after: int) -> str:
    """Return what becomes of one chart."""
    moved = f"{amount(one.before, one.yardstick)} before, {amount(one.after, one.yardstick)} after"
    alone = f"{amount(one.without, one.yardstick)} in the same weeks without the change"
    shown_in = (
        f"its chart shows that in {many_of(one.shown)} of {len(one.shown)} practices, after {weeks_of(one, after)}"
    )
    false = f"left alone, it says the same in {many_of(one.false)} of {len(one.false)}"
    return capital(f"{moved} ({alone}): {shown_in}; {false}.")


def promise_sentence(before: Kept, after: Kept, alone: Kept, weeks: int) -> str:
    """Return how often a promise was kept before a change, after it, and in the same weeks without it."""
    named = promised(before)
    return (
        f"{named}: kept on {kept_sentence(before)} before; on {kept_sentence(after)} in the {weeks} weeks after the "
        f"change; on {kept_sentence(alone)} without it."
    )


def many_of(weeks: Sequence[int | None]) -> int:
    """Return how many charts signal."""
    return sum(week is not None for week in weeks)


HOW = (
    f"Limits are those of the weeks before the change: the mean and 2.66 mean moving ranges either side. A chart "
    f"signals outside them, with {RUN} weeks on one side of the mean, {RUN} rising or falling, or 2 of 3 near a limit."
)
