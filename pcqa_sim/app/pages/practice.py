"""The first page: which practice, and whether the model resembles it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from pcqa_sim.app import limits, shown
from pcqa_sim.app.change import Change
from pcqa_sim.app.jobs import Process
from pcqa_sim.app.pages.common import guarded, kept, session, stop_button, title, told, watched
from pcqa_sim.app.session import Session
from pcqa_sim.inputs import own_questions
from pcqa_sim.inputs.own_questions import Question
from pcqa_sim.report.names import words
from pcqa_sim.values.faults import BadInput

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "register": "Patients registered at a GP practice",
    "telephony": "Cloud based telephony",
    "appointments": "Appointments in general practice, practice level",
    "online": "Online consultation submissions",
    "workforce": "General practice workforce, practice level",
    "survey": "GP Patient Survey",
}
STAFF_SAID = (
    "Write people by name with their half days (Dr Ahmed: mon, tue_am; Dr Brown: wed), or a number: 22 sessions a "
    "week, 2.5 fte, 4 heads. Write none where there is nobody."
)
COUNTS_SAID = "Of an ordinary month, to see whether the model resembles you. Five or more are enough."
FORM = (
    ("The practice", "", own_questions.PRACTICE),
    ("Staff", STAFF_SAID, own_questions.STAFF),
    ("Telephone, reception and form", "", own_questions.PHONES),
    ("Your counts", COUNTS_SAID, own_questions.COUNTS),
)
NOT_SAID = "not said"
FILES, TAKING = "files are brought", "file being taken in"


@guarded
def practice_page() -> None:
    """Choose a practice, describe one, or take one from a file."""
    title(
        "Which practice?",
        "Choose one like yours, or describe your own. Then go on to what to change. Nothing you enter leaves this "
        "machine; it is gone when you close the page, unless you save it.",
    )
    here = session()
    _said_of_what_was_taken_up()
    _choose(here)
    with st.expander("Describe your own practice"):
        _describe(here)
    one_more = st.session_state.get(FILES, False)
    with st.expander("Take published figures, a filled spreadsheet, or a change you saved", expanded=one_more):
        _files(here)
    _taking_in(here)
    st.header("Does it resemble you?", anchor=False)
    _resemble(here)


def _said_of_what_was_taken_up() -> None:
    if message := st.session_state.pop("taken up", ""):
        st.success(message)
    if told_by_import := st.session_state.pop("told by import", ""):
        st.code(told_by_import, language=None, wrap_lines=True)


def _choose(here: Session) -> None:
    known = here.practices()
    key = kept("practice", here.change.practice)
    chosen = st.selectbox("Practice", known, key=key, format_func=lambda name: name.replace("_", " "))
    if chosen and chosen != here.change.practice:
        here.change = Change(practice=chosen, run=here.change.run, seed=here.change.seed)
    practice = here.practice()
    st.write(f"{practice.name}.")
    first, second, third = st.columns(3)
    first.metric("Patients", f"{practice.list_size:,}")
    second.metric("GP sessions a week", f"{_sessions(here):,.0f}")
    third.metric("How requests are dealt with", practice.triage.kind.replace("_", " "))


def _sessions(here: Session) -> float:
    from pcqa_sim.scenario.team import weekly_sessions
    from pcqa_sim.values.words import GP

    practice = here.practice()
    return weekly_sessions(practice, GP) if GP in practice.role else 0.0


def _describe(here: Session) -> None:
    st.write("Answer what you know. What you leave out is filled from national rates.")
    with st.form("own practice"):
        name = st.text_input("Short name", max_chars=40, help="Small letters, digits and _, such as riverside.")
        texts: dict[str, str] = {}
        for heading, under, questions in FORM:
            st.subheader(heading, anchor=False)
            if under:
                st.write(under)
            texts |= _asked(questions)
        if st.form_submit_button("Make this practice"):
            here.describe(name, texts)
            _take_up(here, name)


def _asked(questions: Sequence[Question]) -> dict[str, str]:
    columns = st.columns(2)
    found: dict[str, str] = {}
    for number, one in enumerate(questions):
        with columns[number % 2]:
            found[one.key] = _answer(one)
    return found


def _answer(one: Question) -> str:
    key = f"own {one.key}"
    if one.choices:
        return st.selectbox(one.in_short, ["", *one.choices], key=key, format_func=lambda word: words(word) or NOT_SAID)
    example = f"such as {one.example}" if one.example else None
    return st.text_input(one.asked, key=key, max_chars=limits.MOST_TEXT, placeholder=example)


def _take_up(here: Session, name: str) -> None:
    here.change = Change(practice=name, run=here.change.run, seed=here.change.seed)
    try:
        here.shown()
    except BadInput:
        here.change = Change()
        raise
    st.session_state.pop("practice", None)
    st.session_state["taken up"] = f"This is now the practice: {name.replace('_', ' ')}."
    st.rerun()


def _files(here: Session) -> None:
    st.subheader("Published figures", anchor=False)
    st.write(
        "A file as NHS England publishes it: CSV, Excel, or a zip of them. Begin with the patients registered: the "
        "others need the list. One after the other, they add to the same practice. "
        "Telephony by durations takes some minutes: the model is run until it has as many calls."
    )
    kind = st.selectbox("What the file holds", list(KINDS), format_func=KINDS.__getitem__)
    ods = st.text_input("ODS code of the practice", max_chars=8, placeholder="such as J81009")
    file = st.file_uploader("File of published figures", type=["csv", "xlsx", "xls", "zip"], key="figures")
    if st.button("Take in the figures", disabled=file is None or not ods) and file is not None:
        here.take_in(kind, file.getvalue(), file.name, ods.strip())
        _begin("import", ods.strip().lower())
    st.subheader("A filled spreadsheet", anchor=False)
    st.write("The same questions, and more, as a spreadsheet to be filled in by several people.")
    st.download_button("Download the empty spreadsheet", _empty_sheet(), "practice.xlsx", SHEET)
    name = st.text_input("Short name of the practice", max_chars=40, help="Small letters, digits and _.")
    sheet = st.file_uploader("The spreadsheet, filled", type=["xlsx", "ods"], key="sheet")
    if st.button("Make a practice of it", disabled=sheet is None or not name) and sheet is not None:
        here.sheet(name, sheet.getvalue(), sheet.name)
        _begin("sheet", name)
    st.subheader("A change you saved", anchor=False)
    saved = st.file_uploader("Saved change (YAML)", type=["yaml", "yml"], key="saved")
    if st.button("Reopen it", disabled=saved is None) and saved is not None:
        here.reopen(saved.getvalue(), saved.name)
        st.session_state.pop("practice", None)
        st.session_state["taken up"] = "The change is open: see what to change, or run it."
        st.rerun()


@cache
def _empty_sheet() -> bytes:
    from pcqa_sim.inputs.own_sheet import template

    return template()


def _begin(process: str, practice: str) -> None:
    """Note which practice a command at work is about; the page goes on when it has ended."""
    st.session_state[TAKING] = (process, practice)
    st.session_state[FILES] = True  # whoever brings one file often brings another
    st.rerun()


def _taking_in(here: Session) -> None:
    """Show a file being read, with a Stop; then take its practice up, or tell what is wrong with it."""
    if TAKING not in st.session_state:
        return
    name, practice = st.session_state[TAKING]
    process = here.asking[name]
    if process.alive:
        watched(process, lambda: _process_shown(process, name), name)
        return
    del st.session_state[TAKING]
    if process.fault:
        told(process.fault)
        return
    st.session_state["told by import"] = shown.told(shown.in_the_app(process.told))
    _take_up(here, practice)


def _resemble(here: Session) -> None:
    st.write(
        "Your own counts of an ordinary month are laid beside what the model gives (two replications of two weeks, so "
        "roughly). Without counts of your own there is nothing to lay beside."
    )
    if not _has_counts(here):
        st.info("This practice has no counts of its own: describe your own practice, with five counts or more.")
        return
    if st.button("Does it resemble you?"):
        here.resemble()
    process_shown("resemble")


def _has_counts(here: Session) -> bool:
    counts = here.practice().counts
    return counts is not None and any(value is not None for value in counts.model_dump().values())


def process_shown(name: str) -> None:
    """Show a command at work, with a Stop, and then what it said."""
    process = session().asking.get(name)
    if process is not None:
        watched(process, lambda: _process_shown(process, name), name)


def _process_shown(process: Process, name: str) -> None:
    if process.alive:
        st.write(f"Working, {time.monotonic() - process.begun:,.0f} s so far ...")
        stop_button(process, name)
    elif process.fault:
        told(process.fault)
    else:
        _told_by(process, session().pages.get(name))


def _told_by(process: Process, page: Path | None) -> None:
    """Show the page that a command wrote, or what it said where it wrote none."""
    if page is None or not page.is_file():
        st.code(shown.told(process.told), language=None, wrap_lines=True)
        return
    report = page.read_text(encoding="utf-8")
    st.download_button("Download the report", report, "report.html", "text/html", key=f"report {page.parent.name}")
    st.html(f'<div class="pcqa">{shown.folded(shown.answers_of(report))}</div>')
