"""A user's own folder, looked through as text before anything in it is composed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yaml import Node

from pcqa_sim.configuration.folders import EXPERIMENT, Library, entries_of
from pcqa_sim.configuration.yamltext import empty_mappings, faults_in, package, plain, read, root_node
from pcqa_sim.scenario.fault_wording import written
from pcqa_sim.scenario.shapes import item_at
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.formats import text_of_today
from pcqa_sim.values.plaintext import read_plain

_OPTION = re.compile(r"^[A-Za-z][A-Za-z0-9_-]*$")
_ONE_OF_SEVERAL = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_OVERRIDE = re.compile(r"^override\s+/([a-z_]+)$")


def faults_of_folder(library: Library) -> list[Fault]:
    """Return every fault in the user's folder, file by file; an empty list where there is no folder."""
    if library.own is None:
        return []
    faults: list[Fault] = []
    for path in sorted(library.own.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            faults += _faults_of_group(library, path)
        elif path.suffix in (".yaml", ".yml"):
            faults.append(_stray(path))
    return faults or list(_circles(library)) or list(_without_effect(library))


def _circles(library: Library) -> Iterator[Fault]:
    """Find files that extend themselves, by however many steps; needs every file readable."""
    for group, files in library.own_files.items():
        for option in files:
            if library.extends_itself(group, option):
                yield Fault(f"{group}/{option}.yaml defaults", "a file cannot extend itself, by however many steps")


def _without_effect(library: Library) -> Iterator[Fault]:
    """Find empty mappings laid on settings, which stay as they are; needs files that do not extend themselves."""
    rule = "an empty mapping changes nothing; write the keys to set in it, or leave it out"
    for group, files in library.own_files.items():
        for option, path in files.items():
            for key, line in empty_mappings(_root(path)):
                if any(item_at(plain(_root(under)), inside) for under, inside in _beneath(library, group, option, key)):
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


def _faults_of_group(library: Library, folder: Path) -> list[Fault]:
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".yaml", ".yml")]
    if files and folder.name not in library.groups:
        rule = f"is not a group of settings; groups: {', '.join(library.groups)}"
        return [Fault(f"{folder.name}/", rule, "", nearest(folder.name, library.groups))]
    return [fault for path in files for fault in _faults_of_file(library, folder.name, path)]


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
    elif library.takes_several(group) and not _ONE_OF_SEVERAL.match(path.stem):
        yield Fault(
            name, f"the file name of one {group} is made of lower-case letters, digits and _, at most 40 of them"
        )
    elif not _OPTION.match(path.stem):
        yield Fault(name, "a file name begins with a letter and is made of letters, digits, _ and -")


def _header_faults(library: Library, group: str, option: str, text: str, name: str) -> Iterator[Fault]:
    """Find a header that puts settings where they do not belong, or that is missing where it is needed."""
    found = package(text)
    needed = "_global_" if group == EXPERIMENT else f"{group}.{option}" if library.takes_several(group) else ""
    if needed and found != needed:
        yield Fault(f"{name} line 1", f"the first line must be `# @package {needed}`", found)
    elif not needed and found == "_global_":
        yield Fault(f"{name} line 1", "the package _global_ is only for files in experiment/", found)
    elif not needed and found not in ("", "_group_", group):
        yield Fault(f"{name} line 1", "remove the line `# @package`: settings belong to their own group", found)


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
    if parent not in library.options(group):
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
