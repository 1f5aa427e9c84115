"""A paired comparison in sentences: what was changed, what differs for it and by how much, the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcqa_sim.interventions import describe
from pcqa_sim.report.contract import contract, told_share
from pcqa_sim.study.pair import UNCLEAR, Comparison

MOST_CHANGES = 8
MOST_DIGITS = 3


@dataclass(frozen=True)
class Words:
    """How a difference in one metric is said: "19 fewer failure contacts a working day"."""

    one: str
    many: str
    less: str = "fewer"

    def of(self, amount: str, more: bool) -> str:
        """Return what follows the amount."""
        return f"{'more' if more else self.less} {self.one if amount == '1' else self.many}"


def _share(rest: str, less: str = "fewer") -> Words:
    return Words(rest, rest, less)


_WORDS = {
    "failure_contacts_per_working_day": Words("failure contact a working day", "failure contacts a working day"),
    "told_another_day_per_working_day": Words(
        "person a working day told to call another day", "people a working day told to call another day"
    ),
    "requests_heard_share": _share("of what people ask is heard", "less"),
    "attempts_answered_share": _share("of all attempts to call are answered"),
    "missed_share": _share("of the calls are missed"),
    "answered_within_2_min_share": _share("of the answered calls wait at most 2 minutes"),
    "share_0800_0830": _share("of a working day's calls come between 08:00 and 08:30"),
    "consulting_share": _share("of clinicians' session time is spent with patients", "less"),
    "call_handler_talk_share": _share("of the call handlers' time is spent talking", "less"),
    "contacts_per_need": Words("contact for one need", "contacts for one need"),
}


@dataclass(frozen=True)
class Compared:
    """One scenario beside the base, for one practice: what was changed, what differs, and how sure that is.

    `judged` says how many of the differences are clear when all are judged together, `pairing` how much it helped
    that people and luck were the same, `contract` what may not be contract-compliant with the change.
    """

    changes: tuple[str, ...]
    sentences: tuple[str, ...]
    judged: str
    pairing: str
    contract: str = ""


def compared(comparison: Comparison, other: str, practice: str) -> Compared:
    """Return what a practice asks of a comparison, answered."""
    rows: list[dict[Any, Any]] = comparison.primary(other, practice).to_dict("records")
    return Compared(
        tuple(_changes(comparison, other, practice)),
        tuple(sentence(row) for row in rows if not math.isnan(row["low"])),
        judged([row["verdict"] != UNCLEAR for row in rows if not math.isnan(row["low"])]),
        pairing({row["words"]: row["variance_ratio"] for row in rows}),
        contract(comparison.others[other].scenario, practice, told_share(comparison.others[other].summary, practice)),
    )


def judged(clear: Sequence[bool]) -> str:
    """Return how many differences are clear, judged together by Holm's rule."""
    if not clear:
        return "Nothing can be compared."
    count = sum(clear)
    how_many = "None is" if not count else "All are" if count == len(clear) else f"{count} of {len(clear)} are"
    return f"{how_many} clear of chance when the {len(clear)} are judged together (Holm, 5 % in all)."


def _changes(comparison: Comparison, other: str, practice: str) -> Iterator[str]:
    """Yield what was changed, one line a setting, cut where it is too much to read."""
    lines = describe(comparison.base.scenario, comparison.others[other].scenario)
    of_practice = [line.removeprefix(f"{practice} ") for line in lines if line.startswith(f"{practice} ")]
    yield from of_practice[:MOST_CHANGES]
    if len(of_practice) > MOST_CHANGES:
        yield f"and {len(of_practice) - MOST_CHANGES} settings more: see the files in scenarios/"
    if not of_practice:
        yield "nothing"


def sentence(row: Mapping[str, Any]) -> str:
    """Return one difference in words; `row` is one of the comparison's primary differences."""
    points = str(row["unit"]).startswith("share")
    times, percent = (100.0, " %") if points else (1.0, "")
    mean, low, high, base, other = (times * row[name] for name in ("difference", "low", "high", "base", "other_mean"))
    if low == high == 0:
        return f"No difference at all in {row['words']}: {base:,.{_digits(base)}f}{percent}."
    clear = row["verdict"] != UNCLEAR
    digits = _digits((high - low) / 2, *((low, high) if clear else ()))
    if not clear:
        unit = " points" if points else ""
        together = " once all are judged together" if low > 0 or high < 0 else ""
        within = f"{_signed(low, digits)} to {_signed(high, digits)}{unit}"
        return f"No clear difference in {row['words']}{together} ({within})."
    near, far = sorted((abs(low), abs(high)))
    amount = f"{abs(mean):,.{digits}f}"
    rest = _WORDS[row["metric"]].of(amount, mean > 0)
    size = f"{amount} {'point' if amount == '1' else 'points'}" if points else amount
    within = f"95 % confidence interval {near:,.{digits}f} to {far:,.{digits}f}"
    return f"{size} {rest} ({within}): {base:,.{digits}f}{percent} -> {other:,.{digits}f}{percent}."


def _digits(*sizes: float) -> int:
    """Return the decimals at which the smallest of some sizes still shows: 4 needs 0, 0.4 needs 1."""
    smallest = min((abs(size) for size in sizes if size), default=1.0)
    return min(MOST_DIGITS, max(0, -math.floor(math.log10(smallest))))


def _signed(value: float, digits: int) -> str:
    text = f"{value:+,.{digits}f}"
    return text if float(text.replace(",", "")) else text[1:]


def pairing(ratios: Mapping[str, float]) -> str:
    """Return how much it helped that people and luck were the same, from the variance ratio of each metric's words."""
    known = sorted((ratio, words) for words, ratio in ratios.items() if math.isfinite(ratio))
    middle = known[len(known) // 2][0] if known else 0.0
    if not middle:
        return "The same people and the same luck in both: what is not said to differ is exactly the same."
    if 1 / middle < 1.5:
        return "The same people and the same luck in both helped little here: the runs soon went different ways."
    shared = "The same people and the same luck in both"
    sentence = f"{shared}: it would have taken {_times(middle)} times as many runs to be as sure without"
    (best, most), (worst, least) = known[0], known[-1]
    if len(known) < 3 or not best:
        return f"{sentence}."
    return f"{sentence} ({_times(worst)} for {least}, {_times(best)} for {most})."


def _times(ratio: float) -> str:
    """Return how many times as many runs a variance ratio stands for."""
    times = 1 / ratio
    if times > 100:
        return "more than 100"
    return f"about {times:.0f}" if times >= 1.95 else f"about {times:.1f}"
