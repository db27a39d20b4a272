"""Metrics, trace context and health checks."""
