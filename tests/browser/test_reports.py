"""Reports in a real browser: the console stays clean, nothing is asked of elsewhere, axe-core finds nothing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from browserpage import Seen, chromium
from commandline import pcqa

from pcqa_sim.commands.week import PAGE

pytestmark = [pytest.mark.slow]
SMALL = ("practice=small", "practice.list_size=1000", "run.warm_up_weeks=0", "run.measured_weeks=3", "--workers", "1")
MEASURES = "missed_share,failure_share,lead_time_days"


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The pages that a run and a comparison leave, and the weekly charts."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PCQA_CONFIG_DIR", "")
    assert pcqa("run", *SMALL, "--reps", "2", "--out", "run") == 0
    assert pcqa("compare", *SMALL, "--reps", "2", "--with", "intervention=[more_call_handlers]", "--out", "both") == 0
    assert pcqa("week", "run", "--measures", MEASURES) == 0
    return [folder / "run" / "report.html", folder / "both" / "report.html", folder / "run" / PAGE]


def test_nothing_is_wrong_with_any_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = made(tmp_path, monkeypatch)
    seen = Seen(tmp_path.resolve().as_uri() + "/")
    with chromium() as browser:
        page = browser.new_page()
        seen.watch(page)
        for path in pages:
            seen.look(page, path.resolve().as_uri())
    assert seen.faults == []
    assert seen.pages == 3


def test_a_page_with_faults_would_be_noticed(tmp_path: Path) -> None:
    bad = '<html><body><img src="https://example.org/a.png"><p style="width: 900px; color: #ddd">pale</p></body></html>'
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    seen = Seen(tmp_path.resolve().as_uri() + "/")
    with chromium() as browser:
        page = browser.new_page()
        seen.watch(page)
        seen.look(page, (tmp_path / "bad.html").as_uri())
    told = "\n".join(seen.faults)
    for fault in (
        "asks for https://example.org",
        "console: ",
        "image-alt",
        "html-has-lang",
        "color-contrast",
        "pixels wide",
    ):
        assert fault in told, told
