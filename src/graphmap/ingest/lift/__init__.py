"""Runs lifts for the command line: by the workspace's sources or by any RML mapping."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.ingest.lift.any_mapping import lift_mapping
    from graphmap.ingest.lift.lift_run import LiftRun
    from graphmap.ingest.lift.output_syntax import groups_statements, in_syntax
    from graphmap.ingest.lift.python_functions import functions_of
    from graphmap.ingest.lift.workspace_files import lift_files

__all__ = ["LiftRun", "functions_of", "groups_statements", "in_syntax", "lift_files", "lift_mapping"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.ingest.lift",
        {
            "any_mapping": "lift_mapping",
            "lift_run": "LiftRun",
            "output_syntax": "groups_statements in_syntax",
            "python_functions": "functions_of",
            "workspace_files": "lift_files",
        },
    )
