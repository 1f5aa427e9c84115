"""A day, animated: the practice as it is, and with the change."""

from __future__ import annotations

import streamlit as st

from pcqa_sim.app.jobs import Process
from pcqa_sim.app.pages.common import guarded, session, stop_button, title, told, watched
from pcqa_sim.report.names import capital
from pcqa_sim.values.clock import WEEKDAYS


@guarded
def day_page() -> None:
    """Make a day, and show it."""
    title(
        "A day, animated",
        "People and queues through one simulated day: telephone, reception, clinic, community. One day of one run "
        "shows how things happen, not how often; the answers of page 3 say how often.",
    )
    here = session()
    day = st.selectbox("Day of the last simulated week", WEEKDAYS[:5], format_func=capital)
    if st.button("Show the day", type="primary"):
        here.day(str(day))
        st.rerun()
    process = here.asking.get("day")
    if process is not None:
        watched(process, lambda: _shown(process), "day")


def _shown(process: Process) -> None:
    if process.alive:
        st.write("The day is being simulated ...")
        stop_button(process, "day")
    elif process.fault:
        told(process.fault)
    else:
        page = _written()
        st.download_button("Download the day", page, "day.html", "text/html")
        st.iframe(page)


def _written() -> str:
    file = session().day_file
    return "" if file is None else file.read_text(encoding="utf-8")
