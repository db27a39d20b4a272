"""Validates records and RDF files against the shapes of a workspace."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.check.document_validator import DocumentValidator
    from graphmap.ingest.check.input_check import InputCheck, Progress, check_files, validated_records
    from graphmap.ingest.check.rdf_check import check_graphs, check_store, engine_of, explain_sources, is_rdf
    from graphmap.ingest.check.record_check import CheckedRecord, RecordCheck
    from graphmap.ingest.check.record_validator import KeyValue, RecordValidator, ValidatedRecord
    from graphmap.ingest.check.references import dangling, has_references, types_in

__all__ = [
    "CheckedRecord",
    "DocumentValidator",
    "InputCheck",
    "KeyValue",
    "Progress",
    "RecordCheck",
    "RecordValidator",
    "ValidatedRecord",
    "check_files",
    "check_graphs",
    "check_store",
    "dangling",
    "engine_of",
    "explain_sources",
    "has_references",
    "is_rdf",
    "types_in",
    "validated_records",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.check",
        {
            "document_validator": "DocumentValidator",
            "input_check": "InputCheck Progress check_files validated_records",
            "rdf_check": "check_graphs check_store engine_of explain_sources is_rdf",
            "record_check": "CheckedRecord RecordCheck",
            "record_validator": "RecordValidator ValidatedRecord KeyValue",
            "references": "dangling has_references types_in",
        },
    )
