"""Arrow's arrays from NumPy's and back, by their buffers.

Arrow's own ways (`pa.array`, `to_numpy`) import pandas first wherever it is installed, which takes a worker longer than
anything else that it imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(values: NDArray[Any]) -> pa.Array:
    """Return numbers as an array of the same type, which shares their memory."""
    held = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(held.dtype), len(held), [None, pa.py_buffer(held)])


def texts(words: Sequence[str], large: bool = False) -> pa.Array:
    """Return texts as an array of strings, of `large` ones (64-bit offsets, as pandas writes them) if wanted."""
    content = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, content)], dtype=np.int64 if large else np.int32)
    kind = pa.large_string() if large else pa.string()
    return pa.Array.from_buffers(kind, len(content), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(content))])


def plain(column: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of numbers, none of them null, as NumPy has them; who reads it may not write to it."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    values: NDArray[Any] = np.from_dlpack(whole)
    return values
