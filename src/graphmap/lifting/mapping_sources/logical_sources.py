"""Reads how a mapping describes a source: path, root, encoding, nulls, the dialect of a table, a database.

Source: RML-IO, sources; R2RML, logical tables; CSVW, table dialects.
"""

from __future__ import annotations

import codecs
from dataclasses import replace

from graphmap.errors import MappingError
from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.mapping_sources.csvw_dialect import csvw, dialect_of
from graphmap.lifting.mapping_sources.reference_scope import Language
from graphmap.lifting.plan import Formulation, LogicalSource, rml
from graphmap.rdf import GRAPHMAP, RDF_TYPE, Token, iri_of, literal_parts
from graphmap.records.readers import Database

__all__ = ["language_of", "logical_source"]

_D2RQ = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"


_FORMULATIONS = {
    rml("CSV"): Formulation.CSV,
    rml("JSONPath"): Formulation.JSON_PATH,
    rml("XPath"): Formulation.XPATH,
    rml("SQL2008Table"): Formulation.SQL,
    rml("SQL2008Query"): Formulation.SQL,
    f"<{GRAPHMAP}LaxJSONPath>": Formulation.LAX_JSON_PATH,
}
_UNNAMED_DATABASE = "database"


def logical_source(nodes: Nodes, node: Token) -> LogicalSource:
    """The source of a logical source, or of a logical table of R2RML.

    Raises:
        MappingError: where it names no source, or the description contradicts itself.
    """
    said = nodes.maybe(node, rml("referenceFormulation"))
    query = _query(nodes, node, said)
    formulation = Formulation.SQL if query is not None else _formulation(nodes, said)
    if formulation is None:
        raise _unknown_formulation(nodes, node, said)
    source = nodes.maybe(node, rml("source")) if query is not None else nodes.one(node, rml("source"))
    if source is None:
        return LogicalSource(name=_UNNAMED_DATABASE, path=None, formulation=formulation, query=query)
    if source[0] == '"':
        path = literal_parts(source).lexical
        namespaces = _namespaces(nodes, said)
        return LogicalSource(name=path, path=path, formulation=formulation, query=query, namespaces=namespaces)
    described = _described(nodes, source, formulation)
    return replace(described, query=query, database=_database(nodes, source), namespaces=_namespaces(nodes, said))


def language_of(nodes: Nodes, node: Token, said: Token | None, *, of: LogicalSource | None = None) -> Language:
    """Reference formulation.

    Args:
        nodes: the statements of the mapping.
        node: that says it.
        said: its reference formulation.
        of: a source that is known already.

    Raises:
        MappingError: where the formulation is none that is read here.
    """
    if of is not None:
        return Language(formulation=of.formulation, namespaces=of.namespaces)
    formulation = _formulation(nodes, said)
    if formulation is None:
        raise _unknown_formulation(nodes, node, said)
    return Language(formulation=formulation, namespaces=_namespaces(nodes, said))


def _unknown_formulation(nodes: Nodes, node: Token, said: Token | None) -> MappingError:
    what = f"{said} is not a supported reference formulation"
    return nodes.fault(node, what, "use rml:CSV, rml:JSONPath or rml:XPath", at="referenceFormulation")


def _formulation(nodes: Nodes, said: Token | None) -> Formulation | None:
    """The formulation of its name, or of a node that describes it."""
    kinds = nodes.all(said, RDF_TYPE) if said is not None else ()
    if rml("XPathReferenceFormulation") in kinds:
        return Formulation.XPATH
    return _FORMULATIONS.get(said or rml("CSV"))


def _namespaces(nodes: Nodes, said: Token | None) -> tuple[tuple[str, str], ...]:
    given = nodes.all(said, rml("namespace")) if said is not None else ()
    pairs = ((nodes.text(each, rml("namespacePrefix")), nodes.text(each, rml("namespaceURL"))) for each in given)
    return tuple(sorted((prefix, url) for prefix, url in pairs if prefix and url))


def _query(nodes: Nodes, node: Token, said: Token | None) -> str | None:
    """The SQL of a source; `None` where it is no database."""
    given = nodes.text(node, rml("sqlQuery"))
    table = nodes.text(node, rml("tableName"))
    if said == rml("SQL2008Query"):
        given = given or nodes.text(node, rml("iterator"))
    elif said == rml("SQL2008Table"):
        table = table or nodes.text(node, rml("iterator"))
    if given is not None:
        return given.strip().removesuffix(";")
    return f"SELECT * FROM {table}" if table is not None else None  # noqa: S608  # a name that the mapping gives


def _database(nodes: Nodes, node: Token) -> Database | None:
    url = nodes.text(node, _d2rq("jdbcDSN"))
    if url is None:
        return None
    username, password = nodes.text(node, _d2rq("username")), nodes.text(node, _d2rq("password"))
    return Database(url=url, username=username, password=password)


def _described(nodes: Nodes, node: Token, formulation: Formulation) -> LogicalSource:
    path = nodes.text(node, rml("path")) or nodes.text(node, csvw("url"))
    dialect = nodes.maybe(node, csvw("dialect")) or node
    encoding = _encoding(nodes, node) or nodes.text(dialect, csvw("encoding"))
    return LogicalSource(
        name=iri_of(node) if node[0] == "<" else path or node,
        path=path,
        formulation=formulation,
        nulls=tuple(sorted(_texts(nodes, node, rml("null")) | _texts(nodes, node, csvw("null")))),
        encoding=_codec(nodes, node, encoding) if encoding is not None else None,
        delimiter=_delimiter(nodes, dialect),
        dialect=dialect_of(nodes, node) if formulation is Formulation.CSV else None,
        from_working_directory=nodes.maybe(node, rml("root")) == rml("CurrentWorkingDirectory"),
    )


def _delimiter(nodes: Nodes, dialect: Token) -> str | None:
    found = nodes.text(dialect, csvw("delimiter"))
    if found is not None and len(found) != 1:
        raise nodes.fault(dialect, f"csvw:delimiter is {found!r}", "use one character", at="delimiter")
    return found


def _d2rq(name: str) -> Token:
    return f"<{_D2RQ}{name}>"


def _texts(nodes: Nodes, node: Token, predicate: Token) -> frozenset[str]:
    return frozenset(literal_parts(each).lexical for each in nodes.all(node, predicate))


def _encoding(nodes: Nodes, node: Token) -> str | None:
    given = nodes.maybe(node, rml("encoding"))
    return None if given is None else iri_of(given).removeprefix(rml("")[1:-1])


def _codec(nodes: Nodes, node: Token, encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise nodes.fault(node, f"{encoding} is not a known encoding", "use rml:UTF-8 or rml:UTF-16") from error
