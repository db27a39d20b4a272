"""Validates records and RDF files against the shapes of a workspace."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.check.document_judge import DocumentJudge
    from graphmap.ingest.check.input_check import Gathering, Progress, check_files, judged_records
    from graphmap.ingest.check.rdf_check import check_graphs, check_store, engine_of, explain_sources, is_rdf
    from graphmap.ingest.check.record_check import CheckedRecord, RecordCheck
    from graphmap.ingest.check.record_validator import Judge, Judged, KeyValue
    from graphmap.ingest.check.references import dangling, has_references, types_in

__all__ = [
    "CheckedRecord",
    "DocumentJudge",
    "Gathering",
    "Judge",
    "Judged",
    "KeyValue",
    "Progress",
    "RecordCheck",
    "check_files",
    "check_graphs",
    "check_store",
    "dangling",
    "engine_of",
    "explain_sources",
    "has_references",
    "is_rdf",
    "judged_records",
    "types_in",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.check",
        {
            "document_judge": "DocumentJudge",
            "input_check": "Gathering Progress check_files judged_records",
            "rdf_check": "check_graphs check_store engine_of explain_sources is_rdf",
            "record_check": "CheckedRecord RecordCheck",
            "record_validator": "Judge Judged KeyValue",
            "references": "dangling has_references types_in",
        },
    )
