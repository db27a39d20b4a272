"""Conformance: checks of records for programs and for people."""
