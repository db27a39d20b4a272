"""Proofs made before validation: which rules a mapping guarantees, and where each is checked."""
