"""Brings figures of published files into a practice's settings, or an area's into targets a fit is held to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from pcqa_sim.inputs import practice_text
from pcqa_sim.inputs.cells import ods_code
from pcqa_sim.inputs.figures import ENGLAND, figures
from pcqa_sim.inputs.figures_kept import Figures
from pcqa_sim.inputs.imports import Imported
from pcqa_sim.inputs.known_layouts import Layout, of_kinds, with_own
from pcqa_sim.inputs.own_fit import counts_body, plain_source
from pcqa_sim.inputs.own_form import block
from pcqa_sim.inputs.practice_file import PracticeFile, open_practice_file, write_whole
from pcqa_sim.inputs.reading_columns import Columns, account, read_columns
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import SCHEMA, newest
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain

KINDS: Mapping[str, tuple[str, ...]] = {
    "register": ("register", "ages"),
    "telephony": ("telephony", "telephony_times", "telephony_answered", "participation", "rush"),
    "appointments": ("appointments",),
    "online": ("online", "online_times"),
    "workforce": ("workforce",),
    "survey": ("survey", "survey_england"),
    "network": ("network", "networks"),
    "england": ("england", "england_summary", "england_lead"),
}
"""What `pcqa import KIND` reads, by the kinds of layouts."""
WITHOUT_A_CODE = ("england", "england_summary", "england_lead", "survey_england", "networks")
TargetRow = Callable[[str, float], dict[str, Any] | None]
_AREA = re.compile(r"[A-Z0-9]{2,9}", re.ASCII)
_STAFF = ("people", "heads", "fte", "sessions_a_week", "fte_per_10000")


def read_published(path: Path, kind: str, user_folder: Path, day_first: bool = False) -> list[Columns]:
    """Return what a published file holds; raise BadInput where it is of another kind, naming the right command."""
    every = with_own(user_folder)
    mine = of_kinds(every, KINDS[kind])
    read = read_columns(path, every, private=True, day_first=day_first)
    good = [one for one in read if one.layout in mine]
    if not good:
        raise BadInput(_other(read[0], kind, mine))
    return [one for one in good if one.layout.kind == good[0].layout.kind]


def _other(read: Columns, kind: str, mine: list[Layout]) -> Fault:
    command = f"which `{read.layout.command}` reads" if read.layout.command else "which pcqa does not read"
    names = "; ".join(one.name for one in mine)
    return Fault(read.file, f"the wrong kind of file: this is {read.layout.name}, {command}; {kind} is one of: {names}")


def import_published(
    path: Path,
    kind: str,
    practice: str,
    area: str,
    user_folder: Path,
    target_row: TargetRow,
    day_first: bool = False,
) -> Imported:
    """Write what a published file says of a practice into its settings, or of an area or England into targets.

    `target_row(key, value)` makes a target of a count, or None. Raises BadInput (nothing is written) for any fault of
    the file or the code.
    """
    read = read_published(path, kind, user_folder, day_first)
    if read[0].layout.kind in WITHOUT_A_CODE:
        code = ENGLAND
    elif practice:
        code = ods_code(practice)
    else:
        code = _area_code(area)
    found = figures(read, code)
    lines = [*account(read), *found.lines]
    if not (found.counts or found.settings or found.title):
        return Imported(path, [*lines, "Nothing was written."])
    if code == ENGLAND or not practice:
        return _into_targets(code, found, lines, user_folder, target_row)
    return _into_practice(code, found, lines, user_folder)


def _area_code(text: str) -> str:
    code = text.strip().upper()
    if not code:
        rule = "which one is meant? Give --practice (an ODS code such as J81009) or --area (a sub-ICB, ICB or PCN)"
        raise BadInput(Fault("pcqa import", rule))
    if not _AREA.fullmatch(code):
        raise BadInput(Fault("--area", "a code of an area is expected, such as 15N, E54000048 or U19923", code))
    return code


def _into_practice(code: str, found: Figures, lines: list[str], user_folder: Path) -> Imported:
    before = open_practice_file(user_folder, code)
    if not before.has("list_size") and "list_size" not in found.settings:
        command = f"pcqa import register gp-reg-pat-prac-all.csv --practice {code}"
        rule = f"the list size of {code} is not known yet; run first: {command}"
        raise BadInput(Fault(shown(str(before.path), 200), rule))
    bodies = {} if before.has("name") else {"name": practice_text.name(code)}
    if found.title and not (before.has("name") and _named(before, code)):
        bodies["name"] = block("name", found.title, "")
    if "list_size" in found.settings:
        value, source = found.settings["list_size"]
        bodies["list_size"] = f"list_size: {value}  # {plain_source(source)}\n"
    for key, body in (("demand_level", practice_text.NATIONAL_LEVEL), ("start_belief", practice_text.START_BELIEF)):
        if not before.has(key) and "list_size" in found.settings:
            bodies[key] = body
    if found.counts:
        bodies["counts"] = counts_body(before.blocks, found.counts)
    for group in sorted({key.partition(".")[0] for key in found.settings if "." in key}):
        body, kept = _group(before, group, found)
        lines += kept
        if body:
            bodies[group] = body
    written = before.written_with(bodies)
    return Imported(
        written.path, [*lines, f"Written: {shown(str(written.path), 200)}; use it with practice={code.lower()}"]
    )


def _named(before: PracticeFile, code: str) -> bool:
    return before.blocks.values.get("name") != f"Practice {code}"


def _group(before: PracticeFile, group: str, found: Figures) -> tuple[str, list[str]]:
    """Return a group's block with the figures in it, and what was left as the practice said it."""
    there = before.blocks.values.get(group)
    values: dict[str, Any] = _copied(there) if isinstance(there, dict) else {}
    notes, kept = {group: "as named; sources with the numbers"}, []
    for key, (number, source) in found.settings.items():
        first, _, rest = key.partition(".")
        if first != group:
            continue
        *path, last = rest.split(".")
        here = values
        for part in path:
            here = here.setdefault(part, {})
        if last == "fte" and set(here) & set(_STAFF) - {"fte"}:
            kept.append(f"  {key} is left: your file says its staff already.")
            continue
        here[last] = number
        notes[key] = plain_source(source)
    if group == "people":
        notes = {
            group: plain_source(next(iter(found.settings[k][1] for k in found.settings if k.startswith("people."))))
        }
    return (block(group, values, notes.pop(group), notes) if values else ""), kept


