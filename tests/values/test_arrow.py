"""Arrays by their buffers are those that Arrow makes itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pcqa_sim.values.arrow import numbers, plain, texts

WORDS = ["", "gp.1", "Señor Ōta", "", "x" * 300]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.int32, np.int64])
@pytest.mark.parametrize("many", [0, 1, 7])
def test_numbers_are_those_of_arrow_and_come_back(dtype: type, many: int) -> None:
    values = (np.arange(2 * many) - 3).astype(dtype)[::2]
    made = numbers(values)
    assert made.equals(pa.array(values))
    made.validate(full=True)
    for column in (made, pa.chunked_array([made, made]), pa.chunked_array([made])[many // 2 :]):
        assert plain(column).dtype == dtype
        assert plain(column).tolist() == column.to_pylist()


@pytest.mark.parametrize("words", [WORDS, [], [""]])
def test_texts_are_those_of_arrow(words: list[str]) -> None:
    for large, kind in ((False, pa.string()), (True, pa.large_string())):
        made = texts(words, large)
        made.validate(full=True)
        assert made.equals(pa.array(words, kind))


def test_a_log_is_made_and_read_without_pandas() -> None:
    code = """
import sys
from pcqa_sim.values.eventlog import EventLog
from pcqa_sim.results.tables import Tables
written = EventLog(["north", "south"])
written.add((1.0, 1, 2, 3, -1, "need_arose", "patient", "rash", 0.0))
assert Tables(written.table(), "south").need_columns.words("kind").tolist() == ["rash"]
assert len(Tables(written.table(), "north").need_columns) == 0
print("pandas" in sys.modules)
"""
    project = Path(__file__).resolve().parents[2]
    said = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == ("False\n", "")
