"""What a call log says: when calls come, how they end and how long they wait, and who calls again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcqa_sim.inputs.cellreaders import MISSING
from pcqa_sim.inputs.looking import A_DAY, Looked, Shown, again_within, by_day, looks_at, ordinary, percent, week_name
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.inputs.suppression import kept_back, share

ENDINGS = {
    "answered": "answered",
    "left_menu": "ended in the menu",
    "hung_up": "caller hung up in the queue",
    "timed_out": "timed out, or nobody picked up",
    "queue_full": "queue full, or engaged",
    "no_agent": "nobody there to answer",
    "callback": "asked to be called back",
    "unknown": "not said, or a word that is not known",
}
"""How a call ends; the ways of not being answered stay apart."""
MISSED = ("hung_up", "timed_out", "queue_full", "no_agent")


@looks_at("calls")
def calls(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what a log with a row a call says."""
    frame = inbound(frame)
    frame = frame[frame["started"] != MISSING]
    if frame.empty:
        found.shown.append(Shown("Calls", "No inbound call with a date."))
        return
    ending = endings_of(frame)
    day = frame["started"] // A_DAY
    plain = by_day(found, "calls", day, source)
    _rhythm(frame, day, plain, found)
    counts = ending.value_counts().reindex(list(ENDINGS)).dropna()
    counts = counts[counts > 0].rename(ENDINGS)
    answered = float((ending == "answered").sum())
    missed = float(ending.isin(MISSED).sum())
    sentence = f"{percent(share(answered, len(frame), found.least))} of calls were answered."
    found.table("How calls ended", counts, sentence)
    _waits(frame, ending, source, found)
    _again(frame, ending, found)
    if len(plain):
        found.count("calls_a_day", float(plain.mean()), f"calls; mean of {len(plain)} ordinary days, {source}")
        found.count("calls_missed_percent", 100 * missed / len(frame), f"per cent; {source}")
        mondays = plain[[(int(one) + 3) % 7 == 0 for one in plain.index]]
        others = plain[[(int(one) + 3) % 7 != 0 for one in plain.index]]
        if len(mondays) and len(others) >= 4:
            found.count("monday_calls_times", float(mondays.mean() / others.mean()), f"times; {source}")
    weekly = (
        frame.assign(missed=ending.isin(MISSED), week=(day - 4) // 7).groupby("week")["missed"].agg(["mean", "size"])
    )
    known = found.weeks.get("calls", {})
    found.weeks["share of calls missed"] = {
        week_name(int(str(week))): float(value)
        for week, value in weekly["mean"].items()
        if week_name(int(str(week))) in known
    }


def inbound(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the calls that came in, where a log says which did."""
    if "direction" not in frame:
        return frame
    out = frame["direction"].str.lower().str.startswith(("out", "internal"))
    return frame[~out]


def endings_of(frame: pd.DataFrame) -> pd.Series:
    """Return how each call ended; whoever was answered was, and a call nobody took was not, whatever the last word."""
    ending = frame["ending"] if "ending" in frame else pd.Series("unknown", index=frame.index)
    ending = ending.where(ending != "", "unknown")
    if "answered" not in frame:
        return ending
    taken = frame["answered"] != MISSING
    ending = ending.where(~taken, "answered")
    return ending.where(taken | (ending != "answered"), "hung_up")


def _rhythm(frame: pd.DataFrame, day: pd.Series, plain: pd.Series, found: Looked) -> None:
    if not len(plain):
        return
    usual = set(plain.index)
    mine = frame[day.isin(usual)]
    half = (mine["started"] % A_DAY) // 1800
    early = float(((half >= 16) & (half < 20)).sum())
    counts = half.clip(_OPENS - 1, _CLOSES).value_counts().sort_index()
    few = kept_back([[float(one) for one in counts]], found.least)[0]
    rows = tuple(
        (_from(int(str(at))), "few" if secret else f"{many / len(usual):,.1f}")
        for (at, many), secret in zip(counts.items(), few, strict=True)
    )
    sentence = f"{100 * early / len(mine):.1f} % of calls on ordinary days come from 8 to 10."
    bars = tuple(0.0 if secret else float(many / len(usual)) for many, secret in zip(counts, few, strict=True))
    found.shown.append(Shown("Calls by half hour", sentence, ("from", "mean a day"), rows, bars))


_OPENS, _CLOSES = 16, 37  # half hours of the day


def _from(half: int) -> str:
    """Return a half hour in words; what comes before eight, and from half past six on, stands together."""
    if half < _OPENS:
        return "before 08:00"
    time = f"{half // 2:02d}:{30 * (half % 2):02d}"
    return f"{time} and later" if half == _CLOSES else time


def waits_of(frame: pd.DataFrame) -> pd.Series:
    """Return how long each call waited, in seconds: as logged, or from its start to its answer or end."""
    if "wait" in frame:
        return frame["wait"]
    if "answered" not in frame:
        return pd.Series(np.nan, index=frame.index)
    until = frame["answered"].where(frame["answered"] != MISSING, frame.get("ended", MISSING))
    return (until - frame["started"]).where(until != MISSING).astype(float)


def _waits(frame: pd.DataFrame, ending: pd.Series, source: str, found: Looked) -> None:
    waits = waits_of(frame)
    rows = []
    for name in ("answered", "hung_up"):
        mine = waits[(ending == name) & (waits >= 0)].dropna()
        if len(mine) < max(20, found.least):
            continue
        middle, late = np.percentile(mine, [50, 90])
        rows.append((ENDINGS[name], f"{middle:,.0f}", f"{late:,.0f}", f"{100 * (mine <= 120).mean():.0f} %"))
        if name == "answered":
            found.count("answered_wait_min", float(mine.mean() / 60), f"minutes; mean of answered calls, {source}")
    if rows:
        head = ("", "half waited at most (s)", "nine in ten at most (s)", "within 2 minutes")
        found.shown.append(
            Shown(
                "How long calls waited", "Seconds from coming in until answered, or until hung up.", head, tuple(rows)
            )
        )
    if "talk" in frame:
        talk = frame["talk"][(ending == "answered")].dropna()
    elif {"answered", "ended"} <= set(frame):
        talk = (frame["ended"] - frame["answered"])[(frame["answered"] != MISSING) & (frame["ended"] != MISSING)]
    else:
        return
    if len(talk) >= 20:
        middle, late = np.percentile(talk, [50, 90])
        text = f"Half of answered calls last at most {middle:,.0f} seconds, nine in ten at most {late:,.0f}."
        found.shown.append(Shown("How long calls last", text))


def _again(frame: pd.DataFrame, ending: pd.Series, found: Looked) -> None:
    """Show how often whoever called calls again; numbers kept back by callers count for nobody."""
    if "person" not in frame:
        return
    rows = []
    for days in (1, 7):
        followed, could = again_within(frame["person"], frame["started"], days)
        if could >= 20:
            rows.append(
                (
                    f"within {days} day{'s' if days > 1 else ''}",
                    f"{could:,}",
                    percent(share(followed, could, found.least)),
                )
            )
    if rows:
        text = (
            f"{rows[-1][2]} of calls are followed by another of the same number {rows[-1][0]}: an upper end of failure "
        )
        text += "demand, since some call about something new."
        found.shown.append(
            Shown("Repeat calls", text, ("", "calls that could be followed", "were followed by another"), tuple(rows))
        )


@looks_at("switchboard")
def switchboard(frame: pd.DataFrame, files: list[Columns], source: str, found: Looked) -> None:
    """Say what a report with a row a day says."""
    days = frame[frame["day"] != MISSING]
    usual = days[[ordinary(int(day) // A_DAY) for day in days["day"]]]
    total = float(days["entered"].sum())
    parts = {
        "answered": "answered_calls",
        "caller hung up in the queue": "hung_up_calls",
        "queue full or timed out": "forwarded_calls",
    }
    counts = pd.Series({name: float(days[column].sum()) for name, column in parts.items() if column in days})
    found.table("How calls ended", counts, f"{total:,.0f} calls on {len(days)} days, closed hours apart.")
    if len(usual) and total:
        missed = sum(float(days[one].sum()) for one in ("hung_up_calls", "forwarded_calls") if one in days)
        found.count(
            "calls_a_day", float(usual["entered"].mean()), f"calls; mean of {len(usual)} ordinary days, {source}"
        )
        found.count("calls_missed_percent", 100 * missed / total, f"per cent; {source}")
