"""The report: a study's answers as one page by itself, to be read on paper, a phone or by a screen reader."""
