"""A user's own folder, looked through as text before anything in it is composed.

A file that cannot be used is left out, and refused where something needs it; of the others the user is warned.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yaml import Node

from pcqa_sim.configuration.choosing import MODEL, TRIAGE, faults_of_choice
from pcqa_sim.configuration.folders import EXPERIMENT, KIND, PRACTICE, Library, entries_of
from pcqa_sim.configuration.kindfiles import faults_in_kind
from pcqa_sim.configuration.laying import replaces
from pcqa_sim.configuration.yamltext import empty_mappings, faults_in, line_of, package, plain, read, root_node
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.formats import text_of_today
from pcqa_sim.values.plaintext import read_plain

_OPTION = re.compile(r"^[A-Za-z][A-Za-z0-9_-]*$")
_ONE_OF_SEVERAL = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_OVERRIDE = re.compile(r"^override\s+/([a-z_]+)$")
_log = logging.getLogger(__name__)
BESIDE = ("targets", "layouts", "ranges")
"""Folders of a user's own files that are no settings: what is fitted to, columns of exports, people's ranges."""
_told: set[str] = set()


def look_through(library: Library) -> None:
    """Find every fault in the user's folder and keep it with the library, by group and option of the file.

    Nothing else reads those files before. A file that is no option's is found too, under a group "".
    """
    for path in [path for folder in library.others for path in sorted(folder.iterdir())]:
        if not path.name.startswith("."):
            for key, faults in _faults_at(library, path):
                if faults:
                    library.refused[key] = tuple(faults)
    for faults_of in (_circles, _without_effect):
        for group, files in library.own_files.items():
            good = [option for option in files if (group, option) not in library.refused]
            found = {(group, option): tuple(faults_of(library, group, option)) for option in good}
            library.refused.update({key: faults for key, faults in found.items() if faults})


def _faults_at(library: Library, path: Path) -> Iterator[tuple[tuple[str, str], list[Fault]]]:
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.suffix in (".yaml", ".yml")]
        if path.name in BESIDE:
            return
        if files and path.name not in library.groups:
            rule = f"is not a group of settings; groups: {', '.join(library.groups)}"
            yield ("", path.name), [Fault(f"{path.name}/", rule, "", nearest(path.name, library.groups))]
            return
        for file in files:
            option = file.stem if file.suffix == ".yaml" else file.name
            yield (path.name, option), _faults_of_file(library, path.name, file)
    elif path.suffix in (".yaml", ".yml"):
        yield ("", path.name), [_stray(path)]


def warn_of_unneeded(library: Library, told: tuple[Fault, ...] = ()) -> None:
    """Warn once of each of the user's files that was left out, unless its faults were told already."""
    for faults in library.refused.values():
        if faults[0] in told:
            continue
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        line = f"left out: {faults[0]}{more}"
        if f"{library.own}: {line}" not in _told:
            _told.add(f"{library.own}: {line}")
            _log.warning("%s", line)


def _circles(library: Library, group: str, option: str) -> Iterator[Fault]:
    """Find files that extend themselves, by however many steps."""
    if library.extends_itself(group, option):
        yield Fault(f"{group}/{option}.yaml defaults", "a file cannot extend itself, by however many steps")


def _without_effect(library: Library, group: str, option: str) -> Iterator[Fault]:
    """Find empty mappings laid on settings, which stay as they are; needs files that do not extend themselves."""
    rule = "an empty mapping changes nothing; write the keys to set in it, or leave it out"
    path = library.own_files[group][option]
    at = [part for part in library.prefix(group, option).split(".") if part]
    for key, line in empty_mappings(_root(path)):
        beneath = () if replaces([*at, *key]) else _beneath(library, group, option, key)
        if any(item_at(plain(_root(under)), inside) for under, inside in beneath):
            yield Fault(f"{group}/{path.name} line {line}", rule, f"{'.'.join(key)}: {{}}")


