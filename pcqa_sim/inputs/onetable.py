"""One table of a file as its rows come: the heading, rows as long as it, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pcqa_sim.inputs.texttable import Lines
from pcqa_sim.values.faults import BadInput, Fault

MOST_ROWS, MOST_COLUMNS = 5_000_000, 400
HEADERS_TRIED = 40
_CHUNK = 20_000
_TOTALS = ("total", "totals", "grand total", "sum", "overall total", "all practices")
IsHeader = Callable[[Sequence[str]], bool]


@dataclass
class Counted:
    """What became of rows: read = imported + repaired + rejected; of the first rejected line, column and reason."""

    read: int = 0
    imported: int = 0
    repaired: int = 0
    rejected: int = 0
    reasons: list[Fault] = field(default_factory=list)

    def reject(self, where: str, rule: str) -> None:
        """Count a row that is left out, and keep why, of the first few."""
        self.rejected += 1
        if len(self.reasons) < 5:
            self.reasons.append(Fault(where, rule))


@dataclass(frozen=True)
class Chunk:
    """Some rows of equal length: cells, the line each began on, and whether it was mended."""

    lines: list[int]
    rows: list[list[str]]
    mended: list[bool]


@dataclass
class Table:
    """A table in a file: its heading, and its rows in chunks, read once."""

    file: str
    head: list[str]
    head_line: int
    counted: Counted
    rest: Lines

    def chunks(self) -> Iterator[Chunk]:
        """Yield rows as long as the heading; those that are not are mended where that is certain, else rejected."""
        lines: list[int] = []
        rows: list[list[str]] = []
        mended: list[bool] = []
        width, count = len(self.head), self.counted
        for line, row in self.rest:
            count.read += 1
            if count.read > MOST_ROWS:
                raise BadInput(Fault(self.file, f"has more than {MOST_ROWS:,} rows; cut it by month"))
            good = len(row) == width
            if not good:
                whole = _mended(row, width)
                if whole is None:
                    count.reject(f"{self.file}, line {line}", f"{len(row)} cells where the heading has {width}")
                    continue
                row = whole
            if row[0].strip().lower().rstrip(":") in _TOTALS:
                count.reject(f"{self.file}, line {line}", "a row of totals")
                continue
            lines.append(line)
            rows.append(row)
            mended.append(not good)
            if len(rows) >= _CHUNK:
                yield Chunk(lines, rows, mended)
                lines, rows, mended = [], [], []
        if rows:
            yield Chunk(lines, rows, mended)


def _mended(row: list[str], width: int) -> list[str] | None:
    """Return a row as long as the heading where that is certain: spare cells are empty, or a name cut at its comma."""
    spare = len(row) - width
    if spare > 0 and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    if spare == 1:
        cut = [at for at in range(1, len(row)) if row[at][:1] == " " and row[at][1:2].isupper() and row[at - 1].strip()]
        if len(cut) == 1:
            at = cut[0]
            return [*row[: at - 1], f"{row[at - 1]},{row[at]}", *row[at + 1 :]]
    return None


def headed(rows: Lines, file: str, is_header: IsHeader, sheet: str = "") -> Table:
    """Return the table below the first row that is a heading; raise BadInput where none of the first ones is."""
    for _, (line, row) in zip(range(HEADERS_TRIED), rows, strict=False):
        if len(row) > MOST_COLUMNS and any(cell.strip() for cell in row[MOST_COLUMNS:]):
            raise BadInput(Fault(f"{file}, line {line}", f"has more than {MOST_COLUMNS} columns"))
        if is_header(row):
            return Table(f"{file}{sheet}", [_plain(cell) for cell in row], line, Counted(), rows)
    raise BadInput(NoHeading(file))


class NoHeading(Fault):
    """That no heading was known: the fault by which whoever asked may suggest another way."""

    def __init__(self, file: str) -> None:
        super().__init__(file, f"none of its first {HEADERS_TRIED} rows is a heading that is known here")


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").strip("\"'").strip()
