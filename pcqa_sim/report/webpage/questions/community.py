"""What the community could meet: who is sent there, who waits, who is helped, and what that takes."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View, in_words
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 75
MOST = 8
_BEFORE_AFTER = "referred_contacts_per_4_weeks"
_WARNING = "Contacts in four weeks of people referred, before and after (no effect: see above)"
_MONTHS = [(f"eight weeks {when}", (_BEFORE_AFTER, f"when={when}")) for when in ("before", "after")]
_WAITED_FOR = "community_waited_for_share"
_BINDS = {"places": "a place that is free", "sessions": "a session that is free", "minutes": "time that is free"}
_SOME = 0.1  # share of those who begin; fewer wait where hardly anybody does
_NOTE = "Courses take weeks or months: who is still there when the run ends is not yet counted as helped."


def ask(view: View, key: str) -> Question | None:
    """Answer it, where people were sent to places in the community."""
    n = view.n
    if not n.has("community_ending_share", "ending=completed"):
        return None
    titles = {name: place.title for name, place in view.practice.community.items()}
    used = [name for name in titles if _anywhere(view, "community_sent_per_1000_week", name)]
    sentence = (
        f"For every 1,000 people {n.mean('community_sent_per_1000_week'):,.1f} a week are sent to a place in the "
        f"community or go there by themselves; {in_hundred(n.mean('community_ending_share', 'ending=completed'))} stay "
        f"and are helped, and {in_hundred(n.mean('community_ending_share', 'ending=left_the_list'), 'none')} leave a "
        f"list before it is their turn."
    )
    sentence += _lists(view, used, titles) + _waited_for(view, used, titles)
    full = [titles[name] for name in used if n.mean("community_in_use_share", f"place={name}") > 0.97]
    if full:
        more = "more people sent there would wait longer, and no more would be helped"
        sentence += f" Full nearly all the time: {in_words(full)}; {more}."
    notes = [_NOTE]
    pictures = [
        bars(view, key, "People sent to each place, a week for every 1,000", _rows(used, titles, "sent"), False, 2),
        bars(view, f"{key}m", "Of these, stayed and were helped", _rows(used, titles, "met"), False, 2),
        bars(view, f"{key}l", "People on the list of each, for every 1,000", _waiting(used, titles), False, 2),
        bars(view, f"{key}w", "Days on the list, those included who leave it", _waits(used, titles), False),
        bars(view, f"{key}p", "Pounds a working day at each place", _pounds(view, used, titles), False, 0),
    ]
    if n.has(_BEFORE_AFTER, "when=before"):
        notes.insert(0, _before_and_after(view))
        pictures.append(bars(view, f"{key}b", _WARNING, _MONTHS, False, 2))
    return Question(
        "What could the community meet?",
        sentence,
        ("community_met_per_1000_week", ""),
        tuple(pictures),
        ("community",),
        tuple(notes),
    )


def _lists(view: View, used: list[str], titles: dict[str, str]) -> str:
    """Say how many people are on which list on an average day, the longest first, and how long they are."""
    people = {name: view.n.mean("community_waiting_per_1000", f"place={name}") * view.people / 1000 for name in used}
    long = sorted((name for name in used if people[name] >= 1), key=lambda name: -people[name])
    if not long:
        return " Nobody waits long for any of them."
    days = {name: view.n.mean("community_wait_days", f"place={name}") for name in long}
    said = [f"{people[name]:,.0f} for {titles[name]} ({days[name]:,.0f} days on average)" for name in long]
    return f" On an average day these are on a list: {in_words(said)}."


def _waited_for(view: View, used: list[str], titles: dict[str, str]) -> str:
    """Say of the places at which people wait what binds first: places, sessions or minutes."""
    found: dict[str, list[str]] = {}
    for name in used:
        shares = {what: view.n.mean(_WAITED_FOR, f"place={name} waited_for={what}") for what in _BINDS}
        if max(shares.values()) >= _SOME:
            found.setdefault(max(shares, key=lambda what: shares[what]), []).append(titles[name])
    if not found:
        return ""
    said = [f"{what} at {in_words(places)}" for what, places in ((_BINDS[one], found[one]) for one in found)]
    return f" What people wait for there is {in_words(said)}."


def _before_and_after(view: View) -> str:
    """Say what the places do to later needs of those who go there, and beside it what before and after would show."""
    n = view.n
    before, after = (n.mean(_BEFORE_AFTER, f"when={when}") for when in ("before", "after"))
    there = n.mean("needs_kept_away_share", "of=those_there")
    does = (
        f"takes away {in_hundred(there)} of their later needs, held against the same people without it"
        if n.has("needs_kept_away_share") and there > 0
        else "changes nothing in how often they come later, as in the trials"
    )
    fall = "fewer" if after < before else "more"
    return (
        f"Having been there {does}. Beware of before and after: people whom a clinician refers contact the practice "
        f"{before:.1f} times in four weeks before and {after:.1f} times afterwards, {abs(before - after):.1f} {fall}. "
        "They are referred when things are bad, and that passes by itself."
    )


def _anywhere(view: View, metric: str, name: str) -> bool:
    return any(side.numbers.mean(metric, f"place={name}") > 0 for side in view.sides)


def _rows(used: list[str], titles: dict[str, str], what: str) -> list[tuple[str, tuple[str, str]]]:
    return [(titles[name], (f"community_{what}_per_1000_week", f"place={name}")) for name in used[:MOST]]


def _waiting(used: list[str], titles: dict[str, str]) -> list[tuple[str, tuple[str, str]]]:
    return [(titles[name], ("community_waiting_per_1000", f"place={name}")) for name in used[:MOST]]


def _waits(used: list[str], titles: dict[str, str]) -> list[tuple[str, tuple[str, str]]]:
    return [(titles[name], ("community_wait_days", f"place={name}")) for name in used[:MOST]]


def _pounds(view: View, used: list[str], titles: dict[str, str]) -> list[tuple[str, tuple[str, str]]]:
    metric = "community_gbp_per_working_day"
    return [(titles[name], (metric, f"place={name}")) for name in used[:MOST] if _anywhere(view, metric, name)]
