"""Reads RML in Turtle into the frozen plan.

Everything that can be wrong with a mapping is found here, before a record is read.
Source: RML-Core, RML-IO (logical sources), RML-LV (logical views), RML-FNML (function executions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath

import pyoxigraph

from graphmap.errors import Locator, MappingError
from graphmap.lifting.mapping.term_maps import GRAPH, OBJECT, RESOURCE, SUBJECT, TermReader, constant
from graphmap.lifting.mapping_document import MARK, MappingFile, Nodes, check_terms, marked, turtle_of
from graphmap.lifting.mapping_sources import Scope
from graphmap.lifting.optimizer import needed
from graphmap.lifting.plan import FUNCTIONS, Function, Plan, PredicateObject, TermMap, TriplesMap, in_new_terms, rml
from graphmap.rdf import RDF_TYPE, Token, iri_of, literal_parts, with_present_names

__all__ = ["read_mapping"]

_MARK = f"<{MARK}>"


def read_mapping(files: Iterable[FilePath], *, base: str | None, functions: Mapping[str, Function] = FUNCTIONS) -> Plan:
    """Read mapping files as one mapping.

    Args:
        files: Turtle files; YARRRML where the name ends in `.yml` or `.yaml`.
        base: stands before relative IRIs in the data, which are faults without it; a mapping's own `rml:baseIRI` wins.
        functions: those that it may call, by their IRIs.

    Raises:
        MappingError: where a file cannot be read, does not parse, or is no RML that can run; says which statement.
    """
    texts = [_read(file) for file in files]
    index: dict[Token, dict[Token, dict[Token, None]]] = {}
    origin: dict[Token, int] = {}
    offsets: dict[Token, int] = {}
    for number, text in enumerate(texts):
        for subject, predicate, obj in in_new_terms(_parse(text, number)):
            if predicate == _MARK:
                offsets.setdefault(subject, int(literal_parts(obj).lexical))
                continue
            index.setdefault(subject, {}).setdefault(predicate, {})[obj] = None
            origin.setdefault(subject, number)
    listed = {subject: {p: tuple(objects) for p, objects in pairs.items()} for subject, pairs in index.items()}
    return _Reader(Nodes(index=listed, files=texts, origin=origin, offsets=offsets), base or "", functions).plan()


def _read(file: FilePath) -> MappingFile:
    where = Locator(source=str(file))
    try:
        text = with_present_names(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"cannot be read: {error.strerror}", where=where, hint="check the path") from error
    except UnicodeDecodeError as error:
        raise MappingError("is not UTF-8", where=where, hint="save it as UTF-8") from error
    base = file.resolve().as_uri()
    if file.suffix in _YAML:
        return MappingFile(name=f"{file} (as Turtle)", text=turtle_of(text, str(file)), base=base)
    return MappingFile(name=str(file), text=text, base=base)


def _parse(file: MappingFile, number: int) -> Iterable[tuple[Token, Token, Token]]:
    """The statements of a file and its marks; without marks where they do not fit."""
    try:
        return list(_statements(marked(file.text), file.base, number))
    except SyntaxError:
        pass
    try:
        return list(_statements(file.text, file.base, number))
    except SyntaxError as error:
        place = Locator(source=file.name, line=error.lineno, column=error.offset)
        what, excerpt = f"is not Turtle: {error.msg}", file.excerpt_at(error.lineno or 1, error.offset or 1)
        raise MappingError(what, where=place, hint="correct the statement", excerpt=excerpt) from error


def _statements(text: str, base: str, number: int) -> Iterator[tuple[Token, Token, Token]]:
    for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE, base_iri=base):
        subject, predicate, obj = (_scoped(str(term), number) for term in quad.triple)
        yield subject, predicate, obj


def _scoped(token: Token, number: int) -> Token:
    return f"{token}f{number}" if token.startswith("_:") else token


_VALUE = rml("functionValue")
_YAML = (".yml", ".yaml")


class _Reader:
    """One pass over the statements of a mapping."""

    def __init__(self, nodes: Nodes, base: str, functions: Mapping[str, Function]) -> None:
        self._nodes = nodes
        self._base = base
        self._terms = TermReader(nodes, functions)

    def plan(self) -> Plan:
        check_terms(self._nodes)
        told = {value for each in self._nodes.subjects(_VALUE) for value in self._nodes.all(each, _VALUE)}
        # a function value may repeat the source that it reads
        found = [each for each in self._nodes.subjects(rml("logicalSource")) if each not in told]
        if not found:
            raise MappingError(
                "holds no triples map",
                where=Locator(source=self._nodes.files[0].name if self._nodes.files else None),
                hint="a triples map has an rml:logicalSource and a subject map",
            )
        return Plan(
            triples_maps=tuple(made for node in sorted(found) for made in self._triples_maps(node)), base=self._base
        )

    def _triples_maps(self, node: Token) -> Iterator[TriplesMap]:
        """A triples map, and the same over what a full join of its view leaves over."""
        scope = self._terms.scope(self._nodes.one(node, rml("logicalSource")))
        for each in (scope, *scope.rests):
            yield needed(self._triples_map(node, each))

    def _triples_map(self, node: Token, scope: Scope) -> TriplesMap:
        subject_node = self._nodes.maybe(node, rml("subjectMap"))
        subject = self._subject(node, subject_node, scope)
        graphs = self._terms.terms(subject_node, "graph", scope, GRAPH) if subject_node is not None else ()
        classes = self._nodes.all(subject_node, rml("class")) if subject_node is not None else ()
        typed = [
            PredicateObject(predicates=(constant(RDF_TYPE, node),), objects=(constant(each, node),)) for each in classes
        ]
        pairs = [self._predicate_object(each, scope) for each in self._nodes.all(node, rml("predicateObjectMap"))]
        base = self._nodes.maybe(node, rml("baseIRI"))
        return TriplesMap(
            name=node,
            iteration=scope.iteration,
            subject=subject,
            subject_graphs=graphs,
            predicate_objects=(*typed, *pairs),
            base=None if base is None or iri_of(base) == self._base else iri_of(base),
        )

    def _subject(self, node: Token, subject_node: Token | None, scope: Scope) -> TermMap:
        if subject_node is not None:
            return self._terms.term_map(subject_node, scope, SUBJECT)
        given = self._nodes.maybe(node, rml("subject"))
        if given is None:
            raise self._nodes.fault(node, "the triples map has no subject map", "add rml:subjectMap")
        return constant(given, node)

    def _predicate_object(self, node: Token, scope: Scope) -> PredicateObject:
        predicates = self._terms.terms(node, "predicate", scope, RESOURCE)
        objects = self._terms.terms(node, "object", scope, OBJECT)
        if not predicates or not objects:
            what, hint = "a predicate-object map needs a predicate and an object", "add what is missing"
            raise self._nodes.fault(node, what, hint)
        graphs = self._terms.terms(node, "graph", scope, GRAPH)
        return PredicateObject(predicates=predicates, objects=objects, graphs=graphs)
