"""The back office: which paperwork there is, what makes it, who does it, and when people expect it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from pcqa_sim.scenario.fields import BY_KIND, Count, Key, NotNegative, Positive, Settings, Share, Shares, share_of_all

RESULT = "result"


class PaperItem(Settings):
    """One kind of paperwork: results, letters, prescriptions, referrals, fit notes and the like."""

    minutes: Positive = Field(le=240, description="minutes; what one takes, by any role")
    per_1000_day: NotNegative = Field(
        le=1000, description="items a working day per 1,000 patients that come without anybody's asking"
    )
    by: Shares = Field(description="share, by role, of those and of what reception passes on")
    taken_over: dict[Key, Share] = Field(
        default={}, description="share, by role, of what others' consultations make; the rest is done by who made it"
    )
    expected_days: Positive = Field(le=365, description="days after which people who wait for one expect to hear")
    may: tuple[Key, ...] = Field(
        default=(), max_length=30, description="roles that new ones are handed to where who does them is behind"
    )
    soonest_hours: NotNegative = Field(
        default=0.0, le=24 * 30, description="hours after it was asked for before which nobody has it"
    )

    def moved(self, giver: str, taker: str, share: float) -> dict[str, dict[str, float]]:
        """Return who does the item with a share of one role's work in the hands of another, by setting."""
        given = self.by.get(giver, 0.0) * share
        by = self.by | {giver: self.by.get(giver, 0.0) - given, taker: share_of_all(self.by.get(taker, 0.0) + given)}
        own = share_of_all(1 - sum(self.taken_over.values()))
        taken = self.taken_over | {taker: self.taken_over.get(taker, 0.0) + own * share}
        return {"by": by, "taken_over": taken}


def _with_result(items: dict[str, PaperItem]) -> dict[str, PaperItem]:
    if RESULT not in items:
        raise ValueError(f"must have {RESULT}: tests make one")
    for name, item in items.items():
        if sum(item.taken_over.values()) > 1 + 1e-9:
            raise ValueError(f"{name}.taken_over: the shares must sum to 1 at the most")
    return items


def _without_none(requests: object) -> object:
    return {kind: item for kind, item in requests.items() if item} if isinstance(requests, dict) else requests


class BackOffice(Settings):
    """Results, letters, prescriptions, referrals and notes: what is late makes people call to chase it."""

    items: Annotated[dict[Key, PaperItem], AfterValidator(_with_result)] = Field(description="by name")
    requests: Annotated[dict[Key, Key], BeforeValidator(_without_none)] = Field(
        default={},
        description="by kind of need: the item left to do when reception settles it or passes it on; null: nothing",
        json_schema_extra=BY_KIND,
    )
    result_mean_days: Positive = Field(le=365, description="days; mean until a test's result is back")
    result_cv: NotNegative = Field(le=3, description="coefficient of variation of the days until it is back")
    called_for_share: Share = Field(
        default=0.0, description="share of results that nobody tells people of: they have to call for them"
    )
    chase_share: Share = Field(description="share who call when they have heard nothing by the day expected")
    chase_again_days: Positive = Field(le=365, description="days until they look again")
    backlog_at_start_days: NotNegative = Field(le=60, description="working days of paperwork waiting at the start")
    hand_over_after_days: Count | None = Field(
        default=None,
        le=60,
        description="working days a role's oldest paper waits from which others that may get the new ones; null: never",
    )
    list_work_kept_days: NotNegative = Field(
        default=5.0, le=260, description="working days of a role's list work that may wait; what is more lapses"
    )

    def work_moved(self, name: str, giver: str, taker: str, share: float) -> dict[str, dict[str, float]]:
        """Return what to set in a practice so that another role does a share of one role's work on an item."""
        moved = self.items[name].moved(giver, taker, share) if share else {}
        return {f"backoffice.items.{name}.{key}": shares for key, shares in moved.items()}
