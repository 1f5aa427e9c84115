"""Readers of published files: what a practice's own figures make of the average practice."""
