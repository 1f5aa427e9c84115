"""A finished sweep as one page: sliders over computed points, and the answer at each, with its interval."""
