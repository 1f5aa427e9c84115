"""A file is written whole or not at all, and what the disk refuses is told with the file's name."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pcqa_sim.values.wholefile import is_draft, put_bytes, put_text, whole_file


def half_written(path: Path) -> None:
    with whole_file(path) as draft:
        draft.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "results.txt"
    put_bytes(path, b"good")
    with pytest.raises(OSError, match="No space"):
        half_written(path)
    assert path.read_text() == "good"
    assert [p.name for p in tmp_path.iterdir()] == ["results.txt"]


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path: Path) -> None:
    """Files being written, and Arrow, raise faults that name none."""
    for said in ("No space left on device", "[Errno 28] Error writing bytes to file. Detail: [errno 28] No space"):
        with pytest.raises(OSError, match="No space") as refused, whole_file(tmp_path / "new" / "a.parquet"):
            raise OSError(errno.ENOSPC, said)
        assert refused.value.filename == str(tmp_path / "new" / "a.parquet")
        assert refused.value.strerror == os.strerror(errno.ENOSPC)


def test_a_file_that_cannot_be_put_in_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory") as refused:
        put_bytes(tmp_path / "taken", b"x")
    assert refused.value.filename == str(tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r".") as refused:
        put_bytes(tmp_path / "file" / "sub" / "a", b"x")
    assert refused.value.filename.startswith(str(tmp_path / "file"))


def test_a_text_goes_through_a_link_and_keeps_the_bytes_of_strange_names(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    put_text(tmp_path / "link", os.fsdecode(b"caf\xc3\xa9 \xff"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"caf\xc3\xa9 \xff"


def test_drafts_are_known_by_their_names(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.yaml") as draft:
        draft.write_text("x")
        assert is_draft(draft.name)
    assert not is_draft("a.yaml")
    assert not is_draft(".lock")
