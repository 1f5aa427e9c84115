"""Studies: many runs, the intervals they give, and the files they leave."""
