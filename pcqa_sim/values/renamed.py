"""What has another name now: old -> new, each for one minor version, then no more.

Users of an old name are told the new one, and files of an older version are read with it (`values.formats`). A name
is put here by the commit that renames; the baseline of tests reads the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping

SETTINGS: dict[str, str] = {
    "channels.fates": "channels.next_actions",
    "channels.form.rings_instead_share": "channels.form.calls_instead_share",
    "channels.redial.after_put_off_first": "channels.redial.after_balking_first",
    "channels.redial.after_put_off_later": "channels.redial.after_balking_later",
    "phones.closed_message.ring_at_opening_share": "phones.closed_message.call_at_opening_share",
    "phones.menu.put_off_share": "phones.menu.balking_share",
    "triage.extras": "triage.overbooking",
    "triage.first_look": "triage.clinician_triage",
}
"""Dotted keys as users write them, `*` for any one word ("role.*.fte"), and options ("practice=flood")."""
METRICS: dict[str, str] = {
    "fate_of_turned_away_share": "next_action_of_turned_away_share",
    "fate_share": "next_action_share",
    "first_look_wait_min": "clinician_triage_wait_min",
    "front_desk_busy_share": "front_desk_utilisation",
}
WORDS: dict[str, str] = {
    "abandoned": "reneged",
    "extra": "overbooking",
    "fate": "next_action",
    "put_off": "balked",
    "rang_while_closed": "called_while_closed",
    "ring_another_day": "call_another_day",
}
"""Words of the event log, alone or between points ("extra.telephone"), and of the groups that metrics have values for,
on either side of the sign ("mode=video_online")."""


def new_key(key: str) -> str:
    """Return what a setting, or an option, is called now; "" where it was not renamed."""
    parts = key.split(".")
    for old, new in SETTINGS.items():
        olds = old.split(".")
        if len(olds) <= len(parts) and all(x in ("*", y) for x, y in zip(olds, parts, strict=False)):
            met = iter([y for x, y in zip(olds, parts, strict=False) if x == "*"])
            named = [next(met) if x == "*" else x for x in new.split(".")]
            return ".".join([*named, *parts[len(olds) :]])
    return ""


def new_metric(name: str) -> str:
    """Return what a metric is called now; "" where it was not renamed."""
    return METRICS.get(name, "")


def new_group(group: str) -> str:
    """Return a metric's group in today's words: the same where none was renamed."""
    return "=".join(WORDS.get(word, word) for word in group.split("="))


def old_metrics(name: str) -> tuple[str, ...]:
    """Return the names that a metric of today had."""
    return tuple(old for old, new in METRICS.items() if new == name)


def is_now(name: str) -> str:
    """Return the rule that tells users of an old name what it is called now."""
    return f"is now {name}"


def with_new_keys(practice: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of a practice, as a tree, under today's keys; those of its own profile stand at the top."""
    changed: dict[str, object] = {}
    moved: list[tuple[list[str], object]] = []
    _divide(practice, [], changed, moved)
    for path, value in moved:
        here = changed
        for part in path[:-1]:
            inside = here.setdefault(part, {})
            here = inside if isinstance(inside, dict) else {}
        here.setdefault(path[-1], value)
    return changed


def _divide(
    tree: Mapping[str, object], above: list[str], kept: dict[str, object], moved: list[tuple[list[str], object]]
) -> None:
    """Put what keeps its key into one tree, and what was renamed into a list, by its new path."""
    for key, value in tree.items():
        path = [*above, str(key)]
        now = new_key(".".join(path)) or (new_key(f"practice.{key}") if not above else "")
        if now:
            moved.append((now.removeprefix("practice.").split("."), value))
        elif isinstance(value, Mapping):
            inside: dict[str, object] = {}
            kept[key] = inside
            _divide(value, path, inside, moved)
        else:
            kept[key] = value
