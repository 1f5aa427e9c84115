"""Files of every kind as programs and people leave them: each is read rightly, or refused in lines with its name."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from inputs.spoiling import BOOK, CALLS, book_rows, call_rows

from pcqa_sim.calibration.own import target_row
from pcqa_sim.commands.look import looked
from pcqa_sim.inputs.import_figures import import_published
from pcqa_sim.inputs.imports import import_register, import_telephony
from pcqa_sim.inputs.workbook import workbook
from pcqa_sim.values.faults import BadInput

CODE = "A11111"
Rows = list[list[str]]
_AREA = ["EMIS", "U00001", "A PCN", "00L", "An area"]
_AGES = [*map(str, range(95)), "95+"]


def _split(*lines: str) -> Rows:
    return [line.split(",") for line in lines]


def _telephony() -> Rows:
    head = "Date,REGION_CODE,ICB_CODE,SUB_ICB_LOCATION_CODE,PCN_CODE,PRACTICE_CODE,Indicator,Duration,Value"
    cells = {"CBT001,TOTAL": 100, "CBT002,TOTAL": 20, "CBT003,0": 40, "CBT003,61_90": 30, "CBT004,1_30": 5}
    cells |= {"CBT005,TOTAL": 5, "CBT007,121_180": 70}
    days = [dt.date(2026, 6, 8) + dt.timedelta(days=one) for one in (0, 1, 2, 3, 4)]
    start = "Y58,QVV,11J,U1"
    return _split(head, *(f"{day},{start},{CODE},{key},{many}.0" for day in days for key, many in cells.items()))


def _book() -> Rows:
    head = "APPOINTMENT_MONTH_START_DATE,GP_CODE,GP_NAME,SUPPLIER,PCN_CODE,PCN_NAME,SUB_ICB_LOCATION_CODE,"
    head += "SUB_ICB_LOCATION_NAME,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,TIME_BETWEEN_BOOK_AND_APPT,"
    row = ["01MAY2024", CODE, "A SURGERY", *_AREA]
    parts = _split(
        "GP,Face-to-Face,General Consultation,Same Day,1400,Attended",
        "GP,Telephone,General Consultation,8  to 14 Days,1100,Attended",
        "Other Practice staff,Face-to-Face,Planned Clinics,15  to 21 Days,1400,DNA",
    )
    return [(head + "COUNT_OF_APPOINTMENTS,APPT_STATUS").split(","), *(row + part for part in parts)]


BASES: dict[str, Callable[[], Rows]] = {
    "register": lambda: _split(
        "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS",
        "GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38,A11112,AA1 1AA,ALL,ALL,5903",
        f"GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38,{CODE},AA1 1AB,ALL,ALL,8400",
    ),
    "telephony": _telephony,
    "appointments": _book,
    "online": lambda: _split(
        "MONTH,GP_CODE,GP_NAME,SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_NAME,ICB_CODE,ICB_NAME,REGION_CODE,REGION_NAME,"
        "PCN_CODE,PCN_NAME,SUPPLIER,WEEKDAY,SUBMISSION_TIME,VALUE",
        *(f"2025-04-01,{CODE},A SURGERY,00L,An area,QHM,N,Y63,N,U1,P,S,{day},08-10,{many}"
          for day, many in (("Monday", 1200), ("Tuesday", 1100))),
    ),
    "workforce": lambda: _split(
        "PRAC_CODE,PRAC_NAME,TOTAL_GP_HC,TOTAL_GP_EXTGL_FTE,TOTAL_NURSES_FTE,TOTAL_DPC_HCA_FTE,TOTAL_GP_SEN_PTNR_FTE,"
        "TOTAL_ADMIN_RECEPT_FTE",
        f"{CODE},A SURGERY,5,3.8,1.9,0.8,0.5,2.5",
    ),
    "network": lambda: _split(
        "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,"
        "ONS_SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_CODE,SUB_ICB_LOCATION_NAME,ONS_ICB_CODE,ICB_CODE,ICB_NAME,"
        "ONS_COMM_REGION_CODE,COMM_REGION_CODE,COMM_REGION_NAME,SUPPLIER_NAME",
        f"X,01JUL2026,{CODE},A SURGERY,AA1 1AA,U1,A PCN,E38,00L,N,E54,QHM,N,E40,Y63,N,EMIS",
    ),
    "calls": lambda: [CALLS, *call_rows(random.Random(5), 60)],
    "book": lambda: [BOOK, *book_rows(random.Random(5), 60)],
}  # fmt: skip


def csv_text(rows: Rows, separator: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if separator in text or '"' in text else text

    return "".join(separator.join(map(cell, row)) + end for row in rows)


@dataclass(frozen=True)
class Way:
    """One way for a file to be awkward; `same` where what is in it is the same, so that it must be read as it was."""

    write: Callable[[Path, Rows], Path]
    same: bool = False
    refused: bool = False


def _bytes(made: Callable[[Rows], bytes], name: str = "x.csv") -> Callable[[Path, Rows], Path]:
    def write(folder: Path, rows: Rows) -> Path:
        path = folder / name
        path.write_bytes(made(rows))
        return path

    return write


def _changed(change: Callable[[Rows], Rows]) -> Callable[[Path, Rows], Path]:
    return _bytes(lambda rows: csv_text(change([list(row) for row in rows])).encode())


def _last(text: str) -> Callable[[Rows], Rows]:
    """Put a text where the first row has its last number."""

    def change(rows: Rows) -> Rows:
        at = max((place for place, cell in enumerate(rows[1]) if cell.replace(".", "").isdigit()), default=0)
        rows[1][at] = text
        return rows

    return change


def _thousands(rows: Rows) -> Rows:
    return [rows[0], *([f"{int(one):,}" if one.isdigit() and len(one) > 3 else one for one in row] for row in rows[1:])]


def _dated(form: str) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        def cell(text: str) -> str:
            for known in ("%Y-%m-%d", "%d%b%Y"):
                try:
                    return f"{dt.datetime.strptime(text, known):{form}}"
                except ValueError:
                    continue
            return text

        return [rows[0], *([cell(one) for one in row] for row in rows[1:])]

    return change


def _zip(members: Callable[[Rows], dict[str, bytes]]) -> Callable[[Rows], bytes]:
    def made(rows: Rows) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
            for name, raw in members(rows).items():
                file.writestr(name, raw)
        return stream.getvalue()

    return made


def _excel(rows: Rows) -> bytes:
    return workbook({"Sheet1": [list(row) for row in rows]}, {})


def _book_with(part: str, old: bytes, new: bytes) -> Callable[[Rows], bytes]:
    """Return an Excel file with something in one of its parts."""

    def made(rows: Rows) -> bytes:
        source = zipfile.ZipFile(io.BytesIO(_excel(rows)))
        parts = {name: source.read(name) for name in source.namelist()}
        name = next(one for one in parts if part in one)
        assert old in parts[name], parts[name][:400]
        return _zip(lambda _: parts | {name: parts[name].replace(old, new, 1)})(rows)

    return made


def _folder(folder: Path, rows: Rows) -> Path:
    (folder / "x.csv").mkdir()
    return folder / "x.csv"


WAYS: dict[str, Way] = {
    "cp1252": Way(_bytes(lambda rows: csv_text(rows).replace("A SURGERY", "Café").encode("cp1252")), same=True),
    "UTF-16": Way(_bytes(lambda rows: csv_text(rows).encode("utf-16")), same=True),
    "BOM": Way(_bytes(lambda rows: csv_text(rows).encode("utf-8-sig")), same=True),
    "semicolons": Way(_bytes(lambda rows: csv_text(rows, ";").encode()), same=True),
    "tabs": Way(_bytes(lambda rows: csv_text(rows, "\t").encode()), same=True),
    "CRLF": Way(_bytes(lambda rows: csv_text(rows, end="\r\n").encode()), same=True),
    "CR": Way(_bytes(lambda rows: csv_text(rows, end="\r").encode())),
    "spaces": Way(_changed(lambda rows: [[f" {one} " for one in row] for row in rows]), same=True),
    "blank rows": Way(_changed(lambda rows: [rows[0], [""], *rows[1:], [""] * len(rows[0]), [""]]), same=True),
    "title rows": Way(_changed(lambda rows: [["Report of the month"], [""], *rows])),
    "total row": Way(_changed(lambda rows: [*rows, ["Total", *[""] * (len(rows[0]) - 2), "99999"]])),
    "double heading": Way(_changed(lambda rows: [[*rows[0], rows[0][-1]], *([*row, "1"] for row in rows[1:])])),
    "heading again": Way(_changed(lambda rows: [*rows, rows[0]])),
    "short row": Way(_changed(lambda rows: [*rows[:-1], rows[-1][:-2]])),
    "long row": Way(_changed(lambda rows: [*rows[:-1], [*rows[-1], "x", "y"]])),
    "thousands": Way(_changed(_thousands), same=True),
    "per cent": Way(_changed(_last("12%"))),
    "negative": Way(_changed(_last("-5"))),
    "huge": Way(_changed(_last("9" * 30))),
    "exponent": Way(_changed(_last("1e308"))),
    "infinite": Way(_changed(_last("inf"))),
    "no number": Way(_changed(_last("NaN"))),
    "formula": Way(_changed(_last("=1+1"))),
    "null byte": Way(_bytes(lambda rows: csv_text(rows).encode().replace(b",", b",\0", 1))),
    "torn": Way(_bytes(lambda rows: csv_text(rows).encode()[:-7])),
    "open quote": Way(_bytes(lambda rows: csv_text(rows).encode().replace(b"\n", b'\n"', 1))),
    "other dates": Way(_changed(_dated("%d/%m/%Y"))),
    "two-digit years": Way(_changed(_dated("%d-%b-%y"))),
    "days of Excel": Way(
        _changed(
            lambda rows: [
                rows[0],
                *([("46181" if "20" in one and len(one) in (9, 10) else one) for one in row] for row in rows[1:]),
            ]
        )
    ),
    "empty": Way(_bytes(lambda rows: b""), refused=True),
    "only a heading": Way(_changed(lambda rows: rows[:1]), refused=True),
    "no heading": Way(_changed(lambda rows: rows[1:]), refused=True),
    "blanks alone": Way(_bytes(lambda rows: b"\n \n\t\n"), refused=True),
    "folder": Way(_folder, refused=True),
    "missing": Way(lambda folder, rows: folder / "none.csv", refused=True),
    "picture": Way(_bytes(lambda rows: b"\x89PNG\r\n\x1a\n" + bytes(200)), refused=True),
    "pdf": Way(_bytes(lambda rows: b"%PDF-1.7\n" + csv_text(rows).encode()), refused=True),
    "web page": Way(_bytes(lambda rows: b"<!DOCTYPE html><html><body>Sign in</body></html>"), refused=True),
    "wrong extension": Way(_bytes(lambda rows: _excel(rows)), same=True),
    "CSV named xlsx": Way(_bytes(lambda rows: csv_text(rows).encode(), "x.xlsx"), same=True),
    "Excel": Way(_bytes(lambda rows: _excel(rows), "x.xlsx"), same=True),
    "torn Excel": Way(_bytes(lambda rows: _excel(rows)[:-40], "x.xlsx"), refused=True),
    "Excel with merged cells": Way(
        _bytes(
            _book_with(
                "sheet1", b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>'
            ),
            "x.xlsx",
        )
    ),
    "zip": Way(_bytes(_zip(lambda rows: {"a/x.csv": csv_text(rows).encode()}), "x.zip"), same=True),
    "zip of nothing": Way(_bytes(_zip(lambda rows: {}), "x.zip"), refused=True),
    "zip of pictures": Way(_bytes(_zip(lambda rows: {"x.png": b"\x89PNG\r\n"}), "x.zip"), refused=True),
    "zip in zip": Way(
        _bytes(_zip(lambda rows: {"y.zip": _zip(lambda _: {"x.csv": b"a"})(rows)}), "x.zip"), refused=True
    ),
    "zip bomb": Way(
        _bytes(_zip(lambda rows: {"x.csv": csv_text(rows).encode() + bytes(9_000_000)}), "x.zip"), refused=True
    ),
    "zip with a way out": Way(_bytes(_zip(lambda rows: {"../../x.csv": csv_text(rows).encode()}), "x.zip"), same=True),
    "torn zip": Way(
        _bytes(lambda rows: _zip(lambda _: {"x.csv": csv_text(rows).encode()})(rows)[:-15], "x.zip"), refused=True
    ),
}
NO_COUNTS = ("per cent", "negative", "huge", "exponent", "infinite", "formula")
"""Ways in which a published count is none: where it is one of few rows, nothing is taken."""


def said(kind: str, path: Path, folder: Path) -> str:
    """Import a file of a kind, or look at it; return what was written or shown, to be compared."""
    if kind in ("calls", "book"):
        _, found = looked([path], None, False, 5)
        return f"{found.counts} {[one.rows for one in found.shown]}".replace(path.name, "x.csv")
    conf = folder / "conf"
    (conf / "practice").mkdir(parents=True)
    own = conf / "practice" / f"{CODE.lower()}.yaml"
    own.write_text("name: X\nlist_size: 8000\ndemand_level: 1.0\nstart_belief: 0.2\n")
    if kind == "register":
        import_register(path, CODE, conf)
    elif kind == "telephony":
        import_telephony(path, CODE, conf, lambda size, around: lambda level: [100 * level] * 5)
    else:
        import_published(path, kind, CODE, "", conf, target_row)
    return str(yaml.safe_load(own.read_text().replace(path.name, "x.csv").replace("a/x.csv", "x.csv")))


def tried(kind: str, way: str, folder: Path, right: str) -> str:
    """Write a file of a kind in a way and read it; return what is wrong, "" where all is well."""
    folder.mkdir(parents=True)
    one = WAYS[way]
    path = one.write(folder, BASES[kind]())
    try:
        found = said(kind, path, folder)
    except BadInput as bad:
        if one.same:
            return f"refused: {bad}"
        lines = [str(fault) for fault in bad.faults]
        return "" if all(path.name in line and "\n" not in line and len(line) < 500 for line in lines) else f"{bad}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if one.refused or (way in NO_COUNTS and kind in ("telephony", "appointments", "online")):
        return f"taken: {found[:200]}"
    return "" if not one.same or found == right else f"other: {found[:300]} instead of {right[:300]}"
