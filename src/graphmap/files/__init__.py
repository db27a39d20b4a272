"""Bytes on disk: input streams, compression, atomic renames, direct output, and sorting that spills."""
