"""What docs/verification.md shows is what its samples print."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from typing import Any

import pytest
from documents import PROJECT, samples

from pcqa_sim import verification

DOCUMENT = PROJECT / "docs" / "verification.md"


@pytest.fixture(scope="module")
def printed() -> list[tuple[str | None, str]]:
    """Return what each sample is said to print and what it prints, one after the other in one session."""
    session: dict[str, Any] = {}
    found = []
    for sample in samples(DOCUMENT):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(sample.code, str(DOCUMENT), "exec"), session)
        found.append((sample.prints, out.getvalue()))
    return found


def test_samples_print_what_is_shown(printed) -> None:
    assert len(printed) == 5
    for said, really in printed:
        assert really == said


def test_every_public_name_is_shown() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in set(verification.__all__) - {"BenchResult", "DiaryResult"}:
        assert re.search(rf"\b{name}\b", text), name


def renew() -> None:
    """Write what the samples print into the document."""
    text, session = DOCUMENT.read_text(encoding="utf-8"), {}
    for sample in samples(DOCUMENT):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(sample.code, str(DOCUMENT), "exec"), session)
        block = f"```python\n{sample.code}```\n```text\n"
        assert block in text
        text = text.replace(f"{block}{sample.prints or ''}```", f"{block}{out.getvalue()}```")
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(renew())
