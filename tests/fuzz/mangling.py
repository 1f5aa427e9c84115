"""Spoils files and command lines as disks, spreadsheets, editors and tired hands do; the same seed, the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Spoil = Callable[[bytes, Random], bytes]

NUMBERS = (
    "", "-1", "0", "1e400", "-1e400", "nan", "NaN", "inf", "-inf", "99999999999999999999", "9" * 400, "1_000",
    "0x1F", "017", "1,5", "1 000", "½", "３", "1e-400", "1.", ".5", "+5", "5%", "1:30", "true", "null", "~",
    "2026-02-30", "08:00",
)  # fmt: skip
ODD = (
    "'", '"', "''", '"""', "\0", "\r", "\n", "\t", "\u2028", "\x1b[2J", "\ufeff", "\x85", "\xa0", "é", "𝟙",
    "\u202e", "#", ":", ": ", "- ", "---", "...", "&a", "*a", "!!python/object:os.system", "${oc.env:HOME}",
    "<<: *a", "{", "}", "[", "]", "|", ">", "%", "@", "`", "?", "? ", ",", ";", "=", "\\", "/", "../", "~", "+",
    "_target_: os.system",
)  # fmt: skip
DEEP = 3_000


def spoiled(content: bytes, rng: Random, ways: Sequence[Spoil]) -> bytes:
    """Return the content spoiled in one to three ways."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        content = rng.choice(ways)(content, rng)
    return content


def _at(content: bytes, rng: Random) -> int:
    return rng.randint(0, len(content))


def truncated(content: bytes, rng: Random) -> bytes:
    """Lose the end."""
    return content[: _at(content, rng)]


def flipped(content: bytes, rng: Random) -> bytes:
    """Flip one to eight bits."""
    found = bytearray(content or b"x")
    for _ in range(rng.randint(1, 8)):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def with_mark(content: bytes, rng: Random) -> bytes:
    """Put a byte order mark at the front, or anywhere."""
    at = rng.choice((0, _at(content, rng)))
    return content[:at] + b"\xef\xbb\xbf" + content[at:]


def with_bytes(content: bytes, rng: Random) -> bytes:
    """Put bytes that are no text anywhere."""
    at = _at(content, rng)
    return (
        content[:at] + rng.choice((b"\0", b"\0" * 600, b"\xff", b"\xe9", b"\xc3", b"\x80\x81", b"\x1a")) + content[at:]
    )


def with_odd_text(content: bytes, rng: Random) -> bytes:
    """Put quotes, signs and invisible characters anywhere."""
    at = _at(content, rng)
    return content[:at] + rng.choice(ODD).encode() + content[at:]


def with_other_number(content: bytes, rng: Random) -> bytes:
    """Write something else in the place of a word that is a number, or of any word."""
    words = content.replace(b",", b" ").split()
    numbers = [word for word in words if word.strip(b"'\"[]{}").replace(b".", b"").isdigit()] or words
    if not numbers:
        return content
    old = rng.choice(numbers)
    first, found, rest = content.partition(old)
    return first + rng.choice(NUMBERS).encode() + rest if found else content


def in_other_letters(content: bytes, rng: Random) -> bytes:
    """Save it in another encoding."""
    text = content.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037", "utf-7")), "replace")


def with_other_ends(content: bytes, rng: Random) -> bytes:
    """End lines otherwise."""
    return content.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\x0b")))


def with_a_line_moved(content: bytes, rng: Random) -> bytes:
    """Lose, double or move a line."""
    lines = content.splitlines(keepends=True) or [b""]
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.choice((0, 1, 2))):
        lines.insert(rng.randint(0, len(lines)), line)
    return b"".join(lines)


def very_long(content: bytes, rng: Random) -> bytes:
    """Put a very long word anywhere, or very deep brackets."""
    at = _at(content, rng)
    long = rng.choice((b"x" * 200_000, b"9" * 5_000, b"[" * DEEP, b"{a: " * DEEP, b'"' + b"y" * 140_000, b"- " * DEEP))
    return content[:at] + long + content[at:]


def emptied(content: bytes, rng: Random) -> bytes:
    """Leave nothing, or nothing to speak of."""
    return rng.choice((b"", b"\n", b" ", b"\xef\xbb\xbf", b"\0", content.split(b"\n")[0]))


def with_columns_swapped(content: bytes, rng: Random) -> bytes:
    """Swap two columns in every row, in the header alone or in the rows alone."""
    lines = [line.split(b",") for line in content.splitlines()] or [[b""]]
    one, other = rng.randrange(len(lines[0])), rng.randrange(len(lines[0]))
    for line in rng.choice((lines, lines[:1], lines[1:])):
        if len(line) > max(one, other):
            line[one], line[other] = line[other], line[one]
    return b"\n".join(b",".join(line) for line in lines) + b"\n"


def ragged(content: bytes, rng: Random) -> bytes:
    """Give a row a field more or less."""
    lines = content.splitlines() or [b""]
    at = rng.randrange(len(lines))
    cells = lines[at].split(b",")
    if rng.random() < 0.5:
        cells.insert(rng.randint(0, len(cells)), rng.choice(NUMBERS).encode())
    else:
        cells.pop(rng.randrange(len(cells)))
    lines[at] = b",".join(cells)
    return b"\n".join(lines) + b"\n"


def with_other_cell(content: bytes, rng: Random) -> bytes:
    """Write something else into a cell, in quotes or not."""
    lines = content.splitlines() or [b""]
    at = rng.randrange(len(lines))
    cells = lines[at].split(b",")
    new = rng.choice((*NUMBERS, *ODD))
    cells[rng.randrange(len(cells))] = (f'"{new}"' if rng.random() < 0.3 else new).encode()
    lines[at] = b",".join(cells)
    return b"\r\n".join(lines) + b"\r\n"


def with_other_separators(content: bytes, rng: Random) -> bytes:
    """Separate cells otherwise."""
    return content.replace(b",", rng.choice((b";", b"\t", b"|", b", ", b" , ", b",,")))


EVERYWHERE: tuple[Spoil, ...] = (
    truncated, flipped, with_mark, with_bytes, with_odd_text, with_other_number, with_other_number, in_other_letters,
    with_other_ends, with_a_line_moved, very_long, emptied,
)  # fmt: skip
IN_TABLES: tuple[Spoil, ...] = (
    *EVERYWHERE,
    with_columns_swapped,
    ragged,
    with_other_cell,
    with_other_cell,
    with_other_separators,
)
MORE_WORDS = (
    "", "--", "-", "--out", "--seed", "--reps", "-1", "--help", "=", "a=b=c", "++run=quick", "+practice=small",
    "~phones", "practice=", "practice=small,average", "phones.lines=[1", "phones.lines={a:1}", "phones=null",
    "phones.lines='4", "run@x=quick", "practice=../small", "hydra.run.dir=x", "phones.lines=${oc.env:HOME}",
    "intervention=[]", "intervention=[[]]", "\udcff", "a" * 5000, "practice.list_size=" + "9" * 400,
    "phones.lines=range(1,9)", "intervention=" + "[" * 500, "role=[gp,gp]", "--version",
)  # fmt: skip


def words_spoiled(words: Sequence[str], rng: Random) -> list[str]:
    """Return a command line spoiled in one to three ways; no word holds a NUL, which no system lets through."""
    found = list(words)
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = rng.choice(WORDS)(found, rng)
    return [word.replace("\0", "") for word in found]


def _word_moved(words: list[str], rng: Random) -> list[str]:
    kept = list(words) or [""]
    word = kept.pop(rng.randrange(len(kept)))
    for _ in range(rng.choice((0, 1, 2))):
        kept.insert(rng.randint(0, len(kept)), word)
    return kept


def _word_added(words: list[str], rng: Random) -> list[str]:
    at = rng.randint(1, max(1, len(words)))
    return [*words[:at], rng.choice(MORE_WORDS), *words[at:]]


def _word_changed(words: list[str], rng: Random) -> list[str]:
    kept = list(words) or ["x"]
    at = rng.randrange(len(kept))
    place = rng.randint(0, len(kept[at]))
    drop = rng.choice((0, 0, 1))
    kept[at] = kept[at][:place] + rng.choice((*ODD, *"abcxyz019.-_")) + kept[at][place + drop :]
    return kept


def _value_changed(words: list[str], rng: Random) -> list[str]:
    kept = list(words)
    settings = [at for at, word in enumerate(kept) if "=" in word]
    if settings:
        at = rng.choice(settings)
        kept[at] = kept[at].partition("=")[0] + "=" + rng.choice((*NUMBERS, *ODD))
    return kept


def _key_changed(words: list[str], rng: Random) -> list[str]:
    kept = list(words)
    settings = [at for at, word in enumerate(kept) if "." in word.partition("=")[0]]
    if settings:
        at = rng.choice(settings)
        key, _, value = kept[at].partition("=")
        parts = key.split(".")
        parts[rng.randrange(len(parts))] = rng.choice(
            ("", "lines", "gp", "0", "*", "__class__", "kind", "monday", "practice")
        )
        kept[at] = ".".join(parts) + "=" + value
    return kept


WORDS = (_word_moved, _word_added, _word_changed, _word_changed, _value_changed, _value_changed, _key_changed)
