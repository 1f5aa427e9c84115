"""The workers of a Dask scheduler: who is there, who can do a study's units, and who gives no sign of life."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pcqa_sim.study.origin import Origin, origin
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.owncode import Recipe
from pcqa_sim.values.plugins import ensure, recipe

if TYPE_CHECKING:
    from distributed import Client

MOST_NAMED = 3
RESTART_SECONDS = 10
WAIT_SECONDS = 0.5


class Crew:
    """The workers that can do units of the study in a folder: with the same code and packages, seeing that folder."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.nthreads: dict[str, int] = {}
        self._client = client
        self._folder = folder
        self._seen: dict[str, tuple[float, float]] = {}
        self._unfit: dict[str, str] = {}

    def gather(self, wait_s: float) -> None:
        """Wait for the first workers and check them; raise BadInput, a line for each of the first that are unfit."""
        ends = time.monotonic() + wait_s
        while not self.nthreads:
            if time.monotonic() > ends:
                address = str(self._client.scheduler.address)
                how = f"dask worker {address} --nthreads 1"
                rule = f"has no workers, and none came within {wait_s:g} s; start some with: {how}"
                raise BadInput(Fault("--scheduler", rule, address))
            self.look()
            if self._unfit:
                faults = [Fault(f"worker {worker}", why) for worker, why in self._unfit.items()]
                more = [Fault("workers", f"{len(faults) - MOST_NAMED} more are like that")]
                raise BadInput([*faults[:MOST_NAMED], *(more if len(faults) > MOST_NAMED else [])])
            if not self.nthreads:
                time.sleep(WAIT_SECONDS)

    def look(self) -> None:
        """Ask the scheduler who is there. It notes when it hears of a worker, by its own clock: only changes count."""
        now = time.monotonic()
        workers = self._client.sync(self._client.scheduler.identity, n_workers=-1)["workers"]
        gone = self._check([worker for worker in workers if worker not in self.nthreads and worker not in self._unfit])
        fit = [worker for worker in workers if worker not in gone and worker not in self._unfit]
        self.nthreads = {worker: int(workers[worker]["nthreads"]) for worker in fit}
        for worker, about in workers.items():
            if self._seen.get(worker, (None,))[0] != about["last_seen"]:
                self._seen[worker] = (about["last_seen"], now)

    def silence(self, worker: str) -> float:
        """Return for how many seconds nothing was heard of a worker."""
        return time.monotonic() - self._seen[worker][1] if worker in self._seen else 0.0

    def restart(self, worker: str) -> None:
        """Have a worker restarted by its nanny, where it has one."""
        with contextlib.suppress(Exception):
            self._client.restart_workers([worker], timeout=RESTART_SECONDS, raise_for_error=False)
        self._seen.pop(worker, None)
        self.nthreads.pop(worker, None)

    def _check(self, workers: list[str]) -> set[str]:
        """Find out of workers not known yet whether they can take part; return those that went away meanwhile."""
        if not workers:
            return set()
        probe = self._folder / f".seen-{uuid4().hex[:12]}"
        probe.touch()
        try:
            told: dict[str, Any] = self._client.run(
                about_this_worker, str(probe), recipe(), workers=workers, on_error="return"
            )
        finally:
            probe.unlink(missing_ok=True)
        gone = {worker for worker in workers if isinstance(told.get(worker), OSError | None)}  # a closed connection
        self._unfit |= {w: why for w in told if w not in gone and (why := _why_not(told[w], self._folder))}
        return gone


def about_this_worker(probe: str, own_code: Recipe) -> dict[str, Any]:
    """Return, on a worker, the origin of what it computes, and whether it sees a file of the driver.

    It is given the text of the driver's own code, which it need not have as a file.
    """
    ensure(own_code)
    return {"origin": origin().as_dict(), "sees": Path(probe).exists()}


def _why_not(answer: object, folder: Path) -> str:
    """Return why a worker cannot take part, "" where it can."""
    if isinstance(answer, ImportError | AttributeError):
        return f"has no pcqa_sim like this one ({answer}); install the same version there"
    if not isinstance(answer, dict):
        return f"does not answer: {answer}"
    if found := Origin.from_dict(answer["origin"]).differences(origin()):
        said = "; ".join(found).replace(" was ", " here is ").replace(", is ", ", there ")
        return f"has other versions: {said}"
    return "" if answer["sees"] else f"does not see {folder}: driver and workers need a folder on a shared file system"
