"""Running `pcqa` inside the test's own process."""

from __future__ import annotations

import sys

from pcqa_sim import cli


def pcqa(*words: str) -> int:
    """Run the command in this process and return its exit code."""
    before, sys.argv = sys.argv, ["pcqa", *words]
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        sys.argv = before
    return 0
