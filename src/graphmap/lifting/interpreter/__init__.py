"""Interprets triples maps record by record; the reference for the compiler."""
