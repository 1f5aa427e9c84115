"""A paired comparison as a practice reads it: harms first, then what the change was for, and what else it did."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pcqa_sim.interventions import INTERVENTIONS, describe
from pcqa_sim.interventions.aims import aims
from pcqa_sim.report.changetable import Row, heading, is_clear, line, value, worst
from pcqa_sim.report.contract import contract, contract_of_network, told_share
from pcqa_sim.report.names import many, of_group
from pcqa_sim.report.settling import TOO_SHORT_SAID as TOO_SHORT
from pcqa_sim.report.settling import verdict as settled
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.results.metrics.themes import AIMS_HEADING, PERSONS, REST, SAFETY, THEMES, Entry, Theme, entry_of
from pcqa_sim.scenario import NETWORK, Practice, Scenario
from pcqa_sim.study.methods.pair import (
    BESIDES,
    BETTER,
    CHANGED,
    DECLARED,
    EQUITY,
    EXPLORATORY,
    LEAST_PAIRS,
    UNSETTLED,
    WORSE,
    Comparison,
    passes,
    split,
)
from pcqa_sim.study.statistics.multiple_testing import LEVEL

MOST_CHANGES = 8
MOST_EXPLORED = 6
MOST_GROUPS = 4
_THEMED = [entry for theme in THEMES for entry in theme.entries]
COST = next(one for theme in REST for one in theme.entries if one.metric == "cost_gbp_per_working_day")
NOTHING = "No difference at all in anything that was looked at."
PAIRED = "The same people and the same luck in both"


@dataclass(frozen=True)
class Block:
    """Lines of a table under a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One scenario beside the base, for one practice.

    `changes` says what was changed, `short` the answer in sentences, harms first, `blocks` the measures by theme, and
    `notes` how sure all that is: whether either side had settled, how many differences are clear when judged together,
    how much it helped that people and luck were the same, what may not be contract-compliant. `wanted` are the measures
    that the change was for, harms left out, each with its words and its row.
    """

    changes: tuple[str, ...]
    short: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    wanted: tuple[tuple[str, Row], ...] = ()

    @property
    def table_heading(self) -> str:
        """Return the line above the blocks."""
        return heading()


def compared(comparison: Comparison, other: str, practice: str) -> Compared:
    """Return what a practice asks of a comparison, answered."""
    view = _View(comparison, other, practice)
    blocks = (*view.blocks(), *view.explored())
    short = tuple(view.short()) if blocks else (NOTHING,)
    return Compared(tuple(_changes(comparison, other, practice)), short, blocks, tuple(view.notes()), view.wanted())


class _View:
    """One practice's differences, looked up by theme."""

    def __init__(self, comparison: Comparison, other: str, practice: str) -> None:
        self._comparison, self._other, self._key = comparison, other, practice
        self._settings: Practice = comparison.others[other].scenario.worded_by(practice)
        frame = comparison.of(other, practice)
        self._frame = frame[frame["low"].notna()]
        self._rows: dict[tuple[str, str], Row] = {
            (row["metric"], row["group"]): row for row in self._frame.to_dict("records")
        }

    # The table.

    def blocks(self) -> Iterator[Block]:
        """Yield the themes in the order in which they are read, each measure once; none where nothing differs."""
        if not any(_differs(row) for row in self._rows.values()):
            return
        yield Block(SAFETY.heading, (*self._lines(SAFETY, everything=True), *self._fairness()))
        wanted = self._wanted()
        seen = {(entry.metric, entry.group) for entry in wanted.entries}
        for theme in (wanted, *REST):
            if lines := self._lines(theme, everything=theme is wanted, but=() if theme is wanted else seen):
                yield Block(theme.heading, lines)

    def wanted(self) -> tuple[tuple[str, Row], ...]:
        """Return what the change was for, harms left out: words and row of each."""
        return tuple((entry.words, row) for entry, row in self._of(self._wanted()))

    def _wanted(self) -> Theme:
        return Theme(AIMS_HEADING, tuple(entry for entry in self._aims().entries if entry not in SAFETY.entries))

    def _aims(self) -> Theme:
        """Return what the change is for, as a theme of its own."""
        base, other = self._comparison.base.scenario, self._comparison.others[self._other].scenario
        return Theme(AIMS_HEADING, tuple(self._aim(*split(aim)) for aim in aims(base, other, INTERVENTIONS)))

    def _aim(self, metric: str, group: str) -> Entry:
        known = entry_of(metric, group)
        words = known.words or METRICS[metric].words
        whose = of_group(group, self._settings)
        return known if known in _THEMED or not group else replace(known, words=f"{words}: {whose}")

    def _lines(
        self, theme: Theme, *, everything: bool = False, but: Collection[tuple[str, str]] = ()
    ) -> tuple[str, ...]:
        """Return a theme's lines; if not `everything`, without what does not differ and what hardly is."""
        found = []
        for entry, row in self._of(theme):
            if (entry.metric, entry.group) in but or not (everything or _is_worth_a_line(row, entry)):
                continue
            whose = of_group(str(row["group"]), self._settings)
            found.append(line(f"{whose}: {entry.words}" if entry.group.endswith("*") else entry.words, row))
        return tuple(found)

    def _of(self, theme: Theme) -> Iterator[tuple[Entry, Row]]:
        for entry in theme.entries:
            groups = [group for metric, group in self._rows if metric == entry.metric]
            for group in entry.of(groups):
                yield entry, self._rows[entry.metric, group]

    def _fairness(self) -> list[str]:
        """Return in which groups of persons a harm is clearly worse, or that it is in none."""
        mine = [row for row in self._rows.values() if row["family"] == EQUITY]
        bad = worst([row for row in mine if row["verdict"] == WORSE])
        lines = [line(f"{of_group(str(row['group']), self._settings)}: {_words(row)}", row, "    ") for row in bad]
        if not bad:
            unjudged = any(row["verdict"] == UNSETTLED for row in mine) or self._pairs < LEAST_PAIRS
            return [] if unjudged else ["  by age, segment and deprivation: clearly worse in no group"]
        rest = [f"    and in {len(bad) - MOST_GROUPS} groups more (comparison.csv)"] if len(bad) > MOST_GROUPS else []
        return ["  clearly worse in these groups:", *lines[:MOST_GROUPS], *rest]

    def explored(self) -> Iterator[Block]:
        """Yield what else moved clearly, one line a metric, the clearest first; undeclared."""
        rows = [row for row in self._rows.values() if row["family"] == EXPLORATORY]
        one_each: dict[str, Row] = {}
        declared = {metric for (metric, _), row in self._rows.items() if row["family"] in (DECLARED, BESIDES)}
        for row in worst([row for row in rows if is_clear(row)]):
            if row["metric"] not in declared and not str(row["group"]).startswith(PERSONS):
                one_each.setdefault(_words(row), row)
        found = list(one_each.values())[:MOST_EXPLORED]
        if found:
            lines = tuple(line(self._named(str(row["metric"]), str(row["group"])), row) for row in found)
            yield Block(f"Moved clearly besides (exploratory, {len(rows)} measures looked at)", lines)

    def _named(self, metric: str, group: str) -> str:
        """Return what was not declared in words: counts by their unit, which says more."""
        about = METRICS[metric]
        said = about.unit if " per " in about.unit and not about.unit.startswith("share") else about.words
        return f"{of_group(group, self._settings)}: {said}" if group else said

    # The answer.

    def short(self) -> Iterator[str]:
        """Yield the answer in a few sentences: harms first, then what the change was for, then the rest."""
        if self._pairs < LEAST_PAIRS:
            yield f"No verdict: {self._pairs} pairs of runs are too few, at least {LEAST_PAIRS} are needed (--reps)."
            return
        if any(row["verdict"] == UNSETTLED for row in self._rows.values()):
            yield "NOTHING IS CLEAR: a side had not settled, so a longer run may say otherwise. See below."
            return
        harms = [(entry, row) for entry, row in self._of(SAFETY) if row["verdict"] == WORSE]
        groups = sum(row["verdict"] == WORSE for row in self._rows.values() if row["family"] == EQUITY)
        fair = f" and in {many(groups, 'group')} of people" if groups and harms else ""
        if harms:
            yield f"HARM: {'; '.join(f'{entry.words} {_before_after(row)}' for entry, row in harms)}{fair}."
        elif groups:
            yield f"HARM: worse in {many(groups, 'group')} of people, though not in the practice as a whole."
        else:
            maybe = [(entry, row) for entry, row in self._of(SAFETY) if _may_be_worse(row)]
            named = "; ".join(f"{entry.words} {_before_after(row)}" for entry, row in maybe)
            yield "Harm: none is clearly worse than before" + (f"; perhaps worse: {named}." if named else ".")
        told = [
            (said, found)
            for said, which in (("Better", BETTER), ("Worse", WORSE))
            if (found := self._named_rows(which))
        ]
        for said, found in told:
            yield f"{said}: {'; '.join(found)}."
        if not told and not harms:
            yield "Nothing that was looked at is clearly better."
        if changed := self._changed():
            yield f"Changed: {'; '.join(changed)}."

    def _named_rows(self, which: str) -> list[str]:
        """Return the declared measures with a verdict, each once; harms that are worse have been said."""
        found = {}
        for theme in (*(() if which == WORSE else (SAFETY,)), self._aims(), *REST):
            for entry, row in self._of(theme):
                at = (entry.metric, str(row["group"]))
                harm = any(one.metric == entry.metric for one in SAFETY.entries) and which == WORSE
                if row["verdict"] == which and not harm and at not in found:
                    whose = of_group(at[1], self._settings)
                    words = f"{whose} {entry.words}, {entry.unit}" if entry.group.endswith("*") else entry.words
                    found[at] = f"{words} {_before_after(row)}"
        return list(found.values())

    def _changed(self) -> list[str]:
        """Return what differs clearly, neither better nor worse: of what the change was for, and what it costs."""
        of = (*self._of(self._wanted()), *self._of(Theme("", (COST,))))
        found = {(entry.metric, row["group"]): f"{entry.words} {_before_after(row)}" for entry, row in of
                 if row["verdict"] == CHANGED}  # fmt: skip
        return list(found.values())

    # How sure.

    @property
    def _pairs(self) -> int:
        return int(self._frame["replications"].max()) if len(self._frame) else 0

    def _clear(self, family: str) -> list[bool]:
        return [is_clear(row) for row in self._rows.values() if row["family"] == family]

    def notes(self) -> Iterator[str]:
        """Yield how sure the answer is."""
        comparison, key = self._comparison, self._key
        other = comparison.others[self._other].scenario
        before = settled(comparison.base_settling, comparison.base.scenario, key)
        after = settled(comparison.settlings[self._other], other, key)
        both = {"yes": "Both sides had settled.", TOO_SHORT: "Had both sides settled? The run is too short to tell."}
        yield (
            both.get(before, "")
            if before == after and before in both
            else f"Settled? Before: {before}. After: {after}."
        )
        if (again := passes(comparison.base.scenario, other, key)) is not None:
            yield f"The change ends before week {again}: what is said is of all measured weeks, with those after it."
        told = ((DECLARED, "harms and aims"), (BESIDES, "other measures above"))
        yield judged({said: self._clear(family) for family, said in told})
        ratios = {_words(row): row["variance_ratio"] for row in self._rows.values() if row["group"] == ""}
        yield from self._comparison.rests.get(self._other, ())
        yield pairing({words: ratio for words, ratio in ratios.items() if isinstance(ratio, float)})
        summary = comparison.others[self._other].summary
        if key == NETWORK:
            said = contract_of_network(other, {one: told_share(summary, one) for one in other.practices})
        else:
            said = contract(other, key, told_share(summary, key))
        if said:
            yield said


