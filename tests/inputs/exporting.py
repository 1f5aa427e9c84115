"""The model's own month as NHS England would publish it: Cloud Based Telephony By Durations."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from pcqa_sim.inputs.bands import LENGTH_BANDS, WAIT_BANDS
from pcqa_sim.results.run import Run
from pcqa_sim.values import eventlog as log

HEAD = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
_LAST = {"0": 0, ">300": 10**9}
DAY = 1440


def _band(seconds: np.ndarray, bands: tuple[str, ...]) -> np.ndarray:  # type: ignore[type-arg]
    ends = [_LAST.get(band, int(band.rpartition("_")[2].lstrip(">"))) for band in bands]
    return np.array(bands, dtype=object)[np.searchsorted(ends, np.round(seconds), side="left")]


def published(run: Run, practice: str, first_day: int, path: Path) -> Path:
    """Write the calls of a run from a day on, day by day, in the published layout; what is 0 is left out."""
    counted = next(iter(run.counted.values()))
    calls = counted.calls
    frame = pd.DataFrame(
        {"day": (calls["opened"] // DAY).astype(int), "ending": [str(one) for one in calls.words("ending")]}
    )
    frame["waited"], frame["talked"] = calls["waited"] * 60, np.nan_to_num(calls["talk_min"]) * 60
    frame = frame[(frame["day"] >= first_day) & (frame["ending"] != log.ENGAGED)]
    start = run.scenario.calendar.start_date
    rows = [HEAD]
    for day, mine in frame.groupby("day"):
        date = dt.date.fromisoformat(str(start)) + dt.timedelta(days=int(str(day)))
        ends = {
            name: mine[mine["ending"] == name]
            for name in (log.MENU_ENDED, log.ANSWERED, log.MISSED, log.CALLBACK_REQUESTED)
        }
        known = sum(map(len, ends.values()))
        cells = [("CBT001", "TOTAL", known), ("CBT002", "TOTAL", len(ends[log.MENU_ENDED]))]
        cells += [("CBT005", "TOTAL", len(ends[log.CALLBACK_REQUESTED]))]
        parts = (("CBT003", log.ANSWERED, "waited", WAIT_BANDS), ("CBT004", log.MISSED, "waited", WAIT_BANDS))
        for indicator, ending, column, bands in (*parts, ("CBT007", log.ANSWERED, "talked", LENGTH_BANDS)):
            counts = pd.Series(_band(ends[ending][column].to_numpy(), bands)).value_counts()
            cells += [(indicator, str(band), int(many)) for band, many in counts.items()]
        rows += [f"{date},Y58,QVV,11J,U1,{practice},{one},{band},{many}.0" for one, band, many in cells if many]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def exports(run: Run, first_day: int, folder: Path) -> list[Path]:
    """Write a run's calls, appointments and forms from a day on, as a practice's own programs would export them."""
    counted = next(iter(run.counted.values()))
    start = dt.datetime.fromisoformat(str(run.scenario.calendar.start_date))
    since = first_day * DAY

    def moment(minute: float) -> str:
        return f"{start + dt.timedelta(seconds=round(minute * 60)):%Y-%m-%d %H:%M:%S}"

    names = {
        log.ANSWERED: "Answered",
        log.MISSED: "Abandoned",
        log.MENU_ENDED: "Menu",
        log.CALLBACK_REQUESTED: "Callback",
    }
    calls = ["Call Start,Outcome,Caller,Wait Time,Talk Time,Direction"]
    mine = counted.calls.where(counted.calls["opened"] >= since)
    ways, waits, talks = mine.words("ending").tolist(), np.nan_to_num(mine["waited"]), np.nan_to_num(mine["talk_min"])
    for opened, person, ending, waited, talked in zip(mine["opened"], mine["person"], ways, waits, talks, strict=True):
        if ending in names:
            row = (
                moment(opened),
                names[ending],
                f"07700{int(person):06d}",
                round(waited * 60),
                round(talked * 60),
                "Inbound",
            )
            calls.append(",".join(map(str, row)))
    held = counted.tables.appointment_columns
    held = held.where((held["start"] >= since) & held.words("status").isin(("attended", "dna")))
    book = ["Appointment Start,Booked,Status,Role,Mode,Slot Type,Clinician,Patient,Minutes Taken"]
    words = [held.words(name).tolist() for name in ("status", "role", "mode", "clinician")]
    for begins, booked, person, took, status, role, mode, who in zip(
        held["start"], held["booked"], held["person"], held["minutes"], *words, strict=True
    ):
        lasted = "" if np.isnan(took) else f"{took:.1f}"
        row = (
            moment(begins),
            moment(booked),
            {"dna": "DNA"}.get(status, "Attended"),
            role,
            mode,
            "Any",
            who,
            person,
            lasted,
        )
        book.append(",".join(map(str, row)))
    contacts = counted.tables.contact_columns
    sent = contacts.where((contacts.words("channel") == "online") & (contacts["opened"] >= since))
    sent = sent.where(sent.words("ending") != log.FORM_REFUSED)
    kinds = counted.practice.demand.kinds
    of_need = dict(zip(counted.tables.need_columns["need"], counted.tables.need_columns.words("kind"), strict=True))
    forms = ["ID,ODS Code,Submission completed,Access method,Submission started,Type,Outcome,Outcome recorded"]
    for number, (opened, need) in enumerate(zip(sent["opened"], sent["need"], strict=True)):
        kind = kinds.get(of_need[need])
        sort = "Admin" if kind is not None and kind.administrative else "Clinical"
        forms.append(f"{number},A1,{moment(opened)},Online,{moment(opened)},{sort},Done,{moment(opened)}")
    paths = []
    for name, rows in (("calls.csv", calls), ("book.csv", book), ("forms.csv", forms)):
        paths.append(folder / name)
        paths[-1].write_text("\n".join(rows) + "\n", encoding="utf-8")
    return paths
