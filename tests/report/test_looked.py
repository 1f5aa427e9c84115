"""The page of what a practice's own data say, as a manager reads it."""

from __future__ import annotations

from pathlib import Path

from pcqa_sim.inputs.known_layouts import KNOWN
from pcqa_sim.inputs.looks import look
from pcqa_sim.inputs.reading_columns import read_columns
from pcqa_sim.report.webpage.looked import page_of_look
from pcqa_sim.report.webpage.rendering import html


def test_a_page_reads_as_a_manager_would_have_it(tmp_path: Path) -> None:
    """The night stands together, roles have names, weeks are called weeks, and no table leaves half a card empty."""
    calls = ["Call Start,Outcome,Caller,Wait Time,Talk Time,Direction"]
    book = ["Appointment Start,Booked,Status,Role,Mode,Slot Type,Clinician,Patient,Minutes"]
    for day in range(8, 29):
        for hour in (3, 7, 8, 9, 12, 18, 19, 22):
            calls.append(f"2026-06-{day:02d} {hour:02d}:40:00,Answered,07700900{hour:03d},5,60,Inbound")
            role = "Nurse" if hour % 2 else "HCA"
            book.append(f"2026-06-{day:02d} {hour:02d}:40:00,2026-06-{day:02d},Attended,{role},F2F,Any,A,{hour},10")
    (tmp_path / "calls.csv").write_text("\n".join(calls) + "\n")
    (tmp_path / "book.csv").write_text("\n".join(book) + "\n")
    found = look([one for name in ("calls.csv", "book.csv") for one in read_columns(tmp_path / name, KNOWN)])
    shown = {one.title: one for one in found.shown}
    times = [row[0] for row in shown["Calls by half hour"].rows]
    assert (times[0], times[-1]) == ("before 08:00", "18:30 and later")
    assert {row[0] for row in shown["Appointments by role"].rows} == {"healthcare assistant", "practice nurse"}
    assert shown["How long before appointments were booked"].sentence == "Half are booked for the same day."
    assert "calls are followed by another of the same number within 7 days" in shown["Repeat calls"].sentence
    page = html(page_of_look("What your own data say", found, "pcqa look calls.csv"))
    assert "Calls by week</a>" in page
    assert page.count('<figure class="wide">') >= 2
