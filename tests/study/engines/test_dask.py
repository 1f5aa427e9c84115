"""The Dask engine against a real scheduler and two worker processes, reached over loopback TCP."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fakeunits
import pytest
from clusters import Cluster, dask_cluster
from commandline import pcqa
from distributed.comm import CommClosedError
from fakeunits import drive, plan_of, scenario_name
from plugged import recipes, written

from pcqa_sim.study.engines import EngineLost, dask_workers
from pcqa_sim.study.engines.dask_engine import Dask, connected
from pcqa_sim.study.engines.local import Local
from pcqa_sim.study.origin import origin
from pcqa_sim.values.faults import BadInput

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture(scope="module")
def with_one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """For units by which workers come to grief."""
    with dask_cluster(tmp_path_factory.mktemp("one"), workers=1) as made:
        yield made


@pytest.fixture
def engine(cluster: Cluster) -> Iterator[Dask]:
    made = Dask(connected(cluster.address))
    yield made
    made.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_cluster_gives_the_bytes_that_processes_here_give(tmp_path: Path, engine: Dask) -> None:
    plan = plan_of(3, 4)
    engine.client.wait_for_workers(2)
    there = drive(tmp_path / "there", plan, engine, fakeunits.busy)
    assert len({process for _, process in there.workers}) == 2
    assert os.getpid() not in {process for _, process in there.workers}
    for processes in (1, 2):
        here = drive(tmp_path / f"here-{processes}", plan, Local(processes), fakeunits.quick)
        assert len(here.workers) == processes
        for name in ("metrics.parquet", "summary.csv"):
            assert digest(tmp_path / f"here-{processes}" / name) == digest(tmp_path / "there" / name)


@pytest.mark.usefixtures("elsewhere")
def test_the_command_gives_the_same_results_on_a_cluster(
    cluster: Cluster, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("sweep", "practice=small", "run=quick", "phones.lines=4,8", "--reps", "2", "--out")
    assert pcqa(*words, "there", "--scheduler", cluster.address) == 0
    assert "on the Dask cluster at tcp://127.0.0.1" in capsys.readouterr().out
    for processes in ("1", "2"):
        assert pcqa(*words, f"here-{processes}", "--workers", processes) == 0
        there, here = (elsewhere / name / "metrics.parquet" for name in ("there", f"here-{processes}"))
        assert digest(there) == digest(here)


@pytest.mark.usefixtures("elsewhere")
def test_workers_are_sent_the_text_of_own_code_and_a_later_version_of_it(
    cluster: Cluster, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They have no such file; and what they were sent for one study is not what they do the next with."""
    own = written(elsewhere, recipes()) / "own"
    words = ("sweep", "practice=small", "run=quick", "triage=texting", "practice.list_size=1000,1200", "--reps", "1")
    found = {}
    for version in ("", "\n\nclass Later(Texting):\n    kind: ClassVar = 'later'\n"):
        (own / "texting.py").write_text(recipes()["own/texting.py"] + version)
        shutil.copytree(own, elsewhere / f"own{len(version)}")
        given = ("--plugins", str(elsewhere / f"own{len(version)}"))
        place = f"there{len(version)}"
        assert pcqa(*words, "--out", place, "--scheduler", cluster.address, *given) == 0, capsys.readouterr().err
        shutil.rmtree(elsewhere / f"own{len(version)}")
        assert pcqa(*words, "--out", f"here{len(version)}", "--workers", "1", "--plugins", str(own)) == 0
        assert digest(elsewhere / place / "metrics.parquet") == digest(
            elsewhere / f"here{len(version)}/metrics.parquet"
        )
        found[place] = sorted(path.name for path in (elsewhere / place / "scenarios").iterdir())
    assert not set(found["there0"]) & {name for place in found if place != "there0" for name in found[place]}


def test_a_unit_that_raises_is_named_and_the_rest_finishes(tmp_path: Path, engine: Dask) -> None:
    outcome = drive(tmp_path, plan_of(2, 3), engine, fakeunits.raising)
    (failed,) = outcome.failed
    assert (failed.unit.scenario, failed.unit.replication) == (scenario_name(0), 1)
    assert failed.fault == "ValueError: need 7, contact 0: its call ended twice"
    assert len(outcome.done) == 5


