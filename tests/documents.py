"""The project's documents as tests read them: their blocks, what they say those print, and their links.

A block of `console` is one command and what it prints; `<!-- shows: TEXT -->` above it keeps of that the section
that begins with a text. Behind a block of `python`, one of `text` is what it prints. After a deliberate change write
what is printed now into them: make documents
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
_CONSOLE = re.compile(r"(?:^<!-- shows: ([^\n]+) -->\n)?^```console\n\$ ([^\n]+)\n(.*?)^```$", re.M | re.S)
_PYTHON = re.compile(r"^```python\n(.*?)^```$(?:\n```text\n(.*?)^```$)?", re.M | re.S)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.M | re.S)


@dataclass(frozen=True)
class Sample:
    """A command or a block of Python in a document, and what the document says that it prints (None: nothing said).

    `only` is the beginning of the section shown; "" shows all.
    """

    path: Path
    code: str
    prints: str | None
    only: str = ""

    @property
    def name(self) -> str:
        """Return the document and the beginning of the code."""
        return f"{self.path.name}: {self.code.strip().splitlines()[0][:70]}"


def documents() -> list[Path]:
    """Return every document that people read, the log of changes left out."""
    return sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")])


def text_of(path: Path) -> str:
    """Return a document's text."""
    return path.read_text(encoding="utf-8")


def commands(path: Path) -> list[Sample]:
    """Return the commands whose output a document shows."""
    return [Sample(path, code, prints, only) for only, code, prints in _CONSOLE.findall(text_of(path))]


def python_blocks(path: Path) -> list[Sample]:
    """Return a document's blocks of Python."""
    return [Sample(path, code, prints or None) for code, prints in _PYTHON.findall(text_of(path))]


def shell_lines(path: Path) -> list[str]:
    """Return the commands a document lists without their output."""
    lines = "\n".join(_SHELL.findall(text_of(path))).splitlines()
    return [line.split("  #")[0].strip() for line in lines if line.startswith("pcqa ")]


def links(path: Path) -> list[str]:
    """Return what a document links to, outside its blocks of code."""
    return _LINK.findall(_FENCED.sub("", text_of(path)))


def anchors(path: Path) -> set[str]:
    """Return the names by which a document's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text_of(path)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def printed_by_command(sample: Sample, place: Path) -> str:
    """Run a command in a folder and return what it prints, as far as the document shows it."""
    words = shlex.split(sample.code)
    assert words[0] == "pcqa", sample.code
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PCQA_CONFIG_DIR": "", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "pcqa_sim.cli", *words[1:]],
        cwd=place, env=environment, text=True, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    paragraphs = re.split(r"\n\n+", (done.stdout + done.stderr).strip("\n"))
    return "\n\n".join(_section(paragraphs, sample.only) if sample.only else paragraphs) + "\n"


def _section(paragraphs: list[str], heading: str) -> list[str]:
    """Return the paragraph that begins with a text, and the indented ones that follow it."""
    first = next(at for at, part in enumerate(paragraphs) if part.startswith(heading))
    rest = paragraphs[first + 1 :]
    return [paragraphs[first], *itertools.takewhile(lambda part: part.startswith(" "), rest)]


def printed_by_python(blocks: list[Sample]) -> list[str]:
    """Run a document's blocks one after the other in one session and return what each prints."""
    session: dict[str, Any] = {}
    found = []
    for block in blocks:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(block.code, str(block.path), "exec"), session)
        found.append(out.getvalue())
    return found


def renew() -> None:
    """Write what samples print now into the documents."""
    for path in documents():
        text = text_of(path)
        for sample in commands(path):
            with tempfile.TemporaryDirectory() as place:
                prints = printed_by_command(sample, Path(place))
            block = f"```console\n$ {sample.code}\n"
            text = text.replace(f"{block}{sample.prints}```", f"{block}{prints}```")
        blocks = python_blocks(path)
        if any(block.prints is not None for block in blocks):
            for one, prints in zip(blocks, printed_by_python(blocks), strict=True):
                block = f"```python\n{one.code}```\n```text\n"
                text = text.replace(f"{block}{one.prints}```", f"{block}{prints}```")
        if text != text_of(path):
            path.write_text(text, encoding="utf-8")


def renew_table() -> None:
    """Write what is published beside what is simulated into docs/validation.md; takes minutes."""
    command = [sys.executable, "-m", "pcqa_sim.cli", "calibrate", "run=year"]
    done = subprocess.run(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE, check=True)
    rows = "\n".join(line for line in done.stdout.splitlines() if line.startswith("|"))
    _between_marks(PROJECT / "docs" / "validation.md", rows)


def renew_directions() -> None:
    """Try every direction of the battery and write the table into docs/validation.md; takes half an hour."""
    from pcqa_sim.verification.directions import DIRECTIONS
    from pcqa_sim.verification.pairs import table

    _between_marks(PROJECT / "docs" / "validation.md", "\n".join(table(DIRECTIONS)), "directions")


def renew_published() -> None:
    """Write published figures beside ours into docs/published.md, by their experiments; takes minutes."""
    from pcqa_sim.report.shipped import is_published, shipped

    told = []
    for name in filter(is_published, shipped()):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / name
            command = [sys.executable, "-m", "pcqa_sim.cli", "experiment", name, "--out", str(folder)]
            subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
            told.append(published_section(folder, name))
    _between_marks(PROJECT / "docs" / "published.md", "\n\n".join(told))


def published_section(folder: Path, name: str) -> str:
    """Return the section of a published study: its question, the figures beside each other, and what differs."""
    import pandas as pd

    question, *sentences = [line for line in text_of(folder / "answer.md").splitlines() if line]
    rows = ["| figure | published | here | |", "|---|---|---|---|"]
    for row in pd.read_csv(folder / "published.csv").to_dict("records"):
        cells = [_cell(row, which) for which in ("published", "ours")]
        rows.append(f"| {row['figure']} ({row['source']}) | {cells[0]} | {cells[1]} | {row['standing']} |")
    notes = [one for one in sentences if one.startswith("Differs: ")]
    about = [one for one in sentences if "replications of each" in one]
    return "\n".join([f"#{question}", "", f"`pcqa experiment {name}`", "", *rows, "", *notes, "", *about])


def _cell(row: dict[str, Any], which: str) -> str:
    mean, low, high = row[which], row[f"{which}_low"], row[f"{which}_high"]
    bounds = "" if low != low else f" ({low:.2f} to {high:.2f})"
    return f"{mean:.2f}{bounds} {row['unit']}"


def _between_marks(path: Path, text: str, mark: str = "table") -> None:
    """Write a text between the marks of a document's table."""
    start, _, rest = text_of(path).partition(f"<!-- {mark} -->")
    _, _, end = rest.partition(f"<!-- end of the {mark} -->")
    path.write_text(f"{start}<!-- {mark} -->\n{text}\n<!-- end of the {mark} -->{end}", encoding="utf-8")


RENEWED = {"table": renew_table, "published": renew_published, "directions": renew_directions}

if __name__ == "__main__":
    RENEWED.get("".join(sys.argv[1:]), renew)()
