"""A practice's map as Mermaid text, drawn from its settings: by which doors people come, and who sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pcqa_sim.report.owncheck import to_roles
from pcqa_sim.scenario import Practice
from pcqa_sim.scenario.checks import RECEPTION
from pcqa_sim.scenario.team import weekly_sessions
from pcqa_sim.values.clock import clock_time
from pcqa_sim.values.needs import APP, DESK, ONLINE, PHONE
from pcqa_sim.values.outside import shown
from pcqa_sim.values.wholefile import put_text

_LEAST = 0.001


@dataclass(frozen=True)
class Box:
    """One box of the map: its key, its column from the left, and its lines of text."""

    key: str
    column: int
    text: tuple[str, ...]


@dataclass(frozen=True)
class SystemMap:
    """Boxes, and arrows between them with what is written on each."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str, str], ...]


def system_map(practice: Practice) -> SystemMap:
    """Return the map of a practice."""
    shares = to_roles(practice)
    boxes = [
        Box("patients", 0, (f"{practice.list_size:,} patients", f"demand {practice.demand_level:g} x national")),
        *_doors(practice),
        Box("triage", 2, ("Who decides", practice.triage.kind.replace("_", " "))),
    ]
    arrows = [("patients", door.key, "") for door in boxes if door.column == 1]
    arrows += [(door.key, "triage", "") for door in boxes if door.column == 1]
    for name, role in practice.role.items():
        sessions = weekly_sessions(practice, name)
        if practice.works(name) and (role.sees_patients or shares.get(name)):
            boxes.append(Box(name, 3, (shown(role.title), f"{sessions:.0f} half days a week")))
            arrows.append(("triage", name, f"{shares.get(name, 0.0):.0%}"))
    if shares[RECEPTION] >= _LEAST:
        boxes.append(Box("reception_settles", 3, ("settled in the conversation",)))
        arrows.append(("triage", "reception_settles", f"{shares[RECEPTION]:.0%}"))
    boxes.append(Box("elsewhere", 3, ("elsewhere: pharmacy, 111, UTC, A&E",)))
    arrows.append(("triage", "elsewhere", "when nothing is free"))
    office = [name for name, role in practice.role.items() if practice.works(name) and not role.sees_patients]
    boxes += [Box(name, 4, (shown(practice.role[name].title), "letters, results, referrals")) for name in office]
    arrows += [
        (box.key, name, "paper") for name in office for box in boxes if box.column == 3 and box.key in practice.role
    ]
    return SystemMap(tuple(boxes), tuple(arrows))


def _doors(practice: Practice) -> Iterator[Box]:
    phones, rota, form = practice.phones, practice.rota.phone, practice.channels.form
    first = practice.channels.first.clinical
    people = [*rota.of_weekday(0).values(), *rota.of_weekday(1).values()]
    working = [one for one in people if one > 0] or [0]
    callback = "callback" if phones.callback.accepted_share else "no callback"
    answering = f"{min(working):g} to {max(working):g} people answer"
    hours = "always" if form.hours is None else f"{clock_time(form.hours.opens)} to {clock_time(form.hours.closes)}"
    for key, title, more in (
        (PHONE, "Telephone", (f"{phones.lines} lines, {callback}", answering)),
        (ONLINE, "Online form", (f"open {hours}",)),
        (DESK, "Desk", ()),
        (APP, "NHS App", ()),
    ):
        if first.get(key, 0) > 0:
            yield Box(key, 1, (f"{title}: {first[key]:.0%} of first requests", *more))


def mermaid(drawn: SystemMap) -> str:
    """Return a map as Mermaid text."""
    lines = ["flowchart LR"]
    for box in drawn.boxes:
        text = "<br/>".join(line.replace('"', "'") for line in box.text)
        lines.append(f'  {box.key}["{text}"]')
    for start, end, words in drawn.arrows:
        lines.append(f"  {start} -->|{words}| {end}" if words else f"  {start} --> {end}")
    return "\n".join(lines) + "\n"


def draw(practice: Practice, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a practice's map as Mermaid text and as a picture; return where they are."""
    from pcqa_sim.results.figures import system_map_figure

    drawn = system_map(practice)
    text, picture = folder / f"{name}-map.mmd", folder / f"{name}-map.png"
    folder.mkdir(parents=True, exist_ok=True)
    put_text(text, mermaid(drawn))
    boxes = [(box.key, box.column, "\n".join(box.text)) for box in drawn.boxes]
    system_map_figure(boxes, drawn.arrows, f"{shown(practice.name)}: how needs go through").savefig(picture)
    return text, picture