def test_other_code_on_a_worker_is_refused_before_anything_is_done(
    tmp_path: Path, engine: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = origin().modules | {"journey.py": "another"}
    other = type(origin())(origin().version, "3.99", origin().libraries | {"numpy": "1.0"}, changed)
    monkeypatch.setattr(dask_workers, "origin", lambda: other)
    with pytest.raises(BadInput) as refused:
        drive(tmp_path, plan_of(2, 3), engine, fakeunits.quick)
    said = str(refused.value)
    assert "Python here is 3.99" in said
    assert "numpy here is 1.0" in said
    assert "journey.py" in said
    assert said.count("\n") == 1, "a line a worker"
    assert not (tmp_path / "units").exists()


def test_a_worker_that_comes_later_with_other_code_is_refused(tmp_path: Path, engine: Dask) -> None:
    plan = plan_of(1, 2)
    older = type(origin())("0.0.1", origin().python, origin().libraries, origin().modules)
    with pytest.raises(BadInput, match="other code"):
        drive(tmp_path, type(plan)(**{**fields(plan), "origin": older}), engine, fakeunits.quick)


def fields(plan: object) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_folder_the_workers_do_not_see_is_refused(
    engine: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "about_this_worker", fakeunits.unseeing)
    with pytest.raises(BadInput, match="shared file system"):
        dask_workers.Crew(engine.client, tmp_path).gather(10)


def test_nobody_at_an_address_is_told_within_fifteen_seconds(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    begun = time.monotonic()
    assert pcqa("sweep", "practice=small", "phones.lines=4,8", "--scheduler", address, "--out", "out") == 2
    assert time.monotonic() - begun < 15
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert address in err
    assert not (elsewhere / "out").exists()


@pytest.mark.parametrize("address", ["nonsense://x", "http://127.0.0.1:1", "127.0.0.1", "tcp://127.0.0.1:99999999"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        connected(address)
    assert address in str(refused.value)


def test_something_else_that_answers_is_no_scheduler(cluster: Cluster, engine: Dask) -> None:
    engine.client.wait_for_workers(1, timeout=60)
    worker = next(iter(engine.client.nthreads()))
    with pytest.raises(BadInput, match="no Dask scheduler, but a Worker"):
        connected(worker)


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with dask_cluster(tmp_path / "cluster", workers=0) as empty:
        engine = Dask(connected(empty.address), wait_s=1)
        with pytest.raises(BadInput, match="has no workers"):
            drive(tmp_path / "out", plan_of(1, 1), engine, fakeunits.quick)
        engine.close()


def test_a_unit_without_end_is_named_and_the_rest_finishes(tmp_path: Path, with_one_worker: Cluster) -> None:
    engine = Dask(connected(with_one_worker.address), limit_s=20)  # time enough to import what a unit is, when busy
    outcome = drive(tmp_path, plan_of(2, 2), engine, fakeunits.looping)
    engine.close()
    (failed,) = outcome.failed
    assert (failed.unit.scenario, failed.unit.replication) == (scenario_name(0), 1)
    assert "longer than 20 s" in failed.fault
    assert len(outcome.done) == 3


def test_a_unit_that_stops_its_worker_is_named_and_the_rest_finishes(tmp_path: Path, with_one_worker: Cluster) -> None:
    engine = Dask(connected(with_one_worker.address), silence_s=6)
    outcome = drive(tmp_path, plan_of(2, 2), engine, fakeunits.stopping)
    engine.close()
    (failed,) = outcome.failed
    assert (failed.unit.scenario, failed.unit.replication) == (scenario_name(0), 1)
    assert "no sign of life for 6 s, 3 times over" in failed.fault
    assert len(outcome.done) == 3


def test_a_unit_that_kills_its_worker_each_time_is_given_up(tmp_path: Path, with_one_worker: Cluster) -> None:
    engine = Dask(connected(with_one_worker.address))
    outcome = drive(tmp_path, plan_of(2, 2), engine, fakeunits.dying)
    engine.close()
    (failed,) = outcome.failed
    assert (failed.unit.scenario, failed.unit.replication) == (scenario_name(0), 1)
    assert "ended, 3 times over" in failed.fault
    assert len(outcome.done) == 3


def test_ctrl_c_leaves_the_cluster_and_stops_within_five_seconds(cluster: Cluster, tmp_path: Path) -> None:
    words = ("sweep", "run=year", "phones.lines=4,8", "--reps", "20", "--out", "out", "--scheduler", cluster.address)
    with (tmp_path / "err").open("w") as err:
        command = [sys.executable, "-m", "pcqa_sim.cli", *words]
        started = subprocess.Popen(command, start_new_session=True, stderr=err, cwd=tmp_path)
        for _ in range(300):
            if (tmp_path / "out" / "run.json").exists():
                break
            time.sleep(0.1)
        time.sleep(3)
        begun = time.monotonic()
        os.killpg(started.pid, signal.SIGINT)
        assert started.wait(timeout=30) == 130
    assert time.monotonic() - begun < 5
    said = (tmp_path / "err").read_text().strip().splitlines()
    assert said[-1] == "stopped"
    assert "of 40 units are there; go on with: pcqa sweep --out out --resume" in said[-2]
    assert cluster.scheduler.poll() is None


def test_a_scheduler_that_dies_while_workers_are_checked_is_told_as_gone(
    tmp_path: Path, engine: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise CommClosedError("Stream is closed")

    monkeypatch.setattr(engine.client, "run", closed)
    with pytest.raises(EngineLost, match=r"went away; 0 of 6 units are whole; go on with: pcqa sweep --out"):
        drive(tmp_path, plan_of(2, 3), engine, fakeunits.quick)


def test_a_worker_that_dies_while_it_is_checked_is_waited_for(
    tmp_path: Path, engine: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = list[int](), engine.client.run

    def once_closed(*words: object, **more: object) -> object:
        asked.append(1)
        told = real(*words, **more)
        return {worker: CommClosedError("Stream is closed") for worker in told} if len(asked) == 1 else told

    monkeypatch.setattr(engine.client, "run", once_closed)
    assert len(drive(tmp_path, plan_of(2, 3), engine, fakeunits.quick).done) == 6
    assert len(asked) > 1
