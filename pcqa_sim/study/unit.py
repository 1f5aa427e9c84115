"""A unit is one replication of one scenario with one luck; on disk, a Parquet file that carries its own checksum.

The footer of the file holds the unit's name and the SHA-256 of every byte of the file, taken with the checksum's own
place filled with zeros. Any torn, truncated or flipped byte shows, and pandas, DuckDB and Arrow read the file as it is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcqa_sim.values.formats import SCHEMA, as_of_today, newest

if TYPE_CHECKING:
    import pyarrow as pa

NAME_KEY, CODE_KEY, ROWS_KEY = "pcqa.unit", "pcqa.code", "pcqa.rows"
SCHEMA_KEY, SUM_KEY = "pcqa.schema", "pcqa.sha256"
_ZEROS = "0" * 64
_NAME = re.compile(r"([0-9a-f]{12})-([0-9]{1,19})-([0-9]{1,19})")


@dataclass(frozen=True, order=True)
class Unit:
    """One replication: the scenario's hash, the seed, and the number of the replication. Also its file's name."""

    scenario: str
    seed: int
    replication: int

    def __str__(self) -> str:
        return f"{self.scenario}-{self.seed}-{self.replication}"

    @classmethod
    def parsed(cls, text: str) -> Unit | None:
        """Return the name a text spells, or None where it spells none."""
        found = _NAME.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]), int(found[3]))


class Damaged(ValueError):
    """A unit's file is not what was written; the text says in what way."""


def unit_bytes(table: pa.Table, name: str, code: str = "", rows: int = 0) -> bytes:
    """Return a unit's file: the same table, name, code version and rows of the event log give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    plain = table.replace_schema_metadata(None)
    with pq.ParquetWriter(sink, plain.schema, compression="zstd", version="2.6") as writer:
        writer.write_table(plain)
        about = {NAME_KEY: name, CODE_KEY: code, SCHEMA_KEY: str(newest("unit")), ROWS_KEY: str(rows)}
        writer.add_key_value_metadata(about | {SUM_KEY: _ZEROS})
    draft: bytes = sink.getvalue().to_pybytes()
    at = _place_of_sum(draft)
    return draft[:at] + hashlib.sha256(draft).hexdigest().encode() + draft[at + 64 :]


def checksum(content: bytes, name: str) -> str:
    """Return the checksum of a unit's file; raise Damaged where its bytes do not bear it out or it is another unit."""
    if len(content) < 12 or content[:4] != b"PAR1" or content[-4:] != b"PAR1":
        raise Damaged(f"it is torn, {len(content):,} bytes that do not begin and end as a Parquet file does")
    at = _place_of_sum(content)
    told = content[at : at + 64]
    digest = hashlib.sha256(content[:at])
    digest.update(_ZEROS.encode())
    digest.update(content[at + 64 :])
    if digest.hexdigest().encode() != told:
        raise Damaged("its bytes do not match its checksum")
    if _value(content, NAME_KEY) != name.encode():
        raise Damaged("it holds another unit than its name says")
    return told.decode()


def read_unit(path: Path) -> pa.Table:
    """Return the table of a unit's file; raise Damaged where the file is not what was written."""
    content = path.read_bytes()
    checksum(content, path.stem)
    return table_of(content, str(path))


def table_of(content: bytes, where: str = "unit") -> pa.Table:
    """Return the table in a unit's bytes, in today's form; raise BadInput where a newer version wrote it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = _value(content, SCHEMA_KEY).decode("ascii", "replace") or "0"
    table = pq.read_table(pa.BufferReader(content))
    plain = {SCHEMA: int(told) if told.isdecimal() else told, "table": table}
    return as_of_today("unit", plain, where)["table"]


def rows_of(content: bytes) -> int:
    """Return how many rows the event log of a unit had, 0 where its file does not tell."""
    told = _value(content, ROWS_KEY).decode("ascii", "replace")
    return int(told) if told.isdecimal() else 0


def _value(content: bytes, key: str) -> bytes:
    """Return a value of the footer, b"" where there is none. (Found as bytes: reading a footer takes much longer.)"""
    at = content.rfind(key.encode())
    if at < 0:
        return b""
    # Thrift's compact protocol: the key's bytes, one byte of field header, one of length (below 128), the value.
    at += len(key) + 2
    return content[at : at + content[at - 1]]


def _place_of_sum(content: bytes) -> int:
    """Return where the checksum stands: after its key, in the footer."""
    if len(_value(content, SUM_KEY)) != len(_ZEROS):
        raise Damaged("it carries no checksum")
    return content.rfind(SUM_KEY.encode()) + len(SUM_KEY) + 2
