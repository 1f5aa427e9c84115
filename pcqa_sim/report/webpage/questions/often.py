"""Who comes often, whether they still do later, and who never comes."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.names import KINDS, in_reading_order, of_persons, words
from pcqa_sim.report.often import LATER, QUESTION, later
from pcqa_sim.report.webpage.parts import Picture, Question, View
from pcqa_sim.report.webpage.pictures import Named, bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.results.metrics.often import AFTER, TOPS, YEAR

ORDER = 82
_METRIC = "frequent_consultation_share"


def ask(view: View, key: str) -> Question | None:
    """Answer it, where anybody was seen."""
    n = view.n
    if not n.has(_METRIC, "top=10"):
        return None
    year = (
        f" In a year nobody sees {in_hundred(n.mean('not_seen_in_a_year_share'), 'none')} of the people on the list."
        if n.has("not_seen_in_a_year_share")
        else f" How many are seen by nobody in a year needs a run of {YEAR} weeks."
    )
    still = " ".join(later(n, brief=True))
    sentence = (
        f"The tenth of people who come most have {in_hundred(n.mean(_METRIC, 'top=10'))} consultations; "
        f"{in_hundred(n.mean('over_3_contacts_a_month_share'))} people make more than 3 contacts a month. {still}{year}"
    )
    return Question(
        QUESTION, sentence, (_METRIC, "top=10"), tuple(_pictures(view, key)), ("people", "demand"), _warning(view)
    )


def _warning(view: View) -> tuple[str, ...]:
    """Say what before and after alone would show of people who were picked for coming often, on every side."""
    metric = "picked_before_after_ratio"
    several = len(view.sides) > 1
    known = [
        (
            f" {side.name}" if several else "",
            side.numbers.mean(metric, "who=picked"),
            side.numbers.mean(metric, "who=everybody"),
        )
        for side in view.sides
        if side.numbers.has(metric, "who=picked") and side.numbers.has(metric, "who=everybody")
    ]
    if not known:
        return ()
    each = ", ".join(
        f"{100 * picked:.0f} in 100{name} (everybody's: {100 * every:.0f})" for name, picked, every in known
    )
    return (
        "Before and after misleads. Contacts of the tenth who asked most in the first half of the weeks come in the "
        f"second half to so much of what they were: {each}. They were picked for a bad time, and that passes by "
        "itself: judge a change by the difference to the same people without it, which is what a comparison gives.",
    )


def _pictures(view: View, key: str) -> Iterator[Picture]:
    n = view.n
    tops: list[Named] = []
    for share in TOPS:
        tops += [(f"consultations of the {share} in 100 with most", (_METRIC, f"top={share}"))]
        tops += [(f"contacts of the {share} in 100 with most", ("frequent_contact_share", f"top={share}"))]
    yield bars(view, key, "How much goes to those who come most", tops)
    segments = [one for one in n.groups("frequent_people_share") if one.startswith(("segment=", "sex=", "age="))]
    yield bars(
        view,
        f"{key}w",
        "Who they are: the tenth of people with most consultations",
        [(of_persons(one), ("frequent_people_share", one)) for one in in_reading_order(segments)],
    )
    unsettled = [("those who come most", "state=unsettled"), ("everybody", "state=of_all")]
    yield bars(
        view,
        f"{key}u",
        "Share of time in a bad patch (unsettled)",
        [(name, ("frequent_people_share", group)) for name, group in unsettled],
    )
    kinds = [(_kind(one), ("frequent_needs_share", one)) for one in n.groups("frequent_needs_share")]
    yield bars(view, f"{key}k", "What they need", kinds)
    stay = [(LATER[after], ("still_frequent_share", f"after={after}_weeks")) for after in AFTER]
    if any(n.has(*cell) for _, cell in stay):
        yield bars(view, f"{key}s", "Of those who came most, who do so again", stay)
    minutes = [("with most needs", "need"), ("with most contacts", "contacts")]
    yield bars(
        view,
        f"{key}m",
        "Clinicians' minutes that go to a tenth of people",
        [(f"the tenth {name}", ("minutes_of_tenth_share", f"tenth={of}")) for name, of in minutes],
    )
    for letter, metric, caption in (
        ("n", "not_seen_in_a_year_share", "Seen by nobody in a year, by group of people"),
        ("a", "asks_for_nothing_share", "People with needs who ask about none of them, by group"),
    ):
        if groups := [one for one in n.groups(metric) if one]:
            ordered = in_reading_order(groups)
            yield bars(view, f"{key}{letter}", caption, [(of_persons(one), (metric, one)) for one in ordered])


def _kind(group: str) -> str:
    name = group.removeprefix("kind=")
    return KINDS.get(name, words(name))
