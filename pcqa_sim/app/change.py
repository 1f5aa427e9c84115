"""A change as somebody puts it together, and the settings file that it is: the one that the command line reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pcqa_sim.app import limits
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.plaintext import decoded
from pcqa_sim.values.wholefile import put_text

Tree = Mapping[str, Any]
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HEAD = "# @package _global_\n"
_CHOSEN = ("practice", "run", "triage", "intervention")
_COMMENT = "as named; chosen in the app"


@dataclass(frozen=True)
class Change:
    """What is tried: on which practice, for how long, with which access model, interventions and other settings.

    `access` is "" where it stays as it is; `settings` has only what is changed, by dotted key.
    """

    practice: str = "average"
    run: str = "quick"
    access: str = ""
    interventions: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1

    @property
    def base(self) -> list[str]:
        """Return the overrides of the practice as it is."""
        return [f"practice={self.practice}", f"run={self.run}", f"run.seed={self.seed}"]

    @property
    def nothing(self) -> bool:
        """Tell whether nothing is changed."""
        return not (self.access or self.interventions or self.settings)

    def with_setting(self, key: str, value: Any, usual: Any) -> Change:
        """Return the change with a setting: left out where it is as usual."""
        rest = {name: one for name, one in self.settings.items() if name != key}
        return replace(self, settings=rest if value == usual else rest | {key: value})

    def text(self, title: str = "") -> str:
        """Return the change as a settings file: an experiment, as `pcqa run experiment=NAME` reads it."""
        named = [f"# {limits.text(title, 'title')}\n"] if title else []
        chosen = [f"  - override /practice: {self.practice}\n", f"  - override /run: {self.run}\n"]
        chosen += [f"  - override /triage: {self.access}\n"] if self.access else []
        chosen += [f"  - override /intervention: [{', '.join(self.interventions)}]\n"] if self.interventions else []
        tree = _nested({"run.seed": self.seed, **self.settings})
        return "".join([_HEAD, *named, "defaults:\n", *chosen, "  - _self_\n", *_lines(tree, 0)])

    def write(self, folder: Path, name: str, title: str = "") -> Path:
        """Write the change into a folder of settings, to be chosen as experiment=NAME."""
        path = folder / "experiment" / f"{file_name(name)}.yaml"
        put_text(path, self.text(title))
        return path


def file_name(name: str) -> str:
    """Return a name that a settings file may have; raise BadInput where it is none."""
    if not NAME.fullmatch(limits.text(name, "name")):
        rule = "small letters, digits and _, at most 40, a letter first, such as two_more_lines"
        raise BadInput(Fault("name", rule, name))
    return name


def opened(content: bytes, where: str) -> Change:
    """Return the change in a settings file that was saved before; raise BadInput for what is none.

    Only its form is judged here: whether its settings are right is judged where the file is composed.
    """
    from pcqa_sim.values.reading import read_yaml  # its parser is imported where a file is read

    try:
        text = decoded(limits.upload(content, where))
    except ValueError as fault:
        raise BadInput(Fault(where, str(fault))) from None
    if len(text) > 256 * 1024 or "${" in text or "_target_" in text or re.search(r"(^|[\s\[,:{-])[&*!][A-Za-z]", text):
        raise BadInput(Fault(where, "is no settings file as the app saves them: no ${...}, tag, anchor or alias"))
    tree = read_yaml(text, where)
    if not isinstance(tree, dict) or not isinstance(tree.get("defaults"), list):
        raise BadInput(Fault(where, "is no settings file as the app saves them: it has no list `defaults`"))
    return _change_of(tree, where)


def _change_of(tree: dict[str, Any], where: str) -> Change:
    chosen: dict[str, Any] = {}
    for entry in tree.pop("defaults"):
        if entry == "_self_":
            continue
        key = next(iter(entry)) if isinstance(entry, dict) and len(entry) == 1 else ""
        group = str(key).removeprefix("override /")
        if not str(key).startswith("override /") or group not in _CHOSEN:
            rule = f"a file of the app chooses {', '.join(_CHOSEN)} alone; use the command line for others"
            raise BadInput(Fault(f"{where}: defaults", rule, json.dumps(entry, default=str)))
        chosen[group] = entry[key]
    several = chosen.get("intervention", [])
    names = [several] if isinstance(several, str) else list(several) if isinstance(several, list) else []
    words = [chosen.get("practice", "average"), chosen.get("run", "quick"), chosen.get("triage", ""), *names]
    for word in words:
        if word != "" and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,59}", str(word)):
            raise BadInput(Fault(f"{where}: defaults", "the name of a settings file", str(word)))
    settings = flat(tree)
    seed = settings.pop("run.seed", 1)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise BadInput(Fault(f"{where}: run.seed", "a whole number, 0 or more and below 2^63", str(seed)))
    practice, run, access, *_ = map(str, words)
    return Change(practice, run, access, tuple(map(str, names)), settings, seed)


def flat(tree: Tree, above: str = "") -> dict[str, Any]:
    """Return a tree as dotted keys; times of day and lists stay whole with what they belong to."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and value and not any(":" in str(inside) for inside in value):
            found |= flat(value, f"{name}.")
        else:
            found[name] = value
    return found


def _nested(settings: Tree) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in settings.items():
        *above, last = key.split(".")
        here = tree
        for part in above:
            here = here.setdefault(part, {})
        here[last] = value
    return tree


def _lines(tree: Tree, depth: int) -> list[str]:
    pad, lines = "  " * depth, list[str]()
    for key, value in tree.items():
        name = json.dumps(str(key)) if ":" in str(key) else key
        if isinstance(value, dict) and value:
            lines += [f"{pad}{name}:\n", *_lines(value, depth + 1)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{pad}{name}:  # {_COMMENT}\n", *(f"{pad}  - {_flow(one)}\n" for one in value)]
        else:
            lines.append(f"{pad}{name}: {_flow(value)}  # {_COMMENT}\n")
    return lines


def _flow(value: Any) -> str:
    """Return a value on one line of YAML, which reads JSON."""
    return json.dumps(value, ensure_ascii=False)


def overrides_of(name: str) -> list[str]:
    """Return the overrides that choose a written change."""
    return [f"experiment={name}"]


def of_a_table(key: str) -> bool:
    """Tell whether a setting is one that the tables of rota, sessions and slots write."""
    return key.startswith("rota.") or key.endswith((".sessions_a_week", ".weekday_factor", ".template"))


def in_short(lines: Sequence[str]) -> list[str]:
    """Return what a change does, a line a setting, with another access model as one line."""
    model = next((line for line in lines if line.startswith("triage.kind: ")), "")
    if not model:
        return list(lines)
    rest = [line for line in lines if not line.startswith("triage.")]
    own = len(lines) - len(rest) - 1
    return [f"{model}, with {own} settings of its own" if own else model, *rest]
