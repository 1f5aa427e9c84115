from __future__ import annotations

from pcqa_sim.values.faults import BadInput, Fault, nearest


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
