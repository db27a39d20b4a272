"""Runs a mapping: opens its logical sources, orders them, joins them, and writes to logical targets."""
