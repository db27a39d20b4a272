"""Evaluates by pySHACL what the engine does not cover."""
