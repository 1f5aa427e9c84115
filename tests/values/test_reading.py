"""Files read back with mistrust: whatever stands in them, one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pcqa_sim.values.faults import BadInput
from pcqa_sim.values.reading import read_json, read_yaml, text_of


@pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "[Infinity]", '{"a": -Infinity}', "9" * 5000, "\x00"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"^here: cannot be read as JSON$"):
        read_json(text, "here")


@pytest.mark.parametrize("deep", [41, 1_000, 200_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_deep_json_is_refused(deep: int, opens: str, closes: str) -> None:
    with pytest.raises(BadInput, match=r"^here: is nested more than 40 deep$"):
        read_json(opens * deep + "1" + closes * deep, "here")


@pytest.mark.parametrize("text", ["[" * 41 + "]" * 41, "{a: " * 999 + "1" + "}" * 999, "- " * 500 + "1"])
def test_deep_yaml_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is nested more than 40 deep"):
        read_yaml(text, "here")


def test_very_deep_yaml_does_not_end_the_process() -> None:
    """Building the tree of such a text ended it by a segmentation fault."""
    code = "from pcqa_sim.values.reading import read_yaml\ntry: read_yaml('[' * 100_000 + ']' * 100_000, 'x')\n"
    code += "except ValueError as fault: print(fault)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "x: is nested more than 40 deep\n"), done.stderr


@pytest.mark.parametrize("text", ["a: [", "a: !!python/object:os.system {}", "\x1b", "a: 2026-13-45", "a\n b: c: d"])
def test_what_is_no_yaml_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"^here: cannot be read as YAML$"):
        read_yaml(text, "here")


def test_aliases_are_not_read() -> None:
    """A few lines of them stand for thousands of millions of values."""
    text = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(BadInput, match="aliases"):
        read_yaml(text, "here")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' twice, in lines 1 and 3"),
        ("columns:\n  - {x: 1}\n  - y: 1\n    x: {y: 2}\n    y: 3\n", "'y' twice, in lines 3 and 5"),
        ("{a: [{b: 1, b: 2}]}", "'b' twice, in lines 1 and 1"),
    ],
)
def test_a_key_twice_in_one_mapping_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=rf"^here: has the key {said}$"):
        read_yaml(text, "here")


def test_a_key_again_in_another_mapping_or_as_a_value_is_read() -> None:
    text = "a: {a: a, b: [a, a, {a: 1}]}\nb: a\n? [c]\n: 1\n"
    assert read_yaml(text.partition("?")[0], "here") == {"a": {"a": "a", "b": ["a", "a", {"a": 1}]}, "b": "a"}
    with pytest.raises(BadInput, match="cannot be read as YAML"):
        read_yaml(text, "here")


def test_what_is_sound_is_read() -> None:
    assert read_json('{"a": [1, 2.5, null, "x"]}', "here") == {"a": [1, 2.5, None, "x"]}
    assert read_yaml("a: {b: [1, 'x & *y']}\n", "here") == {"a": {"b": [1, "x & *y"]}}
    assert read_json("[" * 40 + "]" * 40, "here")
    assert read_yaml("[" * 40 + "]" * 40, "here")


def test_a_file_is_bounded_and_is_text(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 11)
    assert text_of(path, 11) == "x" * 11
    with pytest.raises(BadInput, match="is too large"):
        text_of(path, 10)
    path.write_bytes(b"ab\xff")
    with pytest.raises(BadInput, match=r"is not UTF-8 text \(byte 2\)"):
        text_of(path)
    with pytest.raises(BadInput, match="is not a file"):
        text_of(tmp_path)
    with pytest.raises(FileNotFoundError):
        text_of(tmp_path / "nowhere")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="is not a file"):
        text_of(tmp_path / "pipe")
