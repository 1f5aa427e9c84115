"""Tables from any file a practice has: CSV, Excel (.xlsx, .xls, .ods), or a zip of them; right, or refused.

Limits: a text of 2 GB, 5,000,000 rows, 400 columns; an Excel file of 400 MB unpacked; a zip of 60 files and 4 GB.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pcqa_sim.inputs.bookbounds import LARGEST_BOOK
from pcqa_sim.inputs.bookfile import cell_text, of_book
from pcqa_sim.inputs.onetable import HEADERS_TRIED, IsHeader, Table, headed
from pcqa_sim.inputs.published import missing
from pcqa_sim.inputs.texttable import LARGEST_TEXT, Lines, encoding_of, rows_of, separator_of
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

_LARGEST_ZIP, _MOST_MEMBERS = 4_000_000_000, 60
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")


def tables(path: Path, is_header: IsHeader) -> Iterator[Table]:
    """Yield the tables of a file whose heading `is_header` knows: one, or one a sheet of a workbook or file of a zip.

    A heading may have up to forty rows of title above it. Raises BadInput where
    there is none, or the file cannot be read.
    """
    if not path.exists():
        raise BadInput(missing(path))
    if not path.is_file():
        raise BadInput(Fault(shown(str(path), 200), "not a file; a table is expected: CSV, Excel or a zip of them"))
    file = shown(path.name, 80)
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
        if start.startswith(b"PK\x03\x04") and not _is_book(path):
            yield from _members(path, file, is_header)
        elif start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            yield from of_book(path.read_bytes() if _small(path, file) else b"", file, is_header)
        elif start.lstrip()[:1] == b"[":
            yield _of_json(path.read_bytes() if _small(path, file) else b"", file, is_header)
        else:
            _refuse_other(start, file)
            yield _of_text(lambda: path.open("rb"), path.stat().st_size, file, is_header)
    except OSError as error:
        raise BadInput(Fault(file, f"cannot be read: {error.strerror or 'damaged'}")) from None


def _of_json(raw: bytes, file: str, is_header: IsHeader) -> Table:
    """Return a list of objects with the same plain members as a table."""
    try:
        found = json.loads(raw.decode("utf-8-sig"))
        head = list(found[0])
        rows = [[cell_text(one[name]) for name in head] for one in found]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise BadInput(
            Fault(file, "is no table in JSON: a list of objects with the same members is expected")
        ) from None
    return headed(iter([(1, head), *enumerate(rows, 2)]), file, is_header)


def _refuse_other(start: bytes, file: str) -> None:
    kinds = ((b"%PDF", "a PDF"), (b"\x1f\x8b", "a gzip archive; unpack it"), (b"PAR1", "a Parquet file"))
    for mark, words in kinds:
        if start.startswith(mark):
            raise BadInput(Fault(file, f"is {words}; a table is expected: CSV, Excel or a zip of them"))


def _small(path: Path, file: str) -> bool:
    if path.stat().st_size > LARGEST_BOOK:
        raise BadInput(
            Fault(file, f"an Excel file of at most {LARGEST_BOOK // 1_000_000} MB is expected; save it as CSV")
        )
    return True


def _is_book(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as found:
            names = found.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return path.suffix.lower() in _BOOKS
    return "[Content_Types].xml" in names or "content.xml" in names


def _members(path: Path, file: str, is_header: IsHeader) -> Iterator[Table]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput(Fault(file, "is a damaged zip; download or save it again")) from None
    with archive:
        wanted = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
        if len(wanted) > _MOST_MEMBERS or sum(one.file_size for one in wanted) > _LARGEST_ZIP:
            rule = f"a zip of at most {_MOST_MEMBERS} files and {_LARGEST_ZIP // 10**9} GB unpacked is expected"
            raise BadInput(Fault(file, rule))
        if any(one.flag_bits & 1 for one in wanted):
            raise BadInput(Fault(file, "is locked with a password; unpack it first"))
        some = False
        faults: list[Fault] = []
        for one in wanted:
            try:
                yield from _member(archive, one, f"{file}: {shown(Path(one.filename).name, 80)}", is_header)
                some = True
            except BadInput as bad:
                faults += bad.faults
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
                faults.append(Fault(f"{file}: {shown(Path(one.filename).name, 80)}", "is damaged in the zip"))
        if not some:
            raise BadInput(faults or [Fault(file, "holds no file")])


def _member(archive: zipfile.ZipFile, one: zipfile.ZipInfo, file: str, is_header: IsHeader) -> Iterator[Table]:
    suffix = Path(one.filename).suffix.lower()
    if suffix in _BOOKS:
        if one.file_size > LARGEST_BOOK:
            raise BadInput(Fault(file, "is too large for an Excel file; save it as CSV"))
        yield from of_book(archive.read(one), file, is_header)
        return
    if suffix not in (".csv", ".txt", ".tsv"):
        raise BadInput(Fault(file, "is no CSV and no Excel file"))
    archive.open(one).close()

    def open_() -> BinaryIO:
        return io.BufferedReader(archive.open(one))  # type: ignore[type-var]

    yield _of_text(open_, one.file_size, file, is_header)


def _of_text(open_: Callable[[], BinaryIO], size: int, file: str, is_header: IsHeader) -> Table:
    if size > LARGEST_TEXT:
        raise BadInput(Fault(file, f"a text of at most {LARGEST_TEXT // 10**9} GB is expected; cut it by month"))
    if size == 0:
        raise BadInput(Fault(file, "the file is empty"))
    encoding = encoding_of(open_, file)
    separator = separator_of(open_, encoding, file)
    return headed(_whole(rows_of(open_, encoding, separator, file), file), file, is_header)


def _whole(rows: Lines, file: str) -> Lines:
    """Yield rows; raise BadInput for one that runs over several lines and yet has another number of cells."""
    width = 0
    for number, (line, row) in enumerate(rows):
        if width and len(row) != width and any("\n" in cell for cell in row):
            raise BadInput(Fault(f"{file}, line {line}", "a quote that is not closed, or opened, on this line"))
        if number < HEADERS_TRIED:
            width = max(width, len(row))
        yield line, row
