"""Key constraints across records: in one input and against the store."""
