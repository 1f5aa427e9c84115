"""A need's way through places in the community, one sentence a row of the log."""

from __future__ import annotations

from pcqa_sim.report.names import many, words
from pcqa_sim.report.tale import Line, Saying, Tale
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.words import PlaceEnding, PlaceRoute

_WAITED = {
    "nothing": "",
    "places": ", waiting for a place",
    "sessions": ", all earlier sessions being taken",
    "minutes": ", nobody having time sooner",
}


def _sent(line: Line, _: Tale) -> str:
    ahead = round(line.amount)
    there = f" ({many(ahead, 'person') if ahead == 1 else f'{ahead} people'} on its list)" if ahead else ""
    return f"{words(line.who).capitalize()}: the person {PlaceRoute.of(line.code).phrase}{there}."


def _began(line: Line, _: Tale) -> str:
    if line.amount < 1:
        return f"{words(line.who).capitalize()}: the first session begins the same day."
    waited = many(round(line.amount), "day")
    return f"{words(line.who).capitalize()}: the first session begins after {waited}{_WAITED.get(line.code, '')}."


def _session(line: Line, _: Tale) -> str:
    return f"{words(line.who).capitalize()}: a session has taken {many(round(line.amount), 'minute')}."


def _ended(line: Line, _: Tale) -> str:
    return f"{words(line.who).capitalize()}: the person {PlaceEnding.of(line.code).phrase}."


AT_PLACES: dict[str, Saying] = {
    log.PLACE_SENT: _sent,
    log.PLACE_BEGAN: _began,
    log.PLACE_SESSION: _session,
    log.PLACE_ENDED: _ended,
}
"""What each event at a place says of the person."""


def name_of(place: str) -> str:
    """Return a place as it stands in a sentence: "the talking therapies"."""
    return f"the {words(place)}"
