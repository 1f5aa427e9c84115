"""The third page: run it, stop it, and what it would do, beside the practice as it is."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pcqa_sim.app.asked import REPORT, Answer
from pcqa_sim.app.jobs import Job
from pcqa_sim.app.pages.common import faults, guarded, kept, session, stop_button, title, told, watched
from pcqa_sim.app.session import CURRENT, LENGTHS, ROUNDS, Session
from pcqa_sim.app.shown import folded
from pcqa_sim.values.faults import BadInput

LIKELY = "In brackets: where the mean over very many such runs would lie, in 95 of 100 cases; more runs narrow it."


@guarded
def answers_page() -> None:
    """Run, watch, read, save."""
    title(
        "What would it do?",
        "The same people with the same luck live through both: the practice as it is, and with your change. The first "
        "answer comes from two replications; more follow, and what is left to chance shrinks as you watch.",
    )
    here = session()
    _ask(here)
    with st.expander("Keep it: the report, and the change as a file"):
        _keep(here)
    if here.job is not None:
        job_shown(here.job)


def _ask(here: Session) -> None:
    change = here.change
    first, second, third = st.columns([2, 2, 1])
    known = [*LENGTHS, *([] if change.run in LENGTHS else [change.run])]
    key = kept("length", change.run)
    length = first.selectbox("Weeks measured", known, key=key, format_func=lambda one: LENGTHS.get(one, one))
    key = kept("replications", 8)
    many = second.selectbox("Replications", list(ROUNDS), key=key, help="More are surer and take longer.")
    luck = "The same seed gives the same people and the same luck."
    seed = third.number_input("Seed", 0, 2**31, step=1, key=kept("seed", change.seed), help=luck)
    here.change = replace(change, run=length or "quick", seed=int(seed))
    said = "as it is" if change.nothing else "as it is, and with your change"
    st.write(f"Practice: **{change.practice.replace('_', ' ')}**, {said}.")
    under_way = here.job is not None and here.job.alive
    if st.button("Run", type="primary", disabled=under_way):
        try:
            here.run(int(many or 8))
        except BadInput as bad:
            faults(bad)
            return
        st.rerun()


def job_shown(job: Job, name: str = "run") -> None:
    """Show how far a run is and what it says so far."""

    def show() -> None:
        _progress(job, name)
        answer = job.answer
        if answer is not None:
            _answer(answer, job.alive)

    watched(job, show, name)


def _progress(job: Job, name: str) -> None:
    state = job.state
    if job.alive:
        done = state.done / state.of if state.of else 0.0
        st.progress(done, f"{state.done} of {state.of} runs of the model" if state.of else "Getting ready ...")
        stop_button(job, name)
    elif state.phase == "failed":
        told(state.fault)
    elif state.phase == "stopped":
        st.warning("Stopped. What was found so far stands below.", icon=None)


def _answer(answer: Answer, more: bool) -> None:
    weeks = f"{answer.weeks} weeks"
    if answer.preliminary or more:
        st.info(f"So far: {answer.replications} replications of {weeks}. More are on their way.", icon=None)
    else:
        st.success(f"Finished: {answer.replications} replications of {weeks}.", icon=None)
    st.write(f"{answer.title}. {answer.about}")
    if answer.short:
        heads = ("In short", "As it is", "With your change")
        st.table([dict(zip(heads, row, strict=False)) for row in answer.short])
        st.caption(LIKELY)
    st.html(f'<div class="pcqa">{folded(answer.html)}</div>')


def _keep(here: Session) -> None:
    """Offer the report, and the change as a file."""
    job = here.job
    first, second = st.columns(2)
    report = job and job.folder / REPORT
    if report and report.is_file() and job and not job.alive:
        first.download_button("Download the report", report.read_bytes(), "report.html", "text/html")
    else:
        first.write("The report can be downloaded once a run has ended.")
    name = second.text_input("Name of the change", "my_change", max_chars=40, help="Small letters, digits and _.")
    try:
        from pcqa_sim.app.change import file_name

        saved = here.change.text(name.replace("_", " "))
        second.download_button("Save the change (YAML)", saved, f"{file_name(name)}.yaml", "application/yaml")
    except BadInput as bad:
        faults(bad)
    own = here.settings / "practice" / f"{here.change.practice}.yaml"
    if own.is_file():
        second.download_button("Save the practice (YAML)", own.read_bytes(), own.name, "application/yaml")
    base = " ".join([*here.change.base, "--reps", str(st.session_state["replications"])])
    st.write("The same on the command line, with the files in pcqa_conf/experiment and pcqa_conf/practice:")
    asked = f"run {base}" if here.change.nothing else f"compare {base} --with experiment={name or CURRENT}"
    st.code(f"pcqa {asked}", language=None, wrap_lines=True)
