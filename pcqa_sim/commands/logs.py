"""What the package logs, on standard error: nothing but warnings unless asked for, each record one plain line."""

from __future__ import annotations

import logging

from pcqa_sim.values.outside import shown

PACKAGE = "pcqa_sim"
LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""Without -v, with it, and with it given twice."""


class _Plain(logging.Formatter):
    """Names in a record may come from anywhere: what is told is one printable line."""

    def format(self, record: logging.LogRecord) -> str:
        return shown(super().format(record))


def show_logs(verbose: int) -> None:
    """Show what the package logs from some level on; called again, it is as if it had been called once."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    logger = logging.getLogger(PACKAGE)
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(LEVELS[min(verbose, len(LEVELS) - 1)])