def _copied(value: Any) -> Any:
    return {key: _copied(inside) for key, inside in value.items()} if isinstance(value, dict) else value


def _into_targets(code: str, found: Figures, lines: list[str], user_folder: Path, target_row: TargetRow) -> Imported:
    """Write shares of an area as targets, beside those of earlier files; its counts say nothing of one practice."""
    name = f"published_{code.lower()}"
    path = user_folder / "targets" / f"{name}.yaml"
    rows = {(row["metric"], row.get("group", "")): row for row in _there(path)}
    for key, (value, source) in found.counts.items():
        row = target_row(key, value)
        if row is not None:
            rows[str(row["metric"]), str(row["group"])] = row | {"_source": plain_source(source)}
    if not rows:
        return Imported(path, [*lines, "Nothing was written: a practice's own settings need --practice."])
    path.parent.mkdir(parents=True, exist_ok=True)
    text = [
        f"# Written by `pcqa import` from published figures of {code}.",
        f"{SCHEMA}: {newest('targets')}",
        "targets:",
    ]
    for row in rows.values():
        source = str(row.pop("_source", ""))
        flow = yaml.safe_dump(row, default_flow_style=True, sort_keys=False, width=1000).strip()
        text += [f"  # {source}"] * bool(source) + [f"  - {flow}"]
    write_whole(path, "\n".join(text) + "\n")
    return Imported(path, [*lines, f"Written: {shown(str(path), 200)}; use it with: pcqa calibrate --targets {name}"])


def _there(path: Path) -> list[dict[str, Any]]:
    """Return the targets of a file that an earlier import wrote, with the sources above them."""
    try:
        text = read_plain(path)
    except FileNotFoundError:
        return []
    try:
        rows: list[dict[str, Any]] = yaml.safe_load(text)["targets"]
        sources = re.findall(r"^  # (.*)$", text, re.MULTILINE)
    except (yaml.YAMLError, KeyError, TypeError):
        raise BadInput(Fault(shown(str(path), 200), "cannot be added to; mend it or move it away")) from None
    if len(sources) == len(rows):
        rows = [row | {"_source": source} for row, source in zip(rows, sources, strict=True)]
    return rows
