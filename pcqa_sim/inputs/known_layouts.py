"""Every published file and common export whose heading is known: a small file each, in the folder `known/`.

A file says what tells it from others (`tells`), what its columns mean, and how its words are understood. Those without
`columns` are not read: a user who brings one learns what it is and which file to use instead. A user's own are in
`layouts/` of their settings folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pcqa_sim.inputs.meanings import MEANINGS
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.reading import read_yaml

HOME = Path(__file__).parent / "known"
FOLDER = "layouts"
_KEYS = ("name", "command", "kind", "source", "tells", "columns", "words", "dates")
_DATES = ("day_first", "certain")


@dataclass(frozen=True)
class Layout:
    """A kind of file: its name in plain words, the columns that tell it, and the command that reads it, if any.

    `reads` has the headings a column of each meaning may have; `words` what a cell's word is called here, by meaning;
    `day_first` says that dates written by numbers begin with the day.
    """

    name: str
    columns: tuple[str, ...]
    command: str = ""
    kind: str = ""
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool = False
    source: str = ""


def layout_of(content: object, where: str) -> Layout:
    """Return the layout that a file's content describes; raise BadInput naming every fault of it."""
    if not isinstance(content, dict):
        raise BadInput(Fault(where, "must say which column means what, as in columns: {started: Call Start}"))
    faults = [
        Fault(where, f"must be one of: {', '.join(_KEYS)}", shown(key, 60), nearest(str(key), _KEYS))
        for key in content
        if key not in _KEYS
    ]
    columns = content.get("columns") or {}
    reads: dict[str, tuple[str, ...]] = {}
    if not isinstance(columns, dict):
        raise BadInput(Fault(f"{where} columns", "a meaning and the heading of its column, as in started: Call Start"))
    for meaning, heads in columns.items():
        if meaning not in MEANINGS:
            rule = f"is no meaning of a column; there are {', '.join(MEANINGS)}"
            faults.append(Fault(f"{where} columns", rule, shown(meaning, 60), nearest(str(meaning), MEANINGS)))
        else:
            reads[meaning] = tuple(str(one) for one in (heads if isinstance(heads, list) else [heads]))
    words = content.get("words") or {}
    if not isinstance(words, dict) or not all(isinstance(one, dict) for one in words.values()):
        raise BadInput(Fault(f"{where} words", "a meaning, and for each word what it is called here"))
    if content.get("dates", "certain") not in _DATES:
        faults.append(Fault(f"{where} dates", f"must be one of: {', '.join(_DATES)}", shown(content["dates"], 60)))
    if faults:
        raise BadInput(faults)
    understood = {name: {str(k).lower(): str(v) for k, v in one.items()} for name, one in words.items()}
    tells = content.get("tells") or [one[0] for one in reads.values()]
    return Layout(
        name=str(content.get("name", "a file of your own")),
        columns=tuple(str(one) for one in tells),
        command=str(content.get("command", "")),
        kind=str(content.get("kind", "")),
        reads=reads,
        words=understood,
        day_first=content.get("dates") == "day_first",
        source=str(content.get("source", "")),
    )


def read_layout(path: Path) -> Layout:
    """Return the layout of a file; raise BadInput where it is none."""
    where = shown(path.name, 80)
    try:
        content: Any = read_yaml(read_plain(path), where)
    except FileNotFoundError:
        raise BadInput(Fault(shown(str(path), 200), "there is no such file")) from None
    except BadInput:
        raise
    except (OSError, ValueError) as error:
        raise BadInput(Fault(where, f"is no YAML that can be read ({type(error).__name__})")) from None
    return layout_of(content, where)


@cache
def known() -> Mapping[str, Layout]:
    """Return the layouts of the package by name of their file."""
    return {path.stem: read_layout(path) for path in sorted(HOME.glob("*.yaml"))}


def with_own(folder: Path | None) -> list[Layout]:
    """Return the layouts of a user's settings folder, and those of the package."""
    own = sorted((folder / FOLDER).glob("*.yaml")) if folder is not None else []
    return [*(read_layout(path) for path in own), *known().values()]


def of_kinds(layouts: Iterable[Layout], kinds: Iterable[str]) -> list[Layout]:
    """Return the layouts of some kinds."""
    wanted = set(kinds)
    return [one for one in layouts if one.kind in wanted]


REGISTER = known()["register_totals"]
DURATIONS = known()["telephony_durations"]
KNOWN = tuple(known().values())

BY_FILE_NAME = (
    (r"cbt.?participation", "Cloud Based Telephony participation by practice"),
    (r"(cbt|cloud.based.telephony).*summary", "Cloud Based Telephony, publication summary"),
    (r"submissions via (oc|online consultation) systems", "Online consultation submissions, summary"),
    (r"^epraccur", "ODS GP practices (epraccur)"),
    (r"^epcmem", "ODS practice memberships (epcmem)"),
    (r"^gpps", "GP Patient Survey, practice level"),
)
"""Workbooks and files without a header: what a file's name says of it, as a pattern without regard to case."""
