"""The file a practice's imports write: `practice/<ods code>.yaml` in the user's own folder.

A practice file is whole or absent: it is checked, written under a temporary name, forced to disk and renamed.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pcqa_sim.inputs.cells import ods_code, read_long_date
from pcqa_sim.inputs.yaml_blocks import Blocks
from pcqa_sim.scenario import PRACTICE_GROUPS
from pcqa_sim.scenario.groups import PracticeProfile
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.formats import SCHEMA, newest, text_of_today
from pcqa_sim.values.outside import shown
from pcqa_sim.values.plaintext import read_plain
from pcqa_sim.values.renamed import is_now, new_key
from pcqa_sim.values.wholefile import put_text

HEADER = "# Written by `pcqa import` from published figures; it keeps whatever it does not replace.\n"


def default_user_folder() -> Path:
    """Return the folder of the user's own settings: $PCQA_CONFIG_DIR, or ./pcqa_conf."""
    return Path(os.environ.get("PCQA_CONFIG_DIR") or "pcqa_conf")


@dataclass(frozen=True)
class PracticeFile:
    """A practice's settings file: where it is, and its blocks (none before the first import)."""

    practice: str
    path: Path
    blocks: Blocks

    @property
    def list_size(self) -> int | None:
        """Return the list size (people), or None before a register was imported."""
        size = self.blocks.values.get("list_size")
        return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None

    @property
    def list_size_date(self) -> dt.date | None:
        """Return the date of the list size, from the comment that names its register, or None."""
        block = self.blocks.by_key.get("list_size")
        return read_long_date(block.comment) if block else None

    def has(self, key: str) -> bool:
        """Tell whether the file has a key."""
        return key in self.blocks.by_key

    def written_with(self, bodies: dict[str, str]) -> PracticeFile:
        """Return the file after writing it with these blocks new or replaced, creating its folder if absent.

        Raises BadInput when the whole would not be a valid practice file (nothing is written), OSError when
        the disk refuses (the file from before stays).
        """
        version = f"{SCHEMA}: {newest('practice')}  # version; of the form of this file\n"
        blocks = self.blocks.with_first(SCHEMA, version).with_bodies(bodies)
        text = blocks.text if self.blocks.by_key else HEADER + blocks.text
        whole = _blocks(text, self.path)
        _check(whole, self.path)
        _make_folder(self.path.parent)
        write_whole(self.path, text)
        return PracticeFile(self.practice, self.path, whole)


def open_practice_file(user_folder: Path, practice: str) -> PracticeFile:
    """Return a practice's file as it stands, without blocks when there is none yet.

    Raises BadInput for an ODS code of the wrong form, and for a file that cannot be read or added to.
    """
    code = ods_code(practice)
    path = user_folder / "practice" / f"{code.lower()}.yaml"
    try:
        text = read_plain(path).replace("\r\n", "\n")
    except FileNotFoundError:
        return PracticeFile(code, path, Blocks({}))
    except NotADirectoryError:
        raise BadInput(Fault(shown(str(user_folder), 200), "not a folder; settings are kept in a folder")) from None
    except OSError as error:
        raise BadInput(Fault(shown(str(path), 200), f"cannot be read: {error.strerror}")) from None
    except ValueError as fault:
        raise BadInput(Fault(shown(str(path), 200), f"{fault}, or move it away")) from None
    _blocks(text, path)
    return PracticeFile(code, path, _blocks(text_of_today(text, shown(str(path), 200), "practice."), path))


def _blocks(text: str, path: Path) -> Blocks:
    """Return the blocks of a practice file's text; raise BadInput where it is not written so."""
    try:
        return Blocks.from_text(text)
    except ValueError as error:
        rule = f"an import cannot add to it: {shown(str(error), 160)}; mend it or move it away"
        raise BadInput(Fault(shown(str(path), 200), rule)) from None


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a crash at any moment leaves either the old file or the new, whole.

    Raises OSError naming the file; the temporary one is then taken away.
    """
    path = Path(os.path.realpath(path))
    put_text(path, text)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Force a rename to disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    """Create a folder; raise BadInput where a file stands in its way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        rule = "not a folder; settings are kept in a folder"
        raise BadInput(Fault(shown(str(folder), 200), rule)) from None


def _check(blocks: Blocks, path: Path) -> None:
    """Raise BadInput unless the settings are a valid practice; other groups' are judged when a run needs them."""
    aside = ("defaults", SCHEMA, *PRACTICE_GROUPS)
    settings = {key: value for key, value in blocks.values.items() if key not in aside}
    try:
        PracticeProfile.model_validate(settings)
    except ValidationError as error:
        raise BadInput(
            Fault(
                f"{shown(str(path), 200)}, {'.'.join(str(part) for part in fault['loc'])}",
                f"{_rule(fault)}; mend it and import again",
                shown(str(fault["input"]), 80),
            )
            for fault in error.errors()
        ) from None


def _rule(fault: ErrorDetails) -> str:
    """Return what is wrong with a setting: where it was renamed, its name now."""
    now = new_key(".".join(["practice", *map(str, fault["loc"])])) if fault["type"] == "extra_forbidden" else ""
    return is_now(now) if now else fault["msg"]
