"""Reads SPARQL into the algebra by way of two parsers: pyoxigraph's as the gate, then rdflib's.

The gate keeps out what rdflib's parser takes by mistake. Nothing but this module knows rdflib's algebra.
Source: SPARQL 1.1 Query Language, section 18.2 (translation to the algebra).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph
import rdflib
from rdflib import paths
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graphmap.errors import QueryError
from graphmap.rdf import Token, iri_token, literal_token
from graphmap.store.sparql import parse_query
from graphmap.virtual.query.algebra import (
    Aggregate,
    Distinct,
    Expression,
    Extend,
    Filter,
    Function,
    Group,
    Join,
    LeftJoin,
    Order,
    Pattern,
    Project,
    Read,
    Select,
    Slice,
    Term,
    Triple,
    Union,
    UnplannedError,
    Variable,
)

__all__ = ["read_algebra"]

_ALL: tuple[Read, ...] = ((None, None, None),)


def read_algebra(text: str) -> Select:
    """Read a query.

    Args:
        text: SPARQL 1.1 query.

    Returns:
        The query; a part of SPARQL that this algebra lacks leaves `pattern` empty.

    Raises:
        QueryError: where it is no query, or reaches out to other services.
    """
    query = parse_query(text)
    if query.form == "UPDATE":
        raise QueryError("this is an update", hint="tables in place are only read")
    variables = _gate(query.text)
    try:
        algebra = translateQuery(parseQuery(query.text)).algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises errors of many kinds; the query itself is right
        why = f"rdflib does not read it: {type(error).__name__}"
        return Select(text=query.text, form=query.form, variables=variables, pattern=None, why=why, reads=_ALL)
    reads = tuple(dict.fromkeys(_reads(algebra))) if query.form != "DESCRIBE" else _ALL
    pattern: Pattern | None = None
    why = f"{query.form} is answered from fetched triples"
    if query.form in ("SELECT", "ASK") and not query.has_dataset:
        try:
            pattern = _Adapter().pattern(algebra.p)
        except UnplannedError as error:
            why = str(error)
    return Select(text=query.text, form=query.form, variables=variables, pattern=pattern, why=why, reads=reads)


def _gate(text: str) -> tuple[Variable, ...]:
    """Parse with the engine, over nothing; the variables of a SELECT in their order."""
    try:
        answer = pyoxigraph.Store().query(text)
    except SyntaxError as error:
        raise QueryError(f"is not SPARQL: {error}", hint="correct the query") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"is refused: {error}", hint="correct the query") from error
    if isinstance(answer, pyoxigraph.QuerySolutions):
        return tuple(Variable(each.value) for each in answer.variables)
    return ()


def _reads(node: Any) -> Iterator[Read]:
    """The triple patterns anywhere in rdflib's algebra, those in EXISTS too."""
    if isinstance(node, CompValue):
        if node.name == "TriplesBlock" or node.name.startswith("Service"):
            yield from _ALL  # not translated: as its parser leaves it
            return
        for triple in node.get("triples") or () if "triples" in node else ():
            yield from _read(*triple)
        for key in node.keys() - {"triples", "template", "_vars"}:
            yield from _reads(node[key])
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _reads(child)


def _read(subject: Any, predicate: Any, value: Any) -> Iterator[Read]:
    if not isinstance(predicate, paths.Path):
        yield _constant(subject), _constant(predicate), _constant(value)
        return
    steps = list(_steps(predicate))
    if None in steps:
        yield from _ALL
    yield from ((None, step, None) for step in steps)


def _steps(path: Any) -> Iterator[Token | None]:
    """The predicates of a path; `None` where it may reach any node or predicate."""
    if isinstance(path, rdflib.URIRef):
        yield iri_token(str(path))
    elif isinstance(path, paths.InvPath):
        yield from _steps(path.arg)
    elif isinstance(path, paths.SequencePath | paths.AlternativePath):
        for part in path.args:
            yield from _steps(part)
    elif isinstance(path, paths.MulPath):
        if path.zero:
            yield None
        yield from _steps(path.path)
    else:
        yield None


def _constant(term: Any) -> Token | None:
    found = _term(term)
    return None if isinstance(found, Variable) else found


def _term(term: Any) -> Term:
    if isinstance(term, rdflib.Variable):
        return Variable(str(term))
    if isinstance(term, rdflib.BNode):
        return Variable(f"_:{term}")
    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None else str(term.datatype)
        language = term.language.lower() if term.language else None
        return literal_token(str(term), datatype=datatype, language=language)
    raise UnplannedError(f"{type(term).__name__} stands where a term is expected")


