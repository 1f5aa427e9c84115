"""Exports made up by chance, clean, spoiled or with somebody in them; and what must hold whatever was done to one."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path

from pcqa_sim.inputs.identifiers import is_nhs_number
from pcqa_sim.inputs.known_layouts import KNOWN
from pcqa_sim.inputs.looking_at_calls import ENDINGS
from pcqa_sim.inputs.looks import look
from pcqa_sim.inputs.reading_columns import account, read_columns
from pcqa_sim.inputs.workbook import workbook
from pcqa_sim.report.webpage.looked import text_of_look
from pcqa_sim.values.faults import BadInput

_FIRST = "Oliver Amelia George Isla Harry Ava Mohammed Fatima Aisha Priya Wei Margaret Kenneth Sheila Doris Ravi"
FIRST = _FIRST.split()
_LAST = "Smith Jones Patel Khan Begum Okafor Nowak O'Brien Lewis Chaudhry Kowalska Fernandes Wright Hughes"
LAST = _LAST.split()
CALLS = ["Call Start", "Outcome", "Caller", "Wait Time", "Talk Time", "Direction"]
BOOK = ["Appointment Start", "Booked", "Status", "Role", "Mode", "Slot Type", "Clinician", "Patient", "Minutes"]
CANARY = "Quillfeather 943 476 5919"
SLOTS = (
    "GP Same Day",
    "GP 5 Day Face to Face",
    "Triage - Telephone",
    "Nurse Dressing",
    "Embargo",
    "Extended Access Hub",
)


def nhs_number(luck: random.Random) -> str:
    while True:
        text = "".join(str(luck.randrange(10)) for _ in range(10))
        if text[0] != "0" and is_nhs_number(text):
            return luck.choice((text, f"{text[:3]} {text[3:6]} {text[6:]}", f"{text[:3]}-{text[3:6]}-{text[6:]}"))


def somebody(luck: random.Random) -> dict[str, str]:
    """One of each identifier."""
    first, last = luck.choice(FIRST), luck.choice(LAST)
    name = luck.choice((f"{first} {last}", f"{last.upper()}, {first}", f"Mrs {last}", f"Mr {first} {last}"))
    born = f"{luck.randrange(1, 29):02d}/{luck.randrange(1, 13):02d}/19{luck.randrange(20, 99)}"
    area, inside = luck.choice(("M", "SW", "LS", "B")), luck.choice(("AA", "XY", "BD"))
    postcode = f"{area}{luck.randrange(1, 20)} {luck.randrange(1, 10)}{inside}"
    last_three = luck.randrange(100, 999)
    phone = luck.choice((f"07700 900{last_three}", f"0161 496 0{last_three}", f"+447700900{last_three}"))
    text = f"rang about {first.lower()} and her cough which has been there for weeks and is not getting better at all"
    return {
        "NHS number": nhs_number(luck), "name": name, "birth date": born, "postcode": postcode,
        "telephone number": phone,
        "e-mail address": f"{first}.{last}@example.com".lower().replace("'", ""), "text": text,
    }  # fmt: skip


def call_rows(luck: random.Random, many: int) -> list[list[str]]:
    """Waits are of seconds under a minute and talks over a minute and a half, so that a shifted column is seen."""
    rows = []
    for _ in range(many):
        time = f"{luck.randrange(8, 18):02d}:{luck.randrange(60):02d}:{luck.randrange(60):02d}"
        start = f"{luck.randrange(13, 29)}/06/2026 {time}"
        word = luck.choice(("Answered", "Abandoned", "Queue full", "Timeout", "Callback"))
        wait, talk = f"00:00:{luck.randrange(60):02d}", str(luck.randrange(100, 200))
        rows.append([start, word, f"07700 9{luck.randrange(10**5):05d}", wait, talk, "Inbound"])
    return rows


def book_rows(luck: random.Random, many: int) -> list[list[str]]:
    rows = []
    for _ in range(many):
        start = f"{luck.randrange(13, 29)} Jun 2026 {luck.randrange(8, 18):02d}:{luck.randrange(0, 60, 10):02d}"
        status = luck.choice(("Attended", "Attended", "DNA", "Cancelled", "Available"))
        who = [f"Dr {luck.choice(LAST)}", nhs_number(luck), str(luck.choice((10, 15, 20)))]
        role, mode = luck.choice(("GP", "Nurse", "HCA", "Pharmacist")), luck.choice(("Telephone", "F2F"))
        rows.append([start, "10 Jun 2026", status, role, mode, luck.choice(SLOTS), *who])
    return rows


def text_of(rows: list[list[str]], separator: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue()


def written(folder: Path, rows: list[list[str]], luck: random.Random) -> Path:
    """Write an export as some program would."""
    how = luck.randrange(5)
    path = folder / ("export.xlsx" if how == 3 else "export.zip" if how == 4 else "export.csv")
    if how == 3:
        path.write_bytes(workbook({"Sheet1": rows}, {}))
    elif how == 4:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("part.csv", text_of(rows))
    else:
        encoding = luck.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
        path.write_bytes(text_of(rows, luck.choice(",;\t")).encode(encoding))
    return path


def spoiled(raw: bytes, luck: random.Random, structure: bool) -> bytes:
    """Return a file with one to three things done to it; with `structure`, cells stay what they are."""
    moved = False
    for _ in range(luck.randrange(1, 4)):
        lines = raw.split(b"\r\n")
        at = luck.randrange(len(lines))
        cells = lines[at].split(b",")
        place = luck.randrange(len(cells))
        acts = ["cut", "double", "gap", "drop", "extra", "swap", "blank", "total", "heading", "join"]
        act = luck.choice(acts if structure else [*acts, "flip", "quote", "truncate", "canary", "insert", "zeros"])
        if structure and act in ("cut", "gap", "drop", "extra", "join"):
            if moved:
                continue  # a gap and a cut in one row may cancel out, and then nobody can see them
            moved = True
        if act == "cut":
            lines[at] = b",".join(cells[:place])
        elif act == "double":
            lines.insert(at, lines[at])
        elif act in ("gap", "extra"):
            cells.insert(place, b"")
            lines[at] = b",".join(cells)
        elif act == "drop":
            del cells[place]
            lines[at] = b",".join(cells)
        elif act == "swap":
            other = luck.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif act == "blank":
            lines.insert(at, b",,," if luck.random() < 0.5 else b"")
        elif act == "total":
            lines.append(b"Total,,,,,")
        elif act == "heading":
            lines.insert(at, lines[0])
        elif act == "join":
            lines[at : at + 2] = [b",".join(lines[at : at + 2])]
        elif act == "canary":
            cells[place] = CANARY.encode()
            lines[at] = b",".join(cells)
        raw = b"\r\n".join(lines)
        spot = luck.randrange(len(raw) + 1)
        if act == "flip" and spot < len(raw):
            raw = raw[:spot] + bytes([raw[spot] ^ (1 << luck.randrange(8))]) + raw[spot + 1 :]
        elif act == "quote":
            raw = raw[:spot] + b'"' + raw[spot:]
        elif act == "truncate":
            raw = raw[:spot]
        elif act == "insert":
            raw = raw[:spot] + bytes(luck.randrange(256) for _ in range(3)) + raw[spot:]
        elif act == "zeros":
            raw = raw[:spot] + b"\0\0" + raw[spot:]
    return raw


def try_spoiled(folder: Path, seed: int) -> str:
    """Spoil a call log and read it; return what went wrong, "" where all is well."""
    luck = random.Random(seed)
    structure = seed % 2 == 0
    rows = [CALLS, *call_rows(luck, 40)]
    path = folder / "export.csv"
    path.write_bytes(spoiled(text_of(rows).encode(), luck, structure))
    try:
        read = read_columns(path, KNOWN)
        told = "\n".join([*account(read), *text_of_look(look(read))])
    except BadInput as bad:
        told = str(bad)
        read = []
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if "Quillfeather" in told or "943 476" in told:
        return f"a value was told: {told[:200]}"
    for one in read:
        counted = one.counted
        if counted.read != counted.imported + counted.repaired + counted.rejected:
            return f"rows do not add up: {counted}"
        if structure:
            frame = one.frame
            shifted = (frame["wait"] >= 60).sum() + ((frame["talk"] < 100) | (frame["talk"] >= 200)).sum()
            if shifted or not set(frame["ending"]) <= {*ENDINGS, ""}:
                return "a column was shifted"
    return ""


def try_guard(folder: Path, seed: int) -> tuple[str, str]:
    """Make an export, plant somebody in three of four; return what was missed, and the refusal of a clean one."""
    luck = random.Random(seed)
    head, rows = (CALLS, call_rows(luck, 60)) if seed % 2 else (BOOK, book_rows(luck, 60))
    head, who = list(head), somebody(luck)
    clean, mapped = seed % 4 == 3, seed % 4 == 2
    kind = luck.choice(list(who))
    secret = who[kind]
    at = luck.choice([place for place, name in enumerate(head) if name not in ("Caller", "Patient", "Clinician")])
    if mapped:
        rows[luck.randrange(len(rows))][at] = secret
    elif not clean:
        at = luck.randrange(len(head) + 1)
        head.insert(at, luck.choice(("Ref", "Detail", "Info", "Comments", "Number", "Extra")))
        for row in rows:
            row.insert(at, somebody(luck)[kind])
        rows[0][at] = secret
    path = written(folder, [head, *rows], luck)
    try:
        read = read_columns(path, KNOWN)
        told = "\n".join([*account(read), *text_of_look(look(read))])
        kept = " ".join(one.frame.to_csv() for one in read)
    except BadInput as bad:
        said = str(bad)
        if clean:
            return "", said
        if secret in said or not mapped:
            return f"{seed}: {kind}: {said}", ""
        return "" if head[at] in said else f"{seed}: the column {head[at]} is not named: {said}", ""
    if clean:
        return "", ""
    if mapped:
        return f"{seed}: a {kind} in {head[at]} was let in", ""
    return (f"{seed}: a {kind} was kept" if secret in told or secret in kept else ""), ""
