"""Versions of the files that pcqa_sim writes: an older one is read as if it were of today, a newer one is refused.

A file tells its version by `schema`, a Parquet file in its metadata; one without was written before files had versions,
or by hand, and is version 0. To change a file's form: add the step from the last version to the new one to `UPGRADES`,
and keep a small sample of the last in `tests/data/`. To rename a key: put it into `values/renamed.py`, and add the step
`with_new_names` to the files that hold it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import yaml

from pcqa_sim import __version__
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.renamed import new_group, new_key, new_metric, with_new_keys

Kind = Literal["record", "scenario", "unit", "practice", "targets"]
Tree = dict[str, Any]
Upgrade = Callable[[Tree], Tree]
SCHEMA, BY = "schema", "pcqa_sim"
_MOST = 10_000
_NAME = re.compile(r"(?<![\w.])[a-z_][\w.]*(?=$|[=<>])")  # what stands before a sign, or alone
_WAY_OUT: dict[Kind, str] = {
    "record": "use that version, or do the study again with this one",
    "scenario": "use that version, or do the study again with this one",
    "unit": "use that version, or do the study again with this one",
    "practice": "use that version, or import again into another folder",
    "targets": "use that version, or write the file in the form of this one",
}


def _same(plain: Tree) -> Tree:
    return plain


def _record_1(plain: Tree) -> Tree:
    """Records of one command's study had a `form`, always 1."""
    if plain.get("form", 1) != 1:
        raise ValueError(f"form {plain['form']} was never written")
    return {key: value for key, value in plain.items() if key != "form"}


def _record_2(plain: Tree) -> Tree:
    """What a sweep was asked, and with which code, stood apart, in `study`, and in other words than other records'."""
    if "study" not in plain:
        return plain
    study = dict(plain["study"])
    origin = study.pop("origin")
    flat = {name: study[name] for name in ("seed", "replications", "periods", "settings")}
    flat |= {name: origin[name] for name in ("python", "libraries", "modules")} | {BY: origin["version"]}
    flat |= {"points_sha256": study.get("points_sha256", ""), "parameters": study["asked"], "kind": "sweep"}
    rest = {key: value for key, value in plain.items() if key != "study"}
    return rest | flat | {"overrides": {}, "results": {}}


def with_new_names(kind: Kind) -> Upgrade:
    """Return the step of a version in which settings, metrics or words were renamed."""
    steps: dict[Kind, Upgrade] = {
        "record": _record_renamed,
        "targets": _targets_renamed,
        "scenario": _scenario_renamed,
        "unit": _unit_renamed,
    }
    return steps.get(kind, _same)


def _record_renamed(plain: Tree) -> Tree:
    """A record is done again from its overrides and from what its command was asked; what is no text is left."""
    asked = {name: _words_of_today(plain[name]) for name in ("overrides", "parameters") if name in plain}
    return plain | asked


def _words_of_today(asked: object) -> Any:
    """Return texts, in lists and mappings of them, with the names of today for settings and metrics."""
    if isinstance(asked, Mapping):
        return {name: _words_of_today(inside) for name, inside in asked.items()}
    if isinstance(asked, list):
        return [_words_of_today(inside) for inside in asked]
    if not isinstance(asked, str):
        return asked
    return _NAME.sub(lambda name: new_key(name[0]) or new_metric(name[0]) or name[0], asked)


def _scenario_renamed(plain: Tree) -> Tree:
    """What is no scenario at all is left as it is, for the judge of settings."""
    whole = with_new_keys({key: plain[key] for key in ("calendar", "run") if key in plain})
    renamed = {"practices": _renamed_in_each(plain["practices"])} if "practices" in plain else {}
    phases = plain.get("phases")
    if isinstance(phases, list):
        renamed["phases"] = [_scenario_renamed(phase) if isinstance(phase, dict) else phase for phase in phases]
    return {**plain, **whole, **renamed}


def _renamed_in_each(practices: object) -> object:
    if not isinstance(practices, Mapping):
        return practices
    return {
        key: with_new_keys(practice) if isinstance(practice, Mapping) else practice
        for key, practice in practices.items()
    }


def _targets_renamed(plain: Tree) -> Tree:
    """What is no list of targets is left as it is, for its judge."""
    targets = plain.get("targets")
    if not isinstance(targets, list):
        return plain
    return plain | {"targets": [_target_renamed(target) if isinstance(target, dict) else target for target in targets]}


