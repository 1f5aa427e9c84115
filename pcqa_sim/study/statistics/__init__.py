"""Statistics: means with their intervals, many tests at once, and which number of a run is meant. Nothing is run."""