def _beneath(library: Library, group: str, option: str, key: tuple[str, ...]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Return the files an option's file is laid on, each with the key's place in it."""
    lineage = library.lineage(group, option)
    yield from ((path, key) for path in lineage if path != library.file(group, option))
    if group != EXPERIMENT or key[0] not in library.defaults:
        return
    if library.takes_several(key[0]):
        yield from ((path, key[2:]) for name in key[1:2] for path in library.lineage(key[0], name))
        return
    if key[:2] == ("demand", "kinds") and key[2:3]:
        yield from ((path, key[3:]) for path in library.lineage(KIND, key[2]))
    entries = [entry for path in lineage for entry in entries_of(path) if isinstance(entry, dict)]
    chosen = [entry[f"override /{key[0]}"] for entry in entries if f"override /{key[0]}" in entry]
    for path in library.lineage(key[0], str([library.defaults[key[0]], *chosen][-1])):
        yield path, key[1:]


def _root(path: Path) -> Node | None:
    return root_node(read_plain(path))


def _stray(path: Path) -> Fault:
    if path.stem == "config":
        rule = (
            "would replace the whole shipped scenario: put your changes in a file of its own, for "
            "example experiment/my_own.yaml, and choose it with experiment=my_own"
        )
    else:
        rule = "belongs in the folder of its group, for example practice/"
    return Fault(path.name, rule)


def _faults_of_file(library: Library, group: str, path: Path) -> list[Fault]:
    name = f"{group}/{path.name}"
    faults = list(_name_faults(library, group, path, name))
    text, unread = read(path, name)
    if unread:
        return faults + unread
    faults += faults_in(text, name)
    if not faults:
        faults += _header_faults(library, group, path.stem, text, name)
        faults += _default_faults(library, group, plain(root_node(text)), name)
        faults += _version_faults(library, group, path.stem, text, name)
        faults += faults_in_kind(library, name, plain(root_node(text))) if group == KIND else ()
        faults += _choice_faults(library, text, name) if group == PRACTICE else ()
    return faults


def _name_faults(library: Library, group: str, path: Path, name: str) -> Iterator[Fault]:
    """Find file names that cannot be chosen, or that would hide a shipped file."""
    if path.suffix == ".yml":
        yield Fault(name, "the file name must end in .yaml")
    elif path.stem in library.shipped_files[group]:
        yield Fault(
            name,
            f"has the name of a shipped file and would replace the whole of it: give it a name of its own and "
            f"begin it with `defaults: [{path.stem}@_here_, _self_]`, then write only what differs",
        )
    elif library.own_files.get(group, {}).get(path.stem, path) != path:
        yield Fault(name, "own code comes with a file of this name: give it a name of its own")
    elif library.takes_several(group) and not _ONE_OF_SEVERAL.match(path.stem):
        yield Fault(
            name, f"the file name of one {group} is made of lower-case letters, digits and _, at most 40 of them"
        )
    elif not _OPTION.match(path.stem):
        yield Fault(name, "a file name begins with a letter and is made of letters, digits, _ and -")


def _header_faults(library: Library, group: str, option: str, text: str, name: str) -> Iterator[Fault]:
    """Find a header that puts settings where they do not belong; none is needed, a right one may stand there."""
    found, needed = package(text), library.package(group, option)
    if found in ("", needed) or (found == "_group_" and needed == group):
        return
    if found == "_global_":
        yield Fault(f"{name} line 1", "the package _global_ is only for files in experiment/", found)
    else:
        yield Fault(f"{name} line 1", "remove the line `# @package`: settings belong to their own group", found)


def _choice_faults(library: Library, text: str, name: str) -> Iterator[Fault]:
    """Find an access model in a practice's file that there is none of."""
    root = root_node(text)
    line = line_of(root, (TRIAGE, MODEL))
    yield from faults_of_choice(name, plain(root), library.options(TRIAGE), line)


def _version_faults(library: Library, group: str, option: str, text: str, name: str) -> tuple[Fault, ...]:
    """Find a version of the file's form that is none, or newer than this pcqa_sim."""
    try:
        text_of_today(text, name, library.prefix(group, option))
    except BadInput as bad:
        return bad.faults
    return ()


def _default_faults(library: Library, group: str, root: Any, name: str) -> Iterator[Fault]:
    """Find entries of `defaults` that are not an option of this group or, in an experiment, an override."""
    if "hydra" in root:
        yield Fault(name, "settings of Hydra cannot be changed", "hydra")
    entries = root.get("defaults") or []
    if not isinstance(entries, list):
        yield Fault(f"{name} defaults", "must be a list, as in `defaults: [average@_here_, _self_]`", written(entries))
        return
    for entry in entries:
        if isinstance(entry, str):
            yield from _extension_faults(library, group, entry, name)
        elif group == EXPERIMENT and isinstance(entry, dict):
            yield from _override_faults(library, entry, name)
        else:
            yield Fault(f"{name} defaults", f"an entry is _self_ or an option of {group}/, as x@_here_", written(entry))


def _extension_faults(library: Library, group: str, entry: str, name: str) -> Iterator[Fault]:
    parent = entry.removesuffix("@_here_")
    if entry == "_self_":
        return
    if library.file(group, parent) is None:
        yield library.unknown(f"{name} defaults", group, entry)
    elif parent == entry:
        yield Fault(f"{name} defaults", f"write {entry}@_here_", entry)


def _override_faults(library: Library, entry: dict[str, Any], name: str) -> Iterator[Fault]:
    for key, chosen in entry.items():
        where = f"{name} defaults"
        found = _OVERRIDE.match(key)
        if not found or found[1] not in library.defaults or found[1] == EXPERIMENT:
            rule = "an experiment chooses options as `override /GROUP: OPTION`"
            yield Fault(where, rule, key, nearest(key.split("/")[-1], library.defaults))
            continue
        several = isinstance(chosen, list) and library.takes_several(found[1])
        names = [str(name) for name in chosen] if several else [str(chosen)]
        yield from (library.unknown(where, found[1], x) for x in names if x not in library.options(found[1]))
        yield from (Fault(where, "is chosen twice", x) for x in dict.fromkeys(names) if names.count(x) > 1)
