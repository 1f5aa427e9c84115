"""Evidence and limits: every number of the shipped settings, what is fitted and predicted, and the reporting list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pcqa_sim.configuration import Shown
from pcqa_sim.configuration.sources import scalars
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.report.stress import Facts, stress_table
from website.schema import Schema, allowed
from website.tables import code, plain, table

SORTS = {
    "assumed": ("Assumptions", "Nobody measured these; the reason is in the last column."),
    "fitted": ("Fitted", "Made to agree with a published figure, by `pcqa calibrate`."),
    "published": ("Published", "Taken from the row of the evidence table that is named."),
}
_BEGINS = {"fitted": "fitted", "assumption": "assumed"}
_LEFT_OUT = ("targets", "experiment")
_NAMED = ("role", "community", "mdt")
"""Groups whose settings stand by the name of the file."""


@dataclass(frozen=True)
class Parameter:
    """One number of a settings file: where it stands, its value, range, unit, source, and the sort of source."""

    file: str
    key: str
    value: str
    range: str
    unit: str
    source: str

    @property
    def sort(self) -> str:
        """Return whether it is assumed, fitted or published."""
        return next((sort for word, sort in _BEGINS.items() if self.source.startswith(word)), "published")


def parameters(configs: Path) -> dict[str, list[Parameter]]:
    """Return every number of the shipped settings with a source, by the folder it stands in."""
    found: dict[str, list[Parameter]] = {}
    for path in sorted(configs.rglob("*.yaml")):
        folder = path.parent.name
        if path.parent != configs and folder not in _LEFT_OUT:
            found.setdefault(folder, []).extend(_of_file(path))
    return {folder: numbers for folder, numbers in found.items() if numbers}


def _of_file(path: Path) -> Iterator[Parameter]:
    text = path.read_text(encoding="utf-8")
    tree = yaml.safe_load(text) or {}
    seen: set[str] = set()
    for one in scalars(text):
        if one.note.source and one.key not in seen and (one.is_number or one.note.unit):
            seen.add(one.key)
            value = _value(tree, one.key)
            yield Parameter(path.stem, one.key, value, _range(path, tree, one.key), one.note.unit, one.note.source)


def _value(tree: Any, key: str) -> str:
    """Return what stands at a dotted key, whose parts may hold dots themselves."""
    if not key:
        return ", ".join(map(str, tree)) if isinstance(tree, list) else str(tree)
    if not isinstance(tree, dict):
        return _value(tree, "")
    parts = key.split(".")
    for many in range(1, len(parts) + 1):
        name = ".".join(parts[:many])
        for own in tree:
            if str(own) == name:
                return _value(tree[own], ".".join(parts[many:]))
    return ""


def _range(path: Path, tree: Mapping[str, Any], key: str) -> str:
    """Return the range that the schema allows at a key of a file; "" where the file is of no group of the schema."""
    folder, name = path.parent.name, path.stem
    steps = key.split(".")
    if folder == "intervention":
        kind = INTERVENTIONS.get(str(tree.get("kind", name)))
        return Schema(_intervention_schema(kind)).at(_intervention_schema(kind), steps) if kind else ""
    if folder == "kind":
        triage = [*steps[2:3], name, *steps[3:]]
        found = {"role": ("role", ["NAME", *_swapped(steps[2:], name)]), "triage": ("triage", triage)}
        group, below = found.get(steps[0], ("demand", ["kinds", name, *steps]))
    else:
        group, below = folder, ([name, *steps] if folder in _NAMED else steps)
    return allowed(group, below)


def _swapped(steps: list[str], kind: str) -> list[str]:
    return [*steps, kind] if steps[-1:] == ["scope"] else steps


@cache
def _intervention_schema(kind: Any) -> Any:
    return kind.model_json_schema()


def parameters_page(found: Mapping[str, list[Parameter]]) -> str:
    """Return how many numbers there are of each sort, by folder, with the way to each."""
    lines = ["# Every number, and where it comes from", ""]
    lines += ["Each shipped number stands in a file of `configs/` with its unit and source. Assumptions come first on"]
    lines += ["every page. What an answer rests on is said by `pcqa trust FOLDER --probe 20`.", ""]
    rows = []
    for folder, numbers in found.items():
        counts = [sum(one.sort == sort for one in numbers) for sort in SORTS]
        rows.append((f"[{folder}](numbers-{folder}.md)", *map(str, counts)))
    totals = [sum(one.sort == sort for numbers in found.values() for one in numbers) for sort in SORTS]
    rows.append(("**all**", *(f"**{total:,}**" for total in totals)))
    lines += table(("settings", *(words.lower() for words, _ in SORTS.values())), rows)
    lines += ["Not modelled at all: leadership, culture, relationships, satisfaction, what A&E does with those who go"]
    lines += ["there. NHS 111 and A&E have no queue. [What is simulated](../model.md) ends with the assumptions that"]
    return "\n".join([*lines, "carry weight.", ""])


def numbers_page(folder: str, numbers: list[Parameter]) -> str:
    """Return every number of a folder: assumptions, then what is fitted, then what is published."""
    lines = [f"# Numbers: {folder}", ""]
    for sort, (heading, words) in SORTS.items():
        mine = [one for one in numbers if one.sort == sort]
        rows = [
            (code(f"{one.file}: {one.key}"), plain(_short(one.value)), one.range, plain(one.unit), plain(_why(one)))
            for one in mine
        ]
        lines += [f"## {heading}: {len(mine)}", "", words, ""] if mine else []
        lines += table(("file: setting", "value", "range", "unit", "source"), rows)
    return "\n".join(lines)


def _why(one: Parameter) -> str:
    return one.source.partition(": ")[2] if one.sort != "published" and ": " in one.source else one.source


def _short(text: str) -> str:
    return text if len(text) <= 48 else text[:45] + "..."


def fitted_page(validation: str) -> str:
    """Return the published figures beside the simulated ones, the misses first; from docs/validation.md's table."""
    table_text = validation.partition("<!-- table -->")[2].partition("<!-- end of the table -->")[0]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table_text.strip().splitlines()]
    body = rows[2:]
    missed = [row for row in body if "**" in row[3]]
    lines = ["# Fitted and predicted, with the misses", ""]
    lines += [
        f"{len(body)} published figures are held beside the default practice; {len(body) - len(missed)} are within"
    ]
    lines += [
        f"what counts as reached, {len(missed)} are not. Fitted figures were used to set the model, predicted ones"
    ]
    lines += ["were not. Intervals are over replications; why is [told with the table](../validation.md).", ""]
    head = ("figure", "published", "simulated", "how")
    lines += ["## What is missed", "", *table(head, missed)]
    for how in ("fitted", "predicted", "assumed"):
        mine = [row for row in body if row not in missed and row[3].startswith(how)]
        lines += [f"## {how.capitalize()}, and reached", "", *table(head, mine)] if mine else []
    return "\n".join(lines)


def stress_page(shown: Shown) -> str:
    """Return the STRESS-DES items of the default run."""
    record = {
        "kind": "run",
        "command": ["run"],
        "scenario": "default",
        "seed": shown.scenario.run.seed,
        "python": "3.11 or newer",
        "pcqa_sim": "this version",
        "code": "said in each run's record",
        "machine": {"machine": "any; each run's record says which"},
        "libraries": {"pinned": "in constraints.txt"},
        "seconds": "as many as its record says",
    }
    text = stress_table(Facts(record, shown.scenario, shown))
    return text.replace("Made from the code and the run.", "Of `pcqa run` as it comes; each study leaves its own.")
