"""What a command finds is saved before it is shown, and no output that fails loses it."""

from __future__ import annotations

import errno
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import pcqa

from pcqa_sim.commands.screen import PLAIN, Channel, on_screen, plain
from pcqa_sim.report import console
from pcqa_sim.values import wholefile

pytestmark = pytest.mark.usefixtures("elsewhere")
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev/full and no such pipes")
TINY = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=1", "--workers", "1")
RUN = ("run", *TINY, "--reps", "1", "--full", "--out", "out")
COMPARE = ("compare", *TINY, "--reps", "2", "--with", "phones.lines=4", "--why", "--full", "--out", "out")
VARY = ("--vary", "phones.lines=3..4", "--vary", "rota.extra_call_handlers=0..1")
SIZE = (
    "size",
    *TINY,
    "--target",
    "missed_share<=0.9",
    "--vary",
    "phones.lines=3..4",
    "--reps",
    "5",
    "--full",
    "--out",
    "out",
)
SENSITIVITY = ("sensitivity", *TINY, "--metric", "missed_share", *VARY, "--points", "2", "--reps", "1", "--out", "out")

Said = pytest.CaptureFixture[str]


def full() -> io.TextIOWrapper:
    return open("/dev/full", "w", encoding="utf-8")


def closed_pipe() -> io.TextIOWrapper:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w", encoding="utf-8")


def shown_on(monkeypatch: pytest.MonkeyPatch, output: io.TextIOWrapper, *words: str) -> int:
    with output:
        monkeypatch.setattr(sys, "stdout", output)
        return pcqa(*words)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@UNIX
def test_a_full_output_loses_no_results(monkeypatch: pytest.MonkeyPatch, capsys: Said, elsewhere: Path) -> None:
    assert shown_on(monkeypatch, full(), *RUN) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("standard output: No space left on device: ")
    assert {"run.json", "metrics.parquet", "trust-card.md", "summary.csv"} <= files(elsewhere / "out")


@pytest.mark.slow
@UNIX
def test_a_closed_pipe_ends_in_silence_with_all_results(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, elsewhere: Path
) -> None:
    assert shown_on(monkeypatch, closed_pipe(), *COMPARE) == 0
    assert capsys.readouterr().err == ""
    assert {"run.json", "comparison.parquet", "trust-card.md"} <= files(elsewhere / "out")


@UNIX
def test_a_closed_output_is_no_excuse_for_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_on(monkeypatch, closed_pipe(), "run", "phones.linez=3") == 2
    assert shown_on(monkeypatch, full(), "run", "phones.linez=3") == 2


@UNIX
@pytest.mark.parametrize("words", [("run", "--help"), ("show",), ("--version",)])
def test_words_alone_into_a_full_output_are_3_and_into_a_closed_one_0(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    assert shown_on(monkeypatch, full(), *words) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert shown_on(monkeypatch, closed_pipe(), *words) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "telling"),
    [(RUN, "answers_text"), (COMPARE, "comparison_text"), (SIZE, "told_text"), (SENSITIVITY, "told_text")],
    ids=["run", "compare", "size", "sensitivity"],
)
def test_results_are_there_before_anything_is_shown(
    words: tuple[str, ...], telling: str, monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(console, telling, lambda *_: str(seen.append(files(elsewhere / "out"))))
    assert pcqa(*words) == 0
    (there,) = seen
    assert {"run.json", "metrics.parquet", "scenarios"} <= there
    assert not {".lock"} & files(elsewhere / "out")


def full_after(files: int) -> Callable[[int], None]:
    """A disk on which so many files can be written."""
    left = iter(range(files))

    def refuse(_: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")

    return refuse


def test_a_full_disk_names_the_file_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, elsewhere: Path
) -> None:
    monkeypatch.setattr(wholefile.os, "fsync", full_after(0))
    assert pcqa(*RUN) == 3
    said, err = capsys.readouterr()
    assert re.fullmatch(r"out/scenarios/[0-9a-f]{12}\.yaml: No space left on device\n", err)
    assert said == ""
    assert list(elsewhere.iterdir()) == []


def test_a_disk_that_becomes_full_costs_no_unit_and_the_answers_are_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, elsewhere: Path
) -> None:
    """The scenario, run.json, the unit and its mornings are written, and no table."""
    with monkeypatch.context() as then:
        then.setattr(wholefile.os, "fsync", full_after(4))
        assert pcqa(*RUN) == 3
    said, err = capsys.readouterr()
    assert err == "out/summary.csv: No space left on device\n"
    assert "How much of it is failure demand, and what does it cost?" in said
    assert files(elsewhere / "out") == {"run.json", "scenarios", "units", "mornings"}
    assert pcqa("run", "--out", "out", "--resume", "--workers", "1") == 0
    assert "metrics.parquet" in files(elsewhere / "out")


