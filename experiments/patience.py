"""How long do callers wait before they hang up? Both phases of patience, fitted together to published waits.

Published are how many calls are answered and missed, and how long each of them waited, in four bands. Who is answered
early tells nothing of how long they would have waited, so waits of missed calls alone say too little: here a caller in
the queue is answered or hangs up, whichever comes first (competing risks). Patience is a mixture of two exponentials;
how soon callers are answered is a rate of its own in each band, and a share is answered at once. A share misdials and
hangs up as it begins to ring, however short the queue. With as many unknowns as figures the fit is exact, and what is
left to chance is the assumption that all queues are alike: short and long ones, mixed, look like people who differ.
Run it from the project's folder: python experiments/patience.py [--misdials 0.01] [--at-once 0.15]
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Numbers = NDArray[np.float64]

EDGES = np.array([0.0, 1.0, 2.0, 5.0])  # minutes; the last band is open
ANSWERED, MISSED = 0.577, 0.104  # share of calls; calls_answered_share, calls_missed_share
ANSWERED_WAITS = np.array([0.455, 0.141, 0.193, 0.211])  # share; answered_wait_lt_1min and the next three
MISSED_WAITS = np.array([0.52, 0.162, 0.16, 0.158])  # share of missed calls; missed_wait_lt_1min and the next three
LONGEST = 240.0  # minutes; nobody waits longer
STEP = 0.02  # minutes; of the sums over time


def published() -> Numbers:
    """Return the share of calls in the queue that are answered, and missed, in each band: eight that sum to 1."""
    both = np.concatenate([ANSWERED * ANSWERED_WAITS, MISSED * MISSED_WAITS])
    return np.asarray(both / both.sum())


def staying(minutes: Numbers, early: float, early_mean: float, mean: float) -> Numbers:
    """Return the share of callers who would still wait after so many minutes."""
    return np.asarray(early * np.exp(-minutes / early_mean) + (1 - early) * np.exp(-minutes / mean))


def expected(patience: Numbers, rates: Numbers, misdials: float, at_once: float) -> Numbers:
    """Return the eight shares for a patience (early share, its mean, the mean of the rest) and rates of answering."""
    at = np.arange(0.0, LONGEST, STEP)
    band = np.searchsorted(EDGES, at, side="right") - 1
    unanswered = np.exp(-np.append(0.0, np.cumsum(rates[band] * STEP)))
    stays = staying(np.append(at, LONGEST), *patience)
    left = unanswered * stays
    gone = left[:-1] - left[1:]
    hangs_up = np.minimum(gone, (stays[:-1] - stays[1:]) * (unanswered[:-1] + unanswered[1:]) / 2)
    waits = (1 - misdials) * (1 - at_once)
    answered = np.bincount(band, gone - hangs_up, 4) * waits
    missed = np.bincount(band, hangs_up, 4) * waits
    answered[0] += (1 - misdials) * at_once
    missed[0] += misdials
    return np.concatenate([answered, missed])


def fitted(misdials: float, at_once: float) -> tuple[Numbers, Numbers, float]:
    """Return patience (early share, its mean, the mean of the rest), rates of answering, and the largest miss."""

    def misses(unknown: Numbers) -> Numbers:
        patience, rates = _read(unknown)
        return np.asarray((expected(patience, rates, misdials, at_once) - published()) / np.sqrt(published()))

    start = np.array([-2.0, np.log(1.0), np.log(30.0), *np.log([0.5, 0.3, 0.2, 0.15])])
    found = least_squares(misses, start).x
    patience, rates = _read(found)
    return patience, rates, float(np.abs(expected(patience, rates, misdials, at_once) - published()).max())


def _read(unknown: Numbers) -> tuple[Numbers, Numbers]:
    return np.array([1 / (1 + np.exp(-unknown[0])), *np.exp(unknown[1:3])]), np.exp(unknown[3:])


def main() -> None:
    """Fit, and print what goes into the settings, with how it moves with what is assumed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--misdials", type=float, default=0.01, help="share who hang up as it begins to ring")
    parser.add_argument("--at-once", type=float, default=0.15, help="share answered at once: 13 of 84 in the survey")
    chosen = parser.parse_args()
    print("misdials  at once  early share  early mean min  mean min  largest miss")
    for misdials, at_once in ((chosen.misdials, chosen.at_once), (0.0, 0.15), (0.02, 0.15), (0.01, 0.0), (0.01, 0.3)):
        (early, early_mean, mean), _, miss = fitted(misdials, at_once)
        print(f"{misdials:8.2f} {at_once:8.2f} {early:12.3f} {early_mean:15.2f} {mean:9.1f} {miss:13.5f}")


if __name__ == "__main__":
    main()
