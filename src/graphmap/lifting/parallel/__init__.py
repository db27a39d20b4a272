"""Lifts partitions of an input in processes and threads, in order."""
