"""The patient's story, told by generators that wait: start reading in journey.py."""
