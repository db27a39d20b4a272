"""Reads shapes graphs: shapes, targets, property paths and classes."""
