"""Who comes often and who never comes, in sentences: of the screen and of the page."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.names import of_persons
from pcqa_sim.report.numbers import Answer, Numbers
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.results.metrics.often import AFTER, HALF_YEAR, YEAR, weeks_needed

QUESTION = "Who comes often, who still does later, and who never comes?"
LATER = {HALF_YEAR: "in the next half year", YEAR: "in the next year", 2 * YEAR: "in each of the next two years"}
"""When people who came most are looked at again, by the weeks after which it is known."""


def often(n: Numbers) -> Answer:
    """How much those who come most have, who they are, whether they stay so; and who is seen by nobody."""
    if not n.has("frequent_consultation_share", "top=10"):
        return Answer(QUESTION, ("Nobody was seen.",))
    come = (
        f"The tenth who come most have {n.percent('frequent_consultation_share', 'top=10')} of consultations, the 3 in "
        f"100 who come most {n.mean_percent('frequent_consultation_share', 'top=3')}; "
        f"{n.mean_percent('over_3_contacts_a_month_share')} of people make more than 3 contacts a month."
    )
    minutes = (
        f"The tenth with most needs has {n.mean_percent('minutes_of_tenth_share', 'tenth=need')} of clinicians' "
        f"minutes, the tenth with most contacts {n.mean_percent('minutes_of_tenth_share', 'tenth=contacts')}."
    )
    return Answer(QUESTION, (" ".join((come, who(n), *later(n), minutes, unseen(n))),))


def who(n: Numbers) -> str:
    """Say which people most of those who come often are."""
    segments = [group for group in n.groups("frequent_people_share") if group.startswith("segment=")]
    first = " and ".join(f"{of_persons(one)} ({n.mean_percent('frequent_people_share', one)})" for one in segments[:2])
    state = (
        f"; they are unsettled {n.mean_percent('frequent_people_share', 'state=unsettled')} of the time, everybody "
        f"{n.mean_percent('frequent_people_share', 'state=of_all')}"
    )
    return f"Most of that tenth are {first}{state}."


def later(n: Numbers, brief: bool = False) -> Iterator[str]:
    """Say how many of those who came most still do later, or how long a run that takes; `brief` leaves ranges out."""
    metric = "still_frequent_share"
    known: list[tuple[str, str]] = []
    for after in AFTER:
        group = f"after={after}_weeks"
        if n.has(metric, group):
            known.append(
                (in_hundred(n.mean(metric, group), "none") if brief else n.percent(metric, group), LATER[after])
            )
    if known:
        (first, when), *rest = known
        more = "".join(f", {many} {then}" for many, then in rest)
        yield f"Of those who came most, {first} do so again {when}{more}."
    if len(known) < len(AFTER):
        missing = AFTER[len(known)]
        yield f"How many still do {LATER[missing]} needs a run of {weeks_needed(missing)} weeks."


def unseen(n: Numbers) -> str:
    """Say how many people are seen by nobody in a year, and by no GP; or how long a run that takes."""
    none = f"{n.mean_percent('asks_for_nothing_share')} of people with needs ask about none."
    if not n.has("not_seen_in_a_year_share"):
        return f"{none} Who is seen by nobody in a year needs a run of {YEAR} weeks."
    return (
        f"{none} In a year nobody sees {n.percent('not_seen_in_a_year_share')} of people, and no GP "
        f"{n.percent('not_seen_by_gp_in_a_year_share', 'sex=men')} of men and "
        f"{n.percent('not_seen_by_gp_in_a_year_share', 'sex=women')} of women."
    )
