"""A real Slurm of one node for tests: munge, controller and node daemon, in a folder of their own, on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = ("sbatch", "squeue", "sinfo", "scancel", "slurmctld", "slurmd", "munged")
BEGIN_SECONDS = 60.0

CONFIGURATION = """\
ClusterName=pcqa
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MaxArraySize=1001
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def why_no_slurm() -> str:
    """Return why no Slurm can be started here, "" where it can."""
    missing = [name for name in PROGRAMS if _program(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: slurm-wlm, munge)"
    return "" if os.geteuid() == 0 else "starting slurmd needs root"


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


@contextmanager
def slurm(folder: Path) -> Iterator[dict[str, str]]:
    """Start Slurm in a folder; give the environment its programs need; end it, and the jobs it runs, afterwards."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    host = socket.gethostname().split(".")[0]
    text = CONFIGURATION.format(host=host, ports=_free_ports(2), folder=folder, cpus=os.cpu_count())
    (folder / "slurm.conf").write_text(text)
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o600)
    environment = os.environ | {"SLURM_CONF": str(folder / "slurm.conf")}
    munged = ("munged", "--foreground", "--force", f"--socket={folder}/munge.socket", f"--key-file={key}")
    logs = (f"--log-file={folder}/munged.log", f"--pid-file={folder}/munged.pid", f"--seed-file={folder}/munged.seed")
    began: list[subprocess.Popen[bytes]] = []
    try:
        for words in ((*munged, *logs), ("slurmctld", "-D"), ("slurmd", "-D", "-N", host)):
            began.append(_begin(words, environment, folder))
            time.sleep(1.0)
        _wait_until_idle(environment, folder)
        yield environment
    finally:
        subprocess.run([str(_program("scancel")), "--user=root", "--signal=KILL"], env=environment, check=False)
        for process in reversed(began):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _begin(words: tuple[str, ...], environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / f"{words[0]}.out").open("wb") as out:
        return subprocess.Popen(
            [str(_program(words[0])), *words[1:]], stdout=out, stderr=out, env=environment, start_new_session=True
        )


def _wait_until_idle(environment: dict[str, str], folder: Path) -> None:
    ends = time.monotonic() + BEGIN_SECONDS
    while time.monotonic() < ends:
        said = subprocess.run(
            ["sinfo", "--noheader", "--format=%T"], env=environment, capture_output=True, text=True, check=False
        )
        if said.stdout.strip() == "idle":
            return
        time.sleep(0.5)
    logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*.log")))
    raise TimeoutError(f"Slurm did not begin within {BEGIN_SECONDS:g} s:\n{logs}")


def jobs(environment: dict[str, str]) -> list[str]:
    """Return the jobs that wait or run."""
    said = subprocess.run(["squeue", "--noheader"], env=environment, capture_output=True, text=True, check=True)
    return said.stdout.split("\n")[:-1]


def _free_ports(many: int) -> list[int]:
    sockets = [socket.socket() for _ in range(many)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
