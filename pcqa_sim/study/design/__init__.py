"""Points of a study: over which values it goes, and which scenario is at each."""
