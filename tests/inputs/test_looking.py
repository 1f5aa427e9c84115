"""What exports of a practice's own say, held against files whose answer is known; and that nobody is kept."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest
from commandline import pcqa

from pcqa_sim.inputs.cellreaders import Salt
from pcqa_sim.inputs.known_layouts import KNOWN
from pcqa_sim.inputs.looking import Looked
from pcqa_sim.inputs.looks import look
from pcqa_sim.inputs.reading_columns import read_columns
from pcqa_sim.inputs.tallying import calls_needed
from pcqa_sim.values.faults import BadInput

MONDAY = dt.datetime(2026, 6, 8)  # an ordinary week and the next ones are


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PCQA_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)


def written(folder: Path, name: str, rows: Iterable[Iterable[object]]) -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def seen(*paths: Path, least: int = 5) -> Looked:
    salt = Salt()
    return look([one for path in paths for one in read_columns(path, KNOWN, salt)], least)


def table(found: Looked, title: str) -> dict[str, tuple[str, ...]]:
    (one,) = [one for one in found.shown if one.title == title]
    return {row[0]: row[1:] for row in one.rows}


def calls(days: int = 5, each: int = 40) -> list[list[object]]:
    """Forty calls a day, on Mondays twice as many; half answered after a minute, three in ten hang up."""
    rows: list[list[object]] = [["Call Start", "Outcome", "Caller", "Wait Time", "Talk Time", "Patient name"]]
    for number in range(days):
        day = MONDAY + dt.timedelta(days=number + 2 * (number // 5))
        for call in range(each * (2 if day.weekday() == 0 else 1)):
            start = day + dt.timedelta(hours=8, minutes=3 * call)
            word = "Answered" if call % 10 < 5 else "Abandoned" if call % 10 < 8 else "Queue full"
            caller = f"07700 9{call:05d}" if call % 2 else "withheld"
            rows.append(
                [f"{start:%d %b %Y %H:%M:%S}", word, caller, 60 if word == "Answered" else 30, 120, "Mary Smith"]
            )
    return rows


def test_a_call_log(tmp_path: Path) -> None:
    found = seen(written(tmp_path, "calls.csv", calls(15)))
    assert {key: value for key, (value, _) in found.counts.items()} == {
        "calls_a_day": 48.0,
        "calls_missed_percent": 50.0,
        "monday_calls_times": 2.0,
        "answered_wait_min": 1.0,
    }
    assert table(found, "How calls ended") == {
        "answered": ("360", "50 %"),
        "caller hung up in the queue": ("216", "30 %"),
        "queue full, or engaged": ("144", "20 %"),
    }
    assert table(found, "How long calls waited")["answered"] == ("60", "60", "100 %")
    again = table(found, "Repeat calls")
    assert again["within 7 days"][1] != again["within 1 day"][1]
    assert list(found.weeks["calls"].values()) == [240.0, 240.0, 240.0]


def test_five_ways_of_not_being_answered_stay_apart(tmp_path: Path) -> None:
    words = ("Answer", "Abandon", "Exit Menu", "Timeout", "Queue full", "Entry with no agent", "Exit for no agent")
    rows = [["period", "caller ID", "queue number", "queue name", "agent", "waiting", "duration", "result"]]
    rows += [
        ["2026-06-08 09:00", "0161 496 0123", "1", "Main", "Ann", "10", "60", word] for word in words for _ in range(10)
    ]
    ended = table(seen(written(tmp_path, "neth.csv", rows)), "How calls ended")
    assert [row[0] for row in ended.values()] == ["10", "10", "10", "10", "10", "20"]


def test_3cx_records_say_who_was_answered_by_the_time_not_by_the_word(tmp_path: Path) -> None:
    rows = [["historyid", "callid", "time_start", "time_answered", "time_end", "reason_terminated", "from_no", "to_no"]]
    for n in range(30):
        start, taken = f"2026-06-08 09:{n:02d}:00", f"2026-06-08 09:{n:02d}:30" if n < 20 else ""
        rows.append(
            [
                str(n),
                str(n),
                start,
                taken,
                f"2026-06-08 09:{n:02d}:50",
                "terminated_by_from_party",
                "07700900123",
                "100",
            ]
        )
    found = seen(written(tmp_path, "3cx.csv", rows))
    ended = table(found, "How calls ended")
    assert ended["answered"][0] == "20"
    assert sum(int(row[0]) for row in ended.values()) == 30
    assert table(found, "How long calls waited")["answered"][0] == "30"


def book(patients: int = 60) -> list[list[object]]:
    head = ["Appointment Start", "Booked", "Status", "Role", "Mode", "Clinician", "Patient", "Referral", "Test"]
    rows: list[list[object]] = [head]
    for day in range(60):
        for place in range(10):
            start = MONDAY + dt.timedelta(days=7 * (day // 5) + day % 5, hours=9 + place // 4)
            booked = start - dt.timedelta(days=20 if place == 9 else 0)
            status = "DNA" if place == 9 and day % 2 else "Attended"
            role = "GP" if place < 6 else "Nurse"
            who = f"P{(10 * day + place) % patients}"
            mode = "Telephone" if place % 2 else "Face to face"
            referred = "Yes" if place == 1 else "No"
            rows.append([start, booked, status, role, mode, f"Dr {place % 2}", who, referred, "No"])
    return rows


def test_an_appointment_book(tmp_path: Path) -> None:
    found = seen(written(tmp_path, "book.csv", book()))
    counts = {key: value for key, (value, _) in found.counts.items()}
    assert counts == {
        "appointments_a_day": 10.0,
        "gp_appointments_percent": 60.0,
        "face_to_face_percent": 50.0,
        "dna_percent": 5.0,
        "same_day_percent": 90.0,
        "over_two_weeks_percent": 10.0,
        "top_tenth_percent": pytest.approx(10.5, abs=0.5),
    }
    again = table(found, "Seen again")
    assert again["within 7 days"][1] == "0.0 %"  # each comes every eighth day: six working days and a weekend
    assert again["within 14 days"][1] != "0.0 %"
    referred = table(found, "Referrals by clinician")
    assert sorted(referred) == ["A", "B"]
    assert not any("Dr" in "".join(row) for one in found.shown for row in one.rows)


def test_calls_and_diary_are_linked_within_a_command_and_not_beyond(tmp_path: Path) -> None:
    path = written(tmp_path, "book.csv", book())
    salt = Salt()
    one, two = (read_columns(path, KNOWN, salt)[0].frame["person"] for _ in range(2))
    other = read_columns(path, KNOWN, Salt())[0].frame["person"]
    assert (one == two).all()
    assert (one != other).all()


def test_systmones_reports(tmp_path: Path) -> None:
    days = [["Date", "Day", "Mrs A Person", "Dr B Person"]]
    days += [
        [f"{MONDAY + dt.timedelta(days=n):%d %b %Y}", "x", "10" if n % 7 < 5 else "0", "20" if n % 7 < 5 else "0"]
        for n in range(14)
    ]
    unused = [
        [
            "Branch",
            "Staff",
            "Slot Type",
            "Total Slots",
            "Unused Slots",
            "Unused Slots %",
            "Total Duration",
            "Unused Duration",
        ]
    ]
    unused += [["Main", "Mrs A Person", "GP 5 Day Face to Face", "100", "20", "20", "1000", "200"]]
    unused += [["Main", "Dr B Person", "Embargo", "100", "60", "60", "1000", "600"]]
    missed = [["Staff", "Slot Type", "Appointment Count", "Time Wasted"]]
    missed += [["Mrs A Person", "Nurse", "12", "120"], ["Mrs A Person", "Nurse", "18", "180"]]
    found = seen(*(written(tmp_path, f"{n}.csv", rows) for n, rows in enumerate((days, unused, missed))))
    assert found.counts["appointments_a_day"][0] == 30
    assert table(found, "Slots that stayed free")["Embargo"] == ("100", "60.0 %")
    assert table(found, "Missed appointments by kind of slot") == {"Nurse": ("30", "100 %")}
    assert "Person" not in str(found)


def test_online_requests(tmp_path: Path) -> None:
    rows = [
        [
            "ID",
            "ODS Code",
            "Submitted",
            "Access method",
            "Age",
            "Sex",
            "Submission started",
            "Submission completed",
            "Type",
            "Outcome",
            "Outcome recorded",
        ]
    ]
    for n in range(60):
        sent = f"{8 + n % 5:02d}/06/2026 {8 + n % 3:02d}:05"
        rows.append(
            [
                str(n),
                "A11111",
                "Yes",
                "App",
                "40",
                "F",
                sent,
                sent,
                "Clinical" if n % 3 else "Admin",
                "Appointment \u2013 booked",
                sent[:11] + "12:05",
            ]
        )
    path = tmp_path / "online.csv"
    with path.open("w", newline="", encoding="cp1252") as file:
        csv.writer(file).writerows(rows)
    found = seen(path)
    assert found.counts["online_requests_a_day"][0] == 12
    assert table(found, "What online requests are") == {"medical": ("40", "67 %"), "administrative": ("20", "33 %")}


def test_the_tally_and_the_sheets(tmp_path: Path) -> None:
    rows = [["Date", "Calls tallied", "First or again", "How many"]]
    rows += [["8 June 2026", "", "First time", 70], ["8 June 2026", "", "Again: not solved", 20]]
    rows += [["8 June 2026", "", "Again: told to call back", 10], ["8 June 2026", "", "Planned", 50]]
    found = seen(written(tmp_path, "tally.csv", rows))
    assert found.shown[0].sentence.startswith("30.0 % (21.9 to 39.6) of 100 contacts")
    assert calls_needed(0.3) == 1248 == int(found.shown[1].sentence.split("tally ")[1].split(" ")[0].replace(",", ""))
    rows = [["Sheet", "Date", "Should this patient be here today", "If not who"]]
    rows += [["A", "8 June 2026", "yes" if n % 4 else "no", "" if n % 4 else "Pharmacist"] for n in range(40)]
    found = seen(written(tmp_path, "sheets.csv", rows))
    assert found.shown[0].sentence.startswith("75.0 % of 40 patients should have been there")
    assert table(found, "If not, who?") == {"Pharmacist": ("10", "100 %")}


CANARY = "Xanthippe Quillfeather 943 476 5919 07700 900123 M1 1AE 03/04/1961"


@pytest.mark.parametrize("place", ["dropped", "ending", "started", "wait", "person", "heading", "ragged"])
def test_a_canary_is_seen_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str], place: str) -> None:
    """Whatever column it is in: not in what is printed, not in a file, not in a fault."""
    rows = calls(6)
    names = {"dropped": 5, "ending": 1, "started": 0, "wait": 3, "person": 2, "ragged": 5, "heading": 5}
    if place == "heading":
        rows[0][5] = CANARY
    rows[7][names[place]] = CANARY
    if place == "ragged":
        rows[8].append(CANARY)
    path = written(tmp_path, "calls.csv", rows)
    code = pcqa("-vv", "look", str(path), "--page", str(tmp_path / "page.html"))
    told = capfd.readouterr()
    said = told.out + told.err
    assert code == (2 if place in ("ending", "started", "wait") else 0)
    if code == 2:
        assert "nothing was read" in told.err
    else:
        assert "3" in told.out
    page = tmp_path / "page.html"
    texts = [said, page.read_text(encoding="utf-8") if page.exists() else ""]
    texts += [
        other.read_text(encoding="utf-8", errors="replace")
        for other in tmp_path.rglob("*")
        if other.is_file() and other != path
    ]
    for part in ("Xanthippe", "Quillfeather", "943 476", "900123", "M1 1AE", "1961"):
        assert not any(part in text for text in texts), part


def test_what_is_mapped_wrongly_stops_with_the_columns_name(tmp_path: Path) -> None:
    rows = [["Call Start", "Outcome", "Caller"]]
    rows += [[f"{MONDAY:%Y-%m-%d} 09:{n:02d}", f"0161 496 0{n:03d}", "x"] for n in range(20)]
    with pytest.raises(BadInput) as caught:
        read_columns(written(tmp_path, "calls.csv", rows), KNOWN)
    assert str(caught.value).startswith(
        "calls.csv, column Outcome: seems to hold a telephone number, where how the call ended"
    )


def test_the_page_the_counts_and_a_mapping_at_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "calls.csv", calls(15))
    (tmp_path / "pcqa_conf" / "practice").mkdir(parents=True)
    own = tmp_path / "pcqa_conf" / "practice" / "mine.yaml"
    own.write_text("defaults: [average@_here_, _self_]\ncounts:\n  dna_percent: 4.5  # our own\n")
    assert pcqa("look", str(path), "--page", "p.html", "--into", "mine") == 0
    assert "XmR" in (tmp_path / "p.html").read_text(encoding="utf-8")
    text = own.read_text()
    assert "  dna_percent: 4.5  # our own\n" in text
    assert "  calls_a_day: 48.0  # calls; mean of 15 ordinary days, calls.csv\n" in text
    rows = calls(3)
    rows[0][:4] = ["Started", "How it went", "CLI", "Queue Time"]
    other = written(tmp_path, "other.csv", rows)
    capsys.readouterr()
    assert pcqa("look", str(other)) == 2
    told = capsys.readouterr()
    assert 'started: "Started"' in told.out
    assert "its heading is not known" in told.err
    mapping = "kind: calls\ncolumns: {started: Started, wait: Queue Time, ending: How it went, person: CLI}\n"
    (tmp_path / "c.yaml").write_text(mapping)
    assert pcqa("look", str(other), "--columns", "c.yaml") == 0
    assert pcqa("look", str(tmp_path / "absent.csv")) == 2


def test_the_sheets_are_written_and_no_cell_is_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pcqa_sim.inputs.workbook import read_workbook

    assert pcqa("tally", "--clinicians", "2") == 0
    assert "1,248 contacts must be tallied" in capsys.readouterr().out
    sheets = read_workbook(tmp_path / "tally.xlsx")
    assert list(sheets) == ["Reception", "Clinician A", "Clinician B", "How"]
    assert len(sheets["Reception"]) == 36


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1+1"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path, text: str) -> None:
    from pcqa_sim.inputs.workbook import read_workbook, workbook

    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook({"S": [["A"], [text], ["-5"], ["plain - text"]]}, {}))
    assert read_workbook(path)["S"] == [["A"], [f"'{text.strip()}"], ["-5"], ["plain - text"]]
