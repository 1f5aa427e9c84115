"""Reads a list of practices by primary care network, and writes one network of it as a file of the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pcqa_sim.inputs.cells import whole_number
from pcqa_sim.inputs.imports import Imported
from pcqa_sim.inputs.onetable import Table
from pcqa_sim.inputs.practice_file import write_whole
from pcqa_sim.inputs.tablefile import tables
from pcqa_sim.values.faults import BadInput, Fault, nearest
from pcqa_sim.values.outside import printable, shown

PCN, CODE, NAME, PATIENTS, OLDER = "PCN", "Code", "Name", "Patients", "Patients aged 65+"
_CALLED = {  # how columns are called, in small letters
    PCN: ("pcn", "pcn_name", "pcn name"),
    CODE: ("code", "practice_code", "practice code", "org_code"),
    NAME: ("name", "practice_name", "practice name", "org_name"),
    PATIENTS: ("patients", "number_of_patients", "list size", "registered patients"),
    OLDER: ("patients aged 65+", "patients_65_plus", "aged 65+"),
}
_NEEDED = (PCN, NAME, PATIENTS)
_MOST_PATIENTS = 1_000_000
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Listed:
    """A practice as a list has it: people registered, and how many of them are 65 or older (None where not told)."""

    pcn: str
    code: str
    name: str
    patients: int
    older: int | None

    @property
    def older_share(self) -> float | None:
        """Return the share of people of 65 and over."""
        return None if self.older is None else self.older / self.patients


def import_pcn(
    file: Path, name: str, user_folder: Path, accept: bool, older_of_profiles: Callable[[], Mapping[str, float]]
) -> Imported:
    """Write the practices of a network, with their list sizes, as a file for `network=`.

    `older_of_profiles` gives the share of people of 65 and over in each profile, from which the nearest is taken;
    where a list has no ages the average practice is. Raises BadInput for a file that is no such list, a name that is
    of none or of several networks, and a practice that cannot be simulated.
    """
    listed = read_listed(file)
    pcn = _meant(name, sorted({one.pcn for one in listed}))
    mine = [one for one in listed if one.pcn == pcn]
    path = user_folder / "network" / f"{_key(name)}.yaml"
    if path.exists() and not accept:
        raise BadInput(Fault(shown(str(path), 200), "is there already; give --accept to write it anew"))
    profiles = older_of_profiles() if any(one.older is not None for one in mine) else {}
    write_whole(path, _text(mine, pcn, shown(file.name, 80), profiles))
    people = sum(one.patients for one in mine)
    return Imported(path, [
        f"{pcn}: {len(mine)} practices, {people:,} patients; written to {path}",
        *(f"  {one.name}: {one.patients:,} patients{_as(one, profiles)}" for one in mine),
        f"Which profile is nearest is a guess by age alone, yours to correct. Run it: pcqa run network={path.stem}",
    ])  # fmt: skip


def read_listed(file: Path) -> list[Listed]:
    """Return the practices of a list, as CSV, Excel, JSON or zip. Raises BadInput naming file, line and column."""
    found: list[Listed] = []
    for table in tables(file, _is_heading):
        at = _places(table.head)
        lines = {
            row_line: row for chunk in table.chunks() for row_line, row in zip(chunk.lines, chunk.rows, strict=True)
        }
        if table.counted.reasons:
            raise BadInput(table.counted.reasons[0])
        found += [_listed(table, line, row, at) for line, row in lines.items() if row[at[PCN]].strip()]
    _judge_codes(found, shown(file.name, 80))
    if not found:
        raise BadInput(Fault(shown(file.name, 80), "has no practice that is in a network"))
    return found


def _judge_codes(found: Sequence[Listed], file: str) -> None:
    """Refuse a practice that is listed twice, naming its networks where there are two."""
    first: dict[str, Listed] = {}
    for one in found:
        before = first.setdefault(one.code, one) if one.code else one
        if before is one:
            continue
        rule = "a practice is in one network, once"
        if before.pcn != one.pcn:
            rule += f", and this one is in {shown(before.pcn, 80)} and in {shown(one.pcn, 80)}: take one of them out"
        raise BadInput(Fault(f"{file}, {CODE}", rule, shown(one.code, 80)))


def _is_heading(row: Sequence[str]) -> bool:
    places = _places(row)
    return all(name in places for name in _NEEDED)


def _places(row: Sequence[str]) -> dict[str, int]:
    plain = [cell.strip().lower() for cell in row]
    return {name: plain.index(one) for name, called in _CALLED.items() for one in called[::-1] if one in plain}


def _listed(table: Table, line: int, row: list[str], at: dict[str, int]) -> Listed:
    def number(name: str, least: int) -> int:
        try:
            read = whole_number(row[at[name]], _MOST_PATIENTS)
        except ValueError as error:
            raise BadInput(Fault(f"{table.file}, line {line}, {name}", str(error), shown(row[at[name]], 80))) from None
        if read < least:
            raise BadInput(Fault(f"{table.file}, line {line}, {name}", f"at least {least} is expected", str(read)))
        return read

    def words(name: str) -> str:
        return " ".join(printable(row[at[name]]).split()) if name in at else ""

    patients, older = number(PATIENTS, 1), number(OLDER, 0) if OLDER in at and row[at[OLDER]].strip() else None
    if older is not None and older > patients:
        where = f"{table.file}, line {line}, {OLDER}"
        raise BadInput(Fault(where, f"at most the practice's {patients:,} patients are expected", str(older)))
    if not words(NAME):
        raise BadInput(Fault(f"{table.file}, line {line}, {NAME}", "a practice has a name"))
    return Listed(words(PCN), words(CODE), words(NAME), patients, older)


def _meant(name: str, known: list[str]) -> str:
    """Return the network that a name, or a part of one that no other has, means."""
    asked = " ".join(name.split()).lower()
    if not asked:
        raise BadInput(Fault("--name", f"which network is meant? One of: {'; '.join(shown(one, 80) for one in known)}"))
    same = [one for one in known if one.lower() == asked]
    alike = same or [one for one in known if asked in one.lower()]
    if len(alike) == 1:
        return alike[0]
    if alike:
        rule = f"is a part of several networks' names: {'; '.join(shown(one, 80) for one in alike)}"
        raise BadInput(Fault("--name", rule, shown(name, 80)))
    raise BadInput(Fault("--name", "is no network of this list", shown(name, 80), shown(nearest(name, known), 80)))


def _key(name: str) -> str:
    """Return a name as settings are called: small letters, digits and lines below."""
    key = _NOT_IN_A_KEY.sub("_", name.lower()).strip("_")[:40].strip("_")
    return key if key[:1].isalpha() else f"n_{key}".rstrip("_")


def _text(mine: list[Listed], pcn: str, file: str, profiles: Mapping[str, float]) -> str:
    lines = [
        f"# {pcn}: list sizes as {file} has them, written by `pcqa import pcn`.",
        "# Profiles are the nearest by the share of people of 65 and over: an assumption, yours to correct.",
        "members:",
    ]
    keys: set[str] = set()
    for one in mine:
        key = _key(one.name)
        while key in keys:
            key += "_2"
        keys.add(key)
        share = "" if one.older_share is None else f", {100 * one.older_share:.0f} % of 65 and over"
        lines.append(f"  # {' '.join([one.name, one.code]).strip()}{share}")
        lines.append(f"  {key}: ['practice={_profile(one, profiles)}', 'practice.list_size={one.patients}']")
    return "\n".join(lines) + "\n"


def _profile(one: Listed, profiles: Mapping[str, float]) -> str:
    share = one.older_share
    return "average" if share is None or not profiles else min(profiles, key=lambda name: abs(profiles[name] - share))


def _as(one: Listed, profiles: Mapping[str, float]) -> str:
    share = one.older_share
    told = "" if share is None else f", {100 * share:.0f} in 100 of 65 and over"
    return f"{told}, as practice={_profile(one, profiles)}"
