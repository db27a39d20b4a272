"""Reads term maps: constants, references, templates, function executions, references to other triples maps.

Source: RML-Core, term maps, expression maps and referencing object maps; RML-FNML, function executions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphmap.errors import TermError
from graphmap.lifting.mapping.fnml_legacy import told_function
from graphmap.lifting.mapping.gather_maps import gather_of
from graphmap.lifting.mapping.logical_views import scope_of
from graphmap.lifting.mapping.templates import template_parts
from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.mapping_sources import Scope, targets_of
from graphmap.lifting.plan import (
    OLD_PARAMETERS,
    Call,
    Constant,
    Expression,
    Fresh,
    Function,
    Join,
    Position,
    Reference,
    Template,
    TermMap,
    TermType,
    is_iri,
    language_tag,
    rml,
)
from graphmap.rdf import GRAPHMAP, Token, iri_of, literal_parts

__all__ = ["GRAPH", "OBJECT", "RESOURCE", "SUBJECT", "Role", "TermReader", "constant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Default and allowed term types of a term map.

    Args:
        reference: term type of a reference.
        allowed: term types; empty where any is.
        template: term type of a template.
        may_be_fresh: whether a blank node may stand without an expression.
    """

    reference: TermType
    allowed: tuple[TermType, ...] = ()
    template: TermType = TermType.IRI
    may_be_fresh: bool = False


_IRIS = (TermType.IRI, TermType.URI, TermType.UNSAFE_IRI, TermType.UNSAFE_URI)
SUBJECT = Role(reference=TermType.IRI, allowed=(*_IRIS, TermType.BLANK_NODE), may_be_fresh=True)
RESOURCE = Role(reference=TermType.IRI, allowed=_IRIS)
GRAPH = Role(reference=TermType.IRI, allowed=(*_IRIS, TermType.BLANK_NODE))
OBJECT = Role(reference=TermType.LITERAL, may_be_fresh=True)
_TEXT = Role(reference=TermType.LITERAL, template=TermType.LITERAL)
_TERM_TYPES = {
    rml("IRI"): TermType.IRI,
    rml("URI"): TermType.URI,
    rml("UnsafeIRI"): TermType.UNSAFE_IRI,
    rml("UnsafeURI"): TermType.UNSAFE_URI,
    rml("BlankNode"): TermType.BLANK_NODE,
    rml("Literal"): TermType.LITERAL,
}
_EXPRESSIONS = ("constant", "reference", "template", "functionExecution", "functionValue")


def constant(token: Token, node: Token) -> TermMap:
    """The term map of a constant."""
    return TermMap(expression=Constant(token=token), term_type=_kind(token), name=node)


def _kind(token: Token) -> TermType:
    return {"<": TermType.IRI, "_": TermType.BLANK_NODE}.get(token[:1], TermType.LITERAL)


