"""State shared across records: join indexes, collections, term counts and the execution report."""
