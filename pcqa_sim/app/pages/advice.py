"""What to try first, of all interventions or of some."""

from __future__ import annotations

import streamlit as st

from pcqa_sim.app.pages.common import guarded, session, title
from pcqa_sim.app.pages.practice import process_shown
from pcqa_sim.report.names import words

GOALS = {
    "missed_share": "fewer calls missed",
    "failure_share": "less failure demand",
    "told_another_day_share": "fewer people told to call another day",
    "needs_met_share": "more needs met",
    "usual_gp_share": "more appointments with the usual GP",
}


@guarded
def advice_page() -> None:
    """Ask `pcqa advise`."""
    title(
        "What to try first?",
        "Interventions are tried one by one on the practice as it is, then the best in pairs, then again with what is "
        "only assumed drawn anew. It takes a few minutes; choose a few interventions to have it sooner.",
    )
    here = session()
    goal = st.selectbox("What should get better", list(GOALS), format_func=GOALS.__getitem__)
    can = st.multiselect(
        "What you could try",
        here.options("intervention"),
        format_func=words,
        max_selections=8,
        placeholder="All that apply",
    )
    budget = st.number_input("Most you can pay for staff, pounds a year", 0, 10_000_000, 60_000, 5_000)
    if st.button("What first?", type="primary"):
        here.advise(str(goal), float(budget), tuple(can))
    process_shown("advise")
