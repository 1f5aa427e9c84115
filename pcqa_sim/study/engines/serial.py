"""The serial engine: units are done one after the other in this process, so that no other need be begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pcqa_sim.study.task import Receipt, Task, perform


class Serial:
    """This process. Nobody watches it: what bounds a unit is its run's own bound on time."""

    def describe(self) -> str:
        """Return where units are done."""
        return "this process"

    def receipts(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Do the tasks; see `Engine`."""
        for task in tasks:
            yield perform(task)
