"""Descriptions of the service for programs: SPARQL service description, VoID and DCAT.

Nothing here scans the store: names come from the context, numbers from the last count of the home page.
Source: SPARQL 1.1 Service Description, sections 2 and 3; VoID, sections 2 to 4; DCAT 3, section 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from starlette.requests import Request

from graphmap.rdf import RDF_TYPE, Token, iri_token, literal_token
from graphmap.service.dependencies import Services

__all__ = ["service_description", "void_description"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_SH = "http://www.w3.org/ns/shacl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_DCTERMS = "http://purl.org/dc/terms/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"),
)


def service_description(request: Request, services: Services) -> bytes:
    """The description of the SPARQL endpoint, as N-Triples."""
    service = iri_token(_address(request, services, "/sparql"))
    dataset, graph = f"<{services.layout.base}#dataset>", f"<{services.layout.base}#graph>"
    lines = [
        _line(service, RDF_TYPE, f"<{_SD}Service>"),
        _line(service, _sd("endpoint"), service),
        _line(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        _line(service, _sd("supportedLanguage"), _sd("SPARQL11Update")),
        _line(service, _sd("defaultDataset"), dataset),
        _line(dataset, RDF_TYPE, f"<{_SD}Dataset>"),
        _line(dataset, _sd("defaultGraph"), graph),
        _line(graph, RDF_TYPE, f"<{_SD}Graph>"),
        *(_line(service, _sd("resultFormat"), f"<{_FORMATS}{name}>") for name in _RESULT_FORMATS),
        *_named_graphs(services, dataset),
        *_examples(services, service),
    ]
    if services.query_limits.hosts:
        lines.append(_line(service, _sd("feature"), _sd("BasicFederatedQuery")))
    return "".join(lines).encode()


def void_description(request: Request, services: Services, counts: Mapping[str, int]) -> bytes:
    """The description of the dataset, as N-Triples.

    Args:
        request: says under which address the service answers.
        services: has names and prefixes.
        counts: number of things by class.
    """
    dataset = f"<{services.layout.base}#dataset>"
    endpoint = iri_token(_address(request, services, "/sparql"))
    lines = [
        *(_line(dataset, RDF_TYPE, kind) for kind in (f"<{_VOID}Dataset>", f"<{_DCAT}Dataset>", f"<{_SD}Dataset>")),
        _line(dataset, f"<{_DCTERMS}title>", literal_token("Knowledge graph", language="en")),
        _line(dataset, _void("sparqlEndpoint"), endpoint),
        _line(dataset, _void("uriSpace"), literal_token(services.layout.base)),
        _line(dataset, _void("uriLookupEndpoint"), iri_token(_address(request, services, "/resource?iri="))),
        *(_line(dataset, _void("feature"), f"<{_FORMATS}{name}>") for name in ("Turtle", "JSON-LD", "N-Triples")),
        *(_line(dataset, _void("vocabulary"), iri_token(iri)) for iri in sorted(set(services.prefixes.values()))),
        *_partitions(services, dataset, counts),
        *_catalog(request, services, dataset, endpoint),
    ]
    return "".join(lines).encode()


def _partitions(services: Services, dataset: Token, counts: Mapping[str, int]) -> Iterator[str]:
    for place, (iri, number) in enumerate(sorted(counts.items())):
        part = f"<{services.layout.base}#class-{place}>"
        yield _line(dataset, _void("classPartition"), part)
        yield _line(part, _void("class"), iri_token(iri))
        yield _line(part, _void("entities"), literal_token(str(number), datatype=f"{_XSD}integer"))
        if iri.startswith(services.layout.base):
            yield _line(dataset, _void("rootResource"), iri_token(iri))


def _catalog(request: Request, services: Services, dataset: Token, endpoint: Token) -> Iterator[str]:
    catalog = f"<{services.layout.base}#catalog>"
    access = f"<{services.layout.base}#sparql>"
    yield _line(catalog, RDF_TYPE, f"<{_DCAT}Catalog>")
    yield _line(catalog, f"<{_DCAT}dataset>", dataset)
    yield _line(catalog, f"<{_DCAT}service>", access)
    yield _line(access, RDF_TYPE, f"<{_DCAT}DataService>")
    yield _line(access, f"<{_DCAT}endpointURL>", endpoint)
    yield _line(access, f"<{_DCAT}servesDataset>", dataset)
    yield _line(access, f"<{_DCAT}endpointDescription>", iri_token(_address(request, services, "/openapi.json")))
    yield _line(dataset, f"<{_FOAF}homepage>", iri_token(_address(request, services, "/")))


def _named_graphs(services: Services, dataset: Token) -> Iterator[str]:
    for name in sorted(services.layout.special):
        node = f"<{name[1:-1]}#named>"
        yield _line(dataset, _sd("namedGraph"), node)
        yield _line(node, RDF_TYPE, f"<{_SD}NamedGraph>")
        yield _line(node, _sd("name"), name)


def _examples(services: Services, service: Token) -> Iterator[str]:
    """Prefixes and example queries as editors look for them. Source: SHACL, section 5.2.1; SHACL-AF, section 7."""
    for prefix, namespace in sorted(services.prefixes.items()):
        declared = f"<{services.layout.base}#prefix-{prefix}>"
        yield _line(service, f"<{_SH}declare>", declared)
        yield _line(declared, f"<{_SH}prefix>", literal_token(prefix))
        yield _line(declared, f"<{_SH}namespace>", literal_token(namespace, datatype=f"{_XSD}anyURI"))
    for query in services.queries.values():
        example = f"<{services.layout.base}queries/{quote(query.name)}>"
        form = query.form.lower()
        yield _line(example, RDF_TYPE, f"<{_SH}SPARQLExecutable>")
        yield _line(example, f"<{_RDFS}label>", literal_token(query.title))
        yield _line(example, f"<{_RDFS}comment>", literal_token(query.description))
        yield _line(example, f"<{_SH}{form}>", literal_token(query.text))
        yield _line(example, "<https://schema.org/target>", service)


def _address(request: Request, services: Services, path: str) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', services.hosts[0])}{services.root_path}{path}"


def _line(subject: Token, predicate: Token, obj: Token) -> str:
    return f"{subject} {predicate} {obj} .\n"


def _sd(name: str) -> Token:
    return f"<{_SD}{name}>"


def _void(name: str) -> Token:
    return f"<{_VOID}{name}>"
