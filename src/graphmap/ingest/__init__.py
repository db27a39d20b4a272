"""The one composition: records are lifted, judged and stored; every record has an outcome, and none is lost."""

from typing import TYPE_CHECKING

from graphmap.deferred import deferred

if TYPE_CHECKING:
    from graphmap.ingest.checking import Gathering, check_files, report_on
    from graphmap.ingest.control import (
        Control,
        RunningStore,
        at_store,
        finish_compaction,
        readable_store,
        reading_store,
    )
    from graphmap.ingest.documents import now
    from graphmap.ingest.dumps import is_dump
    from graphmap.ingest.following import follow
    from graphmap.ingest.graphs import check_graphs, check_store, engine_of, explain_sources, is_rdf
    from graphmap.ingest.indexing import Indexed, index_path
    from graphmap.ingest.inventory import Held, contents
    from graphmap.ingest.kept_input import kept_input
    from graphmap.ingest.knowledge import Knowledge, load_knowledge
    from graphmap.ingest.lifting import Lifting
    from graphmap.ingest.lifting_files import lift_files
    from graphmap.ingest.lifting_mappings import lift_mapping
    from graphmap.ingest.loading import OUTCOMES, Loaded, load_files
    from graphmap.ingest.mappings import Mappings, load_mappings
    from graphmap.ingest.online import Ingested, Ingestor
    from graphmap.ingest.opening import has_store, held_store
    from graphmap.ingest.syntaxes import groups_statements, in_syntax

__all__ = [
    "OUTCOMES",
    "Control",
    "Gathering",
    "Held",
    "Indexed",
    "Ingested",
    "Ingestor",
    "Knowledge",
    "Lifting",
    "Loaded",
    "Mappings",
    "RunningStore",
    "at_store",
    "check_files",
    "check_graphs",
    "check_store",
    "contents",
    "engine_of",
    "explain_sources",
    "finish_compaction",
    "follow",
    "groups_statements",
    "has_store",
    "held_store",
    "in_syntax",
    "index_path",
    "is_dump",
    "is_rdf",
    "kept_input",
    "lift_files",
    "lift_mapping",
    "load_files",
    "load_knowledge",
    "load_mappings",
    "now",
    "readable_store",
    "reading_store",
    "report_on",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest",
        {
            "checking": "Gathering check_files report_on",
            "control": "Control RunningStore at_store finish_compaction readable_store reading_store",
            "documents": "now",
            "dumps": "is_dump",
            "following": "follow",
            "graphs": "check_graphs check_store engine_of explain_sources is_rdf",
            "indexing": "Indexed index_path",
            "inventory": "Held contents",
            "kept_input": "kept_input",
            "knowledge": "Knowledge load_knowledge",
            "lifting": "Lifting",
            "lifting_files": "lift_files",
            "lifting_mappings": "lift_mapping",
            "loading": "OUTCOMES Loaded load_files",
            "mappings": "Mappings load_mappings",
            "online": "Ingested Ingestor",
            "opening": "has_store held_store",
            "syntaxes": "groups_statements in_syntax",
        },
    )