class TermReader:
    """Reads the term maps of one mapping.

    Args:
        nodes: its statements.
        functions: those that it may call, by their IRIs.
    """

    def __init__(self, nodes: Nodes, functions: Mapping[str, Function]) -> None:
        self._nodes = nodes
        self._functions = functions

    def scope(self, node: Token) -> Scope:
        """The scope of a logical source or a logical view, whose fields may be any expression."""
        return scope_of(self._nodes, node, self)

    def text_map(self, node: Token, scope: Scope) -> TermMap:
        """The expression of a field, read as a text."""
        return self.term_map(node, scope, _TEXT)

    def terms(self, node: Token, name: str, scope: Scope, role: Role) -> tuple[TermMap, ...]:
        """The term maps of a role, constants given by the short form first."""
        constants = [constant(each, node) for each in self._nodes.all(node, rml(name))]
        for each in constants:
            self._check_allowed(node, each, role, name)
        maps = [self.term_map(each, scope, role) for each in self._nodes.all(node, rml(name + "Map"))]
        return (*constants, *maps)

    def term_map(self, node: Token, scope: Scope, role: Role) -> TermMap:
        """One term map.

        Raises:
            MappingError: where it is none that can run.
        """
        if self._nodes.maybe(node, rml("parentTriplesMap")) is not None:
            return self._referring(node, scope)
        if self._nodes.all(node, rml("gather")):
            return self._gathering(node, scope, role)
        return self._plain(node, scope, role)

    def _gathering(self, node: Token, scope: Scope, role: Role) -> TermMap:
        """A gather map; what else it says is about the head of what it makes."""
        named = any(self._nodes.all(node, rml(each)) for each in _EXPRESSIONS)
        head = self._plain(node, scope, SUBJECT) if named else None
        gather = gather_of(self._nodes, node, head, lambda member: self.term_map(member, scope, OBJECT))
        made = TermMap(
            expression=gather,
            term_type=head.term_type if head is not None else TermType.BLANK_NODE,
            name=node,
            targets=targets_of(self._nodes, [node]),
            written=self._nodes.place(node),
        )
        self._check_allowed(node, made, role, "term")
        return made

    def _plain(self, node: Token, scope: Scope, role: Role) -> TermMap:
        """A term map that makes single terms."""
        expression = self._expression(node, scope, role)
        datatype, datatype_map = self._constant_or_map(node, "datatype", scope, RESOURCE)
        language, language_map = self._constant_or_map(node, "language", scope, _TEXT)
        declared = any(each is not None for each in (datatype, datatype_map, language, language_map))
        made = TermMap(
            expression=expression,
            term_type=self._term_type(node, expression, role, literal=declared),
            name=node,
            datatype=iri_of(datatype) if datatype else None,
            language=self._language(node, language) if language else None,
            datatype_map=datatype_map,
            language_map=language_map,
            rule=self._nodes.text(node, f"<{GRAPHMAP}rule>"),
            unique_rule=self._nodes.text(node, f"<{GRAPHMAP}uniqueRule>"),
            targets=targets_of(self._nodes, self._with_inner(node)),
            written=self._nodes.place(node),
        )
        self._check_allowed(node, made, role, "term")
        return made

    def _with_inner(self, node: Token) -> Iterator[Token]:
        """A term map and the maps of its datatype and language."""
        yield node
        for name in ("datatypeMap", "languageMap"):
            yield from self._nodes.all(node, rml(name))

    def _check_allowed(self, node: Token, term_map: TermMap, role: Role, name: str) -> None:
        if role.allowed and term_map.term_type not in role.allowed:
            names = " or ".join(f"rml:{each.value}" for each in role.allowed if "Un" not in each.value)
            raise self._nodes.fault(node, f"the {name} cannot be a {term_map.term_type.value}", f"use {names}")
        if isinstance(term_map.expression, Constant):
            same = term_map.term_type is _kind(term_map.expression.token)
            if not same and not (term_map.term_type.names and term_map.expression.token[0] == "<"):
                what = f"the constant {term_map.expression.token} cannot be a {term_map.term_type.value}"
                raise self._nodes.fault(node, what, "change the constant or rml:termType")

    def _constant_or_map(self, node: Token, name: str, scope: Scope, role: Role) -> tuple[Token | None, TermMap | None]:
        """A datatype or language: the token that the mapping gives, or the map that reads it from the data."""
        given = self._nodes.maybe(node, rml(name))
        inner = self._nodes.maybe(node, rml(name + "Map"))
        if given is not None or inner is None:
            return given, None
        made = self.term_map(inner, scope, role)
        return (made.expression.token, None) if isinstance(made.expression, Constant) else (None, made)

    def _language(self, node: Token, token: Token) -> str:
        try:
            return language_tag(literal_parts(token).lexical)
        except TermError as error:
            raise self._nodes.fault(node, error.what, error.hint or "") from error

    def _term_type(self, node: Token, expression: Expression, role: Role, *, literal: bool) -> TermType:
        said = self._nodes.maybe(node, rml("termType"))
        if said is not None:
            if said not in _TERM_TYPES:
                hint = "use rml:IRI, rml:BlankNode or rml:Literal"
                raise self._nodes.fault(node, f"{said} is not a term type", hint, at="termType")
            return _TERM_TYPES[said]
        if isinstance(expression, Constant):
            return _kind(expression.token)
        if literal:
            return TermType.LITERAL
        return role.template if isinstance(expression, Template) else role.reference

    def _referring(self, node: Token, scope: Scope) -> TermMap:
        """A referencing object map: the subject of another triples map, over the same source or by a join."""
        parent = self._nodes.one(node, rml("parentTriplesMap"))
        there = self.scope(self._nodes.one(parent, rml("logicalSource")))
        there = next((rest for rest in there.rests if rest.iteration == scope.iteration), there)
        conditions = self._nodes.all(node, rml("joinCondition"))
        given = self._nodes.maybe(parent, rml("subjectMap"))
        if given is not None:
            subject = self.term_map(given, there, SUBJECT)
        else:
            subject = constant(self._nodes.one(parent, rml("subject")), node)
        if not conditions and there.iteration == scope.iteration:
            return replace(subject, targets=targets_of(self._nodes, [node]))
        if not conditions:
            raise self._nodes.fault(node, "the parent reads another source", "add a join condition")
        if there.rests:
            raise self._nodes.fault(node, "the parent reads a view with a full join", "join by the view itself")
        base = self._nodes.maybe(parent, rml("baseIRI"))
        join = Join(
            parent=there.iteration,
            subject=subject,
            base=iri_of(base) if base else None,
            conditions=tuple(
                (self.side(each, "child", scope), self.side(each, "parent", there)) for each in conditions
            ),
        )
        return TermMap(expression=join, term_type=subject.term_type, name=node, targets=targets_of(self._nodes, [node]))

    def side(self, node: Token, name: str, scope: Scope) -> TermMap:
        """One side of a join condition."""
        text = self._nodes.text(node, rml(name))
        if text is not None:
            return TermMap(expression=scope.reference(text, node), term_type=TermType.LITERAL, name=node)
        return self.term_map(self._nodes.one(node, rml(name + "Map")), scope, _TEXT)

    def _expression(self, node: Token, scope: Scope, role: Role) -> Expression:
        found = ((name, self._nodes.maybe(node, rml(name))) for name in _EXPRESSIONS)
        given = {name: value for name, value in found if value is not None}
        if not given and role.may_be_fresh and self._nodes.maybe(node, rml("termType")) == rml("BlankNode"):
            return Fresh()
        if len(given) != 1:
            what = "has more than one of" if given else "has none of"
            names = "rml:constant, rml:reference, rml:template and rml:functionExecution"
            raise self._nodes.fault(node, f"the term map {what} {names}", "keep one")
        (name, value), *_ = given.items()
        if name == "constant":
            return Constant(token=self._said(node, value))
        if name == "functionExecution":
            return self._call(value, scope)
        if name == "functionValue":
            return self._old_call(value, scope)
        text = self._nodes.text(node, rml(name)) or ""
        return scope.reference(text, node) if name == "reference" else self._template(text, scope, node)

    def _said(self, node: Token, value: Token) -> Token:
        """A constant; older mappings write the IRI of a term map that makes IRIs as a text."""
        kind = _TERM_TYPES.get(self._nodes.maybe(node, rml("termType")) or "")
        text = literal_parts(value).lexical if value[0] == '"' else ""
        return f"<{text}>" if kind is not None and kind.names and is_iri(text) else value

    def _template(self, text: str, scope: Scope, node: Token) -> Expression:
        parts: list[str | Reference | Position | Call] = []
        for plain, reference in template_parts(text, self._nodes, node):
            if plain:
                parts.append(plain)
            if reference is not None:
                parts.append(scope.reference(reference, node))
        return Template(parts=tuple(parts))

    def _call(self, node: Token, scope: Scope) -> Call:
        given = dict(self._argument(each, scope) for each in self._nodes.all(node, rml("input")))
        return self._call_of(node, self._named(node, "function"), given)

    def _old_call(self, node: Token, scope: Scope) -> Call:
        """A function value of the older vocabulary."""
        iri, told = told_function(self._nodes, node)
        given = {}
        for pair, parameter, value in told:
            direct = self._nodes.all(pair, rml("object"))
            made = constant(value, pair) if direct else self.term_map(value, scope, OBJECT)
            given[OLD_PARAMETERS.get(parameter, parameter)] = made
        return self._call_of(node, iri, given)

    def _call_of(self, node: Token, iri: str, given: Mapping[str, TermMap]) -> Call:
        function = self._functions.get(iri)
        if function is None:
            known = ", ".join(sorted(self._functions))
            raise self._nodes.fault(node, f"<{iri}> is not a known function", f"known: {known}")
        unknown = sorted(set(given) - set(function.parameters))
        if unknown:
            hint = f"its parameters: {', '.join(function.parameters)}"
            raise self._nodes.fault(node, f"<{unknown[0]}> is not a parameter of <{iri}>", hint)
        return Call(function=iri, definition=function, arguments=tuple(given.get(each) for each in function.parameters))

    def _named(self, node: Token, name: str) -> str:
        """The function or parameter that is named by itself or by a map, which has to be constant."""
        inner = self._nodes.maybe(node, rml(name + "Map"))
        if inner is None:
            return iri_of(self._nodes.one(node, rml(name)))
        return iri_of(self._nodes.one(inner, rml("constant")))

    def _argument(self, node: Token, scope: Scope) -> tuple[str, TermMap]:
        parameter = self._named(node, "parameter")
        parameter = OLD_PARAMETERS.get(parameter, parameter)
        given = self._nodes.maybe(node, rml("inputValue"))
        if given is not None:
            return parameter, constant(given, node)
        return parameter, self.term_map(self._nodes.one(node, rml("inputValueMap")), scope, OBJECT)
