"""Sessions are taken away, and more people are told to call another day: who they are, and what they do then."""

from __future__ import annotations

from pcqa_sim.report.experiments import AS_IT_IS, Experiment, Measure, Results

LESS = {"a twentieth fewer clinicians": 0.95, "a tenth fewer": 0.9, "a fifth fewer": 0.8}
ROLES = ("gp", "practice_nurse", "other")
THEN = {
    "another_day": "call another day", "gave_up": "give up", "self_treated": "treat themselves",
    "pharmacy": "go to a pharmacy", "nhs_111": "turn to NHS 111",
    "urgent_treatment_centre": "go to an urgent treatment centre",
    "emergency_department": "go to A&E", "desk": "come to the desk",
}  # fmt: skip
TOLD = Measure("told to call another day", "told_another_day_share", per_cent=True)
URGENT = Measure("of those who need it within a day", "urgent_told_another_day_share", per_cent=True)
DEPRIVED = Measure("told so, the most deprived fifth", "told_another_day_share", "deprivation=1", True)
LEAST = Measure("told so, the least deprived fifth", "told_another_day_share", "deprivation=5", True)
LATE = Measure("seen later than is safe", "seen_later_than_safe_share", per_cent=True)
ELSEWHERE = Measure("cost of care elsewhere, pounds a day", "elsewhere_gbp_per_working_day", digits=0)
MEASURES = (TOLD, URGENT, DEPRIVED, LEAST, LATE, ELSEWHERE)


def read(found: Results) -> list[str]:
    """Say how many are turned away, what they do then, and what fewer clinicians change."""
    then = {
        words: Measure("", "next_action_of_turned_away_share", f"next_action={name}", True, 0)
        for name, words in THEN.items()
    }
    shares = {words: found.level(AS_IT_IS, measure) for words, measure in then.items()}
    told = {words: then[words].said(share) for words, share in shares.items() if share.mean > 0}
    by_share = sorted(told, key=lambda words: -shares[words].mean)
    most = found.arms[-1]
    return [
        f"As it is, {found.said(AS_IT_IS, TOLD)}; {found.said(AS_IT_IS, URGENT)}.",
        f"Then they {'; '.join(f'{words} {told[words]}' for words in by_share[:5])}.",
        f"With {most}: {found.all_went(most, MEASURES)}.",
    ]


EXPERIMENT = Experiment(
    question="Who is turned away, and what becomes of them?",
    arms={name: tuple(f"practice.fte_level.{role}={level}" for role in ROLES) for name, level in LESS.items()},
    measures=MEASURES,
    read=read,
)
