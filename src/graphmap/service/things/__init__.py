"""Documents and pages of records and classes."""
