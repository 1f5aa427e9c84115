"""Independent checks of the model against theory and known behaviour."""
