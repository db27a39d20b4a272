"""Limits of HTTP requests: heads, bodies, time, and how many are at work."""
