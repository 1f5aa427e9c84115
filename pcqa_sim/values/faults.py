"""Bad input, said in one clear line: what, where, the rule, and the nearest valid thing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pcqa_sim.values.outside import shown

LONGEST_VALUE, LONGEST_WHERE = 80, 300
ALIKE, NEARLY = 2 / 3, 3 / 4  # of the letters of two words


@dataclass(frozen=True)
class Fault:
    """One fault in what the user gave.

    `where` is a dotted key, or a file with its line or column; `value` what stood there ("" where nothing did);
    `rule` what was expected; `nearest` the nearest valid thing ("" where there is none).
    """

    where: str
    rule: str
    value: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        where, value = shown(self.where, LONGEST_WHERE), shown(self.value, LONGEST_VALUE)
        text = f"{where}: {value}: {self.rule}" if value else f"{where}: {self.rule}"
        return shown(f"{text}; did you mean {self.nearest}?" if self.nearest else text)


class BadInput(ValueError):
    """Input that cannot be used; `faults` has one entry a fault, and the text one line each."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Several(ValueError):
    """Several things wrong with settings, told at once; `texts` has one entry each, "key: rule"."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(dict.fromkeys(texts))
        super().__init__("; ".join(self.texts))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, or "" when none is alike.

    Alike are names of several words of which it is one, and words that share two letters in three, or half of them
    and how they begin: fewer are what any two words have in common.
    """
    names, mine = list(known), word.lower()
    one_of = [
        name for name in names if {mine, f"{mine}s", mine.removesuffix("s")} & set(name.lower().split("_")) - {""}
    ]
    if one_of and len(word) > 1:
        return difflib.get_close_matches(word, one_of, n=1, cutoff=0.0)[0]
    lower = {name.lower(): name for name in reversed(names)}
    close = difflib.get_close_matches(mine, list(lower), n=3, cutoff=0.5)
    return next((lower[name] for name in close if _begin_alike(mine, name) or _likeness(mine, name) >= ALIKE), "")


def _begin_alike(word: str, name: str) -> bool:
    """Tell whether two words begin with the same three letters, or with the same where both have hardly more."""
    letters = 1 if max(len(word), len(name)) <= 3 else 3
    return word[:letters] == name[:letters]


def _likeness(word: str, name: str) -> float:
    return difflib.SequenceMatcher(None, name, word).ratio()


def slip_of(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is but for a letter or two, "" where there is none: a name of its own."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=NEARLY)
    return close[0] if close else ""


def meant(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" with the known word most like `word`, for the end of a rule; "" when none is alike."""
    close = nearest(word, known)
    return f"; did you mean {close}?" if close else ""


def nearest_key(key: str, known: Iterable[str], under: str = "") -> str:
    """Return the known dotted key most like `key`: by its last word, then among its neighbours, then any.

    Anywhere else the last words must be nearly the same, and the keys alike as a whole.
    """
    known = list(known)
    above, _, last = key.rpartition(".")
    neighbours = {x.rpartition(".")[2]: x for x in known if x.rpartition(".")[0] == above}
    alike = [x for x in known if x.rpartition(".")[2] == last]
    same_word = alike[0] if len(alike) == 1 else _most_like(key, alike, 0.5)
    slips = [x for x in known if _likeness(last, x.rpartition(".")[2]) >= NEARLY]
    close = same_word or neighbours.get(nearest(last, neighbours), "") or _most_like(key, slips, ALIKE if above else 0)
    if not close and above in known and not any(x.startswith(f"{above}.") for x in known):
        close = above  # a setting that has nothing inside
    return under + close if close else ""


def _most_like(key: str, keys: Iterable[str], cutoff: float) -> str:
    close = difflib.get_close_matches(key, list(keys), n=1, cutoff=cutoff)
    return close[0] if close else ""


class GivenUp(RuntimeError):
    """A run that passed what the settings allow it: rows of its log, or minutes by the clock."""
