"""People, the needs that arise for them, and the planned care they are due."""
