"""From the log to meaning: tables, checks, metrics, figures."""
