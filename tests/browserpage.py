"""A page in a real browser: what it says in the console, what it asks for, and what axe-core finds wrong in it.

The browser is the system's chromium, without a name server: nothing can leave the machine. Where there is none, tests
are left out with the reason, but for continuous integration, where that is a failure.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = 400, 1280
PATIENCE_MS = 180_000  # machines that test are busy
_NOTHING_OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; it is gone afterwards."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        told = "no chromium on this machine: apt-get install chromium"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=program, args=["--no-sandbox", _NOTHING_OUTSIDE], timeout=PATIENCE_MS
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; yield its address."""
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Seen:
    """What was wrong with pages that were looked at: each a line that names the page."""

    home: str
    faults: list[str] = field(default_factory=list)
    pages: int = 0

    def watch(self, page: Page) -> None:
        """Note whatever the page's console says and whatever it asks of elsewhere."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: self.note(page, f"console: {said.text}"))
        page.on("pageerror", lambda error: self.note(page, f"error: {error}"))
        page.on("request", lambda asked: self._asked(page, asked.url))

    def note(self, page: Page, told: str) -> None:
        """Note a fault."""
        self.faults.append(f"{page.url.removeprefix(self.home)}: {told}")

    def _asked(self, page: Page, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:" + self.home)):
            self.note(page, f"asks for {url}")

    def look(self, page: Page, address: str) -> None:
        """Open a page, on a phone and on a desk: nothing is wrong, and nothing is wider than the phone."""
        page.set_viewport_size({"width": DESK, "height": 900})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for found in page.evaluate("axe.run()")["violations"]:
            self.note(page, f"axe {found['id']} ({found['help']}): {found['nodes'][0]['html'][:160]}")
        page.set_viewport_size({"width": PHONE, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > PHONE:
            self.note(page, f"is {wide} pixels wide on a phone of {PHONE}")
        self.pages += 1
