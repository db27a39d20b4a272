"""Request bodies: content coding, multipart forms, nesting of JSON, and their limits."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.http.body.json_nesting import check_nesting
    from graphmap.service.http.body.multipart import Part, parts
    from graphmap.service.http.body.request_body import check_markup, form, media_type_of, read_body, read_json

__all__ = ["Part", "check_markup", "check_nesting", "form", "media_type_of", "parts", "read_body", "read_json"]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.http.body",
        {
            "json_nesting": "check_nesting",
            "multipart": "Part parts",
            "request_body": "check_markup form media_type_of read_body read_json",
        },
    )
