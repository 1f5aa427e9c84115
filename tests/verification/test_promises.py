"""Every promise of the practice model, one test each; and the table that prints them."""

import os
import subprocess
import sys
from typing import Self

import pytest

from pcqa_sim import cli
from pcqa_sim.interventions.adjust import Adjust
from pcqa_sim.results.conservation import ConservationError
from pcqa_sim.results.run import Run
from pcqa_sim.scenario import Scenario
from pcqa_sim.verification import promises, table
from pcqa_sim.verification.cases import Case, Shown
from pcqa_sim.verification.promises import PROMISES, Promise

HASH_OF_A_RUN = """
from hashlib import sha256
from pcqa_sim.results.run import simulate
from pcqa_sim.verification.promises import log_bytes, shipped
print(sha256(log_bytes(simulate(shipped("practice=small")).log)).hexdigest())
"""


LONG = ("nothing is lost",)  # tests/results/test_conservation.py has what of it is for every check
QUICK = ("perfect service", "the same seed", "raising one person", "one more call handler", "two practices")


def marks(words: str) -> tuple[pytest.MarkDecorator, ...]:
    if words.startswith(LONG):
        return (pytest.mark.soak,)
    return () if words.startswith(QUICK) else (pytest.mark.slow,)


@pytest.mark.parametrize("words", [pytest.param(words, marks=marks(words)) for words in PROMISES])
def test_promise(words: str) -> None:
    holds, detail = PROMISES[words]()
    assert holds, detail
    assert detail


@pytest.mark.soak
def test_belief_is_the_same_to_one_in_a_hundred_after_a_year() -> None:
    holds, detail = promises.belief_meets(weeks=52, replications=16, within=promises.SAME_BELIEF)
    assert holds, detail


def test_an_intervention_that_does_something_at_zero_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(Adjust):
        @classmethod
        def zero(cls) -> Self:
            return cls(add={"rota.extra_call_handlers": 1})

    monkeypatch.setattr(promises, "INTERVENTIONS", {"harmless": Adjust, "wrong": Wrong})
    monkeypatch.setattr(promises, "profiles", lambda: {"small": promises.shipped("practice=small")})
    assert promises.zero_strength() == (False, "changed the log: wrong in small")


def test_a_run_that_loses_something_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(scenario: Scenario) -> Run:
        raise ConservationError("need 7 ended twice")

    monkeypatch.setattr(promises, "simulate", losing)
    holds, detail = promises.conservation()
    assert not holds
    assert detail.endswith(": need 7 ended twice")


@pytest.mark.slow
def test_a_change_without_effect_has_no_direction() -> None:
    scenario = promises.shipped("practice=small", "phones.lines=200")
    holds, _ = promises._falls(scenario, Adjust(add={"phones.lines": 2}).apply(scenario), ("engaged_share",), 3)
    assert not holds


@pytest.mark.slow
def test_pythons_hash_seed_changes_no_byte() -> None:
    def hash_with(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", HASH_OF_A_RUN], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    first, second = hash_with("1"), hash_with("2")
    assert len(first) == 64
    assert first == second


@pytest.mark.parametrize(
    ("value", "promise", "holds", "last"),
    [
        (0.0, (True, "fine"), True, "2 checks, all hold"),
        (1.0, (True, "fine"), False, "2 checks, 1 FAIL"),
        (1.0, (False, "lost"), False, "2 checks, 2 FAIL"),
    ],
)
def test_the_table_says_what_holds(
    value: float,
    promise: tuple[bool, str],
    holds: bool,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = Case("a case", {"x": 0.0}, lambda *_: Shown({"x": value}), 20, within=0.5)
    one: dict[str, Promise] = {"a promise": lambda: promise}
    monkeypatch.setattr(table, "CASES", (case,))
    monkeypatch.setattr(table, "QUICK_CASES", (case,))
    monkeypatch.setattr(table, "PROMISES", one)
    monkeypatch.setattr("sys.argv", ["pcqa", "verify", "--quick"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code == 0) is holds
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith(last)
    assert promise[1] in printed
