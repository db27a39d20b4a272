"""Loads files and envelopes into the store, in order, one record a transaction or many in bulk."""
