"""A dozen short runs give today what they gave when the baseline was written; luck's keys are as they were.

After a deliberate change of the model: python tests/baseline/renew.py, with the reason in the commit. Rules: modules,
classes and functions may be renamed, bytes stay; keys of luck are never renamed or used for something else; words of
the log, metrics and settings are renamed in a commit of their own, by `pcqa_sim/values/renamed.py`.
"""

from __future__ import annotations

import pytest
from baseline import luckkeys
from baseline.recording import BASELINE, LUCK, SCENARIOS, record, since, stored


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_run_gives_what_it_gave(name: str) -> None:
    now, before = record(name, since()), stored(BASELINE)[name]
    assert now["rows"] == before["rows"]
    assert now["metrics"] == before["metrics"]
    assert now["log"] == before["log"]


def test_every_scenario_of_the_baseline_is_run() -> None:
    assert list(stored(BASELINE)) == list(SCENARIOS)


@pytest.mark.parametrize("of_what", ["activities", "words"])
def test_keys_of_luck_are_never_renamed(of_what: str) -> None:
    """A new key is added to the list by renewing it; one that has gone re-deals luck, or is used no more."""
    assert luckkeys.of_code()[of_what] == stored(LUCK)[of_what]
