"""Who does not come to what was booked, and who is visited at home."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pcqa_sim.calibration.adjustments import Tree, at, lead_key
from pcqa_sim.calibration.statistics import LEAD, VISITS, Direct, Model, Named, direct
from pcqa_sim.values.needs import HOME_VISIT


def missed(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield the rates of missed appointments by how long before they were booked."""
    for name, one in by.items():
        if name.startswith(LEAD):
            band = name.removeprefix(LEAD)
            key = f"appointments.not_attending.lead.{lead_key(band)}"
            value = at(tree, key) * one.value / model.value("dna_share", f"lead={band}")
            yield from direct(key, min(value, _most_missed(tree)), model.sd(one), one.source)


def _most_missed(tree: Tree) -> float:
    """Return the highest rate at which nobody's, times the factors of mode, age and deprivation, is above 1."""
    factors = at(tree, "appointments.not_attending")
    groups = (factors[name].values() for name in ("mode_factor", "age_factor", "deprivation_factor"))
    return 0.999 / math.prod(max([1.0, *group]) for group in groups)


def visited(tree: Tree, by: Named, model: Model) -> Iterator[Direct]:
    """Yield the shares of housebound people's needs that are met at home, all kinds moved by one factor.

    Of appointments by mode, visits alone are people's needs; the others follow the slots, which a practice knows.
    """
    if VISITS not in by:
        return
    one, kinds = by[VISITS], tree["demand"]["kinds"]
    times = one.value / model.value("mode_share", f"mode={HOME_VISIT}")
    for kind, settings in kinds.items():
        share = settings["home_visit_share"]
        if share > 0:
            value = min(share * times, 1.0)
            yield from direct(f"demand.kinds.{kind}.home_visit_share", value, model.sd(one), one.source)
