"""Text files as editors save them: UTF-8 with or without a mark is read, anything else is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcqa_sim.values.plaintext import MARK, decoded, read_plain

TEXT = "name: Café\r\n"


@pytest.mark.parametrize("raw", [TEXT.encode(), TEXT.encode("utf-8-sig"), b""])
def test_utf_8_is_read_without_its_mark_and_with_its_line_ends(raw: bytes, tmp_path: Path) -> None:
    assert decoded(raw) == (TEXT if raw else "")
    (tmp_path / "file").write_bytes(raw)
    assert read_plain(tmp_path / "file") == (TEXT if raw else "")


@pytest.mark.parametrize(("encoding", "named"), [
    ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32"),
])  # fmt: skip
def test_another_encoding_is_named_by_its_mark_or_its_zeros(encoding: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"is {named} text and not UTF-8"):
        decoded("name: x\n".encode(encoding))


def test_text_that_is_not_utf_8_is_told_with_the_byte() -> None:
    with pytest.raises(ValueError, match=r"is not UTF-8 text \(byte 9\)"):
        decoded(TEXT.encode("latin-1"))


def test_zeros_alone_are_no_encoding() -> None:
    assert decoded(b"\0\0\0\0") == "\0\0\0\0"
    assert not decoded(MARK.encode())
