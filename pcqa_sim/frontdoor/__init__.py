"""Getting in: telephone, form and triage, and what people do who get nowhere."""
