"""Who attends often and whose need is never asked about: fairness between groups of people."""

from __future__ import annotations

from pcqa_sim.report.names import in_reading_order, of_persons
from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import Named, bars
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 80


def ask(view: View, key: str) -> Question | None:
    """Answer it, where there were needs of several groups."""
    n = view.n
    groups = [group for group in n.groups("never_asked_share") if group.startswith(("segment=", "deprivation="))]
    if len(groups) < 2:
        return None
    segments = [group for group in groups if group.startswith("segment=")] or groups
    often = (
        f"The tenth of adults who come most have {in_hundred(n.mean('top_tenth_consultation_share'))} face-to-face GP "
        "consultations. "
        if n.has("top_tenth_consultation_share")
        else ""
    )
    sentence = (
        f"{often}Needs are never asked about most often in the group “{of_persons(segments[0])}” "
        f"({in_hundred(n.mean('never_asked_share', segments[0]), 'none')}), least in “{of_persons(segments[-1])}” "
        f"({in_hundred(n.mean('never_asked_share', segments[-1]), 'none')})."
    )
    groups = in_reading_order(groups)
    met = [(of_persons(group), ("needs_met_share", group)) for group in groups if n.has("needs_met_share", group)]
    attends, missed = _by_group(n, "consultations_per_1000_week"), _by_group(n, "dna_share")
    rows = [(of_persons(group), ("never_asked_share", group)) for group in groups]
    return Question(
        "Who attends, and whose need is never asked about?",
        sentence,
        ("never_asked_share", ""),
        (
            bars(view, key, "Needs never asked about, by group of people", rows),
            bars(view, f"{key}m", "Needs met, by group of people", met),
            bars(view, f"{key}a", "Who attends: consultations a week for every 1,000 people", attends, share=False),
            bars(view, f"{key}d", "Who does not: appointments missed by the patient, of all of theirs", missed),
        ),
        ("people", "demand"),
    )


def _by_group(n: Numbers, metric: str) -> list[Named]:
    """Return a measure by segment, the largest first, by age and by deprivation."""
    persons = [group for group in n.groups(metric) if group.startswith(("segment=", "age=", "deprivation="))]
    return [(of_persons(group), (metric, group)) for group in in_reading_order(persons)]
