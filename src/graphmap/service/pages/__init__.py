"""HTML pages: templates, links, charts and one style sheet."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.pages.charts import Bar, Columns, Neighbour, Picture, bars, columns, neighbourhood
    from graphmap.service.pages.links import link
    from graphmap.service.pages.renderer import Pages, json_response

__all__ = [
    "Bar",
    "Columns",
    "Neighbour",
    "Pages",
    "Picture",
    "bars",
    "columns",
    "json_response",
    "link",
    "neighbourhood",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.pages",
        {
            "charts": "Bar Columns Neighbour Picture bars columns neighbourhood",
            "links": "link",
            "renderer": "Pages json_response",
        },
    )
