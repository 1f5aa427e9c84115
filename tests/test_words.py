"""One word a thing: the glossary's words are there, words of the past do not come back, and the log's stand once."""

from __future__ import annotations

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator
from enum import EnumType
from functools import cache
from pathlib import Path

import pytest

from pcqa_sim.values import words

ROOT = Path(__file__).parents[1]
CODE = sorted((ROOT / "pcqa_sim").rglob("*.py"))
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if "peers" not in path.parts)
EXPERIMENTS = sorted((ROOT / "experiments").rglob("*.py"))
PAST = {"renamed.py", "test_renamed.py", "test_formats.py", "test_words.py"}
"""Files that tell of names of the past."""

NAMES = {
    **dict.fromkeys(("law", "laws"), "distribution"),
    **dict.fromkeys(("ring", "rings", "ringing", "rang", "rung"), "call"),
    **dict.fromkeys(("wish", "wishes"), "slot_request"),
    **dict.fromkeys(("fate", "fates"), "next_action"),
    **dict.fromkeys(("strand", "strands"), "lightweight process"),
    **dict.fromkeys(("abandon", "abandoning", "abandoned"), "renege"),
    "first_look": "clinician_triage",
    "put_off": "balk",
}
"""Parts of names that have another word now."""

TEXT = {
    r"laws?": "distribution",
    r"rings?|ringing|rang|rung": "call",
    r"wish(es)?": "slot request",
    r"fates?": "next action",
    r"first looks?": "clinician triage",
    r"strands?": "lightweight process",
    r"so-manieth": "one in so many",
}
ALLOWED = (
    r"Little's law", r"conservation laws", r"begins to ring", r"begin to ring",  # a telephone rings, a person calls
    r"activity\(.*\)",  # hashed: luck's names stay
)  # fmt: skip

# Words of the log that are columns of tables too.
COLUMNS = {"given_up", "next_action"}


@cache
def tokens(path: Path) -> tuple[tokenize.TokenInfo, ...]:
    return tuple(tokenize.generate_tokens(io.StringIO(path.read_text()).readline))


def parts(name: str) -> str:
    """A name's parts between underlines, in lower case: "_fixed_laws_of_" of FixedLawsOf."""
    return "_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_") + "_"


def glossary() -> Iterator[tuple[str, str, str]]:
    """The rows of the glossary: word, what it means, name in code."""
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        row = re.fullmatch(r"\| ([^|]+) \| ([^|]+) \| `([\w.]+)` \|.*\|", line)
        if row:
            yield row[1], row[2], row[3]


def there(name: str) -> bool:
    """Whether a dotted name below pcqa_sim is there: a module's, a class's or a dataclass's."""
    steps = ["pcqa_sim", *name.split(".")]
    for at in range(len(steps), 0, -1):
        try:
            here: object = importlib.import_module(".".join(steps[:at]))
        except ImportError:
            continue
        return all((here := getattr(here, step, None)) is not None for step in steps[at:])
    return False


def test_the_glossary_has_a_word_for_each_thing() -> None:
    rows = list(glossary())
    assert len(rows) >= 40
    assert len({word for word, _, _ in rows}) == len({name for _, _, name in rows}) == len(rows)
    assert [name for _, _, name in rows if not there(name)] == []


@pytest.mark.parametrize("name", ["values.needs.Wish", "values.needs.Need.wish", "nothing.at_all"])
def test_what_is_not_there_is_noticed(name: str) -> None:
    assert not there(name)


def old_names(path: Path) -> Iterator[str]:
    """Names in a file that have an old word in them; those given to fixed luck are luck's."""
    for token in tokens(path):
        if token.type == tokenize.NAME:
            old = old_in(token.string)
            if old and token.string not in luck():
                yield f"{path.name}:{token.start[0]}: {token.string}: say {NAMES[old]}"


@cache
def old_in(name: str) -> str:
    """The first old word that a name has in it, "" for none; a name stands in many places."""
    inside = parts(name)
    return next((word for word in NAMES if f"_{word}_" in inside), "")


@cache
def luck() -> frozenset[str]:
    """The names of luck's activities, as the code registers them."""
    made = re.compile(r'activity\("(\w+)"')
    return frozenset(name for path in CODE for name in made.findall(path.read_text()))


def test_old_words_are_no_names() -> None:
    found = [name for path in (*CODE, *TESTS, *EXPERIMENTS) if path.name not in PAST for name in old_names(path)]
    assert found == []


def old_text(path: Path) -> Iterator[str]:
    """Lines with a comment or a text in a file that have an old word in them."""
    lines = path.read_text().splitlines()
    said = (token for token in tokens(path) if token.type in (tokenize.STRING, tokenize.COMMENT))
    for number in sorted({number for token in said for number in range(token.start[0], token.end[0] + 1)}):
        kept = re.sub("|".join(ALLOWED), "", lines[number - 1])
        for old, new in TEXT.items():
            if re.search(rf"\b({old})\b", kept, re.IGNORECASE):
                yield f"{path.name}:{number}: {kept.strip()}: say {new}"


def test_old_words_are_not_in_comments_and_texts() -> None:
    assert [line for path in (*CODE, *EXPERIMENTS) if path.name not in PAST for line in old_text(path)] == []


def test_an_old_word_would_be_noticed(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text('"""Whoever rings.\n\nAnd the wish."""\nFixedLaws = activity("fate")  # begins to ring\n')
    assert len(list(old_names(path))) == 1
    assert [line.partition(": say ")[2] for line in old_text(path)] == ["call", "slot request"]


def test_words_of_the_log_stand_once() -> None:
    """One with several parts means nothing else, wherever it stands; one of a single part may be plain English."""
    enums = [enum for enum in vars(words).values() if isinstance(enum, EnumType)]
    log = {member.value for enum in enums for member in enum if "_" in member.value} | {words.GP}
    again = [
        f"{path.name}:{node.lineno}: {node.value}"
        for path in CODE
        if path.name not in (*PAST, "words.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in log - COLUMNS
    ]
    assert again == []


def test_each_word_is_said() -> None:
    assert all(cause.phrase for cause in words.Cause if cause != words.Cause.NEW)
    assert all(channel.phrase for channel in words.Channel if channel.value not in ("practice", "before_the_run"))
    said = (*words.Mode, *words.Service, *words.NeedEnding, *words.NextAction)
    assert all(word.phrase for word in said)
    assert words.Cause.of("balked") is words.Cause.AFTER_BALKING
    with pytest.raises(ValueError, match="put_off is none of new, "):
        words.Cause.of("put_off")
