"""The questions of the page, a file each: `ORDER`, where it stands, and `ask`, which answers it or returns None.

A new question is a new file here; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from pcqa_sim.report.webpage.parts import Question, View


def asked(view: View, prefix: str) -> Iterator[Question]:
    """Yield the questions that a study can answer, in their order; `prefix` begins the keys of their pictures."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    for module in sorted(modules, key=lambda one: int(one.ORDER)):
        question: Question | None = module.ask(view, f"{prefix}{module.ORDER}")
        if question is not None:
            yield question
