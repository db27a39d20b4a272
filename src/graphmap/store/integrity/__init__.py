"""Checks that the files of a database are whole before and while they are used."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.store.integrity.checksums import record_sums, recorded_sums
    from graphmap.store.integrity.completeness import damage, holds_database
    from graphmap.store.integrity.database_files import copy_database, open_database, require_whole_database
    from graphmap.store.integrity.deep_check import damaged_files
    from graphmap.store.integrity.format_version import check_format, write_format

__all__ = [
    "check_format",
    "copy_database",
    "damage",
    "damaged_files",
    "holds_database",
    "open_database",
    "record_sums",
    "recorded_sums",
    "require_whole_database",
    "write_format",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.store.integrity",
        {
            "checksums": "record_sums recorded_sums",
            "completeness": "damage holds_database",
            "database_files": "copy_database require_whole_database open_database",
            "deep_check": "damaged_files",
            "format_version": "check_format write_format",
        },
    )
