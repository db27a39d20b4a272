"""Compiles triples maps to one function from raw record to N-Triples text."""
