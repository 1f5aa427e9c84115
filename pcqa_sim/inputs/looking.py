"""What a practice's own exports say before anything is simulated: sentences, tables, counts and weeks; sums alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.cells import long_date
from pcqa_sim.inputs.figures_kept import day_of
from pcqa_sim.inputs.national import why_not_ordinary
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.inputs.suppression import LEAST, as_texts
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.words import GP

A_DAY = 86_400


@dataclass(frozen=True)
class Shown:
    """One thing the data say: a title, a sentence, and a table whose first column names the rows; `bars` are drawn."""

    title: str
    sentence: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bars: tuple[float, ...] = ()


@dataclass
class Looked:
    """What files say, and what a model can be held to: counts by their names with sources; measures by week."""

    least: int = LEAST
    shown: list[Shown] = field(default_factory=list)
    counts: dict[str, tuple[float, str]] = field(default_factory=dict)
    weeks: dict[str, dict[str, float]] = field(default_factory=dict)

    def count(self, key: str, value: float, source: str) -> None:
        """Keep a count, where it is a number."""
        if np.isfinite(value):
            self.counts[key] = (float(f"{value:.4g}"), source)

    def table(self, title: str, counts: pd.Series, sentence: str = "", label: str = "") -> None:
        """Show counts by name, small ones kept back."""
        values = [float(one) for one in counts]
        texts = as_texts(values, self.least)
        total = sum(values) or 1.0
        parts = [
            f"{100 * value / total:.0f} %" if text != "few" else "" for value, text in zip(values, texts, strict=True)
        ]
        names = [str(one) for one in counts.index]
        rows = tuple(zip(names, texts, parts, strict=True))
        bars = tuple(0.0 if text == "few" else value for value, text in zip(values, texts, strict=True))
        self.shown.append(Shown(title, sentence, (label, "how many", "share"), rows, bars))


def look(read: Iterable[Columns], least: int = LEAST) -> Looked:
    """Return what some files say, those of one kind put together."""
    found = Looked(least)
    by_kind: dict[str, list[Columns]] = {}
    for one in read:
        by_kind.setdefault(one.layout.kind, []).append(one)
    for kind, files in by_kind.items():
        frame = pd.concat([plain_words(one.frame) for one in files], ignore_index=True)
        source = ", ".join(dict.fromkeys(one.file.partition(":")[0] for one in files))[:120]
        if kind in _KINDS:
            _KINDS[kind](frame, files, source, found)
    return found


def plain_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose words are plain, so that frames can be put together."""
    words = {str(name): frame[name].astype(str) for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    return frame.assign(**words)


_NAMES = {GP: "GP", "hca": "healthcare assistant", "anp": "advanced nurse practitioner", "fcp": "physiotherapist"}


def in_words(word: str) -> str:
    """Return a word of the file's column as it is read: roles and modes by name."""
    return {"": "not said", "unknown": "a word that is not known"}.get(word) or _NAMES.get(word, word.replace("_", " "))


def percent(value: float) -> str:
    """Return a share in per cent, or that it is kept back."""
    return "a share kept back (few)" if np.isnan(value) else f"{100 * value:.1f} %"


def span(days: Sequence[int]) -> str:
    """Return the first and the last day in words."""
    first, last = long_date(day_of(min(days) * A_DAY)), long_date(day_of(max(days) * A_DAY))
    return first if first == last else f"{first} to {last}"


def ordinary(day: int) -> bool:
    """Tell whether a day (after 1970) is an ordinary Monday to Friday, as the model's ordinary days are."""
    return not why_not_ordinary(day_of(day * A_DAY))


def by_day(found: Looked, name: str, days: pd.Series, source: str) -> pd.Series:
    """Show how many there are a day and by weekday, keep weeks, and return counts by ordinary day."""
    counts = days.value_counts().sort_index()
    plain = counts[[ordinary(int(day)) for day in counts.index]]
    weeks = counts.groupby([(int(day) - 4) // 7 for day in counts.index]).agg(["sum", "size"])
    full = weeks[weeks["size"] >= 5]
    found.weeks[name] = {week_name(int(str(week))): float(total) for week, total in full["sum"].items()}
    if len(plain):
        weekday = pd.Series(plain.to_numpy(), index=[(int(day) + 3) % 7 for day in plain.index]).groupby(level=0).mean()
        rows = tuple((WEEKDAYS[int(str(at))].capitalize(), f"{mean:,.1f}") for at, mean in weekday.items())
        sentence = (
            f"{counts.sum():,} {name}, {span([int(day) for day in counts.index])}; "
            f"{plain.mean():,.1f} a day on {len(plain)} ordinary days."
        )
        found.shown.append(
            Shown(f"{name.capitalize()} by weekday", sentence, ("", "mean a day"), rows, tuple(map(float, weekday)))
        )
    else:
        text = f"{counts.sum():,} {name}, {span([int(day) for day in counts.index])}; no ordinary day among them."
        found.shown.append(Shown(f"{name.capitalize()} by weekday", text))
    return plain


def week_name(week: int) -> str:
    """Return the Monday of a week by number."""
    return f"{dt.date(1970, 1, 5) + dt.timedelta(days=7 * week):%Y-%m-%d}"


def again_within(persons: pd.Series, seconds: pd.Series, days: float) -> tuple[int, int]:
    """Return how many events of known people are followed by another of theirs within days, and how many could be seen.

    Events so late that the days after them are not all in the data are left out.
    """
    known = (persons != MISSING) & (seconds != MISSING)
    order = np.lexsort((seconds[known].to_numpy(), persons[known].to_numpy()))
    who, when = persons[known].to_numpy()[order], seconds[known].to_numpy()[order]
    if len(who) == 0:
        return 0, 0
    could = when <= when.max() - days * A_DAY
    followed = np.zeros(len(who), dtype=bool)
    followed[:-1] = (who[1:] == who[:-1]) & (when[1:] - when[:-1] <= days * A_DAY)
    return int((followed & could).sum()), int(could.sum())


def top_share(persons: pd.Series) -> tuple[float, int, int]:
    """Return the share of events that are the top tenth's of people, how many people there are, and who came once."""
    counts = persons[persons != MISSING].value_counts().to_numpy()
    if len(counts) == 0:
        return np.nan, 0, 0
    top = max(1, round(len(counts) / 10))
    return float(counts[:top].sum() / counts.sum()), len(counts), int((counts == 1).sum())


Look = Callable[[pd.DataFrame, list[Columns], str, Looked], None]
_KINDS: dict[str, Look] = {}


def looks_at(kind: str) -> Callable[[Look], Look]:
    """Say that a function looks at a kind of file."""

    def keep(function: Look) -> Look:
        _KINDS[kind] = function
        return function

    return keep


def kinds() -> tuple[str, ...]:
    """Return the kinds of file that can be looked at."""
    return tuple(_KINDS)
