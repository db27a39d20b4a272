"""Writes validated records: revisions, key collisions, quarantine, and bulk additions."""
