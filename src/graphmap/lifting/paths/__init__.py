"""JSONPath and XPath: parsers and evaluation."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.lifting.paths.jsonpath_parser import PathError, parse_path
    from graphmap.lifting.paths.model import (
        SELF,
        Filter,
        Index,
        Known,
        Name,
        Node,
        Path,
        Route,
        Segment,
        Wildcard,
        column_path,
    )
    from graphmap.lifting.paths.rfc9535 import parse_full_path
    from graphmap.lifting.paths.xpath import XPath, itself, parse_xpath

__all__ = [
    "SELF",
    "Filter",
    "Index",
    "Known",
    "Name",
    "Node",
    "Path",
    "PathError",
    "Route",
    "Segment",
    "Wildcard",
    "XPath",
    "column_path",
    "itself",
    "parse_full_path",
    "parse_path",
    "parse_xpath",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.lifting.paths",
        {
            "jsonpath_parser": "PathError parse_path",
            "model": "Filter Index Known Name Node Path Route SELF Segment Wildcard column_path",
            "rfc9535": "parse_full_path",
            "xpath": "XPath itself parse_xpath",
        },
    )
