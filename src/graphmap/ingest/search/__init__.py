"""Builds the full-text index over the store and keeps it current."""
