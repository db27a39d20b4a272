"""Lifts batches of table columns with Arrow arrays."""