def _differs(row: Row) -> bool:
    return not row["low"] == row["high"] == 0


def _may_be_worse(row: Row) -> bool:
    """Tell whether a difference is for the worse by its own interval, though not clear among all of them."""
    worse = row["low"] > 0 if row["better"] == "less" else row["high"] < 0
    return bool(worse and row["better"] != "neither")


def _is_worth_a_line(row: Row, entry: Entry) -> bool:
    """Tell whether a measure differs; of those by role, whether it is clear, or more than a minute on either side."""
    if not entry.group.endswith("*") or is_clear(row):
        return _differs(row)
    return _differs(row) and max(row["base"], row["other_mean"]) >= 1


def _words(row: Row) -> str:
    return METRICS[str(row["metric"])].words


def _before_after(row: Row) -> str:
    return f"{value(row, 'base')} -> {value(row, 'other_mean')}"


def judged(families: Mapping[str, Sequence[bool]]) -> str:
    """Return how many of the differences declared are clear, each family judged together by Holm's rule."""
    said = [f"{_many(sum(clear), len(clear))} {of_what}" for of_what, clear in families.items() if clear]
    if not said:
        return "Nothing can be compared."
    return f"Clear of chance, each family judged together (Holm, {100 * LEVEL:g} %): {', '.join(said)}."


