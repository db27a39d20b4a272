"""Optimizes plans: prunes iterations, splits documents, and removes redundant duplicate checks."""
