"""Where settings files live: the shipped folder, the user's own folder, and the options in each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pcqa_sim.configuration.choosing import choice_in
from pcqa_sim.configuration.keeping import fingerprint
from pcqa_sim.configuration.yamltext import plain, root_node
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.renamed import is_now, new_key

USER_FOLDER = "pcqa_conf"
USER_FOLDER_VARIABLE = "PCQA_CONFIG_DIR"
EXPERIMENT, INTERVENTION, KIND, PRACTICE = "experiment", "intervention", "kind", "practice"
NOT_SETTINGS = "targets"
_MOST_NAMED = 80


def config_folder() -> Path:
    """Return the folder of shipped settings: beside the package's modules, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "configs", package.parent / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise FileNotFoundError("the folder `configs` with config.yaml is missing: install pcqa-sim again")


def find_user_folder(given: Path | None = None) -> Path | None:
    """Return the user's own folder: `given`, else $PCQA_CONFIG_DIR, else ./pcqa_conf, else None.

    Raises BadInput when a folder was named and is not there.
    """
    variable = os.environ.get(USER_FOLDER_VARIABLE, "")
    where = "user folder" if given is not None or not variable else f"${USER_FOLDER_VARIABLE}"
    named = Path(given or variable or USER_FOLDER)
    if not named.is_dir():
        if given is None and not variable:
            return None
        raise BadInput(Fault(where, "must be an existing folder", str(named)))
    found = named.resolve()
    if "${" in str(found):  # Hydra would take it for an interpolation
        raise BadInput(Fault(where, "the path must not hold ${", str(found)))
    return None if found == config_folder() else found


