"""A need's way through places in the community, one sentence a row of the log."""

from __future__ import annotations

from pcqa_sim.report.names import capital, many
from pcqa_sim.report.saidalready import is_advice
from pcqa_sim.report.tale import Line, Saying, Tale
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

_WAITED = {
    "nothing": "",
    "places": ", waiting for a place",
    "sessions": ", all earlier sessions being taken",
    "minutes": ", nobody having time sooner",
}


def _sent(line: Line, tale: Tale) -> str:
    ahead = round(line.amount)
    there = f" ({many(ahead, 'person') if ahead == 1 else f'{ahead} people'} on its list)" if ahead else ""
    return f"{_place(line, tale)}: the person {PlaceRoute.of(line.code).phrase}{there}."


def _began(line: Line, tale: Tale) -> str:
    if line.amount < 1:
        return f"{_place(line, tale)}: the first session begins the same day."
    waited = many(round(line.amount), "day")
    return f"{_place(line, tale)}: the first session begins after {waited}{_WAITED.get(line.code, '')}."


def _session(line: Line, tale: Tale) -> str:
    return f"{_place(line, tale)}: the person is there for {many(round(line.amount), 'minute')}."


def _ended(line: Line, tale: Tale) -> str:
    return f"{_place(line, tale)}: the person {PlaceEnding.of(line.code).phrase}."


def _place(line: Line, tale: Tale) -> str:
    return capital(tale.names.place(line.who))


def helped_at_once(line: Line, tale: Tale, minutes: float) -> str:
    """Return that somebody was helped at a place in one session of so many minutes."""
    if is_advice(line.who):
        return "It helps."
    return f"{_place(line, tale)}: the person is helped there, in {many(round(minutes), 'minute')}."


AT_PLACES: dict[str, Saying] = {
    log.PLACE_SENT: _sent,
    log.PLACE_BEGAN: _began,
    log.PLACE_SESSION: _session,
    log.PLACE_ENDED: _ended,
}
"""What each event at a place says of the person."""
