"""Results, findings, coverage, quality measurements and the report made of them."""