@dataclass(frozen=True)
class Library:
    """All groups and options: shipped, the user's own, and those that come with own code (`plugged`)."""

    shipped: Path
    own: Path | None = None
    plugged: tuple[Path, ...] = ()

    @cached_property
    def shipped_files(self) -> dict[str, dict[str, Path]]:
        """Return the shipped files by group and option."""
        return _files(self.shipped)

    @cached_property
    def own_files(self) -> dict[str, dict[str, Path]]:
        """Return the files that are not shipped by group and option; folders that name no group are left out."""
        found: dict[str, dict[str, Path]] = {}
        for folder in self.others:
            for group, files in _files(folder).items():
                if group in self.shipped_files:
                    found[group] = files | found.get(group, {})
        return found

    @property
    def others(self) -> tuple[Path, ...]:
        """Return the folders beside the shipped one: those of own code, then the user's."""
        return self.plugged if self.own is None else (*self.plugged, self.own)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Return what config.yaml chooses in each group that can be chosen: an option, a list, or None."""
        entries = entries_of(self.shipped / "config.yaml")
        return {group: option for entry in entries if isinstance(entry, dict) for group, option in entry.items()}

    @cached_property
    def refused(self) -> dict[tuple[str, str], tuple[Fault, ...]]:
        """Return what is wrong with the user's files, by group and option, once they have been looked through."""
        return {}

    @cached_property
    def needed(self) -> set[tuple[str, str]]:
        """Return which of the user's files, by group and option, were needed for what has been composed so far."""
        return set()

    @cached_property
    def contents(self) -> dict[tuple[str, str], Any]:
        """Return the settings of each file that has been read, by group and option."""
        return {}

    @cached_property
    def composed(self) -> dict[tuple[str, ...], Any]:
        """Return what has been composed from these files already, by the options it was composed with."""
        return {}

    @cached_property
    def fingerprint(self) -> str | None:
        """Return a fingerprint of all these files, taken once; None where they cannot all be read."""
        return fingerprint(self.shipped, *self.others)

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the files still are those of the fingerprint."""
        return self.fingerprint is not None and self.fingerprint == fingerprint(self.shipped, *self.others)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the names of all groups."""
        return tuple(sorted(self.shipped_files))

    def options(self, group: str) -> tuple[str, ...]:
        """Return the options of a group, shipped and the user's own; `_name` is only there to be extended."""
        files = self.shipped_files.get(group, {}) | self.own_files.get(group, {})
        return tuple(sorted(option for option in files if not option.startswith("_")))

    def file(self, group: str, option: str) -> Path | None:
        """Return the file of an option, or None when there is none; a shipped one is never hidden."""
        own, shipped = self.own_files.get(group, {}), self.shipped_files.get(group, {})
        return shipped.get(option) or own.get(option)

    def takes_several(self, group: str) -> bool:
        """Tell whether a group takes a list of options, as `intervention` does."""
        return isinstance(self.defaults.get(group), list)

    def prefix(self, group: str, option: str) -> str:
        """Return what begins the keys of an option's file: "phones.", "role.gp.", "" for an experiment."""
        if group == KIND:
            return f"demand.kinds.{option}."
        package = self.package(group, option)
        return "" if package == "_global_" else f"{package}."

    def package(self, group: str, option: str) -> str:
        """Return where an option's settings stand, as Hydra calls it: "phones", "role.gp", "_global_"."""
        if group == EXPERIMENT:
            return "_global_"
        return f"{group}.{option}" if self.takes_several(group) else group

    def unknown(self, where: str, group: str, option: object) -> Fault:
        """Return the fault of an option that does not exist, naming what it is called now, or those that do."""
        if now := new_key(f"{group}={option}"):
            return Fault(where, is_now(now), str(option))
        known = self.options(group)
        several = "a list of: " if self.takes_several(group) else "one of: "
        named = ", ".join(known[:_MOST_NAMED]) + (", ..." if len(known) > _MOST_NAMED else "")
        return Fault(where, f"must be {several}{named or 'nothing yet'}", str(option), nearest(str(option), known))

    def lineage(self, group: str, option: str) -> list[Path]:
        """Return the files that make up an option, in order: what it extends and itself, as `defaults` says."""
        path, files = self.file(group, option), list[Path]()
        if path is None or (group, option) in self.refused:
            return files
        parents = self.parents(group, option)
        for name in parents:
            files += [path] if name == "_self_" else self.lineage(group, name)
        return files if "_self_" in parents else [*files, path]

    def parents(self, group: str, option: str) -> list[str]:
        """Return the options of its own group that an option's `defaults` names, with `_self_`, in order."""
        return [entry.removesuffix("@_here_") for entry in self.entries(group, option) if isinstance(entry, str)]

    def entries(self, group: str, option: str) -> list[Any]:
        """Return the entries of an option's `defaults`; none of a file that was refused, which is not read."""
        path = self.file(group, option)
        return [] if path is None or (group, option) in self.refused else entries_of(path)

    def need(self, chosen: Iterable[tuple[str, str]]) -> tuple[Fault, ...]:
        """Take note of the user's files that some options, or the defaults, need; return what is wrong with them."""
        ahead, seen = list(chosen), set[tuple[str, str]]()
        given = {group for group, _ in ahead}
        ahead += [(group, str(self.defaults[group])) for group in self.defaults if group not in given]
        while ahead:
            group, option = ahead.pop()
            if (group, option) in seen:
                continue
            seen.add((group, option))
            ahead += [(group, name) for name in self.parents(group, option) if name != "_self_"]
            ahead += list(self._chosen_by(group, option))
        own = {one for one in seen if one[1] in self.own_files.get(one[0], {})}
        self.needed.update(one for one in own if one not in self.refused)
        return tuple(fault for one in sorted(own) for fault in self.refused.get(one, ()))

    def _chosen_by(self, group: str, option: str) -> Iterator[tuple[str, str]]:
        """Yield the options that a file chooses in other groups."""
        for entry in self.entries(group, option):
            for key, names in entry.items() if isinstance(entry, dict) else ():
                other = key.removeprefix("override ").strip("/").partition("@")[0]
                yield from ((other, str(name)) for name in (names if isinstance(names, list) else [names]))

    def extends_itself(self, group: str, option: str) -> bool:
        """Tell whether an option's file extends itself, by however many steps."""
        seen, ahead = set[str](), self.parents(group, option)
        while ahead:
            name = ahead.pop()
            if name == option:
                return True
            if name not in seen:
                seen.add(name)
                ahead += self.parents(group, name)
        return False


def entries_of(path: Path) -> list[Any]:
    """Return the entries of a file's `defaults` list; a practice's file may choose its access model besides."""
    root = plain(root_node(read_plain(path)))
    entries = root.get("defaults")
    chosen = choice_in(root) if path.parent.name == PRACTICE else []
    return [*(entries if isinstance(entries, list) else []), *chosen]


def _files(folder: Path) -> dict[str, dict[str, Path]]:
    """Return the YAML files one level down, by folder and name; targets of a fit are no settings."""
    folders = (path for path in folder.iterdir() if path.is_dir() and path.name != NOT_SETTINGS)
    groups = sorted(path for path in folders if not path.name.startswith("."))
    found = {group.name: {path.stem: path for path in sorted(group.glob("*.yaml"))} for group in groups}
    return {group: files for group, files in found.items() if files}
