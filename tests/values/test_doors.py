"""Of each sort, what there is: the package's own first, in one order, then what was given."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from plugged import knowing, recipes, written

from pcqa_sim.frontdoor.triage import TRIAGE
from pcqa_sim.interventions import INTERVENTIONS
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.values.doors import _DOORS, HOMES, Door, door, own_code
from pcqa_sim.values.faults import BadInput

DOORS: list[Door] = [TRIAGE, INTERVENTIONS, METRICS]
CLASSES = """
from typing import ClassVar, Literal, Self
from pcqa_sim.extending import Disposition, Field, Intervention, Practice, ReceptionLed
api = 1
"""
MODEL = (
    CLASSES
    + """
class Mine(ReceptionLed):
    kind: ClassVar = "mine"
"""
)
CHANGE = (
    CLASSES
    + """
class Mine(Intervention):
    kind: Literal["mine"] = "mine"
    def change(self, practice: Practice) -> Practice:
        return practice
    @classmethod
    def zero(cls) -> Self:
        return cls()
"""
)


@pytest.mark.parametrize("one", DOORS, ids=HOMES)
def test_whatever_the_package_has_keeps_the_rules_of_its_sort(one: Door) -> None:
    assert door(one.sort) is one
    assert len(one) > 5
    assert [(name, list(one._flaws(one[name]))) for name in one if list(one._flaws(one[name]))] == []
    assert not any(one.about(name).source for name in one)


def test_two_files_of_the_package_cannot_have_one_name() -> None:
    try:
        made: Door = Door("triage", "triage model", lambda module: [("same", module)], lambda _: [])
        with pytest.raises(ValueError, match="there is a triage model 'same' already"):
            _ = made["same"]
    finally:
        _DOORS["triage"] = TRIAGE


def test_what_is_given_comes_after_the_package_s_own_and_goes_again(tmp_path: Path) -> None:
    before = {one.sort: list(one) for one in DOORS}
    with knowing(written(tmp_path, recipes()) / "own"):
        more = {one.sort: list(one)[len(before[one.sort]) :] for one in DOORS}
        assert more == {"triage": ["texting"], "intervention": ["enough_lines"], "metric": ["asked_often_share"]}
        assert TRIAGE.about("texting").source == "texting.py"
        used = [("triage", "texting"), ("triage", "reception_led"), ("metric", "asked_often_share")]
        assert set(own_code(used)) == {"texting.py", "asked_often.py"}
    assert {one.sort: list(one) for one in DOORS} == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MODEL.replace('"mine"', '"open_access"'), "triage model open_access: pcqa_sim has one of this name"),
        (MODEL + '    needs = ("extra",)\n', "`needs` names groups of triage settings, signposts, "),
        (MODEL + '    numbers: ClassVar = {"share": (1, 0)}\n', "`numbers` gives each its least and its most"),
        (MODEL + "    decider = 1\n", "needs `decider`, who decides in the event log, as text"),
        (MODEL + "    decide = None\n", "needs a method decide(self, contact, now, luck)"),
        (MODEL + "    def decide(self, contact, now): ...\n", "(self, contact, now, luck), not (self, contact, now)"),
        (MODEL + "    def decide(self, contact, now, luck) -> str: ...\n", "decide returns a Disposition"),
        (CHANGE.replace("change(self, practice: Practice)", "change(self)"), "takes (self, practice), not (self)"),
        (CHANGE.replace("def change", "def chnge"), "needs change: change(self, practice) returns a Practice"),
        (CHANGE.replace("return cls()", "return None"), "zero() returns this intervention at the strength at which"),
        (CHANGE.replace("return cls()", "return cls(x=1)"), "zero() fails: ValidationError"),
    ],
)  # fmt: skip
def test_what_has_not_the_form_of_its_sort_is_told_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, {"mine.py": text}) / "mine.py"
    with pytest.raises(BadInput) as refused, knowing(path):
        pass
    (line,) = str(refused.value).splitlines()
    assert line.startswith("mine.py: ")
    assert said in line


def test_two_plug_ins_cannot_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused, knowing(written(tmp_path, {"a.py": MODEL, "b.py": MODEL})):
        pass
    assert str(refused.value) == "b.py: triage model mine: a.py has one of this name: give it a name of its own"


def test_names_that_a_module_only_imports_are_not_its_own() -> None:
    module = ModuleType("elsewhere")
    vars(module).update({"ReceptionLed": TRIAGE["reception_led"], "missed": METRICS["missed_share"].measure})
    assert [list(one._inside(module)) for one in DOORS] == [[], [], []]