def _target_renamed(target: Tree) -> Tree:
    named = {"metric": new_metric(str(target["metric"])) or target["metric"]} if "metric" in target else {}
    return target | named | ({"group": new_group(str(target["group"]))} if target.get("group") else {})


def _unit_renamed(plain: Tree) -> Tree:
    """Units hold a table: of its columns, metric and group have words that may have been renamed."""
    import pyarrow as pa

    table = plain["table"]
    for column, new in (("metric", lambda name: new_metric(name) or name), ("group", new_group)):
        at = table.schema.get_field_index(column)
        words = pa.array([new(word) for word in table[column].to_pylist()], table.schema.field(at).type)
        table = table.set_column(at, column, words)
    return plain | {"table": table}


_PRACTICE = "practice."

UPGRADES: dict[Kind, tuple[Upgrade, ...]] = {
    "record": (_record_1, _record_2, with_new_names("record")),
    "scenario": (_same, with_new_names("scenario")),
    "unit": (_same, with_new_names("unit")),
    "practice": (_same, with_new_names("practice")),
    "targets": (_same, with_new_names("targets")),
}
"""Of each kind of file, the step from version 0 to 1, from 1 to 2, and so on."""


def newest(kind: Kind) -> int:
    """Return the version in which a kind of file is written now."""
    return len(UPGRADES[kind])


def stamp(kind: Kind) -> Tree:
    """Return what a file says of its version, and of who wrote it."""
    return {SCHEMA: newest(kind), BY: __version__}


def as_of_today(kind: Kind, plain: Mapping[str, Any], where: str) -> Tree:
    """Return a file's content in today's form; raise BadInput for a file of a newer version, or of none."""
    content = dict(plain)
    version = schema_of(kind, content.pop(SCHEMA, 0), where, str(content.get(BY, "")))
    try:
        for upgrade in UPGRADES[kind][version:]:
            content = upgrade(content)
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise BadInput(Fault(where, f"is damaged: {fault}")) from None
    return content


def schema_of(kind: Kind, told: object, where: str, by: str = "") -> int:
    """Return the version that a file tells; raise BadInput where it is none, or newer than this pcqa_sim."""
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= _MOST:
        raise BadInput(Fault(f"{where}: {SCHEMA}", "must be the version of the file, a whole number", str(told)))
    if told > newest(kind):
        who = f"version {by}" if by and by != __version__ else "a later version"
        rule = f"was written by {who} of pcqa_sim, which this one ({__version__}) cannot read; {_WAY_OUT[kind]}"
        raise BadInput(Fault(where, rule))
    return told


def text_of_today(text: str, where: str, under: str) -> str:
    """Return the text of a settings file whose keys are today's, where its version is an older one.

    `under` begins its keys as users write them ("practice."). Every line stays on its line. Raises BadInput for a file
    of a newer version. A key that went to another group is left, for the judge of settings to name.
    """
    root = _mapping(text)
    told = _schema_in(root)
    if root is None or schema_of("practice", _number(told[1]) if told else 0, where) >= newest("practice"):
        return text
    return _replaced(text, _renamed_keys(root, under))


def without_schema(text: str) -> str:
    """Return the text of a settings file without its version, which is no setting; every line stays on its line."""
    told = _schema_in(_mapping(text))
    return text if told is None else _replaced(text, [(told[0].start_mark.index, told[1].end_mark.index, "")])


def _mapping(text: str) -> yaml.MappingNode | None:
    """Return a text's tree of nodes where it is `key: value` lines, else None."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return root if isinstance(root, yaml.MappingNode) and not root.flow_style else None


def _schema_in(root: yaml.MappingNode | None) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the key and the value of a file's version, None where it tells none."""
    return next((pair for pair in (root.value if root else ()) if pair[0].value == SCHEMA), None)


def _number(node: yaml.Node) -> object:
    return int(node.value) if node.tag.endswith(":int") and str(node.value).isdecimal() else node.value


def _renamed_keys(node: yaml.Node, under: str) -> list[tuple[int, int, str]]:
    """Return where keys stand that were renamed within their group, and what they are called now."""
    places: list[tuple[int, int, str]] = []
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        above, _, last = new_key(f"{under}{key.value}").rpartition(".")
        if last and (f"{above}." if above else "") == under:
            places.append((key.start_mark.index, key.end_mark.index, last))
        places += _renamed_keys(value, f"{under}{key.value}.")
        if under == _PRACTICE:  # whose file may hold other groups' settings under their own names
            places += _renamed_keys(value, f"{key.value}.")
    return places


def _replaced(text: str, places: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text
