"""Query processes over checkpoints of the store, and their pool."""
