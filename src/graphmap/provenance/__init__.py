"""PROV: documents and their revisions, graph digests, and the graph of validation reports."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.provenance.document import Provenance, content_hash, is_equal, now, version_of
    from graphmap.provenance.document_state import DocumentState, document_states
    from graphmap.provenance.graph_digest import SEAL, digest_of_graph, digest_of_lines
    from graphmap.provenance.journal_position import position_line, position_of, settle_position
    from graphmap.provenance.report_graph import (
        DOCUMENT,
        FINDING,
        KIND,
        ROW,
        SET_ASIDE,
        SOURCE_NAME,
        RejectedRecord,
        ReportGraph,
        payload_of,
    )
    from graphmap.provenance.revision_diff import changes_of
    from graphmap.provenance.revisions import (
        CONTENT_HASH,
        GENERATED,
        INVALIDATED,
        OUTCOME,
        PAYLOAD,
        SPECIALIZATION,
        History,
    )

__all__ = [
    "CONTENT_HASH",
    "DOCUMENT",
    "FINDING",
    "GENERATED",
    "INVALIDATED",
    "KIND",
    "OUTCOME",
    "PAYLOAD",
    "ROW",
    "SEAL",
    "SET_ASIDE",
    "SOURCE_NAME",
    "SPECIALIZATION",
    "DocumentState",
    "History",
    "Provenance",
    "RejectedRecord",
    "ReportGraph",
    "changes_of",
    "content_hash",
    "digest_of_graph",
    "digest_of_lines",
    "document_states",
    "is_equal",
    "now",
    "payload_of",
    "position_line",
    "position_of",
    "settle_position",
    "version_of",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.provenance",
        {
            "document": "Provenance content_hash is_equal now version_of",
            "document_state": "DocumentState document_states",
            "graph_digest": "SEAL digest_of_graph digest_of_lines",
            "journal_position": "position_line position_of settle_position",
            "report_graph": "DOCUMENT FINDING KIND ROW ReportGraph SET_ASIDE SOURCE_NAME RejectedRecord payload_of",
            "revision_diff": "changes_of",
            "revisions": "CONTENT_HASH GENERATED History INVALIDATED OUTCOME PAYLOAD SPECIALIZATION",
        },
    )
