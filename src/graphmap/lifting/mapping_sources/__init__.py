"""Reads logical sources, CSVW dialects, logical targets and the scope of references."""
