"""A settings file means the same however an editor saved it: byte order mark, line ends; other encodings are named."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from pcqa_sim.configuration import load_scenario, show
from pcqa_sim.values.plaintext import decoded, read_plain

Write = Callable[[dict[str, str | bytes]], Path]
FILES = {
    "practice/mine.yaml": "defaults: [average@_here_, _self_]\nname: Café\nlist_size: 8400  # people; our own\n",
    "practice/later.yaml": "list_size: 7  # people; a count\ndefaults: [mine@_here_, _self_]\n",
    "role/senior.yaml": "# @package role.senior\ndefaults: [gp@_here_, _self_]\ntitle: senior GP\n",
    "intervention/more.yaml": "# @package intervention.more\nkind: more_phone_lines\nextra: 3  # lines; ours\n",
    "experiment/x.yaml": "# @package _global_\ndefaults:\n  - override /run: quick\n  - override /practice: later\n"
    "  - _self_\nphones: {lines: 5}  # lines; ours\n",
}
CHOSEN = ["experiment=x", "intervention=[more]", "role=[gp,practice_nurse,hca,pharmacist,other,administrator,senior]"]
SAVED: dict[str, Callable[[str], bytes]] = {
    "mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "Notepad": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "old Mac, two marks": lambda text: 2 * codecs.BOM_UTF8 + text.replace("\n", "\r").encode(),
}


@pytest.mark.slow
def test_a_file_means_the_same_however_it_was_saved(user_folder: Write, tmp_path: Path) -> None:
    plain = show(*CHOSEN, user_folder=user_folder(dict(FILES)).rename(tmp_path / "plain"))
    assert plain.scenario.practices["practice"].role["senior"].title == "senior GP"
    for saved in SAVED.values():
        found = show(*CHOSEN, user_folder=user_folder({name: saved(text) for name, text in FILES.items()}))
        assert found == plain


def test_the_user_s_own_file_is_left_as_it_was(user_folder: Write) -> None:
    saved = SAVED["Notepad"](FILES["practice/mine.yaml"])
    folder = user_folder({"practice/mine.yaml": saved})
    load_scenario("practice=mine", user_folder=folder)
    assert (folder / "practice" / "mine.yaml").read_bytes() == saved


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "is UTF-16 text and not UTF-8"),
        ("utf-16-le", "is UTF-16 text and not UTF-8"),
        ("utf-16-be", "is UTF-16 text and not UTF-8"),
        ("utf-32", "is UTF-32 text and not UTF-8"),
        ("cp1252", r"is not UTF-8 text \(byte 3\)"),
    ],
)
def test_another_encoding_is_named(encoding: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decoded("café: 1\n".encode(encoding))


@pytest.mark.parametrize("text", ["", "a", "a: 1\r\nb: 2\r\n", "é: ü\n", "a\0b\0c"])
def test_text_comes_back_as_it_was_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(codecs.BOM_UTF8 + text.encode())
    assert read_plain(path) == text
