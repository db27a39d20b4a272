"""Mapping files as RDF graphs: node access, places for messages, and YARRRML."""
