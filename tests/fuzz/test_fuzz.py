"""Whatever is done to commands, settings and data files, `pcqa` answers, or refuses in words and leaves nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest
from fuzz.grounds import COMMANDS, DATA, SETTINGS
from fuzz.mangling import EVERYWHERE, IN_TABLES, spoiled, words_spoiled
from fuzz.trial import STARTED, Tally, no_model, tried

FEW = {"command": 15, "settings": 15, "data": 30}
MANY = int(os.environ.get("PCQA_FUZZ", "2000"))
POISON = "no.such.setting=1"  # a command that would run for long is refused for this, if for nothing else
__all__ = ["no_model"]

pytestmark = pytest.mark.usefixtures("elsewhere", "no_model")


def spoiled_command(number: int, place: Path, tally: Tally) -> None:
    """Try a spoiled command line; commands that run the model get one setting more that is refused."""
    rng = Random(f"command/{number}")
    words = words_spoiled(rng.choice(COMMANDS).split(), rng)
    if words[:1] not in (["show"], ["import"]):
        words = [*words, POISON]
    for kind, (text, *_) in DATA.items():
        (place / f"{kind}.csv").write_text(text, encoding="utf-8")
    tried(words, place, tally)


def spoiled_settings(number: int, place: Path, tally: Tally) -> None:
    """Show a scenario with a spoiled file of settings of one's own."""
    rng = Random(f"settings/{number}")
    name, (text, word) = rng.choice(sorted(SETTINGS.items()))
    path = place / "pcqa_conf" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(spoiled(text.encode(), rng, EVERYWHERE))
    tried(["show", word, "practice.list_size=1000"], place, tally, path.read_bytes())


def spoiled_data(number: int, place: Path, tally: Tally) -> None:
    """Import a spoiled published file; what is accepted can be used (one in five is, as that takes long)."""
    rng = Random(f"data/{number}")
    kind = rng.choice(sorted(DATA))
    content = spoiled(rng.choice(DATA[kind]).encode(), rng, IN_TABLES)
    (place / "published.csv").write_bytes(content)
    if kind == "telephony":
        known = place / "pcqa_conf" / "practice" / "a11111.yaml"
        known.parent.mkdir(parents=True)
        known.write_text(SETTINGS["practice/hillside.yaml"][0], encoding="utf-8")
    accept = ["--accept"] if kind == "telephony" and rng.random() < 0.5 else []
    code = tried(["import", kind, "published.csv", "--practice", "A11111", *accept], place, tally, content)
    if code == 0 and number % 5 == 0:
        used = Tally()
        if tried(["show", "practice=a11111"], place, used, content) != 0:
            tally.wrong += used.wrong or [f"accepted, but cannot be used: {content!r}"]


TRIES = {"command": spoiled_command, "settings": spoiled_settings, "data": spoiled_data}


def all_of(kind: str, number_of: int, place: Path) -> Tally:
    """Try so many inputs of a kind, each in an empty folder."""
    tally = Tally()
    for number in range(number_of):
        TRIES[kind](number, place, tally)
        for path in place.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return tally


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_are_not_spoiled_are_accepted(name: str, elsewhere: Path) -> None:
    """So what is refused below is refused for what was spoiled."""
    path, tally = elsewhere / "pcqa_conf" / name, Tally()
    path.parent.mkdir(parents=True)
    path.write_text(SETTINGS[name][0], encoding="utf-8")
    assert tried(["show", SETTINGS[name][1]], elsewhere, tally) == 0, tally.wrong


def test_data_that_are_not_spoiled_are_accepted(elsewhere: Path) -> None:
    for kind in ("register", "telephony"):
        for text in DATA[kind]:
            tally = Tally()
            (elsewhere / "published.csv").write_text(text, encoding="utf-8")
            assert tried(["import", kind, "published.csv", "--practice", "A11111"], elsewhere, tally) == 0, tally.wrong


@pytest.mark.soak
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_are_not_spoiled_are_refused_only_for_files_that_are_not_there(
    command: str, elsewhere: Path
) -> None:
    needs_a_file = command.split()[0] in ("surface", "replay", "rerun", "trust", "part", "import")
    tally = Tally()
    assert tried(command.split(), elsewhere, tally) in ((2,) if needs_a_file else (0, STARTED)), tally.wrong


@pytest.mark.parametrize("kind", TRIES)
def test_a_few_spoiled_inputs(kind: str, elsewhere: Path) -> None:
    tally = all_of(kind, FEW[kind], elsewhere)
    assert not tally.wrong, "\n\n".join(tally.wrong)
    assert len(tally.codes) > 1, tally


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "number"), [("command", MANY // 2), ("settings", MANY - MANY // 2), ("data", MANY)])
def test_many_spoiled_inputs(kind: str, number: int, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = all_of(kind, number, elsewhere)
    with capsys.disabled():
        print(f"\nspoiled {kind}: {tally}")
    assert not tally.wrong, "\n\n".join(tally.wrong)
