"""What has another name now: old -> new, each for one minor version, then no more.

Whoever uses an old name is told the new one, and files of an older version are read with it (`values.formats`). A name
is put here by the commit that renames; the baseline of tests reads the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping

SETTINGS: dict[str, str] = {}
"""Dotted keys as users write them, `*` for any one word ("role.*.fte"), and options ("practice=flood")."""
METRICS: dict[str, str] = {}
WORDS: dict[str, str] = {}
"""Words of the event log, and of the groups that metrics have values for ("mode=video_online")."""


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
    if group in WORDS:
        return WORDS[group]
    name, equals, word = group.partition("=")
    return f"{name}={WORDS.get(word, word)}" if equals else group


def old_metrics(name: str) -> tuple[str, ...]:
    """Return the names that a metric of today had."""
    return tuple(old for old, new in METRICS.items() if new == name)


def is_now(name: str) -> str:
    """Return the rule that tells whoever used an old name what it is called now."""
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
