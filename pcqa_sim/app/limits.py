"""What the app lets anybody ask for, and the sentences in which it says no."""

from __future__ import annotations

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.outside import shown

MOST_UPLOAD_MB = 20
MOST_TEXT = 200
MOST_REPLICATIONS = 32
MOST_DAYS = 7 * 20
"""Days that a run of the app simulates at the most, those to settle included."""
MOST_AT_ONCE = 4
"""Runs of all users together."""
MOST_MINUTES = 30
"""Minutes by the clock that one run may take."""
MOST_PATIENTS = 60_000
"""People on the lists of all practices together: a laptop's first answer then still comes."""


def text(words: object, where: str) -> str:
    """Return a text that somebody wrote, on one line; raise BadInput where it is too long."""
    line = shown(words)
    if len(line) > MOST_TEXT:
        raise BadInput(Fault(where, f"at most {MOST_TEXT} characters; this has {len(line):,}"))
    return line


def upload(content: bytes, where: str) -> bytes:
    """Return the bytes of an uploaded file; raise BadInput where there are too many, or none."""
    if len(content) > MOST_UPLOAD_MB * 2**20:
        raise BadInput(Fault(where, f"at most {MOST_UPLOAD_MB} MB; this has {len(content) / 2**20:,.0f}"))
    if not content:
        raise BadInput(Fault(where, "is empty"))
    return content


def size(weeks: int, replications: int, patients: int) -> None:
    """Raise BadInput, naming every fault, for a run that is larger than the app does; the command line does those."""
    besides = "`pcqa run` on the saved file does more"
    faults = []
    if weeks * 7 > MOST_DAYS:
        faults.append(
            Fault("run", f"at most {MOST_DAYS} days here, those to settle included; {besides}", f"{weeks * 7}")
        )
    if not 2 <= replications <= MOST_REPLICATIONS:
        faults.append(Fault("replications", f"2 to {MOST_REPLICATIONS} here; {besides}", f"{replications}"))
    if patients > MOST_PATIENTS:
        faults.append(Fault("list_size", f"at most {MOST_PATIENTS:,} patients here; {besides}", f"{patients:,}"))
    if faults:
        raise BadInput(faults)
