"""What run.json says, as a schema: whatever a study is to be done again from is held to the command line's limits.

A record may come from anywhere. Names of scenarios are hashes and never paths; texts that are only told again are
one printable line; what a study is done again with (overrides, parameters, names of alternatives) stays as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from pcqa_sim.values.faults import BadInput, Fault
from pcqa_sim.values.limits import MOST_POINTS, MOST_REPLICATIONS, MOST_SCENARIOS, MOST_TRIAL_WEEKS, SEEDS
from pcqa_sim.values.outside import shown

MOST_FAULTS = 10

ScenarioName = Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
Text = Annotated[str, Field(max_length=20_000)]
Told = Annotated[str, Field(max_length=20_000), AfterValidator(shown)]
Replications = Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)]
Seed = Annotated[int, Field(ge=0, lt=SEEDS)]
Overrides = Annotated[list[Text], Field(max_length=10_000)]
Checksum = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Checksums = Annotated[dict[ScenarioName, Checksum], Field(max_length=MOST_SCENARIOS)]


class _Strict(BaseModel):
    """Read as it is written: no text for a number, no NaN."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, defer_build=True)


class _Exactly(_Strict):
    model_config = ConfigDict(extra="forbid")


class RunAgain(_Exactly):
    """What `pcqa run` was asked; without a number of replications, as many as the precision needs."""

    replications: Replications | None = Field(default=...)
    metric: Text = ""
    half_width: Text = ""
    most: Replications = 100
    events: bool = False
    promise: Overrides = []

    @model_validator(mode="after")
    def _known_when_enough(self) -> RunAgain:
        if self.replications is None and not self.metric:
            raise ValueError("replications: without a number, which metric they are to be enough for")
        return self


class CompareAgain(_Exactly):
    """What `pcqa compare` was asked."""

    replications: Annotated[int, Field(ge=2, le=MOST_REPLICATIONS)]
    others: Overrides = Field(default=[], alias="with")
    why: bool = False


class ExperimentAgain(_Exactly):
    """What an experiment was asked: which, and the settings of each of its arms."""

    name: Text
    replications: Replications
    arms: dict[Text, Overrides] = Field(min_length=1, max_length=MOST_SCENARIOS)


class HypothesesAgain(_Exactly):
    """What `pcqa hypotheses` was asked."""

    replications: Replications
    turning: bool = False


class SizeAgain(_Exactly):
    """What `pcqa size` was asked."""

    target: Text
    vary: Overrides
    confidence: float = 0.95
    reps: Annotated[int, Field(ge=5, le=MOST_REPLICATIONS)]
    cost: Overrides = []
    practice: Text = ""
    by_half_hour: Text = ""

    @model_validator(mode="after")
    def _varies(self) -> Self:
        if bool(self.vary) == bool(self.by_half_hour):
            raise ValueError("vary: says what is varied, or by_half_hour does, one of the two")
        return self


class SensitivityAgain(_Exactly):
    """What `pcqa sensitivity` was asked."""

    metric: Text
    vary: Overrides = Field(min_length=1)
    method: Literal["morris", "sobol"]
    points: Annotated[int, Field(ge=2, le=MOST_POINTS)]
    reps: Replications
    practice: Text = ""


class AdviseAgain(_Exactly):
    """What `pcqa advise` was asked."""

    goal: Overrides = Field(min_length=1)
    can: Overrides = []
    budget: Annotated[float, Field(ge=0)] | None = None
    reps: Annotated[int, Field(ge=5, le=MOST_REPLICATIONS)]
    together: Annotated[int, Field(ge=0, le=10)]
    draws: Annotated[int, Field(ge=0, le=1000)]
    spread: Annotated[float, Field(ge=1, le=90)]
    least: Annotated[float, Field(gt=0)] | None = None
    practice: Text = ""
    strengths: Overrides = []


class StatisticAgain(_Exactly):
    """What files say of one thing: its value, its logarithm's standard deviation, of how many rows, where, of whom."""

    name: Text
    value: Annotated[float, Field(allow_inf_nan=False)]
    sd: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    rows: Annotated[int, Field(ge=0)]
    source: Text
    of: Annotated[int, Field(ge=1)] = 1


class CalibrateAgain(_Exactly):
    """What `pcqa calibrate` was asked; with `fit`, which settings to find between which values.

    `direct` is what files of one's own said, from which settings are read.
    """

    targets: Text
    rounds: Annotated[int, Field(ge=0, le=1000)]
    replications: Annotated[int, Field(ge=2, le=MOST_REPLICATIONS)]
    fit: Overrides = []
    points: Annotated[int, Field(ge=0, le=600)] = 0
    weight: Overrides = []
    direct: Annotated[list[StatisticAgain], Field(max_length=1000)] = []


class SweepAgain(_Exactly):
    """What `pcqa sweep` was asked."""

    overrides: Overrides
    vary: Overrides
    design: Literal["", "sobol", "lhs", "morris"]
    points: Annotated[int, Field(ge=0, le=MOST_POINTS)]


class TrialAgain(_Exactly):
    """What `pcqa trial` was asked."""

    change: Text
    before: Annotated[int, Field(ge=1, le=MOST_TRIAL_WEEKS)]
    after: Annotated[int, Field(ge=1, le=MOST_TRIAL_WEEKS)]
    reps: Annotated[int, Field(ge=5, le=MOST_REPLICATIONS)]
    measures: Overrides = []
    promise: Overrides = []
    practice: Text = ""


