"""What files say of one thing, what the model says of the same, and a setting that comes of both, with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scipy.special import stdtrit

from pcqa_sim.calibration.adjustments import Tree
from pcqa_sim.calibration.targets import Seen
from pcqa_sim.results.metrics.appointments import LEAD_BANDS, LEAD_EDGES
from pcqa_sim.results.metrics.mornings import STEP_EDGES, STEPS

ANSWERED, FORMS, CLINICAL_FORMS, TALK, TALK_SPREAD = (
    "answered_a_day",
    "forms_a_day",
    "clinical_forms",
    "talk",
    "talk_sd",
)
VISITS = "home_visits"
WEEKDAY, HALF_HOUR, LEAD, MINUTES = "weekday:", "half_hour:", "lead:", "minutes:"
LEADS = tuple(zip(LEAD_BANDS, (*LEAD_EDGES, math.inf), strict=True))
"""Bands of lead times with their last day."""
TIMES = tuple(zip(STEPS, STEP_EDGES, strict=True))
"""Steps of the day with the minute at which each begins."""
EARLY = "early"
"""Calls before ten, taken as one: when they come is people's response to scarcity, which the model makes by itself."""
EARLY_UNTIL = 600
WIDEST = 0.5
"""Of the value: with a wider 95 % interval on either side a setting is not shown by the files, and stays."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Statistic:
    """What files say of one thing: its value, the standard deviation of its logarithm, how many are behind it, where.

    `of` is how many clinicians a length of consultations is of (1 where that is not known).
    """

    name: str
    value: float
    sd: float
    rows: int
    source: str
    of: int = 1


@dataclass(frozen=True)
class Direct:
    """A setting that files show directly: its value with the 95 % interval, and which files.

    One that is not `shown` stands here because it goes with others: what is left to share, or kept for too few counts.
    """

    key: str
    value: float
    low: float
    high: float
    source: str
    shown: bool = True


Named = Mapping[str, Statistic]
Rule = Callable[[Tree, Named, "Model"], Iterator[Direct]]


def wider(many: int) -> float:
    """Return how many times as wide a 95 % interval of so few values is as that of many: Student's t."""
    return float(stdtrit(many - 1, 0.975)) / NORMAL_95


def direct(key: str, value: float, sd: float, source: str) -> Iterator[Direct]:
    """Yield a setting with its interval, unless that is too wide to say anything."""
    wide = math.exp(NORMAL_95 * sd)
    if math.isfinite(value) and value > 0 and wide <= 1 + WIDEST:
        middle, low, high = (float(f"{one:.4g}") for one in (value, value / wide, value * wide))
        yield Direct(key, middle, low, high, source)


@dataclass(frozen=True)
class Model:
    """What the model gives of the same counts; `luck` is its own against the files', 1 where it is as much."""

    seen: Seen
    people: int
    luck: float

    def value(self, metric: str, group: str = "") -> float:
        """Return a metric's mean; NaN where it has none."""
        found = self.seen.get((metric, group))
        return math.nan if found is None or not found.mean > 0 else found.mean

    def sd(self, *of: Statistic) -> float:
        """Return how uncertain statistics over the model's are together: the logarithm's standard deviation."""
        return math.hypot(*(one.sd for one in of)) * math.hypot(1.0, self.luck)

    @property
    def answered(self) -> float:
        """Return calls answered on a working day."""
        return self.value("calls_per_working_day") * self.value("answered_share")

    @property
    def forms(self) -> float:
        """Return online forms on a working day."""
        return self.value("contacts_per_1000_working_day", "channel=online") * self.people / 1000

    def early(self, days: str) -> float:
        """Return the share of a day's calls that come before ten."""
        parts = (self.value("call_half_hour_share", f"from={days}:{one}") for one in _early_steps())
        return sum(one for one in parts if math.isfinite(one)) or math.nan


def _early_steps() -> list[str]:
    return [name for name, edge in TIMES if edge < EARLY_UNTIL]


def together(*statistics: Statistic) -> str:
    """Return the files that statistics come from."""
    return ", ".join(dict.fromkeys(one.source for one in statistics))
