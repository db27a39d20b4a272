"""The OpenAPI document: the routes in a table, and a path for each saved query, with its parameters and an example.

Source: OpenAPI Specification 3.1, sections 4.8.8 to 4.8.16.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version

from graphmap.saved_queries import Parameter, SavedQuery
from graphmap.service.dependencies import Services
from graphmap.service.http.negotiation import DESCRIPTIONS, GRAPHS, PAGES, Offer, offers_for

__all__ = ["openapi"]

_Members = dict[str, object]
_SCHEMAS: Mapping[str, _Members] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "iri": {"type": "string", "format": "iri"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
}
_ANYTHING = Offer(name="text", media_type="text/plain")
_JSON = Offer(name="json", media_type="application/json")
_JSONLD = Offer(name="jsonld", media_type="application/ld+json")
_STRING: _Members = {"type": "string"}
_ERRORS = {
    "400": "The request is wrong.",
    "401": "A token is needed.",
    "403": "The token, or the graph, does not allow it.",
    "404": "It is not here.",
    "405": "It is not done by this method.",
    "406": "The format is not available.",
    "412": "It exists already, and was to be made.",
    "413": "The body is too long.",
    "415": "The body is of the wrong kind.",
    "422": "A limit was reached, or the record does not conform.",
    "429": "Too many requests from one address.",
    "431": "A header is too long.",
    "503": "Too busy, or the store is not there.",
    "504": "The time for the query was up.",
}


def openapi(services: Services) -> _Members:
    """Describe the service."""
    paths: dict[str, _Members] = {
        "/sparql": {
            "get": _operation("Ask a query", (*offers_for("SELECT"), *GRAPHS), _sparql_parameters()),
            "post": _operation("Ask a query, or run an update", (*offers_for("SELECT"), *GRAPHS), (), _sparql_body()),
        },
        "/graphs": {
            "get": _operation("Read a graph", GRAPHS, _graph_parameters()),
            "put": _operation("Replace a graph", (), _graph_parameters(), _graph_body()),
            "post": _operation("Merge into a graph", (), _graph_parameters(), _graph_body()),
            "delete": _operation("Drop a graph", (), _graph_parameters()),
        },
        "/resource": {"get": _operation("Describe a thing", DESCRIPTIONS, (_iri_parameter(),))},
        "/records": {"post": _operation("Take records in", (_JSON,), (), _record_body())},
        "/validate": {"post": _operation("Validate a record; store nothing", (_JSON,), (), _record_body())},
        "/reports": {"get": _operation("List findings", PAGES, _report_parameters())},
        "/queries": {"get": _operation("List saved queries", PAGES)},
        "/quarantine": {"get": _operation("List quarantined records", PAGES, _quarantine_parameters())},
        "/search": {"get": _operation("Find things by names, codes and keys", PAGES, _search_parameters())},
        "/": {"get": _operation("Count what is here", PAGES)},
        "/ontology": {"get": _operation("Classes and properties", GRAPHS)},
        "/shapes": {"get": _operation("Shapes", GRAPHS)},
        "/.well-known/void": {"get": _operation("Describe the dataset", GRAPHS)},
        "/context.jsonld": {"get": _operation("The JSON-LD context", (_JSONLD,))},
        "/healthz": {"get": _operation("Does it live?", (_ANYTHING,))},
        "/readyz": {"get": _operation("Is it ready?", (_ANYTHING,))},
        "/metrics": {"get": _operation("Numbers for Prometheus", (_ANYTHING,))},
    }
    paths |= {f"/queries/{query.name}": {"get": _saved(query)} for query in services.queries.values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "graphmap", "version": version("graphmap"), "description": "A validated knowledge graph."},
        "servers": [{"url": services.root_path or "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {status: _problem(text) for status, text in _ERRORS.items()},
        },
        "security": [{}, {"token": []}],
    }


def _operation(
    summary: str, offers: Iterable[Offer], parameters: Iterable[_Members] = (), body: _Members | None = None
) -> _Members:
    content: _Members = {offer.media_type: {"schema": {}} for offer in offers}
    responses: _Members = {
        "200": {"description": "Done.", "content": content},
        "201": {"description": "Made."},
        "204": {"description": "Done; there is nothing to say."},
        "207": {"description": "Some records did not conform.", "content": {"application/json": {"schema": {}}}},
        "304": {"description": "Not changed."},
    }
    if body is None:
        del responses["207"]
    responses |= {status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS}
    members: _Members = {"summary": summary, "parameters": list(parameters), "responses": responses}
    return members if body is None else members | {"requestBody": body}


def _problem(text: str) -> _Members:
    kinds = ("application/problem+json", "text/html", "application/json")
    return {"description": text, "content": {kind: {"schema": {}} for kind in kinds}}


def _saved(query: SavedQuery) -> _Members:
    parameters = [_parameter(parameter) for parameter in query.parameters]
    paging = [
        _in_query("limit", "Rows of a page.", {"type": "integer", "minimum": 1, "maximum": 10_000}),
        _in_query("offset", "Rows before the page.", {"type": "integer", "minimum": 0}),
        _in_query("format", "The format, instead of Accept.", _STRING),
        _in_query("empty", "404 makes an answer without rows a 404.", {"enum": ["404"]}),
    ]
    names = {parameter.name for parameter in query.parameters}
    extra = [entry for entry in paging if entry["name"] not in names]
    return _operation(query.title, offers_for(query.form), [*parameters, *extra]) | {"description": query.description}


def _parameter(parameter: Parameter) -> _Members:
    schema = dict(_SCHEMAS.get(parameter.kind, _STRING))
    entry = _in_query(parameter.name, parameter.meaning, schema)
    if parameter.default is not None:
        entry["example"] = parameter.default
    return entry | {"required": parameter.required}


def _in_query(name: str, meaning: str, schema: _Members) -> _Members:
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def _iri_parameter() -> _Members:
    schema: _Members = {"type": "string", "format": "iri"}
    return _in_query("iri", "The thing.", schema) | {"required": True}


def _sparql_parameters() -> list[_Members]:
    query = _in_query("query", "SPARQL 1.1.", _STRING) | {"example": "SELECT * { ?s ?p ?o } LIMIT 10"}
    return [
        query,
        _in_query("default-graph-uri", "A default graph.", {"type": "string", "format": "iri"}),
        _in_query("named-graph-uri", "A named graph.", {"type": "string", "format": "iri"}),
        _in_query("timeout", "Seconds; lowers the limit.", {"type": "number", "exclusiveMinimum": 0}),
        _in_query("format", "The format, instead of Accept.", _STRING),
    ]


def _graph_parameters() -> list[_Members]:
    return [
        _in_query("graph", "A named graph.", {"type": "string", "format": "iri"}),
        _in_query("default", "The default graph.", _STRING),
    ]


def _report_parameters() -> list[_Members]:
    return [
        _in_query("severity", "Of this severity.", {"enum": ["Violation", "Warning", "Info"]}),
        _in_query("rule", "Of this rule.", _STRING),
        _in_query("limit", "So many.", {"type": "integer", "minimum": 0, "maximum": 1000}),
        _in_query("offset", "After so many.", {"type": "integer", "minimum": 0}),
    ]


def _quarantine_parameters() -> list[_Members]:
    return [
        _in_query("outcome", "With this outcome.", {"enum": ["quarantined", "rejected"]}),
        _in_query("offset", "After so many.", {"type": "integer", "minimum": 0}),
    ]


def _search_parameters() -> list[_Members]:
    return [
        _in_query("q", "Words.", {"type": "string", "maxLength": 200}),
        _in_query("kind", "Of this class.", {"type": "string", "format": "iri"}),
        _in_query("limit", "So many.", {"type": "integer", "minimum": 0, "maximum": 100}),
        _in_query("offset", "After so many.", {"type": "integer", "minimum": 0, "maximum": 10_000}),
    ]


def _sparql_body() -> _Members:
    form = {"type": "object", "properties": {"query": _STRING, "update": _STRING}}
    return _body(
        {
            "application/x-www-form-urlencoded": {"schema": form},
            "application/sparql-query": {"schema": _STRING},
            "application/sparql-update": {"schema": _STRING},
        }
    )


def _graph_body() -> _Members:
    kinds = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
    return _body({kind: {"schema": _STRING} for kind in kinds})


def _record_body() -> _Members:
    return _body({"application/json": {"schema": {}}, "application/x-ndjson": {"schema": _STRING}})


def _body(content: Mapping[str, object]) -> _Members:
    return {"required": True, "content": dict(content)}
