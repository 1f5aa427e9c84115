"""The way from needs to outcomes as a picture: what people ask, what of it is failure demand and why, how needs end."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.webpage.flow import Part, Stage, flow
from pcqa_sim.report.webpage.parts import Picture, Side, Table, View
from pcqa_sim.values.needs import FAILURE_CAUSES, WENT_ELSEWHERE
from pcqa_sim.values.words import NeedEnding

MOST_CAUSES, MOST_SIDES = 5, 2
_FAILURE, _ENDINGS = "failure_contacts_per_working_day", "need_endings_share"
_CONTACTS = "contacts_per_1000_working_day"
_ENDS = (
    ("met by a clinician", (NeedEnding.RESOLVED,), False),
    ("met by information or paper", (NeedEnding.INFORMED,), False),
    ("met in the community", (NeedEnding.COMMUNITY,), False),
    ("gone by themselves, or treated by the person", (NeedEnding.RECOVERED, NeedEnding.SELF_TREATED), False),
    ("ended elsewhere: pharmacy, NHS 111, A&E", WENT_ELSEWHERE, False),
    ("planned care not offered", (NeedEnding.NOT_OFFERED,), True),
    ("given up", (NeedEnding.GAVE_UP,), True),
    ("never asked about", (NeedEnding.NEVER_ASKED,), True),
)


def flows(view: View, key: str) -> Iterator[Picture]:
    """Yield the picture of each side, of the first few."""
    for number, side in enumerate(view.sides[:MOST_SIDES]):
        stages = _stages(side.numbers, view.people)
        name = f", {side.name}" if len(view.sides) > 1 else ""
        caption = f"From needs to outcomes, on a working day{name}; hatched: what need not have been"
        said = "; ".join(
            f"{stage.words}: {', '.join(f'{part.words} {part.many:,.1f}' for part in stage.parts)}" for stage in stages
        )
        alt = f"Bars below one another: {said}."
        each = [((stage.words, stage.total), *((part.words, part.many) for part in stage.parts)) for stage in stages]
        rows = tuple((words, f"{many:,.1f}") for stage in each for words, many in stage)
        head = ("", "on a working day")
        yield Picture(caption, alt, flow(stages, alt, f"{key}f{number}"), Table(head, rows))


def can_flow(side: Side) -> bool:
    """Tell whether there is what to draw: needs that arose, contacts made, needs that ended."""
    n = side.numbers
    return n.has("needs_per_working_day") and n.has("failure_share") and n.has("needs_met_share")


def _stages(n: Numbers, patients: int) -> list[Stage]:
    needs = n.mean("needs_per_working_day")
    never = n.mean("never_asked_share") * needs
    planned = n.mean("needs_per_working_day", "origin=practice")
    arise = [Part("asked about", needs - never), Part("never asked about", never, True)]
    arise[1:1] = [Part("reviews and tests the practice invites to", planned)] if planned else []
    return [
        Stage("Needs that arise", tuple(arise)),
        Stage("Contacts; hatched, because the person ...", tuple(_contacts(n, patients))),
        Stage("How needs end", tuple(_ends(n, needs + planned))),
    ]


def _contacts(n: Numbers, patients: int) -> Iterator[Part]:
    """Yield first and planned contacts, then failure demand by its largest causes."""
    failed, share = n.mean(_FAILURE), n.mean("failure_share")
    by_channel = [n.mean(_CONTACTS, group) for group in n.groups(_CONTACTS)]
    every = failed / share if share else sum(by_channel) * patients / 1000
    yield Part("first asked, and planned", every - failed)
    causes = [group for group in n.groups(_FAILURE) if n.mean(_FAILURE, group) > 0]
    for group in causes[:MOST_CAUSES]:
        words = FAILURE_CAUSES[group.removeprefix("cause=")]
        yield Part(f"... {words}", n.mean(_FAILURE, group), True)
    if rest := sum(n.mean(_FAILURE, group) for group in causes[MOST_CAUSES:]):
        yield Part("... came for another reason of the kind", rest, True)


def _ends(n: Numbers, needs: float) -> Iterator[Part]:
    """Yield how needs end, as so many of those that people have on a day."""
    shares = {group.removeprefix("ending="): n.mean(_ENDINGS, group) for group in n.groups(_ENDINGS)}
    for words, endings, wasted in _ENDS:
        share = sum(shares.pop(ending, 0.0) for ending in endings)
        if share > 0:
            yield Part(words, share * needs, wasted)
    if rest := sum(shares.values()):
        yield Part("in another way", rest * needs)
