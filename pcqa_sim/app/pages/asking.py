"""A form's fields on the page: one widget each, in two columns, and what somebody changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pcqa_sim.app.forms import CHOICE, WHOLE, YES, Field, read
from pcqa_sim.app.pages.common import kept


def asked_of(asked: Sequence[Field], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for values, beginning with those of `settings`, and return those that are not as usual."""
    found: dict[str, Any] = {}
    if not asked:
        st.write("This practice has none.")
    columns = st.columns(2)
    for number, one in enumerate(asked):
        with columns[number % 2]:
            value = _widget(one, settings.get(one.key, one.value))
        try:
            plain = read(one, value)
        except ValueError as fault:
            st.error(str(fault))
            continue
        if plain != one.value:
            found[one.key] = plain
    return found


def _widget(one: Field, value: Any) -> Any:
    key = f"field {one.key}"
    if one.kind == YES:
        return st.checkbox(one.label, help=one.help, key=kept(key, bool(value)))
    if one.kind == CHOICE:
        return st.selectbox(one.label, one.choices, help=one.help, key=kept(key, value))
    if one.kind == WHOLE:
        least, most = (None if end is None else int(end) for end in (one.low, one.high))
        return st.number_input(one.label, least, most, step=1, help=one.help, key=kept(key, int(value)))
    low, high = (None if end is None else float(end) for end in (one.low, one.high))
    step = 0.01 if high == 1 else 0.1
    return st.number_input(one.label, low, high, step=step, format="%.4g", help=one.help, key=kept(key, float(value)))