class _Adapter:
    """Translates rdflib's algebra."""

    def __init__(self) -> None:
        self._fresh = itertools.count()

    def pattern(self, node: Any) -> Pattern:
        """The pattern of a node.

        Raises:
            UnplannedError: where it has no counterpart here.
        """
        make = _PATTERNS.get(node.name)
        if make is None:
            raise UnplannedError(f"{node.name} is answered from fetched triples")
        return make(self, node)

    def bgp(self, node: Any) -> Pattern:
        """A basic graph pattern."""
        return Join(tuple(part for each in node.triples for part in self._triple(*each)))

    def _triple(self, subject: Any, predicate: Any, value: Any) -> Iterator[Pattern]:
        if not isinstance(predicate, paths.Path):
            yield Triple(_term(subject), _term(predicate), _term(value))
        elif isinstance(predicate, paths.InvPath):
            yield from self._triple(value, predicate.arg, subject)
        elif isinstance(predicate, paths.SequencePath):
            between = [rdflib.Variable(f"_:path{next(self._fresh)}") for _ in predicate.args[1:]]
            nodes = [subject, *between, value]
            for place, step in enumerate(predicate.args):
                yield from self._triple(nodes[place], step, nodes[place + 1])
        elif isinstance(predicate, paths.AlternativePath):
            first, *others = (Join(tuple(self._triple(subject, step, value))) for step in predicate.args)
            found: Pattern = first
            for other in others:
                found = Union(found, other)
            yield found
        else:
            raise UnplannedError("a path of any length is answered from fetched triples")

    def join(self, node: Any) -> Pattern:
        """A join."""
        return Join((self.pattern(node.p1), self.pattern(node.p2)))

    def left_join(self, node: Any) -> Pattern:
        """OPTIONAL; rdflib writes a missing filter as the constant true."""
        condition = None if _is_true(node.expr) else expression(node.expr)
        return LeftJoin(self.pattern(node.p1), self.pattern(node.p2), condition)

    def union(self, node: Any) -> Pattern:
        """UNION."""
        return Union(self.pattern(node.p1), self.pattern(node.p2))

    def filter(self, node: Any) -> Pattern:
        """FILTER or HAVING."""
        return Filter(self.pattern(node.p), expression(node.expr))

    def extend(self, node: Any) -> Pattern:
        """BIND or AS."""
        return Extend(self.pattern(node.p), Variable(str(node.var)), expression(node.expr))

    def multiset(self, node: Any) -> Pattern:
        """A subquery."""
        return self.pattern(node.p)

    def group(self, node: Any) -> Pattern:
        """Aggregates over groups."""
        group = node.p
        keys = None if not group.expr else tuple(_key(each) for each in group.expr)
        return Group(self.pattern(group.p), keys, tuple(map(_aggregate, node.A)))

    def project(self, node: Any) -> Pattern:
        """A projection."""
        return Project(self.pattern(node.p), tuple(Variable(str(each)) for each in node.PV))

    def distinct(self, node: Any) -> Pattern:
        """DISTINCT."""
        return Distinct(self.pattern(node.p))

    def order(self, node: Any) -> Pattern:
        """ORDER BY."""
        keys = tuple((expression(each.expr), each.get("order") == "DESC") for each in node.expr)
        return Order(self.pattern(node.p), keys)

    def slice(self, node: Any) -> Pattern:
        """LIMIT and OFFSET."""
        length = node.get("length")
        return Slice(self.pattern(node.p), int(node.start), int(length) if isinstance(length, int) else None)


def _is_true(node: Any) -> bool:
    return isinstance(node, CompValue) and node.name == "TrueFilter"


def _key(node: Any) -> Variable:
    if not isinstance(node, rdflib.Variable):
        raise UnplannedError("a group by an expression is answered from fetched triples")
    return Variable(str(node))


def _aggregate(node: Any) -> Aggregate:
    name = node.name.removeprefix("Aggregate_").upper()
    argument = None if node.vars == "*" else expression(node.vars)
    return Aggregate(name, argument, bool(node.get("distinct")), Variable(str(node.res)))


def expression(node: Any) -> Expression:
    """An expression of rdflib's.

    Raises:
        UnplannedError: where it is of a kind that has no counterpart here.
    """
    if isinstance(node, rdflib.Variable | rdflib.URIRef | rdflib.Literal):
        return _term(node)
    make = _EXPRESSIONS.get(getattr(node, "name", ""))
    if make is not None:
        return make(node)
    name = getattr(node, "name", type(node).__name__)
    if name.startswith("Builtin_"):
        return _builtin(name.removeprefix("Builtin_"), node)
    raise UnplannedError(f"{name} is answered from fetched triples")


def _builtin(name: str, node: Any) -> Expression:
    if "graph" in node or "template" in node:
        raise UnplannedError(f"{name} is answered from fetched triples")
    given = [node[key] for key in ("arg", "arg1", "arg2", "text", "pattern", "flags") if key in node]
    flat = [each for part in given for each in (part if isinstance(part, list) else [part])]
    return Function(name, tuple(map(expression, flat)))


def _logical(sign: str) -> Callable[[Any], Expression]:
    def make(node: Any) -> Expression:
        return Function(sign, (expression(node.expr), *map(expression, node.other)))

    return make


def _relational(node: Any) -> Expression:
    sign = str(node.op)
    if isinstance(node.other, list):
        return Function(sign, (expression(node.expr), *map(expression, node.other)))
    if sign in ("IN", "NOT IN"):
        return Function(sign, (expression(node.expr),))
    return Function(sign, (expression(node.expr), expression(node.other)))


_EXPRESSIONS: Mapping[str, Callable[[Any], Expression]] = MappingProxyType(
    {
        "ConditionalAndExpression": _logical("&&"),
        "ConditionalOrExpression": _logical("||"),
        "RelationalExpression": _relational,
        "UnaryNot": lambda node: Function("!", (expression(node.expr),)),
    }
)
_PATTERNS: Mapping[str, Callable[[_Adapter, Any], Pattern]] = MappingProxyType(
    {
        "BGP": _Adapter.bgp,
        "Join": _Adapter.join,
        "LeftJoin": _Adapter.left_join,
        "Union": _Adapter.union,
        "Filter": _Adapter.filter,
        "Extend": _Adapter.extend,
        "ToMultiSet": _Adapter.multiset,
        "AggregateJoin": _Adapter.group,
        "Project": _Adapter.project,
        "Distinct": _Adapter.distinct,
        "OrderBy": _Adapter.order,
        "Slice": _Adapter.slice,
    }
)
"""Name of a node of rdflib's algebra to what translates it; the others have no counterpart."""
