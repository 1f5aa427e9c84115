"""Who is turned away, and what becomes of them."""

from __future__ import annotations

from pcqa_sim.report.names import words
from pcqa_sim.report.webpage.hours import by_hour
from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars
from pcqa_sim.report.webpage.wording import in_hundred
from pcqa_sim.values.words import NextAction, Urgency

ORDER = 40
MOST = 7


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a request was heard."""
    n = view.n
    if not n.has("told_another_day_share"):
        return None
    action = "next_action_of_turned_away_share"
    then = [
        (NextAction.of(group.removeprefix("next_action=")).counted, (action, group))
        for group in n.groups(action)
        if n.mean(action, group) >= 0.005
    ]
    kinds = [
        (words(group.removeprefix("kind=")), ("refused_share", group))
        for group in n.groups("refused_share")
        if group.startswith("kind=") and n.mean("refused_share", group) > 0
    ]
    urgencies = [
        (Urgency.of(level).phrase, ("refused_share", group))
        for group in n.groups("refused_share")
        if group.startswith("urgency=") and (level := group.removeprefix("urgency="))
    ]
    urgent = n.mean("urgent_told_another_day_share")
    sentence = (
        f"{n.mean('told_another_day_per_working_day'):,.1f} people a working day are told to call another day, "
        f"{in_hundred(n.mean('told_another_day_share'))} requests; of those who want help the same day "
        f"{in_hundred(urgent, 'none')} are. On {in_hundred(n.mean('nobody_turned_away_share'))} working days nobody is."
    )
    pictures = []
    if then:
        pictures.append(bars(view, key, "What people do who are told to call another day", then[:MOST]))
    if kinds:
        pictures.append(bars(view, f"{key}k", "Requests turned away, by what they are about", kinds[:MOST]))
    if len(urgencies) > 1:
        pictures.append(bars(view, f"{key}u", "Requests turned away, by how long they are safe to wait", urgencies))
    pictures += by_hour(
        view, f"{key}h", "Requests turned away, of 100 decided in each hour, by how long they are safe to wait"
    )
    return Question(
        "Who is turned away, and what becomes of them?",
        sentence,
        ("told_another_day_share", ""),
        tuple(pictures),
        ("appointments", "triage", "channels"),
    )
