"""The model compiled and interpreted: which form runs, and that both give the same bytes.

`make core` runs this file and the others of the model on the compiled form. The twelve runs of tests/baseline, with all
seven access models, a network and named roles, hold both forms to one list of hashes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from baseline.recording import log_hash
from shortruns import composed

from pcqa_sim.kernel import clockwork
from pcqa_sim.population import need_generation
from pcqa_sim.population.need_generation import Appetite
from pcqa_sim.population.people import draw_people
from pcqa_sim.simulation import happen
from pcqa_sim.values import form as forms
from pcqa_sim.values.form import COMPILED, INTERPRETED, form
from pcqa_sim.values.luck import Luck, activity, join, mix, name_key
from pcqa_sim.values.native_luck import NativeLuck, native_join, native_mix

SMALL = ("practice=small", "run.warm_up_weeks=0", "run.measured_weeks=2", "triage=duty_team")
CODE = """
import sys
sys.path.insert(0, sys.argv[1])
import test_forms
print(test_forms.form(), *(test_forms.hash_of(seed) for seed in (1, 2)))
"""
SOMETIMES, OFTEN = activity("of_a_test_sometimes"), activity("of_a_test_often")


def hash_of(seed: int) -> str:
    return log_hash(happen(composed(*SMALL), seed, 0).log)


def test_the_form_that_was_to_be_tested_is_the_one_that_runs() -> None:
    assert form() == os.environ.get("PCQA_TESTED_FORM", form())
    assert clockwork.__file__.endswith(".py") == (form() == INTERPRETED)


def test_both_forms_give_the_same_bytes_for_two_seeds() -> None:
    """The other form is this one, too, where nothing has been compiled."""
    words = [sys.executable, "-c", CODE, str(Path(__file__).parent)]
    done = subprocess.run(words, env=os.environ | {forms.PURE: "1"}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [INTERPRETED, hash_of(1), hash_of(2)]


@pytest.mark.skipif(form() == COMPILED, reason="compiled, the small kernel is the only one")
def test_the_small_kernel_gives_the_bytes_of_simpy() -> None:
    """Interpreted, where SimPy is the kernel."""
    scenario = composed("practice=small", "run=quick")
    assert happen(scenario, 1, 0, clockwork.Environment).log.equals(happen(scenario, 1, 0).log)


@pytest.mark.parametrize("key", [0, 1, 2**63 - 1, 2**63, 2**64 - 1, 0x9E3779B97F4A7C15])
def test_native_luck_has_the_numbers_of_luck(key: int) -> None:
    plain, native = Luck(key), NativeLuck(key)
    for act in (SOMETIMES, OFTEN, OFTEN, SOMETIMES, OFTEN):
        assert native.u(act) == plain.u(act)
        assert native.first(act) == plain.first(act)
    signed = key - 2**64 if key >= 2**63 and form() == COMPILED else key
    assert native_mix(signed) % 2**64 == mix(key)
    assert native_join(signed, 12) % 2**64 == join(key, 12)


def test_native_luck_counts_each_of_many_activities_by_itself() -> None:
    """More activities than it has bits to tell which have not been used yet."""
    plain, native = Luck(7), NativeLuck(7)
    acts = [name_key(f"one of many {number}") for number in range(150)]
    for act in (*acts, *reversed(acts), *acts[::3], *acts):
        assert native.u(act) == plain.u(act)


def test_candidates_drawn_person_by_person_are_those_drawn_in_columns() -> None:
    settings = composed("practice=small", "practice.list_size=1000").practices["practice"]
    appetite = Appetite(draw_people(5, settings.people, 1000), settings.demand, settings.channels)
    tallest, times = np.linspace(0.0, 3.3, 1000), appetite.level * appetite.season(20)
    columns = need_generation.strips_of_week(appetite, 7, tallest, times)
    native = appetite.native().of_week(7, tallest, times)
    assert len(columns[2]) > 100
    for theirs, mine in zip(columns, native, strict=True):
        assert (theirs[np.argsort(columns[2])] == mine[np.argsort(native[2])]).all()


def test_what_was_compiled_of_other_sources_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edited source is read, and not what was made of it before; with PCQA_PURE=1 all are."""
    source = tmp_path / "model.py"
    source.write_text("A = 1")
    monkeypatch.setattr(forms, "PACKAGE", tmp_path)
    monkeypatch.setattr(forms, "RECORD", tmp_path / "compiled.txt")
    monkeypatch.setattr(sys, "meta_path", [])
    monkeypatch.delenv(forms.PURE, raising=False)
    forms.choose()  # nothing was compiled
    forms.RECORD.write_text(forms.record_of([source]))
    forms.choose()
    assert sys.meta_path == []
    source.write_text("A = 2")
    forms.choose()
    assert sys.meta_path == [forms.SourcesOnly]
    forms.RECORD.unlink()
    (tmp_path / "native__mypyc.so").touch()
    forms.choose()  # left half made
    assert sys.meta_path == [forms.SourcesOnly] * 2
    forms.RECORD.write_text(forms.record_of([source]))
    monkeypatch.setenv(forms.PURE, "1")
    forms.choose()
    assert sys.meta_path == [forms.SourcesOnly] * 3
    (tmp_path / "native__mypyc.so").unlink()
    forms.RECORD.unlink()
    forms.choose()  # nothing is compiled yet, and may be while this process runs
    assert sys.meta_path == [forms.SourcesOnly] * 4