def test_figures_come_after_the_answers_and_a_disk_full_then_costs_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, elsewhere: Path
) -> None:
    """Nobody's answers wait for pictures of what is saved; the record, written before, says that the study ended."""
    with monkeypatch.context() as then:
        then.setattr(wholefile.os, "fsync", full_after(11))
        assert pcqa(*RUN) == 3
    said, err = capsys.readouterr()
    assert err == "out/figures/morning-practice.png: No space left on device\n"
    assert said.count("How much of it is failure demand, and what does it cost?") == 1
    assert {"run.json", "metrics.parquet", "summary.csv", "trust-card.md"} <= files(elsewhere / "out")
    assert pcqa("run", "--out", "out", "--resume", "--workers", "1") == 0
    assert files(elsewhere / "out" / "figures") == {"morning-practice.png", "appointments-practice.png"}


@pytest.mark.slow
@UNIX
def test_a_terminal_that_knows_ascii_alone(elsewhere: Path) -> None:
    """On a real terminal, so that the progress bar is drawn too; the pound sign is in the answers."""
    import pty

    reader, writer = pty.openpty()
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "", "TERM": "xterm"}
    at_once = "from pcqa_sim import cli; from pcqa_sim.commands import watching; watching.BAR_AFTER_SECONDS = 0"
    command = [sys.executable, "-c", f"{at_once}; cli.main()", *RUN]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=writer, env=os.environ | ascii_alone, check=False, timeout=120
    )
    os.close(writer)
    drawn = b""
    while chunk := _read(reader):
        drawn += chunk
    os.close(reader)
    assert done.returncode == 0, drawn
    assert b"GBP " in done.stdout
    assert b"1 weeks, 1 replications" in drawn
    assert b"so far, 1 of 1 replications: " in drawn
    assert (done.stdout + drawn).isascii()
    assert b"Traceback" not in drawn


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so where nobody has the other end any more
        return b""


@UNIX
@pytest.mark.parametrize("closing", [">&-", ">&- 2>&-", "1</dev/null 2>&1"])
def test_outputs_closed_from_the_start(closing: str) -> None:
    command = f"{sys.executable} -m pcqa_sim.cli --version {closing}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert done.returncode == (3 if "null" in closing else 0)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("shown", "said"),
    [("£48", "GBP 48"), ("a → b", "a -> b"), ("–—−", "---"), ("Café Übel", "Cafe Ubel"), ("½", "1/2"), ("…", "..."),
     ("5\xa0%", "5 %"), ("日", "?"), ("\udcff", "?"), ("ﬁ", "fi")],
)  # fmt: skip
def test_characters_a_screen_does_not_have(shown: str, said: str) -> None:
    output = io.TextIOWrapper(io.BytesIO(), "ascii", "strict")
    before, sys.stdout = sys.stdout, output
    try:
        with on_screen():
            print(shown)
        assert output.buffer.getvalue().decode("ascii").rstrip() == said  # type: ignore[attr-defined]
    finally:
        sys.stdout = before
    assert "".join(map(plain, shown)) == said


def test_a_screen_that_has_the_character_shows_it() -> None:
    with on_screen():
        assert "£48 é".encode("latin-1", PLAIN) == b"\xa348 \xe9"
        assert "£ →".encode("cp1252", PLAIN) == b"\xa3 ->"


class Busy:
    """An output that never waits: it takes nothing the first two times."""

    def __init__(self) -> None:
        self.taken, self.asked = b"", 0

    def write(self, content: bytes) -> int | None:
        self.asked += 1
        if self.asked < 3:
            return None
        self.taken += bytes(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""


def test_a_busy_output_is_waited_for() -> None:
    busy = Busy()
    assert Channel(busy).write(b"abc") == 3
    assert (busy.taken, busy.asked) == (b"abc", 3)


@pytest.mark.parametrize(("number", "by_reader"), [(errno.EPIPE, True), (errno.ENOSPC, False), (errno.EIO, False)])
def test_the_first_fault_is_kept_and_the_rest_dropped(number: int, by_reader: bool) -> None:
    asked = []

    def refuse(content: bytes) -> int:
        asked.append(content)
        raise OSError(number, os.strerror(number))

    channel = Channel(type("Under", (), {"write": staticmethod(refuse)})())
    for _ in range(2):
        assert channel.write(b"abc") == 3
    assert len(asked) == 1
    assert channel.fault is not None
    assert channel.fault.errno == number
    assert channel.closed_by_reader is by_reader
