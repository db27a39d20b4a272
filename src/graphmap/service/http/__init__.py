"""HTTP: content negotiation, request bodies, problem details, streaming and admission."""

from typing import TYPE_CHECKING

from graphmap.lazy_imports import deferred

if TYPE_CHECKING:
    from graphmap.service.http import problem_details
    from graphmap.service.http.conditional_requests import Unmodified, check_absent
    from graphmap.service.http.page_cache import Rendered
    from graphmap.service.http.pagination import Page, page_of, paged
    from graphmap.service.http.problem_details import Problems, guarded
    from graphmap.service.http.query_results import Cell, Table, Term, cell_of, ndjson, read_rows, read_table
    from graphmap.service.http.raw_paths import document_iri
    from graphmap.service.http.rdf_response import write, write_graph
    from graphmap.service.http.security_headers import uri, with_security
    from graphmap.service.http.server import HttpServer
    from graphmap.service.http.streamed_answer import answer, is_true
    from graphmap.service.http.thread_offload import run_in_thread

__all__ = [
    "Cell",
    "HttpServer",
    "Page",
    "Problems",
    "Rendered",
    "Table",
    "Term",
    "Unmodified",
    "answer",
    "cell_of",
    "check_absent",
    "document_iri",
    "guarded",
    "is_true",
    "ndjson",
    "page_of",
    "paged",
    "problem_details",
    "read_rows",
    "read_table",
    "run_in_thread",
    "uri",
    "with_security",
    "write",
    "write_graph",
]

if not TYPE_CHECKING:  # a checker would take any name for one of the package
    __getattr__ = deferred(
        "graphmap.service.http",
        {
            "conditional_requests": "Unmodified check_absent",
            "page_cache": "Rendered",
            "pagination": "Page page_of paged",
            "problem_details": "Problems guarded",
            "query_results": "Cell Table Term cell_of ndjson read_rows read_table",
            "raw_paths": "document_iri",
            "rdf_response": "write write_graph",
            "security_headers": "uri with_security",
            "server": "HttpServer",
            "streamed_answer": "answer is_true",
            "thread_offload": "run_in_thread",
        },
    )
