"""Configuration: Hydra chooses files, the schema says how they are laid, pydantic judges: a frozen `Scenario`."""

from __future__ import annotations

from pathlib import Path

from pcqa_sim.configuration.building import Resolved, resolve, user_library
from pcqa_sim.configuration.folders import config_folder
from pcqa_sim.configuration.overrides import Texts
from pcqa_sim.configuration.ownlines import said_in
from pcqa_sim.configuration.showing import Setting, Shown, assumed, show, show_text, shown_of
from pcqa_sim.scenario import Scenario


def load_scenario(*overrides: Texts, user_folder: Path | None = None) -> Scenario:
    """Return the scenario that overrides describe: load_scenario("practice=small", "phones.lines=4").

    A key is given once; to lay overrides on others, give lists: load_scenario(["phones.lines=4"], ["phones.lines=8"]).
    Groups and options are the folders and files of the shipped settings and of the user's own folder: `user_folder`,
    else $PCQA_CONFIG_DIR, else ./pcqa_conf where it exists. Raises BadInput with one `Fault` for each fault.
    """
    return resolve(overrides, user_folder).scenario


def options(user_folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return every group of settings with its options, shipped and the user's own."""
    library = user_library(user_folder)
    return {group: library.options(group) for group in library.groups}


__all__ = [
    "Resolved",
    "Setting",
    "Shown",
    "Texts",
    "assumed",
    "config_folder",
    "load_scenario",
    "options",
    "resolve",
    "said_in",
    "show",
    "show_text",
    "shown_of",
    "user_library",
]
