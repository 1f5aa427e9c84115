"""Several practices in one run, with what they share, and how many meetings of an MDT are enough."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pcqa_sim.app.forms import fields
from pcqa_sim.app.pages.answers import job_shown
from pcqa_sim.app.pages.asking import asked_of
from pcqa_sim.app.pages.common import faults, guarded, session, title
from pcqa_sim.app.pages.practice import process_shown
from pcqa_sim.app.session import Session
from pcqa_sim.app.strengths import strengths, ways_of_sharing
from pcqa_sim.app.together import SIZED, Together
from pcqa_sim.report.names import words
from pcqa_sim.values.faults import BadInput

MDT_NUMBERS = (SIZED, "meeting_min", "cases_per_meeting", "minutes_per_case", "moves_within_days")
MOST_TOGETHER = 3


@guarded
def network_page() -> None:
    """Choose a network and what it shares, run it, and size an MDT."""
    title(
        "A network",
        "Several practices at once, each with its own people, beside themselves with what they might share. The first "
        "answers are of the network as a whole, then each practice's.",
    )
    here = session()
    known = [name for name in here.options("network") if name != "single"]
    chosen = st.selectbox("Network", known, format_func=words, help="Files of configs/network, and your own.")
    if chosen is not None:
        practices = here.network(chosen).practices
        st.table(
            [
                {"Practice": words(key), "Kind": one.name, "Patients": f"{one.list_size:,}"}
                for key, one in practices.items()
            ]
        )
    together = _together(here)
    _run(here, chosen, together)
    st.header("How many MDT meetings are enough?", anchor=False)
    _sized(here, chosen, together)


def _together(here: Session) -> Together:
    ways = st.multiselect(
        "What the practices might share",
        ways_of_sharing(here.settings),
        format_func=words,
        max_selections=MOST_TOGETHER,
        placeholder="Nothing",
        help="Reception, back office, pharmacists, same-day appointments, evenings; and two ways of scale.",
    )
    mdts = st.multiselect(
        "Multidisciplinary team meetings (MDTs)",
        here.options("mdt"),
        format_func=here.mdt_title,
        max_selections=MOST_TOGETHER,
        placeholder="None",
        help="Members of several services who must all be there; minutes of a practice's members leave their rota.",
    )
    settings: dict[str, Any] = {}
    for way in ways:
        if asked := strengths(here.settings, way):
            with st.expander(f"How much: {words(way)}"):
                settings |= asked_of(asked, {})
    for mdt in mdts:
        known = {one.key: one for one in fields(here.mdt(mdt), f"mdt.{mdt}.")}
        with st.expander(f"How often and how long: {here.mdt_title(mdt)}"):
            settings |= asked_of([known[key] for name in MDT_NUMBERS if (key := f"mdt.{mdt}.{name}") in known], {})
    return Together(tuple(ways), tuple(mdts), settings)


def _run(here: Session, chosen: str | None, together: Together) -> None:
    job = here.network_job
    if st.button("Run the network", type="primary", disabled=chosen is None or (job is not None and job.alive)):
        try:
            here.run_network(str(chosen), together)
        except BadInput as bad:
            faults(bad)
            return
        st.rerun()
    if job is not None:
        job_shown(job, "network")


def _sized(here: Session, chosen: str | None, together: Together) -> None:
    st.write(
        "Meetings a week, from one a fortnight to four a week, until the people found are discussed within 14 days. "
        "For one practice it takes minutes; for a network it may take an hour."
    )
    first, second, third = st.columns(3)
    mdt = first.selectbox("MDT", here.options("mdt"), format_func=here.mdt_title)
    within = second.number_input("Share of people to be discussed in time", 0.5, 0.99, 0.9, 0.05)
    mine = f"the practice of page 1 ({words(here.change.practice)})"
    whom = third.selectbox("For whom", [mine, *([f"the network ({words(chosen)})"] if chosen else [])])
    if st.button("How many meetings?", disabled=mdt is None):
        here.size_mdt("" if whom == mine else str(chosen), together, str(mdt), float(within))
    process_shown("size")