def _many(clear: int, of: int) -> str:
    return f"none of {of}" if not clear else f"all {of}" if clear == of else f"{clear} of {of}"


def _changes(comparison: Comparison, other: str, practice: str) -> Iterator[str]:
    """Yield what was changed, one line a setting, another access model as one, cut where it is too much to read."""
    lines = describe(comparison.base.scenario, comparison.others[other].scenario)
    if practice == NETWORK:
        yield from _changes_anywhere(comparison.base.scenario, lines)
        return
    mine = [line.removeprefix(f"{practice} ") for line in lines if line.startswith(f"{practice} ")]
    model = [line for line in mine if line.startswith("triage.kind: ")]
    if model:
        rest = sum(line.startswith("triage.") for line in mine) - len(model)
        mine = [line for line in mine if not line.startswith("triage.") or line in model]
        mine = [f"{line}, with {rest} settings of its own" if line == model[-1] and rest else line for line in mine]
    yield from mine[:MOST_CHANGES]
    if len(mine) > MOST_CHANGES:
        yield f"and {many(len(mine) - MOST_CHANGES, 'setting')} more: see the files in scenarios/"
    if not mine:
        yield "nothing"


def _changes_anywhere(scenario: Scenario, lines: Sequence[str]) -> Iterator[str]:
    """Yield what was changed in a network, what all practices change once, cut where it is too much to read."""
    where: dict[str, list[str]] = {}
    for one in lines:
        key, _, change = one.partition(" ")
        where.setdefault(change, []).append(key)
    everywhere = len(scenario.practices)
    said = [
        f"{'every practice' if len(keys) == everywhere else ', '.join(keys)}: {change}"
        for change, keys in where.items()
    ]
    yield from said[:MOST_CHANGES]
    if len(said) > MOST_CHANGES:
        yield f"and {len(said) - MOST_CHANGES} settings more: see the files in scenarios/"
    if not said:
        yield "nothing"


def pairing(ratios: Mapping[str, float]) -> str:
    """Return how much it helped that people and luck were the same, from the variance ratio of each metric's words."""
    known = sorted((ratio, words) for words, ratio in ratios.items() if math.isfinite(ratio))
    middle = known[len(known) // 2][0] if known else 0.0
    if not middle:
        return f"{PAIRED}: what is not said to differ is exactly the same."
    if 1 / middle < 1.5:
        return f"{PAIRED} helped little here: the runs soon went different ways."
    return f"{PAIRED}: it would have taken {_times(middle)} times as many runs to be as sure without."


def _times(ratio: float) -> str:
    """Return how many times as many runs a variance ratio stands for."""
    times = 1 / ratio
    if times > 100:
        return "more than 100"
    return f"about {times:.0f}" if times >= 1.95 else f"about {times:.1f}"
