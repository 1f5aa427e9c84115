"""Upper ends that hold wherever a number is given: on the command line, in settings, and in a record read back."""

from __future__ import annotations

MOST_REPLICATIONS = 100_000
"""Replications of one scenario: intervals narrow with the square root, and no question needs more."""
SEEDS = 2**63
"""Seeds are whole numbers from 0 to below this."""
MOST_POINTS = 100_000
"""Points of a design of a sensitivity study."""
MOST_SCENARIOS = 1_000_000
"""Scenarios that a record names, values of one range, and combinations of ranges that are varied."""
MOST_ROWS = 100_000_000
"""Rows of one run's log where the settings do not say: a borough of 300,000 people writes a third of it in 60 weeks."""
MOST_MINUTES = 525_600
"""Minutes by the clock that a run may be allowed: a year."""
MOST_UNITS = 100_000_000
"""Units of a study that are written down for a job array."""
MOST_TRIAL_WEEKS = 260
"""Weeks before a change, or after it, on a chart."""
