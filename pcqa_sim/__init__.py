"""pcqa_sim: a discrete-event simulation of English general practice."""

__version__ = "0.1.0"
