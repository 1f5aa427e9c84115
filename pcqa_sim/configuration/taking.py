"""What a role of a practice takes over: a share of what is sent to other roles, as its file says.

`out_of: {other: 0.3, gp: 0.05}` in a role's settings is of files alone, as a kind's `out_of` is: it moves shares of
`triage.places`, of the kinds of need that the role has scope for, whatever they are where it is laid. Shares are of
what is sent there before anything is taken; `rest` takes what the others leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pcqa_sim.configuration.laying import Tree
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at
from pcqa_sim.values.faults import BadInput, Fault, nearest

OUT_OF = "out_of"
REST = "rest"
ROLE = "role"
Taking = tuple[str, str, str | float]
"""Who takes, from whom, and which share."""


def take_from_roles(tree: Tree) -> None:
    """Send to roles what their files say they take of what goes to others; raise BadInput where that cannot be.

    In a tree of notes, which has no numbers, nothing is moved.
    """
    roles = tree.get(ROLE)
    if not isinstance(roles, dict):
        return
    takings = list(_takings(roles))
    rows = item_at(tree, ("triage", "places"))
    for kind, row in rows.items() if isinstance(rows, dict) and takings else ():
        if isinstance(row, dict) and any(isinstance(share, int | float) for share in row.values()):
            _take(row, [one for one in takings if item_at(roles, (one[0], "scope", str(kind)))])


def _takings(roles: Mapping[str, Any]) -> Iterator[Taking]:
    for name, role in roles.items():
        said = role.pop(OUT_OF, None) if isinstance(role, dict) else None
        if isinstance(said, str | int | float | list):
            raise BadInput(Fault(f"{ROLE}.{name}.{OUT_OF}", "must be a mapping of roles to shares", written(said)))
        for giver, share in said.items() if isinstance(said, dict) else ():
            if isinstance(share, str | int | float):
                yield name, str(giver), _share(f"{ROLE}.{name}.{OUT_OF}.{giver}", str(giver), share, roles)


def _share(where: str, giver: str, share: str | float, roles: Mapping[str, Any]) -> str | float:
    """Return the share that is taken from a role; raise BadInput where it is none, or there is no such role."""
    if giver not in roles:
        raise BadInput(Fault(where, f"must be one of: {', '.join(roles)}", "", nearest(giver, list(roles))))
    if share != REST and (isinstance(share, str) or not 0 <= share <= 1):
        raise BadInput(Fault(where, f"must be a share from 0 to 1, or {REST}", written(share)))
    return share


def _take(row: dict[str, Any], takings: list[Taking]) -> None:
    """Move shares of one row, those of `rest` last; of a role, no more is taken than it has."""
    before = dict(row)
    for taker, giver, share in sorted(takings, key=lambda one: one[2] == REST):
        there = row.get(giver) or 0
        wanted = there if isinstance(share, str) else min(there, (before.get(giver) or 0) * share)
        row[giver] = float(f"{there - wanted:.12g}")
        row[taker] = float(f"{(row.get(taker) or 0) + wanted:.12g}")
