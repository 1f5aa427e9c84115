"""Eight terms that a page explains where they first stand."""

from __future__ import annotations

import re

TERMS = {
    "need": "a reason for which a person wants help; it ends once, met or not",
    "contact": "one attempt to get help for a need: a call, a form, a visit to the desk, a booking in the app",
    "failure demand": "contacts that are there only because an earlier one got nowhere or was not done right",
    "missed": "of calls: they end in the queue without an answer; of appointments: the patient does not come",
    "callback": "the practice calls the caller, who hangs up and keeps the place in the queue",
    "usual GP": "the GP whom a person knows and is known by",
    "likely range": "where the mean over very many such runs would lie, in 95 of 100 cases; it is about luck alone, "
    "not about whether the model is right",
    "session": "half a day's list of one clinician",
}


def explained(text: str, already: set[str]) -> list[tuple[str, str]]:
    """Return the terms of a text that are not explained yet, with what they mean; they are from then on."""
    found = [term for term in TERMS if term not in already and re.search(rf"\b{term}s?\b", text, re.IGNORECASE)]
    already.update(found)
    return [(term, TERMS[term]) for term in found]
