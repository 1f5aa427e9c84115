"""Cluster files and batch scripts; and in the soak a real Slurm of one node, by dask_jobqueue and by a job array."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slurms import jobs, slurm, why_no_slurm

from pcqa_sim.study.engines.sbatch import sbatch_script
from pcqa_sim.study.engines.slurm import SlurmSettings, read_cluster
from pcqa_sim.values.faults import BadInput

SWEEP = ("sweep", "practice=small", "run=quick", "phones.lines=4,8,16", "--reps", "2")


def written(folder: Path, text: str) -> Path:
    path = folder / "cluster.yaml"
    path.write_text(text)
    return path


def test_a_cluster_file_is_read(tmp_path: Path) -> None:
    text = "jobs: 20\ncores: 2\nmemory: 4GB\nwalltime: '01:00:00'\nqueue: long\nprologue: [module load python]\n"
    found = read_cluster(written(tmp_path, text))
    assert (found.jobs, found.cores, found.queue, found.prologue) == (20, 2, "long", ("module load python",))
    assert found.wait_minutes == 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jobs: 0", "jobs: 0:"),
        ("cores: 2", "jobs: field required"),
        ("jobs: 2\nqueu: x", "did you mean queue?"),
        ("jobs: many", "Slurm jobs to keep running"),
        ("- 1", "must hold settings"),
        ("jobs: [", "is not readable YAML"),
    ],
)
def test_a_faulty_cluster_file_is_refused_with_its_fault(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read_cluster(written(tmp_path, text))
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_cluster_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there"):
        read_cluster(tmp_path / "none.yaml")


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in SlurmSettings.model_fields.values())


def test_the_batch_script(tmp_path: Path) -> None:
    text = sbatch_script(tmp_path / "my study", 7, 100)
    assert text.startswith("#!/bin/bash\n")
    assert "#SBATCH --array=0-6\n" in text
    assert "at most 15 each" in text
    assert f'--output="{tmp_path / "my study" / "slurm"}"/%A_%a.txt' in text
    assert f"part '{tmp_path / 'my study'}' --of 7 --part \"$SLURM_ARRAY_TASK_ID\"" in text
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if why := why_no_slurm():
        pytest.skip(why)
    with slurm(tmp_path_factory.mktemp("slurm")) as found:
        yield found


def pcqa(*words: str, at: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pcqa_sim.cli", *words]
    return subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True, check=False, timeout=300)


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "metrics.parquet").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    at = tmp_path_factory.mktemp("here")
    done = pcqa(*SWEEP, "--out", "here", at=at, environment=dict(os.environ))
    assert done.returncode == 0, done.stderr
    return digest(at / "here")


@pytest.mark.soak
def test_a_sweep_by_dask_jobqueue(surroundings: dict[str, str], expected: str, tmp_path: Path) -> None:
    text = "jobs: 2\ncores: 1\nmemory: 1GB\nwalltime: '00:10:00'\nhost: 127.0.0.1\ninterface: lo\nwait_minutes: 2\n"
    path = written(tmp_path, text)
    done = pcqa(*SWEEP, "--out", "there", "--cluster", str(path), at=tmp_path, environment=surroundings)
    assert done.returncode == 0, done.stderr
    assert "on the Dask cluster at tcp://127.0.0.1" in done.stdout
    assert digest(tmp_path / "there") == expected
    assert none_left(surroundings)


@pytest.mark.soak
def test_a_sweep_by_a_job_array(surroundings: dict[str, str], expected: str, tmp_path: Path) -> None:
    words = (*SWEEP, "--out", "there", "--write-sbatch", "sweep.sbatch", "--parts", "3")
    planned = pcqa(*words, at=tmp_path, environment=surroundings)
    assert planned.returncode == 0, planned.stderr
    assert not (tmp_path / "there" / "units").exists()
    subprocess.run(["sbatch", "--wait", "sweep.sbatch"], cwd=tmp_path, env=surroundings, check=True, timeout=240)
    assert len(list((tmp_path / "there" / "units").glob("*.parquet"))) == 6
    logs = sorted((tmp_path / "there" / "slurm").iterdir())
    assert len(logs) == 3
    assert all("2 done, 0 failed" in log.read_text() for log in logs)
    gathered = pcqa("sweep", "--out", "there", "--resume", at=tmp_path, environment=surroundings)
    assert gathered.returncode == 0, gathered.stderr
    assert "6 units, 6 of them there already" in gathered.stdout
    assert digest(tmp_path / "there") == expected
    assert none_left(surroundings)


def none_left(environment: dict[str, str]) -> bool:
    """Tell whether no job is left within half a minute."""
    for _ in range(60):
        if not jobs(environment):
            return True
        time.sleep(0.5)
    return False