class _Written(_Strict):
    """What every record says; what else stands in it is not looked at.

    `results` are those of a study that has ended.
    """

    seed: Seed
    replications: Replications | None = None
    overrides: Annotated[dict[ScenarioName, Overrides], Field(min_length=1, max_length=MOST_SCENARIOS)]
    results: dict[Text, Text]
    periods: Literal["all", "weeks", "days"] = "days"
    settings: Told = ""
    scenario_files: Checksums = {}
    interventions: Any = None
    command: list[Told] = []
    pcqa_sim: Told | None = None
    git_commit: Told | None = None
    code: Told | None = None
    python: Told | None = None
    libraries: dict[Told, Told] = {}
    modules: dict[Told, Told] = {}
    own_code: dict[Text, Text] = {}
    not_repeatable: list[Told] = []
    machine: dict[Told, Told | int | float | None] = {}
    seconds: float | None = None
    begun: Told | None = None
    finished: dict[Told, Any] = {}


class RunRecord(_Written):
    """The record of one scenario's run."""

    kind: Literal["run"]
    parameters: RunAgain
    scenario: ScenarioName


class CompareRecord(_Written):
    """The record of a comparison."""

    kind: Literal["compare"]
    parameters: CompareAgain
    base: ScenarioName
    others: dict[Text, ScenarioName] = Field(min_length=1)


class ExperimentRecord(_Written):
    """The record of an experiment."""

    kind: Literal["experiment"]
    parameters: ExperimentAgain
    base: ScenarioName
    others: dict[Text, ScenarioName] = Field(min_length=1)


class HypothesesRecord(_Written):
    """The record of hypotheses that were judged; `points` names the scenario of each, its amount and its arm."""

    kind: Literal["hypotheses"]
    parameters: HypothesesAgain
    base: ScenarioName
    points: dict[Text, ScenarioName] = Field(min_length=1)


class SizeRecord(_Written):
    """The record of a search for how much is enough."""

    kind: Literal["size"]
    parameters: SizeAgain


class SensitivityRecord(_Written):
    """The record of a study of what matters."""

    kind: Literal["sensitivity"]
    parameters: SensitivityAgain


class AdviseRecord(_Written):
    """The record of what to try first."""

    kind: Literal["advise"]
    parameters: AdviseAgain


class CalibrateRecord(_Written):
    """The record of a fit."""

    kind: Literal["calibrate"]
    parameters: CalibrateAgain
    scenario: ScenarioName


class SweepRecord(_Written):
    """The record of a sweep; its points are in a file beside it."""

    kind: Literal["sweep"]
    parameters: SweepAgain
    overrides: Annotated[dict[ScenarioName, Overrides], Field(max_length=MOST_SCENARIOS)]
    replications: Replications
    points_sha256: Told = ""


class TrialRecord(_Written):
    """The record of a trial on a practice's own charts."""

    kind: Literal["trial"]
    parameters: TrialAgain


AnyRecord = (
    RunRecord
    | CompareRecord
    | ExperimentRecord
    | HypothesesRecord
    | SizeRecord
    | SensitivityRecord
    | AdviseRecord
    | CalibrateRecord
    | SweepRecord
    | TrialRecord
)


@cache
def _record() -> TypeAdapter[AnyRecord]:
    """Return what judges a record; made when the first is read, since most commands write one and read none."""
    return TypeAdapter(Annotated[AnyRecord, Field(discriminator="kind")])


class PointsWritten(_Exactly):
    """The points of a sweep: its keys, and of each point the values as written and the scenario's name."""

    keys: list[Text]
    texts: list[list[Text]]
    scenarios: Annotated[list[ScenarioName], Field(min_length=1)]


def checked_record(plain: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a record whose every part is what it should be; raise BadInput naming what is not."""
    try:
        found = _record().validate_python(plain)
    except ValidationError as error:
        raise BadInput(_faults(error, path, 1)) from None
    for name in _named(found):
        if name not in found.overrides:
            raise BadInput(Fault(f"{path}: overrides", f"is missing or damaged (does not name scenario {name})"))
    return found.model_dump(by_alias=True, exclude_unset=True)


def checked_points(keys: object, texts: object, scenarios: object, path: Path) -> PointsWritten:
    """Return the points of a sweep; raise BadInput naming what is not as it should be."""
    try:
        found = PointsWritten.model_validate({"keys": keys, "texts": texts, "scenarios": scenarios})
    except ValidationError as error:
        raise BadInput(_faults(error, path)) from None
    wide = {len(values) for values in found.texts}
    if len(found.texts) != len(found.scenarios) or wide != {len(found.keys)}:
        raise BadInput(Fault(str(path), "is damaged: its points are not as many as its values"))
    return found


def _named(record: AnyRecord) -> list[str]:
    """Return the scenarios that a record names."""
    if isinstance(record, RunRecord | CalibrateRecord):
        return [record.scenario]
    if isinstance(record, CompareRecord | ExperimentRecord):
        return [record.base, *record.others.values()]
    if isinstance(record, HypothesesRecord):
        return [record.base, *record.points.values()]
    return []


def _faults(error: ValidationError, path: Path, above: int = 0) -> list[Fault]:
    """Return a line for each part that is wrong, without the first `above` words of its place."""
    found = []
    for details in error.errors(include_url=False)[:MOST_FAULTS]:
        place = ".".join(str(part) for part in details["loc"][above:] if part != "[key]")
        given = details["input"]
        value = "" if given is None or isinstance(given, dict | list) else str(given)
        said = f"{details['msg'][:1].lower()}{details['msg'][1:]}"
        found.append(Fault(f"{path}: {place}" if place else str(path), f"is missing or damaged ({said})", value))
    return found
