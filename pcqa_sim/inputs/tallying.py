"""PCQA's own instruments on paper: the week's failure-demand sheet and each clinician's sheet, and what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.looking import A_DAY, Looked, Shown, looks_at, percent, span
from pcqa_sim.inputs.looking_at_appointments import wilson
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.inputs.suppression import share

ASKED = (
    "First time",
    "Again: told to call back",
    "Again: could not get through",
    "Again: not solved",
    "Again: not heard back",
    "Again: something else",
    "Planned",
)
"""What somebody at the desk or on the telephone ticks for a contact."""
TALLY_HEAD = ("Date", "Calls tallied", "First or again", "How many")
CLINIC_HEAD = ("Sheet", "Date", "Should this patient be here today", "If not who")
FIRST = "first time"
AGAIN = ("told to call back", "could not get through", "not solved", "not heard back", "something else")


def tally_rows(days: Sequence[str]) -> list[list[str]]:
    """Return the week's sheet: a row a day and a way of asking, to be filled with how many."""
    return [list(TALLY_HEAD), *([day, "", asked, ""] for day in days for asked in ASKED)]


def clinic_rows(letter: str, day: str, many: int = 20) -> list[list[str]]:
    """Return a clinician's sheet for a day: a row a patient."""
    return [list(CLINIC_HEAD), *([letter, day, "", ""] for _ in range(many))]


def calls_needed(share_before: float, difference: float = 0.05) -> int:
    """Return how many contacts each week must be tallied to see a difference of shares, 8 times in 10 at 5 %.

    Two independent weeks of equal size, normal approximation: n = (z_a + z_b)^2 (p1 q1 + p2 q2) / d^2.
    """
    after = max(share_before - difference, 0.0)
    z = 1.959963984540054 + 0.8416212335729143
    spread = share_before * (1 - share_before) + after * (1 - after)
    return math.ceil(z * z * spread / difference**2)


@dataclass(frozen=True)
class Share:
    """A share counted on paper, with its 95 % interval."""

    part: float
    whole: float

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval (Wilson)."""
        return wilson(self.part, self.whole)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.part / self.whole:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def failure_share(frame: pd.DataFrame) -> Share:
    """Return the share of tallied contacts, planned ones apart, that were made again because something had failed."""
    counts = frame.groupby("asked")["value"].sum()
    again = float(sum(counts.get(one, 0.0) for one in AGAIN))
    return Share(again, again + float(counts.get(FIRST, 0.0)))


def rightly_there(frame: pd.DataFrame) -> Share:
    """Return the share of patients of whom a clinician says that they should have been there."""
    said = frame["should_be_here"].dropna()
    return Share(float(said.sum()), float(len(said)))


@looks_at("tally")
def tally(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what the week's sheet says: failure demand and its causes."""
    frame = frame[frame["value"].notna() & (frame["value"] > 0)]
    whole = failure_share(frame)
    if not whole.whole:
        found.shown.append(Shown("Failure demand, tallied", "Nothing was tallied."))
        return
    days = [int(day) // A_DAY for day in frame["day"] if day != MISSING]
    when = f", {span(days)}" if days else ""
    text = f"{whole} of {whole.whole:,.0f} contacts were made because something had failed before{when}."
    counts = frame.groupby("asked")["value"].sum().sort_values(ascending=False)
    found.table("Failure demand, tallied", counts, text)
    many = calls_needed(whole.part / whole.whole)
    found.shown.append(
        Shown("How many to tally", f"To see a difference of five points next time, tally {many:,} contacts each time.")
    )


@looks_at("appropriateness")
def appropriateness(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say how many patients were rightly there, in all and by sheet, and who else would have done."""
    said, right = frame[frame["should_be_here"].notna()], rightly_there(frame)
    if not right.whole:
        found.shown.append(Shown("Should this patient be here today?", "No sheet was filled."))
        return
    low, high = right.interval
    there = percent(share(right.part, right.whole, found.least))
    text = f"{there} of {right.whole:,.0f} patients should have been there ({100 * low:.1f} to {100 * high:.1f})."
    rows = []
    for letter, mine in said.groupby("letter"):
        part = share(float(mine["should_be_here"].sum()), float(len(mine)), found.least)
        rows.append((str(letter)[:3], f"{len(mine):,}", percent(part)))
    found.shown.append(Shown("Should this patient be here today?", text, ("sheet", "patients", "yes"), tuple(rows)))
    others = said[(said["should_be_here"] == 0) & (said["who"] != "")]["who"]
    if len(others):
        found.table("If not, who?", others.value_counts()[:12])
