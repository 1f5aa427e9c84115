"""Whether the workers of a Dask scheduler can do a study's units: there, with the same code, seeing the same folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pcqa_sim.faults import BadInput, Fault
from pcqa_sim.study.origin import Origin, origin

if TYPE_CHECKING:
    from distributed import Client

MOST_NAMED = 3


def check_workers(client: Client, folder: Path, wait_s: float) -> None:
    """Raise BadInput, a line for each of the first workers, where they cannot do the units of a folder's study."""
    _wait(client, wait_s)
    probe = folder / f".seen-{uuid4().hex[:12]}"
    probe.touch()
    try:
        told: dict[str, Any] = client.run(_about_this_worker, str(probe), on_error="return")
    finally:
        probe.unlink(missing_ok=True)
    faults = [Fault(f"worker {worker}", why) for worker, answer in told.items() if (why := _why_not(answer, folder))]
    if faults:
        more = len(faults) - MOST_NAMED
        rest = [Fault("workers", f"{more} more have such faults")] if more > 0 else []
        raise BadInput([*faults[:MOST_NAMED], *rest])


def _wait(client: Client, wait_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=wait_s)
    except OSError:  # a TimeoutError is one
        address = client.scheduler.address if client.scheduler is not None else "?"
        rule = f"has no workers, and none came within {wait_s:g} s; start some with: dask worker {address} --nthreads 1"
        raise BadInput(Fault("--scheduler", rule, str(address))) from None


def _about_this_worker(probe: str) -> dict[str, Any]:
    """Return, on a worker, the origin of what it computes, and whether it sees a file of the driver."""
    return {"origin": origin().as_dict(), "sees": Path(probe).exists()}


def _why_not(answer: object, folder: Path) -> str:
    """Return why a worker cannot take part, "" where it can."""
    if isinstance(answer, ModuleNotFoundError | ImportError | AttributeError):
        return f"has no pcqa_sim like this one ({answer}); install the same version there"
    if not isinstance(answer, dict):
        return f"does not answer: {answer}"
    there = Origin.from_dict(answer["origin"])
    if found := there.differences(origin()):
        said = "; ".join(found).replace(" was ", " here is ").replace(", is ", ", there ")
        return f"has other versions: {said}"
    return "" if answer["sees"] else f"does not see {folder}: driver and workers need a folder on a shared file system"
