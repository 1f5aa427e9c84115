"""Plain values: time, luck, distributions, needs, and the event log that everything is written to."""
