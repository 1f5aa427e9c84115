"""The tool that tries the tests: it makes the changes it should, draws them alike, and its lists are up to date."""

from __future__ import annotations

import ast

import pytest

from mutants.equivalents import equivalents
from mutants.making import drawn, mutants
from mutants.table import ROOT, TABLE

CODE = '''
"""A module."""
from bisect import insort
STEP: int = 3

def served(waiting: list[int], now: float, calls: int = 1) -> list[int]:
    """Return who is served."""
    if now < 5 and waiting:
        raise ValueError(f"{now + 1} is too early")
    waiting.sort()
    insort(waiting, calls, key=abs)
    return sorted([one for one in waiting if one != 0], key=abs)
'''
CHANGES = {
    ("STEP: int = 3", "STEP: int = 4"),
    ("waiting: list[int], now: float, calls: int=1", "waiting: list[int], now: float, calls: int=2"),
    ("now < 5", "now <= 5"),
    ("now < 5", "now < 4"),
    ("now < 5 and waiting", "now < 5 or waiting"),
    ("now < 5 and waiting", "now < 5"),
    ("now < 5 and waiting", "waiting"),
    ("if now < 5 and waiting: ...", "if not (now < 5 and waiting): ..."),
    ("raise ValueError(f'{now + 1} is too early')", "pass"),
    ("waiting.sort()", "pass"),
    ("insort(waiting, calls, key=abs)", "pass"),
    ("insort(waiting, calls, key=abs)", "waiting.append(calls)"),
    ("insort(waiting, calls, key=abs)", "insort(waiting, calls)"),
    ("one != 0", "one == 0"),
    ("for one in waiting if one != 0", "for one in waiting"),
    (
        "sorted([one for one in waiting if one != 0], key=abs)",
        "list([one for one in waiting if one != 0])",
    ),
    ("return sorted([one for one in waiting if one != 0], key=abs)", "return None"),
}


def test_every_small_change_is_made_once_and_messages_are_left_alone() -> None:
    found = mutants("m", CODE)
    pairs = [(mutant.was, mutant.now) for mutant in found]
    assert set(pairs) >= CHANGES
    assert len({mutant.name for mutant in found}) == len(found)
    assert not [was for was, _ in pairs if was == "now + 1"]


def test_a_mutant_is_the_module_with_one_change() -> None:
    plain = ast.unparse(ast.parse(CODE))
    for mutant in mutants("m", CODE):
        lines = [
            (old, new) for old, new in zip(plain.splitlines(), mutant.text().splitlines(), strict=True) if old != new
        ]
        assert len(lines) == 1
        assert ast.parse(mutant.text())
    assert ast.unparse(mutant.tree) == plain


def test_the_same_mutants_are_drawn_when_other_code_comes() -> None:
    before = {mutant.name for mutant in drawn(mutants("m", CODE), 6, seed=3)}
    more = mutants("m", "import os\n" + CODE + "\ndef other() -> int:\n    return len(os.name)\n")
    again = {mutant.name for mutant in drawn(more, 8, seed=3)}
    assert len(before) == 6
    assert len(before - again) == 0
    assert {mutant.name for mutant in drawn(mutants("m", CODE), 6, seed=4)} != before


@pytest.mark.parametrize("module", TABLE)
def test_the_table_names_what_is_there(module: str) -> None:
    guarded = TABLE[module]
    assert (ROOT / guarded.path).is_file()
    assert [word for word in guarded.tests if word.endswith(".py") and (ROOT / word).is_file()]


@pytest.mark.parametrize("module", TABLE)
def test_what_is_listed_as_equivalent_is_still_a_mutant_and_has_a_reason(module: str) -> None:
    listed = {name: why for name, why in equivalents().items() if name[0] == module}
    there = {mutant.name for mutant in mutants(module, (ROOT / TABLE[module].path).read_text(encoding="utf-8"))}
    assert [name for name in listed if name not in there] == []
    assert all(len(why) > 20 for why in listed.values())


def test_equivalents_are_of_modules_in_the_table() -> None:
    assert {module for module, *_ in equivalents()} <= set(TABLE)
