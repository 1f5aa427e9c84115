"""What practices of a network do together."""
