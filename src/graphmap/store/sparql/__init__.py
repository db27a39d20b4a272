"""Reads SPARQL queries and updates far enough to check and bind them."""
