"""The plan of a mapping: logical sources, triples maps, term maps and functions, as values."""
