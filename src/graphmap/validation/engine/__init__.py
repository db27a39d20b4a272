"""Evaluates the constraint components of compiled shapes."""
