"""What the README shows in Python runs as a plain script, without a main guard, where the README says it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import pcqa

PROJECT = Path(__file__).resolve().parents[1]
BLOCKS = re.findall(r"^```python\n(.*?)^```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
SMALL = '"practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1"'
SMALLER = {
    'load_scenario("practice=small")': f"load_scenario({SMALL})",
    "load_scenario()": f"load_scenario({SMALL})",
    "pcqa_runs/.../": "lines/",
}


def small(block: str) -> str:
    """Return a block with small scenarios in the place of the README's own, and real folders for "..."."""
    for shown, smaller in SMALLER.items():
        block = block.replace(shown, smaller)
    assert "..." not in block
    return block


def as_a_script(text: str, place: Path) -> subprocess.CompletedProcess[str]:
    path = place / "script.py"
    path.write_text(text, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, str(path)]
    return subprocess.run(command, cwd=place, env=environment, text=True, capture_output=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the results of a sweep, as the README's blocks read them."""
    folder = tmp_path_factory.mktemp("readme")
    words = [word.strip('"') for word in SMALL.split(", ")]
    assert (
        pcqa("sweep", *words, "phones.lines=4,8", "--reps", "2", "--workers", "1", "--out", str(folder / "lines")) == 0
    )
    return folder


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[1])
def test_a_python_block_runs_as_a_plain_script(block: str, place: Path) -> None:
    if "duckdb" in block:
        pytest.importorskip("duckdb")
    done = as_a_script(small(block), place)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_kind_of_python_block_was_found() -> None:
    text = "".join(BLOCKS)
    assert all(word in text for word in ("simulate(", "replicate(", "read_parquet(", "duckdb.sql("))


PUBLIC = {
    "replicate": "print(len(replicate(base, 2).units))",
    "compare": "print(len(compare(base, {'more': more}, 2).others))",
    "replicate_until": "from pcqa_sim.study.methods.stopping import Precision, replicate_until\n"
    "print(len(replicate_until(base, Precision('failure_share', 9.0, least=2, most=3, look_ahead=0))[0].units))",
    "Trials": "from pcqa_sim.study.methods.trials import Trials\n"
    "from pcqa_sim.study.statistics.criterion import read_yardstick\n"
    "print(len(Trials(lambda _: base, [read_yardstick('failure_share', 'practice')], 1)([((1.0,), 0), ((1.0,), 1)])))",
}
NO_PROCESS = "import multiprocessing.context as c\nc.SpawnProcess._Popen = staticmethod(lambda _: exit('a process'))\n"
SETTINGS = f"base, more = load_scenario({SMALL}), load_scenario({SMALL}, 'phones.lines=20')\n"


def test_what_runs_several_times_starts_no_process_unless_asked(tmp_path: Path) -> None:
    imports = "from pcqa_sim import compare, load_scenario, replicate\n"
    done = as_a_script(NO_PROCESS + imports + SETTINGS + "\n".join(PUBLIC.values()), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[:2] == ["2", "1"]


def test_a_script_that_asks_for_processes_without_a_main_guard_is_told_so(tmp_path: Path) -> None:
    script = f"from pcqa_sim import load_scenario, replicate\nreplicate(load_scenario({SMALL}), 2, workers=2)\n"
    done = as_a_script(script, tmp_path)
    assert done.returncode == 1
    assert 'must do so below `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]
