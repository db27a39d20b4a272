"""Loads, validates and lifts the records of a workspace."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.admin.control_socket import Control, at_store, finish_compaction
    from graphmap.ingest.admin.inventory import Inventory, contents
    from graphmap.ingest.admin.open_store import held_store
    from graphmap.ingest.admin.read_store import RunningStore, has_store, readable_store, reading_store
    from graphmap.ingest.check.input_check import InputCheck, check_files, report_on
    from graphmap.ingest.check.rdf_check import check_graphs, check_store, engine_of, explain_sources, is_rdf
    from graphmap.ingest.lift.any_mapping import lift_mapping
    from graphmap.ingest.lift.lift_run import LiftRun
    from graphmap.ingest.lift.output_syntax import groups_statements, in_syntax
    from graphmap.ingest.lift.workspace_files import lift_files
    from graphmap.ingest.load.drop_folder import follow
    from graphmap.ingest.load.dumps import is_dump
    from graphmap.ingest.load.file_loader import OUTCOMES, LoadResult, load_files
    from graphmap.ingest.load.online_ingestor import Ingestor, IngestResult
    from graphmap.ingest.search.index_follower import IndexFollower
    from graphmap.ingest.spool_input import spooled_input
    from graphmap.ingest.workspace_model import Knowledge, Mappings, load_knowledge, load_mappings

__all__ = [
    "OUTCOMES",
    "Control",
    "IndexFollower",
    "IngestResult",
    "Ingestor",
    "InputCheck",
    "Inventory",
    "Knowledge",
    "LiftRun",
    "LoadResult",
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
    "is_dump",
    "is_rdf",
    "lift_files",
    "lift_mapping",
    "load_files",
    "load_knowledge",
    "load_mappings",
    "readable_store",
    "reading_store",
    "report_on",
    "spooled_input",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest",
        {
            "admin.control_socket": "Control at_store finish_compaction",
            "admin.inventory": "Inventory contents",
            "admin.open_store": "held_store",
            "admin.read_store": "RunningStore has_store readable_store reading_store",
            "check.input_check": "InputCheck check_files report_on",
            "check.rdf_check": "check_graphs check_store engine_of explain_sources is_rdf",
            "lift.any_mapping": "lift_mapping",
            "lift.lift_run": "LiftRun",
            "lift.output_syntax": "groups_statements in_syntax",
            "lift.workspace_files": "lift_files",
            "load.drop_folder": "follow",
            "load.dumps": "is_dump",
            "load.file_loader": "LoadResult OUTCOMES load_files",
            "load.online_ingestor": "IngestResult Ingestor",
            "search.index_follower": "IndexFollower",
            "spool_input": "spooled_input",
            "workspace_model": "Knowledge Mappings load_knowledge load_mappings",
        },
        renamed={
            "Gathering": "graphmap.ingest.InputCheck",
            "Held": "graphmap.ingest.Inventory",
            "Indexed": "graphmap.ingest.IndexFollower",
            "Ingested": "graphmap.ingest.IngestResult",
            "Lifting": "graphmap.ingest.LiftRun",
            "Loaded": "graphmap.ingest.LoadResult",
            "index_path": "graphmap.store.index_path",
            "kept_input": "graphmap.ingest.spooled_input",
            "now": "graphmap.provenance.now",
        },
    )
