from __future__ import annotations

import pytest

from pcqa_sim.values.faults import BadInput, Fault, nearest, nearest_key


def test_a_fault_is_one_line_with_value_rule_and_nearest() -> None:
    fault = Fault("phones.linez", "is not a setting", "3", "phones.lines")
    assert str(fault) == "phones.linez: 3: is not a setting; did you mean phones.lines?"


def test_long_and_many_lined_values_are_cut() -> None:
    line = str(Fault("a", "rule", "x\n" * 500))
    assert "\n" not in line
    assert len(line) < 100


def test_bad_input_has_a_line_a_fault() -> None:
    assert str(BadInput([Fault("a", "one"), Fault("b", "two")])) == "a: one\nb: two"


def test_the_nearest_word() -> None:
    assert nearest("smal", ["average", "small"]) == "small"
    assert nearest("qqq", ["average", "small"]) == ""


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("nurses", ["gp", "practice_nurse"], "practice_nurse"),  # a name of several words of which it is one
        ("GP", ["hca", "gp"], "gp"),
        ("gq", ["hca", "gp"], "gp"),
        ("admin", ["paramedic", "administrator"], "administrator"),
        ("doctor", ["other", "gp"], ""),
        ("holiday", ["monday", "friday"], ""),
        ("urban", ["suburban", "urban_deprived"], "urban_deprived"),
    ],
)
def test_two_words_with_some_letters_in_common_are_not_alike(word: str, known: list[str], near: str) -> None:
    assert nearest(word, known) == near


KEYS = ["phones.lines", "phones.talk", "rota.phone.monday", "run.replications", "people.ages", "people.trait_shape"]


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("phones.linez", "phones.lines"),
        ("lines", "phones.lines"),
        ("rota.fone.monday", "rota.phone.monday"),
        ("run.reps", "run.replications"),
        ("phones.colour", ""),  # as its group begins, and in nothing else
        ("phones.lines.x", "phones.lines"),  # a setting that has nothing inside
        ("role.hca.heads", ""),
        ("peeple.trait_shapes", "people.trait_shape"),
    ],
)
def test_a_key_is_near_by_its_last_word_and_not_by_its_group(key: str, near: str) -> None:
    assert nearest_key(key, KEYS) == near
