from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from commandline import pcqa
from shortruns import NO_USER_SETTINGS

from pcqa_sim import configuration
from pcqa_sim.commands import trust
from pcqa_sim.configuration import Shown, assumed, show
from pcqa_sim.configuration.showing import Setting
from pcqa_sim.study.methods.one_at_a_time import Move

pytestmark = pytest.mark.usefixtures("elsewhere")
QUICK = ("practice=small", "practice.list_size=800", "run=quick")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, made once."""
    folder = tmp_path_factory.mktemp("run") / "first"
    assert pcqa("run", *QUICK, "--workers", "1", "--out", str(folder)) == 0
    return folder


@pytest.fixture
def run(made: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of that run in ./first."""
    capsys.readouterr()
    return Path(shutil.copytree(made, elsewhere / "first"))


def test_the_folder_of_a_run_has_its_card_and_its_table(run: Path) -> None:
    assert (run / "trust-card.md").read_text().startswith("# How far to trust these results: Small practice")
    assert "6.1 Computer model sharing statement" in (run / "stress-des.md").read_text()


def test_trust_prints_the_card_again(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pcqa("trust", "first") == 0
    assert capsys.readouterr().out == (run / "trust-card.md").read_text()


def test_trust_refuses_what_it_cannot_judge(run: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((run / "run.json").read_text())
    for number, change in enumerate(({"kind": "size"}, {"scenario": "0" * 12})):
        (elsewhere / f"{number}.json").write_text(json.dumps(record | change))
        assert pcqa("trust", f"{number}.json") == 2
        assert all(line.startswith(f"{number}.json: ") for line in capsys.readouterr().err.strip().splitlines())
    (run / "metrics.parquet").write_bytes(b"torn")
    assert pcqa("trust", "first") == 2
    said = capsys.readouterr().err
    assert said.startswith("first/metrics.parquet: is damaged: ")
    assert said.endswith("; `pcqa rerun first/run.json` makes it again, in another folder\n")


@pytest.mark.slow
def test_each_assumption_can_be_moved(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuration, "assumed", lambda shown: of_numbers(assumed(shown))[:3])
    words = ("--probe", "20", "--metric", "missed_share", "--reps", "2", "--workers", "1")
    assert pcqa("trust", "first", *words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Assumptions: 3 were moved one at a time, with the same luck. Judged together (Holm)" in said


@pytest.fixture(scope="module")
def shown() -> Shown:
    return show(*QUICK, user_folder=NO_USER_SETTINGS)


CAPPED = "phones.closed_message.call_at_opening_share"


@pytest.fixture(
    scope="module", params=[12, pytest.param(1, marks=pytest.mark.soak)], ids=["one in twelve", "every assumption"]
)
def moves(shown: Shown, request: pytest.FixtureRequest) -> list[Move]:
    """The moves of some assumptions from all over the settings; of all of them, a scenario each, in the soak."""
    some = [one for at, one in enumerate(of_numbers(assumed(shown))) if at % request.param == 0 or one.key == CAPPED]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(configuration, "assumed", lambda _: tuple(some))
        found = trust.moves_of(shown, QUICK, 30)
    assert len(found) > 0.5 * len(some)
    return found


def of_numbers(settings: Sequence[Setting]) -> list[Setting]:
    return [one for one in settings if trust._movable(one.key, one.value)]


@pytest.mark.slow
def test_assumptions_move_alone_by_as_much_as_asked(shown: Shown, moves: list[Move]) -> None:
    assert len({move.key for move in moves}) == len(moves) > 20
    assert {move.key for move in moves} <= {one.key for one in assumed(shown)}
    for move in moves:
        assert move.moved_to != move.value
        assert abs(move.moved_to / move.value - 1) == pytest.approx(0.3, abs=0.01) or float(move.moved_to).is_integer()
        assert move.scenario != shown.scenario
        assert move.key.partition(".")[0] not in ("run", "calendar")


@pytest.mark.slow
def test_a_share_that_cannot_go_up_goes_down(moves: list[Move]) -> None:
    move = next(move for move in moves if move.key == CAPPED)
    assert move.value > 0.77
    assert move.moved_to == pytest.approx(move.value * 0.7)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no such file"),
        (["first", "--probe", "0"], "--probe"),
        (["first", "--probe", "20", "--metric", "mised_share"], "did you mean missed_share?"),
        (["first", "--practice", "north"], "--practice: north"),
    ],
)
def test_bad_input_is_one_clear_line(
    run: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pcqa("trust", *words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1
