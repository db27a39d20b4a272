"""Reads RML mappings: triples maps, term maps, functions, gather maps and logical views."""
