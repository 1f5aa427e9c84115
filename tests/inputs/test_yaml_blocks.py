from __future__ import annotations

import pytest
import yaml

from pcqa_sim.inputs.yaml_blocks import Blocks

TEXT = """\
# A practice.

name: Hillside  # ours
# counted by hand
list_size: 9000  # people; our own count
observed:
  # a note
  inbound: 400  # calls

# between
  menu: 90
defaults:
- average@_here_
# the end
"""


def test_a_text_comes_back_as_it_was() -> None:
    blocks = Blocks.from_text(TEXT)
    assert blocks.text == TEXT
    assert list(blocks.by_key) == ["name", "list_size", "observed", "defaults"]
    assert blocks.by_key["list_size"].comment == "people; our own count"


def test_a_replaced_block_leaves_all_others_alone() -> None:
    blocks = Blocks.from_text(TEXT).with_bodies({"list_size": "list_size: 1  # x\n", "more: ": "more: 2\n"})
    expected = TEXT.replace("list_size: 9000  # people; our own count", "list_size: 1  # x")
    assert blocks.text == expected.replace("# the end\n", "more: 2\n# the end\n")
    assert yaml.safe_load(blocks.text)["observed"] == {"inbound": 400, "menu": 90}


def test_an_empty_text_has_no_blocks() -> None:
    assert Blocks.from_text("# nothing yet\n").by_key == {}
    assert Blocks.from_text("").text == ""


@pytest.mark.parametrize(
    "text",
    [
        "{name: x}\n",
        "- a\n",
        "just words\n",
        "a: 1\na: 2\n",
        "a: [1\n",
        '"a": 1\n',
        "a: 1\n---\nb: 2\n",
        "a: \0",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        Blocks.from_text(text)
