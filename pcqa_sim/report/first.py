"""What matters most of a run, in three sentences: the page begins with them, and so does the screen."""

from __future__ import annotations

from collections.abc import Iterator

from pcqa_sim.report.numbers import Numbers
from pcqa_sim.report.webpage.wording import in_hundred, least_sure
from pcqa_sim.results.metrics import METRICS
from pcqa_sim.values.needs import FAILURE_CAUSES

LEADING = (
    "failure_share",
    "attempts_answered_share",
    "told_another_day_per_working_day",
    "needs_met_share",
    "days_to_resolution",
    "needed_gp_share",
)
"""Every measure whose number the sentences say: the least known of them all is named."""


def first_sentences(n: Numbers) -> Iterator[str]:
    """Yield the three sentences that matter most of a run; fewer where nothing of their kind happened."""
    if n.has("failure_share"):
        need_not = f"{in_hundred(n.mean('failure_share'))} contacts with the practice need not have been made"
        cause = next(iter(n.groups("failure_contacts_per_working_day")), "").removeprefix("cause=")
        why = f": most often the person {FAILURE_CAUSES[cause]}" if cause in FAILURE_CAUSES else ""
        yield capital(f"{need_not}{why}.")
    if n.has("answered_share") and n.has("told_another_day_share"):
        yield capital(
            f"{in_hundred(n.mean('attempts_answered_share'))} calls are answered, and "
            f"{n.mean('told_another_day_per_working_day'):,.0f} people a working day are told to call another day."
        )
    if n.has("needs_met_share"):
        judged = n.has("needed_gp_share")
        needed = f", and {in_hundred(n.mean('needed_gp_share'))} GP consultations needed a GP" if judged else ""
        yield capital(
            f"{in_hundred(n.mean('needs_met_share'))} needs that end are met, {n.mean('days_to_resolution'):.1f} days "
            f"after first asking{needed}."
        )


def of_mdts(n: Numbers) -> Iterator[str]:
    """Yield how soon people are discussed at MDTs, where there are any."""
    if n.has("mdt_reviewed_within_14_days"):
        lost = in_hundred(n.mean("mdt_lost_share"), "none") if n.has("mdt_lost_share") else "none"
        yield capital(
            f"{in_hundred(n.mean('mdt_reviewed_within_14_days'))} people on the list of an MDT are discussed within "
            f"14 days; {lost} of the meetings due {'is' if lost == 'none' else 'are'} lost, and they take "
            f"{n.mean('mdt_hours_per_week'):,.0f} hours a week."
        )


def how_sure(n: Numbers) -> str:
    """Return how far other luck would move the least known of the numbers said, "" where there is none."""
    known = {METRICS[name].words: found for name in LEADING if (found := n.interval(name)) is not None}
    return least_sure(known)


def capital(text: str) -> str:
    """Return a sentence that begins with a capital."""
    return text[:1].upper() + text[1:]
