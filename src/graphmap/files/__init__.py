"""Bytes on disk: input streams, compression, atomic renames, direct output, and sorting that spills."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.files.atomic import is_special, make_private, open_private, place
    from graphmap.files.byte_stream import STANDARD_INPUT, in_utf_8, open_bytes, reading
    from graphmap.files.compression import MOST_PER_BYTE, UNSUSPICIOUS
    from graphmap.files.direct_io import LargeFile
    from graphmap.files.distinct_lines import blocks, deduplicated
    from graphmap.files.file_names import file_part
    from graphmap.files.spilled_pairs import SpilledPairs

__all__ = [
    "MOST_PER_BYTE",
    "STANDARD_INPUT",
    "UNSUSPICIOUS",
    "LargeFile",
    "SpilledPairs",
    "blocks",
    "deduplicated",
    "file_part",
    "in_utf_8",
    "is_special",
    "make_private",
    "open_bytes",
    "open_private",
    "place",
    "reading",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.files",
        {
            "atomic": "is_special make_private open_private place",
            "byte_stream": "STANDARD_INPUT in_utf_8 open_bytes reading",
            "compression": "MOST_PER_BYTE UNSUSPICIOUS",
            "direct_io": "LargeFile",
            "distinct_lines": "blocks deduplicated",
            "file_names": "file_part",
            "spilled_pairs": "SpilledPairs",
        },
    )
