"""The second page: what to change, in forms that come from the schema."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pcqa_sim.app import tables
from pcqa_sim.app.change import Change, in_short, of_a_table
from pcqa_sim.app.forms import fields
from pcqa_sim.app.pages.asking import asked_of
from pcqa_sim.app.pages.common import faults, guarded, kept, session, title
from pcqa_sim.app.session import CURRENT, Session
from pcqa_sim.app.strengths import strengths
from pcqa_sim.report.names import capital, words
from pcqa_sim.values.clock import WEEKDAYS
from pcqa_sim.values.faults import BadInput

AS_NOW = "as it is now"
SECTIONS = {
    "Telephone": ("phones.",),
    "Online form": ("channels.form.",),
    "Rooms and booking": ("appointments.rooms", "appointments.horizon"),
}
COMMUNITY, INTERVENTION = "community.", "intervention."
_DUTIES, _DAYS = ("Phone", "Desk", "Inbox"), (("Mon", 108), ("Tue-Fri", 126))
NARROW = {"_index": st.column_config.Column(width=70)} | {
    f"{duty}, {day}": st.column_config.NumberColumn(f"{short} {short_day}", width=wide, format="%g")
    for duty, short in zip(tables.DUTIES.values(), _DUTIES, strict=True)
    for day, (short_day, wide) in zip(tables.DAYS.values(), _DAYS, strict=True)
}
FIRST = (
    "phones.lines",
    "phones.menu.minutes",
    "phones.callback.accepted_share",
    "phones.callback.offered_from_waiting",
)


@guarded
def change_page() -> None:
    """Put a change together."""
    title(
        "What to change?",
        "Whatever you leave alone stays as it is. Each field says its unit, its range and where its value comes from.",
    )
    here = session()
    change = here.change
    if "access" not in st.session_state:  # the page has just been opened: tables begin with what is changed already
        st.session_state["form"] = dict(change.settings)
    change = _access(here, change)
    change = _interventions(here, change)
    changed = {key: value for key, value in change.settings.items() if not _in_forms(key)}
    changed |= _strengths(here, change)
    for heading, prefixes in SECTIONS.items():
        with st.expander(heading, expanded=False):
            changed |= _section(here, change, *prefixes)
    with st.expander("Community"):
        changed |= _community(here, change)
    practice = here.practice()
    try:
        with st.expander("Reception's rota, by half hour"):
            changed |= _rota(here, change)
        with st.expander("Sessions of the week"):
            changed |= _week(here, change)
        with st.expander("Slots of a session"):
            changed |= _slots(here, change)
    except BadInput as bad:
        faults(bad)
    here.change = replace(change, settings=changed)
    _summary(here, practice.name)


def _in_forms(key: str) -> bool:
    prefixes = (COMMUNITY, INTERVENTION, *(prefix for one in SECTIONS.values() for prefix in one))
    return key.startswith(prefixes) or of_a_table(key)


def _access(here: Session, change: Change) -> Change:
    known = ["", *here.options("triage")]
    chosen = st.selectbox(
        "Access model: how requests are dealt with",
        known,
        key=kept("access", change.access if change.access in known else ""),
        format_func=lambda name: words(name) if name else f"{AS_NOW} ({words(here.practice().triage.kind)})",
        help="Who decides what happens with a request, and what is offered.",
    )
    return replace(change, access=chosen or "")


def _interventions(here: Session, change: Change) -> Change:
    known = here.options("intervention")
    chosen = st.multiselect(
        "Interventions, in the order in which they apply",
        known,
        key=kept("interventions", [name for name in change.interventions if name in known]),
        format_func=words,
        max_selections=6,
        help="Ready-made changes, and pressures that befall a practice. See docs/practice.md for what each does.",
        placeholder="None",
    )
    return replace(change, interventions=tuple(chosen))


def _strengths(here: Session, change: Change) -> dict[str, Any]:
    """Ask how strong each chosen intervention is; what was set of it otherwise stays."""
    found: dict[str, Any] = {}
    for name in change.interventions:
        mine = f"{INTERVENTION}{name}."
        asked = strengths(here.settings, name)
        there = {key: value for key, value in change.settings.items() if key.startswith(mine)}
        keys = {one.key for one in asked}
        found |= {key: value for key, value in there.items() if key not in keys}
        if asked:
            with st.expander(f"How much: {words(name)}"):
                found |= asked_of(asked, change.settings)
    return found


def _community(here: Session, change: Change) -> dict[str, Any]:
    """Ask about one place at a time; what was changed of the others stays."""
    places = here.practice().community
    if not places:
        st.write("This practice has no places in the community.")
        return {}
    place = st.selectbox("Place", list(places), format_func=lambda key: capital(places[key].title))
    mine = f"{COMMUNITY}{place}."
    others = {key: one for key, one in change.settings.items() if key.startswith(COMMUNITY)}
    return {key: one for key, one in others.items() if not key.startswith(mine)} | _section(here, change, mine)


def _section(here: Session, change: Change, *prefixes: str) -> dict[str, Any]:
    """Ask for the settings of a section, those most asked for first and the others where somebody wants them."""
    asked = fields(here.shown(), *prefixes)
    first = [one for one in asked if one.key in FIRST]
    rest = [one for one in asked if one not in first]
    if not first:
        return asked_of(asked, change.settings)
    found = asked_of(first, change.settings)
    if st.checkbox(f"Show {len(rest)} finer numbers", key=kept(f"finer {prefixes[0]}", False)):
        return found | asked_of(rest, change.settings)
    others = {one.key for one in rest}
    return found | {key: value for key, value in change.settings.items() if key in others}


def _rota(here: Session, change: Change) -> dict[str, Any]:
    import pandas as pd

    practice = _as_changed(here, change, "rota.")
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in tables.half_hours(practice)]
    st.write(
        "People free for each duty from each time on. Half a person is half of somebody's time. A rota that you change "
        "stays as it is, however long the list."
    )
    frame = pd.DataFrame(tables.rota_grid(practice), index=pd.Index(times, name="From"))
    edited = st.data_editor(frame, key=f"rota {change.practice}", height=420, column_config=NARROW)
    grid = {str(name): [float(one) for one in edited[name].fillna(0)] for name in edited.columns}
    return tables.rota_settings(here.practice(), grid) if times == _times(here) else {}


def _times(here: Session) -> list[str]:
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in tables.half_hours(here.practice())]


def _week(here: Session, change: Change) -> dict[str, Any]:
    import pandas as pd

    practice = _as_changed(here, change, "role.")
    st.write("Half days worked by each role on each weekday of a full week, before leave and sickness.")
    titles = {key: practice.role[key].title for key in practice.role}
    frame = pd.DataFrame(tables.week_table(practice), index=[capital(day)[:3] for day in WEEKDAYS]).T
    frame.index = pd.Index([titles[key] for key in frame.index], name="Role")
    edited = st.data_editor(frame, key=f"week {change.practice}")
    rows = {key: [int(one) for one in edited.loc[name].fillna(0)] for key, name in titles.items()}
    return tables.week_settings(here.practice(), rows)


def _slots(here: Session, change: Change) -> dict[str, Any]:
    import pandas as pd

    practice = _as_changed(here, change, "role.")
    keys = [key for key, role in practice.role.items() if role.sees_patients]
    key = st.selectbox("Role", keys, format_func=lambda one: practice.role[one].title)
    others = {name: value for name, value in change.settings.items() if name.endswith(".template")}
    if key is None:
        return others
    st.write("The slots of one session, in order; a row may be added at the end. Times that do not fit are refused.")
    frame = pd.DataFrame(tables.slots_of(practice.role[key]))
    releases = list(practice.appointments.releases)
    modes = list(practice.role[key].consultation_min)
    edited = st.data_editor(
        frame,
        key=f"slots {change.practice} {key}",
        num_rows="dynamic",
        column_config={
            "slots": st.column_config.NumberColumn("Slots", min_value=1, max_value=200, step=1),
            "minutes": st.column_config.NumberColumn("Minutes each", min_value=1, max_value=240),
            "mode": st.column_config.SelectboxColumn("How they meet", options=modes, format_func=_in_words),
            "release": st.column_config.SelectboxColumn("Can be booked", options=releases, format_func=_in_words),
        },
    )
    rows = [
        {str(name): _plain(value) for name, value in row.items() if not _absent(value)}
        for row in edited.to_dict("records")
    ]
    return {name: value for name, value in others.items() if name != f"role.{key}.template"} | tables.slot_settings(
        here.practice(), key, rows
    )


def _in_words(name: object) -> str:
    return words(str(name))


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _absent(value: Any) -> bool:
    return value is None or value != value


def _as_changed(here: Session, change: Change, prefix: str) -> Any:
    """Return the practice as the tables begin: with what was changed before the forms were opened."""
    opened = st.session_state.setdefault("form", dict(change.settings))
    mine = {key: value for key, value in opened.items() if key.startswith(prefix) and of_a_table(key)}
    if not mine:
        return here.practice()
    here.save(replace(Change(practice=change.practice), settings=mine), "form_as_opened")
    return next(iter(here.scenario("form_as_opened").practices.values()))


def _summary(here: Session, name: str) -> None:
    st.header("The change so far", anchor=False)
    st.caption("A line a setting, by the name it has in the saved file: as it is, then with your change.")
    change = here.change
    if change.nothing:
        st.write(f"Nothing is changed yet: running it shows {name} as it is.")
        return
    try:
        here.save(change)
        from pcqa_sim.configuration import load_scenario
        from pcqa_sim.interventions.base import describe

        base = load_scenario(*change.base, user_folder=here.settings)
        lines = in_short([line.removeprefix("practice ") for line in describe(base, here.scenario(CURRENT))])
    except BadInput as bad:
        faults(bad)
        return
    st.code(
        "\n".join(lines[:25]) + (f"\nand {len(lines) - 25} more" if len(lines) > 25 else ""),
        language=None,
        wrap_lines=True,
    )
