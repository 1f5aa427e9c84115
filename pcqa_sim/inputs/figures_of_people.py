"""What published files say of who is registered, who works there, and which network a practice is in."""

from __future__ import annotations

import numpy as np

from pcqa_sim.inputs.cells import long_date
from pcqa_sim.inputs.figures_kept import Figures, Rows, day_of
from pcqa_sim.inputs.reading_columns import Columns
from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.words import GP

AGES = {
    "age_0_4": (0, 4), "age_5_17": (5, 17), "age_18_34": (18, 34), "age_35_49": (35, 49), "age_50_64": (50, 64),
    "age_65_74": (65, 74), "age_75_84": (75, 84), "age_85_up": (85, 200),
}  # fmt: skip


def register(rows: Rows, source: str, found: Figures) -> None:
    """Say how many are registered: of a practice, or the mean of several."""
    rows = rows[(rows["sex"] == "ALL") & (rows["age"] == "ALL")]
    people, practices = rows["value"].sum(), len(rows)
    if not people:
        raise BadInput(Fault(source, "no row SEX ALL, AGE ALL with people for this code"))
    date = long_date(day_of(rows["day"].max()))
    if practices == 1:
        found.settings["list_size"] = (int(people), f"people; register of {date}, {source}")
        found.lines.append(f"{people:,.0f} people registered on {date}.")
        return
    mean = round(people / practices)
    found.settings["list_size"] = (mean, f"people; mean of {practices:,} practices, register of {date}, {source}")
    found.lines.append(f"{people:,.0f} people at {practices:,} practices on {date}, {mean:,} a practice.")


def _age(text: str) -> tuple[int, int] | None:
    plain = text.strip().lower().replace("+", "").replace("to", "_").replace("-", "_").replace(" ", "")
    try:
        first, _, last = plain.partition("_")
        return int(first), int(last) if last else int(first)
    except ValueError:
        return None


def ages(rows: Rows, source: str, found: Figures) -> None:
    """Say how old the people of a list are, and how many."""
    sexes = {str(one) for one in rows["sex"].unique()}
    apart = {"MALE", "FEMALE"} & {one.upper() for one in sexes}
    rows = rows[rows["sex"].astype(str).str.upper().isin(apart or {"ALL"})]
    by_age = rows.groupby(rows["age"].astype(str))["value"].sum()
    people = {one: float(by_age[one]) for one in by_age.index if _age(one) is not None}
    total = sum(people.values()) or float(by_age.get("ALL", 0.0))
    if not total:
        raise BadInput(Fault(source, "no people for this code"))
    if len(apart) == 1:
        sex = next(iter(apart)).lower()
        found.lines.append(f"Only {sex} patients are in this file: put both files in one zip for the list size.")
    else:
        found.settings["list_size"] = (round(total), f"people; {source}")
        found.lines.append(f"{total:,.0f} people registered.")
    shares = _age_shares(people, total)
    if shares and len(apart) != 1:
        for name, share in shares.items():
            found.settings[f"people.ages.{name}.share"] = (share, f"share; {source}")
        old = shares["age_75_84"] + shares["age_85_up"]
        found.lines.append(f"Aged 75 and over: {100 * old:.1f} %; under 18: "
                           f"{100 * (shares['age_0_4'] + shares['age_5_17']):.1f} %.")  # fmt: skip


def _age_shares(people: dict[str, float], total: float) -> dict[str, float]:
    """Return shares in the model's bands; a published band across a border is cut evenly by years."""
    if len(people) < 10:
        return {}
    sums = dict.fromkeys(AGES, 0.0)
    for text, many in people.items():
        first, last = _age(text) or (0, 0)
        last = 200 if text.endswith("+") else last
        for name, (low, high) in AGES.items():
            years = max(0, min(last, high) - max(first, low) + 1)
            sums[name] += many * (1.0 if first >= low and last <= high else years / (last - first + 1))
    rounded = {name: round(value / total, 4) for name, value in sums.items()}
    widest = max(rounded, key=rounded.__getitem__)
    rounded[widest] = round(rounded[widest] + 1 - sum(rounded.values()), 4)
    return rounded


def network(rows: Rows, source: str, found: Figures) -> None:
    """Say which PCN a practice is in."""
    row = rows.iloc[0]
    name = str(row["network_name"])
    code = f" ({row['network']})" if "network" in rows else ""
    if "title" in rows and len(rows) == 1:
        found.title = str(row["title"]).title() if str(row["title"]).isupper() else str(row["title"])
        found.lines.append(f"{found.title} is in {name.title() if name.isupper() else name}{code}.")
    else:
        found.lines.append(f"{len(rows)} practices.")
    if "value" in rows and len(rows) == 1:
        found.lines.append(f"{row['value']:,.0f} people registered then; the list size is left as it is.")


def networks(rows: Rows, source: str, found: Figures) -> None:
    """Say how many PCNs there are."""
    found.lines.append(
        f"{len(rows)} PCNs with {rows['slots'].sum():,.0f} practices and {rows['value'].sum():,.0f} people."
    )


ROLE_COLUMNS = {
    GP: ("TOTAL_GP_EXTGL_FTE", "TOTAL_GP_EXTG_FTE", "GP_FQ_FTE_LATEST"),
    "practice_nurse": ("TOTAL_NURSES_FTE", "TOTAL_NURSE_FTE"),
    "hca": ("TOTAL_DPC_HCA_FTE",),
    "pharmacist": ("TOTAL_DPC_PHARMA_FTE",),
    "paramedic": ("TOTAL_DPC_PARAMED_FTE",),
    "fcp": ("TOTAL_DPC_PHYSIO_FTE",),
    "link_worker": ("TOTAL_DPC_SPLW_FTE",),
}
"""Roles of the model and the columns that count them; those of the default team are written, others told."""
GP_PARTS = (
    "TOTAL_GP_SEN_PTNR_FTE", "TOTAL_GP_PTNR_PROV_FTE", "TOTAL_GP_SAL_BY_PRAC_FTE", "TOTAL_GP_SAL_BY_OTH_FTE",
    "TOTAL_GP_LOCUM_VAC_FTE", "TOTAL_GP_LOCUM_ABS_FTE", "TOTAL_GP_LOCUM_OTH_FTE",
)  # fmt: skip
WRITTEN_ROLES = (GP, "practice_nurse", "hca", "pharmacist")


def workforce(rows: Rows, read: Columns, source: str, found: Figures) -> None:
    """Say how many full-time equivalents there are, by role."""
    heads = {_head(read, at): f"beside_{at}" for at in read.wide}
    for role, names in ROLE_COLUMNS.items():
        values = [float(rows[heads[name]].sum(min_count=1)) for name in names if name in heads]
        if role == GP and not values and set(GP_PARTS) & set(heads):
            values = [sum(float(rows[heads[name]].sum()) for name in GP_PARTS if name in heads)]
        known = [one for one in values if np.isfinite(one)]
        if not known:
            continue
        fte = round(known[0], 3)
        found.lines.append(f"{role.replace('_', ' ')}: {fte:g} full-time equivalents.")
        if role in WRITTEN_ROLES:
            found.settings[f"role.{role}.fte"] = (fte, f"full-time equivalents; {source}")
    if not found.lines:
        raise BadInput(Fault(read.file, "no full-time equivalents for this code"))


def _head(read: Columns, at: int) -> str:
    return read.heads[at].strip().upper().replace(" ", "_")
