"""Reads RML in Turtle into the frozen plan.

Everything that can be wrong with a mapping is found here, before a record is read.
Source: RML-Core, RML-IO (logical sources), RML-LV (logical views), RML-FNML (function executions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

import pyoxigraph

from graphmap.errors import Locator, MappingError
from graphmap.lifting.fields import Scope, scope_of_source, scope_of_view
from graphmap.lifting.functions import FUNCTIONS, GRAPHMAP
from graphmap.lifting.nodes import MappingFile, Nodes
from graphmap.lifting.plan import (
    Call,
    Constant,
    Expression,
    Plan,
    PredicateObject,
    Reference,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from graphmap.lifting.vocabulary import in_new_terms, rml
from graphmap.terms import RDF_TYPE, Token, iri_of, literal_parts

__all__ = ["read_mapping"]


def read_mapping(files: Iterable[FilePath], *, base: str) -> Plan:
    """Read mapping files as one mapping.

    Args:
        files: Turtle files.
        base: base IRI of relative references in the data; a mapping's own `rml:baseIRI` wins.

    Raises:
        MappingError: where a file cannot be read, does not parse, or is no RML that can run; says which statement.
    """
    texts = [_read(file) for file in files]
    index: dict[Token, dict[Token, dict[Token, None]]] = {}
    origin: dict[Token, int] = {}
    for number, text in enumerate(texts):
        for subject, predicate, obj in in_new_terms(_parse(text, number)):
            index.setdefault(subject, {}).setdefault(predicate, {})[obj] = None
            origin.setdefault(subject, number)
    listed = {subject: {p: tuple(objects) for p, objects in pairs.items()} for subject, pairs in index.items()}
    return _Reader(Nodes(index=listed, files=texts, origin=origin), base).plan()


def _read(file: FilePath) -> MappingFile:
    where = Locator(source=str(file))
    try:
        return MappingFile(name=str(file), text=file.read_text(encoding="utf-8"), base=file.resolve().as_uri())
    except OSError as error:
        raise MappingError(f"cannot be read: {error.strerror}", where=where, hint="check the path") from error
    except UnicodeDecodeError as error:
        raise MappingError("is not UTF-8", where=where, hint="save it as UTF-8") from error


def _parse(file: MappingFile, number: int) -> Iterable[tuple[Token, Token, Token]]:
    try:
        parsed = pyoxigraph.parse(file.text, pyoxigraph.RdfFormat.TURTLE, base_iri=file.base)
        return [tuple(_scoped(str(term), number) for term in quad.triple) for quad in parsed]  # type: ignore[misc]
    except SyntaxError as error:
        place = Locator(source=file.name, line=error.lineno, column=error.offset)
        raise MappingError(f"is no Turtle: {error.msg}", where=place) from error


def _scoped(token: Token, number: int) -> Token:
    return f"{token}f{number}" if token.startswith("_:") else token


@dataclass(slots=True)
class _Defaults:
    """What a term map is taken for where it does not say."""

    reference: TermType
    template: TermType = TermType.IRI


_SUBJECT = _Defaults(reference=TermType.IRI)
_OBJECT = _Defaults(reference=TermType.LITERAL)
_TERM_TYPES = {
    rml("IRI"): TermType.IRI,
    rml("URI"): TermType.IRI,
    rml("UnsafeIRI"): TermType.UNSAFE_IRI,
    rml("UnsafeURI"): TermType.UNSAFE_IRI,
    rml("BlankNode"): TermType.BLANK_NODE,
    rml("Literal"): TermType.LITERAL,
}


class _Reader:
    """One pass over the statements of a mapping."""

    def __init__(self, nodes: Nodes, base: str) -> None:
        self._nodes = nodes
        self._base = base

    def plan(self) -> Plan:
        found = self._nodes.subjects(rml("logicalSource"))
        if not found:
            raise MappingError(
                "holds no triples map",
                where=Locator(source=self._nodes.files[0].name if self._nodes.files else None),
                hint="a triples map has an rml:logicalSource and a subject map",
            )
        return Plan(triples_maps=tuple(self._triples_map(node) for node in sorted(found)), base=self._own_base(found))

    def _own_base(self, found: Iterable[Token]) -> str:
        bases = {iri_of(base) for node in found for base in self._nodes.all(node, rml("baseIRI"))}
        return bases.pop() if len(bases) == 1 else self._base

    def _triples_map(self, node: Token) -> TriplesMap:
        scope = self._scope(self._nodes.one(node, rml("logicalSource")))
        subject_node = self._nodes.maybe(node, rml("subjectMap"))
        subject_constant = self._nodes.maybe(node, rml("subject"))
        if subject_node is None and subject_constant is None:
            raise self._nodes.fault(node, "the triples map has no subject map", "add rml:subjectMap")
        subject = (
            self._term_map(subject_node, scope, _SUBJECT)
            if subject_node is not None
            else _constant(subject_constant or "", node)
        )
        if subject.term_type is TermType.LITERAL:
            raise self._nodes.fault(node, "a subject cannot be a literal", "use rml:IRI or rml:BlankNode")
        graphs = self._terms(subject_node, "graph", scope) if subject_node is not None else ()
        classes = tuple(self._nodes.all(subject_node, rml("class"))) if subject_node is not None else ()
        typed = (
            PredicateObject(predicates=(_constant(RDF_TYPE, node),), objects=(_constant(each, node),))
            for each in classes
        )
        pairs = (self._predicate_object(each, scope) for each in self._nodes.all(node, rml("predicateObjectMap")))
        return TriplesMap(
            name=node,
            iteration=scope.iteration,
            subject=subject,
            subject_graphs=graphs,
            predicate_objects=(*typed, *pairs),
        )

    def _scope(self, node: Token) -> Scope:
        if self._nodes.maybe(node, rml("viewOn")) is not None:
            return scope_of_view(self._nodes, node)
        return scope_of_source(self._nodes, node)

    def _predicate_object(self, node: Token, scope: Scope) -> PredicateObject:
        predicates = self._terms(node, "predicate", scope)
        objects = self._terms(node, "object", scope)
        if not predicates or not objects:
            raise self._nodes.fault(
                node, "a predicate-object map needs a predicate and an object", "add what is missing"
            )
        return PredicateObject(predicates=predicates, objects=objects, graphs=self._terms(node, "graph", scope))

    def _terms(self, node: Token, role: str, scope: Scope) -> tuple[TermMap, ...]:
        constants = (_constant(each, node) for each in self._nodes.all(node, rml(role)))
        defaults = _OBJECT if role == "object" else _SUBJECT
        maps = (self._term_map(each, scope, defaults) for each in self._nodes.all(node, rml(role + "Map")))
        return (*constants, *maps)

    def _term_map(self, node: Token, scope: Scope, defaults: _Defaults) -> TermMap:
        if self._nodes.maybe(node, rml("parentTriplesMap")) is not None:
            return self._referring(node, scope)
        expression = self._expression(node, scope)
        datatype = self._nodes.maybe(node, rml("datatype"))
        language = self._nodes.maybe(node, rml("language"))
        return TermMap(
            expression=expression,
            term_type=self._term_type(node, expression, defaults, literal=bool(datatype or language)),
            name=node,
            datatype=iri_of(datatype) if datatype else None,
            language=literal_parts(language).lexical.lower() if language else None,
            rule=self._nodes.text(node, f"<{GRAPHMAP}rule>"),
            unique_rule=self._nodes.text(node, f"<{GRAPHMAP}uniqueRule>"),
        )

    def _term_type(self, node: Token, expression: Expression, defaults: _Defaults, *, literal: bool) -> TermType:
        said = self._nodes.maybe(node, rml("termType"))
        if said is not None:
            if said not in _TERM_TYPES:
                raise self._nodes.fault(node, f"{said} is no term type", "use rml:IRI, rml:BlankNode or rml:Literal")
            return _TERM_TYPES[said]
        if isinstance(expression, Constant):
            return _kind(expression.token)
        if literal:
            return TermType.LITERAL
        return defaults.template if isinstance(expression, Template) else defaults.reference

    def _referring(self, node: Token, scope: Scope) -> TermMap:
        """A referencing object map: the subject of another triples map over the same source."""
        parent = self._nodes.one(node, rml("parentTriplesMap"))
        if self._nodes.all(node, rml("joinCondition")):
            raise self._nodes.fault(node, "joins between sources are not read", "lift the sources apart")
        there = self._scope(self._nodes.one(parent, rml("logicalSource")))
        if there.iteration != scope.iteration:
            raise self._nodes.fault(node, "the parent reads another source", "add a join condition")
        subject = self._nodes.maybe(parent, rml("subjectMap"))
        return (
            self._term_map(subject, scope, _SUBJECT)
            if subject
            else _constant(self._nodes.one(parent, rml("subject")), node)
        )

    def _expression(self, node: Token, scope: Scope) -> Expression:
        given = {
            name: value
            for name in ("constant", "reference", "template", "functionExecution")
            if (value := self._nodes.maybe(node, rml(name))) is not None
        }
        if len(given) != 1:
            what = "has more than one of" if given else "has none of"
            raise self._nodes.fault(
                node,
                f"the term map {what} rml:constant, rml:reference, rml:template and rml:functionExecution",
                "keep one",
            )
        (name, value), *_ = given.items()
        if name == "constant":
            return Constant(token=value)
        if name == "functionExecution":
            return self._call(value, scope)
        text = literal_parts(value).lexical
        return scope.reference(text, node) if name == "reference" else self._template(text, scope, node)

    def _template(self, text: str, scope: Scope, node: Token) -> Expression:
        parts: list[str | Reference] = []
        for constant, reference in _template_parts(text, self._nodes, node):
            if constant:
                parts.append(constant)
            if reference is not None:
                parts.append(scope.reference(reference, node))
        return Template(parts=tuple(parts))

    def _call(self, node: Token, scope: Scope) -> Call:
        iri = iri_of(self._nodes.one(node, rml("function")))
        function = FUNCTIONS.get(iri)
        if function is None:
            raise self._nodes.fault(
                node, f"<{iri}> is no function known here", f"known: {', '.join(sorted(FUNCTIONS))}"
            )
        given: Mapping[str, TermMap] = dict(self._argument(each, scope) for each in self._nodes.all(node, rml("input")))
        unknown = sorted(set(given) - set(function.parameters))
        if unknown:
            raise self._nodes.fault(
                node, f"<{unknown[0]}> is no parameter of <{iri}>", f"its parameters: {', '.join(function.parameters)}"
            )
        return Call(function=iri, arguments=tuple(given.get(each) for each in function.parameters))

    def _argument(self, node: Token, scope: Scope) -> tuple[str, TermMap]:
        parameter = iri_of(self._nodes.one(node, rml("parameter")))
        constant = self._nodes.maybe(node, rml("inputValue"))
        if constant is not None:
            return parameter, _constant(constant, node)
        return parameter, self._term_map(self._nodes.one(node, rml("inputValueMap")), scope, _OBJECT)


def _constant(token: Token, node: Token) -> TermMap:
    return TermMap(expression=Constant(token=token), term_type=_kind(token), name=node)


def _kind(token: Token) -> TermType:
    return {"<": TermType.IRI, "_": TermType.BLANK_NODE}.get(token[:1], TermType.LITERAL)


def _template_parts(text: str, nodes: Nodes, node: Token) -> Iterable[tuple[str, str | None]]:
    """Cut a template at its braces; a backslash takes a brace, or itself, as it is.

    Source: RML-Core, template-valued expression maps.
    """
    constant, at = "", 0
    while at < len(text):
        character = text[at]
        if character == "\\" and text[at + 1 : at + 2] in ("{", "}", "\\"):
            constant += text[at + 1]
            at += 2
        elif character == "{":
            reference, at = _braced(text, at, nodes, node)
            yield constant, reference
            constant = ""
        elif character == "}":
            what, hint = "the template closes a brace that is not open", "write \\\\} for a brace"
            raise nodes.fault_in_text(node, what, hint, text=text, at=at)
        else:
            constant += character
            at += 1
    yield constant, None


def _braced(text: str, start: int, nodes: Nodes, node: Token) -> tuple[str, int]:
    at, reference = start + 1, ""
    while at < len(text) and text[at] != "}":
        if text[at] == "\\" and text[at + 1 : at + 2] in ("{", "}", "\\"):
            at += 1
        reference += text[at]
        at += 1
    if at >= len(text):
        raise nodes.fault_in_text(node, "the template opens a brace and never closes it", "add }", text=text, at=start)
    return reference, at + 1
