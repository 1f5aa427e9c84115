"""Whether the model resembles a practice: its own counts beside the simulated, and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcqa_sim.calibration.own import MEASURES, counted, near, not_told_apart, simulated
from pcqa_sim.calibration.targets import Seen
from pcqa_sim.report.console import Section
from pcqa_sim.scenario import Practice
from pcqa_sim.study.statistics.intervals import ConfidenceInterval

if TYPE_CHECKING:
    import pandas as pd

ALIKE, UNSURE, MORE, LESS = "alike", "perhaps", "more", "less"
_HINTS = {
    ("calls_a_day", MORE): "demand_level may be lower, or more of your people use the form",
    ("calls_a_day", LESS): "demand_level may be higher, or people call more often for each need",
    ("calls_missed_percent", MORE): "more people may answer calls than the rota says, or you call back",
    (
        "calls_missed_percent",
        LESS,
    ): "fewer people may be free for calls than the rota says: who is away?",
    ("answered_wait_min", MORE): "more people may answer calls than the rota says",
    ("answered_wait_min", LESS): "fewer people may be free for calls than the rota says, or calls take longer",
    ("monday_calls_times", MORE): "Mondays may be spread better than elsewhere",
    ("online_requests_a_day", MORE): "your form may be open for fewer hours, or be known to fewer",
    ("online_requests_a_day", LESS): "more of your people may use the form (channels.first)",
    ("appointments_a_day", MORE): "sessions may have fewer slots, or be fewer, than the file says (role.*.template)",
    (
        "appointments_a_day",
        LESS,
    ): "sessions may have more slots than the file says, or more planned care (planned.level)",
    ("gp_appointments_percent", MORE): "others may see more of what the model sends to GPs (out_of)",
    ("gp_appointments_percent", LESS): "GPs may see more of what the model sends to others (out_of)",
    ("face_to_face_percent", MORE): "more of your slots may be by telephone or in writing (role.*.template)",
    ("face_to_face_percent", LESS): "more of your slots may be face to face (role.*.template)",
    ("same_day_percent", MORE): "fewer of your slots may be kept for the day (release: on_the_day)",
    ("same_day_percent", LESS): "more of your slots may be kept for the day (release: on_the_day)",
    ("over_two_weeks_percent", MORE): "fewer of your slots may be open weeks ahead (release: routine)",
    ("over_two_weeks_percent", LESS): "more of your slots may be open weeks ahead, or planned care be booked earlier",
    ("dna_percent", MORE): "you may remind people better than elsewhere (appointments.not_attending)",
    ("dna_percent", LESS): "you may remind people less than elsewhere (appointments.not_attending)",
    ("told_another_day_a_day", MORE): "you may have slots or extras that the file does not say",
    (
        "told_another_day_a_day",
        LESS,
    ): "your slots may be released later, or fewer be kept for the day, than the file says",
    ("usual_gp_percent", MORE): "fewer people may ask for their usual GP, or GPs be away more",
    ("usual_gp_percent", LESS): "people may be booked with their usual GP more than elsewhere",
    ("gp_overtime_min_a_day", MORE): "GPs may leave paperwork for later, or do it at home",
    ("gp_overtime_min_a_day", LESS): "there may be paperwork or meetings that the model does not know",
}


@dataclass(frozen=True)
class Row:
    """One count beside the simulated: what it is called, both, and the verdict."""

    key: str
    own: float
    seen: ConfidenceInterval | None

    @property
    def verdict(self) -> str:
        """Return how the simulated is against the counted; "" where nothing was simulated."""
        if self.seen is None or self.seen.mean != self.seen.mean:
            return ""
        if abs(self.seen.mean - self.own) <= near(self.key, self.own):
            return ALIKE
        if self.seen.low <= self.own <= self.seen.high:
            return UNSURE
        return MORE if self.seen.mean > self.own else LESS

    @property
    def words(self) -> str:
        """Return what is counted."""
        return MEASURES[self.key].words


def rows_of(practice: Practice, seen: Seen) -> list[Row]:
    """Return each count of a practice beside the simulated; raise BadInput where it has none."""
    return [Row(key, own, simulated(seen, key, practice)) for key, own in counted(practice).items()]


def sections(rows: Sequence[Row]) -> list[Section]:
    """Return the table, the verdict and its hints, and what the counts cannot tell apart."""
    said = [verdict(rows), *(hint(row) for row in rows if row.verdict in (MORE, LESS))]
    apart = not_told_apart({row.key: row.own for row in rows})
    return [
        Section("Your counts beside the simulated", (), table(rows)),
        Section("Does the model resemble you?", said),
        *([Section("What these counts cannot tell apart", apart)] if apart else []),
    ]


def table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as aligned text."""
    cells = [
        ("", "yours", "simulated", ""),
        *((row.words, _number(row, row.own), _interval(row), row.verdict) for row in rows),
    ]
    widths = [max(len(cell[n]) for cell in cells) for n in range(4)]
    return [
        f"{name:<{widths[0]}}  {own:>{widths[1]}}  {seen:<{widths[2]}}  {word}".rstrip()
        for name, own, seen, word in cells
    ]


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return the rows as a table for people and programs: count, yours, simulated, low, high, verdict."""
    import pandas as pd

    seen = [row.seen or ConfidenceInterval(math.nan, math.nan, math.nan, 0) for row in rows]
    made = [
        (row.key, row.words, row.own, one.mean, one.low, one.high, row.verdict)
        for row, one in zip(rows, seen, strict=True)
    ]
    return pd.DataFrame(made, columns=["count", "what", "yours", "simulated", "low", "high", "verdict"])


def _number(row: Row, value: float) -> str:
    return f"{value:.1f} %" if MEASURES[row.key].percent else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _interval(row: Row) -> str:
    if row.seen is None or row.seen.mean != row.seen.mean:
        return "-"
    return f"{_number(row, row.seen.mean)} ({_number(row, row.seen.low)} to {_number(row, row.seen.high)})"


def verdict(rows: Sequence[Row]) -> str:
    """Return one sentence: in what the model resembles the practice, and in what it does not."""
    alike = [row.words for row in rows if row.verdict == ALIKE]
    unsure = [row.words for row in rows if row.verdict == UNSURE]
    unlike = [f"{_by(row)} {row.words}" for row in rows if row.verdict in (MORE, LESS)]
    parts = [f"Resembles you in {_listed(alike)}"] if alike else ["Resembles you in none of what you counted clearly"]
    parts += [f"as far as these runs can tell in {_listed(unsure)}"] if unsure else []
    parts += [f"simulated {_listed(unlike)}"] if unlike else []
    return "; ".join(parts) + "."


def _by(row: Row) -> str:
    assert row.seen is not None
    if MEASURES[row.key].percent:
        points = row.seen.mean - row.own
        return f"{abs(points):.0f} points {'more' if points > 0 else 'fewer'}"
    times = row.seen.mean / row.own if row.own else float("inf")
    if row.own == 0:
        return f"{row.seen.mean:.1f} instead of none:"
    share = f"{100 * abs(times - 1):.0f} % {'more' if times > 1 else 'fewer'}"
    return f"{times:.1f} times as many" if times >= 1.5 else share


def hint(row: Row) -> str:
    """Return what a difference may come from."""
    text = _HINTS.get((row.key, row.verdict), "")
    told = f"{row.words[0].upper()}{row.words[1:]}: {row.verdict} than yours"
    return f"{told}: {text}?".replace("??", "?") if text else f"{told}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def fitted_lines(fitted: Mapping[str, tuple[float, str]]) -> list[str]:
    """Return the fitted settings, a line each."""
    return [f"{key} = {value:.4g}  ({towards})" for key, (value, towards) in fitted.items()]
