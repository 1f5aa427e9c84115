"""What happens at 8am and through the day on the phone."""

from __future__ import annotations

from pcqa_sim.report.webpage.parts import Question, View
from pcqa_sim.report.webpage.pictures import bars, day
from pcqa_sim.report.webpage.wording import in_hundred

ORDER = 30
_ENDINGS = (
    ("answered", "answered_share"),
    ("ended in the recorded menu", "menu_share"),
    ("callback asked for", "callback_share"),
    ("missed: nobody answered in time", "missed_share"),
)


def ask(view: View, key: str) -> Question | None:
    """Answer it, where a call got a line."""
    n = view.n
    if not n.has("answered_share"):
        return None
    heard = in_hundred(n.mean("engaged_share"))
    engaged = f", and {heard} attempts hear the engaged tone" if n.mean("engaged_share") else ""
    sentence = (
        f"{in_hundred(n.mean('share_0800_0830'))} of the day's calls come between 08:00 and 08:30; "
        f"over the day {in_hundred(n.mean('answered_share'), 'none')} are answered, after "
        f"{n.mean('answered_wait_min'):.1f} minutes on average"
        f"{engaged}."
    )
    curves = day(view, f"{key}d")
    endings = bars(view, key, "How calls that got a line end", [(name, (metric, "")) for name, metric in _ENDINGS])
    return Question(
        "What happens at 8am, and on the phone?",
        sentence,
        ("answered_share", ""),
        (endings,) if curves is None else (curves, endings),
        ("phones", "channels", "rota"),
    )
