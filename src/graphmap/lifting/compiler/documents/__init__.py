"""Compiles triples maps over JSON and XML documents."""
