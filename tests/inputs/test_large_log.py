"""A call log of a million rows: read, checked and summed up in seconds and in little memory."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from inputs.spoiling import CALLS, call_rows, text_of

MEASURED = """
import re, resource, sys
from pathlib import Path
from pcqa_sim.inputs.known_layouts import KNOWN
from pcqa_sim.inputs.looks import look
from pcqa_sim.inputs.reading_columns import read_columns
read = read_columns(Path(sys.argv[1]), KNOWN)
found = look(read)
used = resource.getrusage(resource.RUSAGE_SELF)
status = Path("/proc/self/status")
# Elsewhere than on Linux; there, the figure of `used` begins with that of the process that started this one.
own = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
peak = int(own[1]) if own else used.ru_maxrss
print(read[0].counted.imported, len(found.shown), used.ru_utime + used.ru_stime, peak / 1024)
"""


def measured(path: Path, rows: int) -> tuple[int, int, float, float]:
    """Return rows read, things said, seconds of a processor and MB at the peak."""
    part = text_of(call_rows(random.Random(1), 20_000))
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(text_of([CALLS]))
        for _ in range(rows // 20_000):
            file.write(part)
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", MEASURED, str(path)]
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=True)
    imported, said, seconds, peak = done.stdout.split()
    return int(imported), int(said), float(seconds), float(peak)


@pytest.mark.skipif(sys.platform == "win32", reason="needs the module resource")
@pytest.mark.parametrize("rows", [pytest.param(1_000_000, marks=pytest.mark.soak), 20_000])
def test_read_checked_and_summed_up(tmp_path: Path, rows: int) -> None:
    imported, said, seconds, peak = measured(tmp_path / "calls.csv", rows)
    print(f"{rows:,} rows: {seconds:.1f} s of a processor, {peak:.0f} MB")
    assert imported == rows
    assert said >= 5
    assert seconds < 15
    assert peak < 1500
