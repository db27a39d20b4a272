"""Checks of records that nobody stores."""

from graphmap.ingest.check.record_check import CheckedRecord, RecordCheck

__all__ = ["CheckedRecord", "RecordCheck"]
