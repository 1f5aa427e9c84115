"""Methods: each asks a `Do` for units, round by round, until it knows enough; none knows where units are done."""
