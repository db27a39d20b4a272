"""SHACL, compiled: shapes in, findings out."""
