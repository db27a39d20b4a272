"""Compiles triples maps over table rows."""
