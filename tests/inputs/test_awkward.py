"""Every kind of file in every awkward way: right, or refused in lines with the file's name; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from inputs.awkward import BASES, WAYS, csv_text, said, tried


@pytest.mark.parametrize("kind", BASES)
def test_awkward_files_are_read_rightly_or_refused(kind: str, tmp_path: Path) -> None:
    assert len(WAYS) * len(BASES) > 200
    plain = tmp_path / "x.csv"
    plain.write_text(csv_text(BASES[kind]()))
    right = said(kind, plain, tmp_path / "right")
    wrong = {way: tried(kind, way, tmp_path / way.replace(" ", "_"), right) for way in WAYS}
    assert {way: what for way, what in wrong.items() if what} == {}
