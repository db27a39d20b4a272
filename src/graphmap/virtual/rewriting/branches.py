"""Branches: conjunctive queries over relations whose variables are cells; a pattern is a union of them.

The triples of a graph are a set, so a row must give each of its triples once: by a proven key, or by DISTINCT.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from graphmap.lifting.plan import TermMap
from graphmap.virtual.fetching import equal_columns
from graphmap.virtual.mapping import Assertion, TermRule, columns_of, inverted, may_meet
from graphmap.virtual.query import Term, Triple, UnplannedError, Variable
from graphmap.virtual.rewriting.cells import Cell, cell_of, constant_cell
from graphmap.virtual.rewriting.conditions import equal
from graphmap.virtual.sources import Relation, Relations

__all__ = ["Branch", "Matcher", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A relation in FROM.

    Args:
        relation: what it is.
        alias: its name there.
        table: SQL of it, where only some columns are taken, each once.
        optional: the conditions of a left join; `None` for an inner one.
    """

    relation: Relation
    alias: str
    table: exp.Expr | None = None
    optional: tuple[exp.Expr, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A conjunctive query.

    Args:
        places: relations, joined in order.
        conditions: all must hold.
        cells: by variable; `None` for one that is never bound.
        subjects: term map of the subject and alias, by variable; for joins of a row with itself.
    """

    places: tuple[Place, ...] = ()
    conditions: tuple[exp.Expr, ...] = ()
    cells: Mapping[str, Cell | None] = field(default_factory=dict)
    subjects: Mapping[str, tuple[TermMap, str]] = field(default_factory=dict)


class Matcher:
    """Matches triple patterns with the assertions of a mapping.

    Args:
        assertions: of the mapping.
        relations: behind its sources.
    """

    def __init__(self, assertions: Sequence[Assertion], relations: Relations) -> None:
        self._assertions = assertions
        self._relations = relations
        self._numbers = itertools.count()

    def matched(self, triple: Triple, branch: Branch) -> list[Branch]:
        """The branches in which a triple pattern is joined to one.

        Raises:
            UnplannedError: where two assertions may give one triple, or terms do not compare exactly in SQL.
        """
        candidates = [each for each in self._assertions if self._may_match(each, triple)]
        for first, second in itertools.combinations(candidates, 2):
            same = first.predicate == second.predicate
            if same and may_meet(first.subject, second.subject) and may_meet(first.object, second.object):
                raise UnplannedError(f"two parts of the mapping may give the same triples of {first.predicate}")
        return [found for each in candidates for found in self._joined(each, triple, branch)]

    @staticmethod
    def _may_match(assertion: Assertion, triple: Triple) -> bool:
        ends = ((triple.subject, assertion.subject), (triple.object, assertion.object))
        known = isinstance(triple.predicate, Variable) or triple.predicate == assertion.predicate
        return known and all(isinstance(term, Variable) or inverted(rule, term) is not None for term, rule in ends)

    def _joined(self, assertion: Assertion, triple: Triple, branch: Branch) -> Iterator[Branch]:
        opened, aliases = self._opened(assertion, triple, branch)
        rows = assertion.rows
        ends = ((triple.subject, assertion.subject), (triple.object, assertion.object))
        found: Branch | None = opened
        for term, rule in ends:
            relation = self._relations.of(rows.parent if rule.of_parent and rows.parent else rows.source)
            found = found and self._bound(term, rule, relation, aliases[rule.of_parent], found)
        found = found and _unified(triple.predicate, Cell(kind="constant", shape=(assertion.predicate,)), found)
        if found is None:
            return
        if isinstance(triple.subject, Variable) and rows.parent is None:
            subject = (assertion.subject.term_map, aliases[False])
            found = replace(found, subjects={**found.subjects, triple.subject.name: subject})
        yield found

    def _bound(self, term: Term, rule: TermRule, relation: Relation, alias: str, branch: Branch) -> Branch | None:
        constant = rule.constant
        if constant is not None:
            return _unified(term, Cell(kind="constant", shape=(constant,)), branch)
        cell = cell_of(rule, relation, alias)
        present = [exp.Not(this=exp.Is(this=value.copy(), expression=exp.null())) for value in cell.values]
        new = tuple(each for each in present if each not in branch.conditions)
        return _unified(term, cell, replace(branch, conditions=(*branch.conditions, *new)))

    def _opened(self, assertion: Assertion, triple: Triple, branch: Branch) -> tuple[Branch, Mapping[bool, str]]:
        """The branch with the rows of an assertion in it, and the aliases of child and parent."""
        rows = assertion.rows
        child = self._relations.of(rows.source)
        known = branch.subjects.get(triple.subject.name) if isinstance(triple.subject, Variable) else None
        if known is not None and known[0] == assertion.subject.term_map:
            place = next((p for p in branch.places if p.alias == known[1]), None)
            if place is not None and self._is_one_row(place, child, assertion):
                return branch, {False: known[1], True: known[1]}
        alias = f"t{next(self._numbers)}"
        if rows.parent is None:
            table = None if _has_key(child, assertion, of_parent=False) else _distinct(child, assertion)
            place = Place(relation=child, alias=alias, table=table)
            return replace(branch, places=(*branch.places, place)), {False: alias, True: alias}
        parent = self._relations.of(rows.parent)
        if not (_has_key(child, assertion, of_parent=False) and _has_key(parent, assertion, of_parent=True)):
            raise UnplannedError("a join of rows without a key may give a triple more than once")
        other = f"t{next(self._numbers)}"
        joined = tuple(equal_columns(rows, self._relations, (alias, other)))
        places = (*branch.places, Place(relation=child, alias=alias), Place(relation=parent, alias=other))
        opened = replace(branch, places=places, conditions=(*branch.conditions, *joined))
        return opened, {False: alias, True: other}

    @staticmethod
    def _is_one_row(place: Place, relation: Relation, assertion: Assertion) -> bool:
        same = place.table is None and place.optional is None and place.relation is relation
        columns = frozenset(map(relation.column, columns_of(assertion.subject.term_map)))
        return same and assertion.rows.parent is None and any(key <= columns for key in relation.keys)


def _columns(relation: Relation, assertion: Assertion, *, of_parent: bool) -> frozenset[str]:
    """The columns of one side that the triple tells apart."""
    rules = [rule for rule in (assertion.subject, assertion.object) if rule.of_parent == of_parent]
    return frozenset(relation.column(name) for rule in rules for name in columns_of(rule.term_map))


def _has_key(relation: Relation, assertion: Assertion, *, of_parent: bool) -> bool:
    columns = _columns(relation, assertion, of_parent=of_parent)
    return any(key <= columns for key in relation.keys)


def _distinct(relation: Relation, assertion: Assertion) -> exp.Expr:
    """The relation with the columns of a triple alone, each combination once."""
    columns = sorted(_columns(relation, assertion, of_parent=False))
    if any(relation.columns[name] == "double" for name in columns):
        raise UnplannedError("numbers of floating point without a key are made distinct by the engine")
    if not columns:
        raise UnplannedError("a triple that is the same for every row of a table is found by the engine")
    chosen = [exp.alias_(relation.value(name, "d"), name, quoted=True) for name in columns]
    return exp.select(*chosen).distinct().from_(exp.alias_(relation.table.copy(), "d", table=True)).subquery()


def _unified(term: Term, cell: Cell, branch: Branch) -> Branch | None:
    """The branch in which a term of the query is the term of a cell; `None` where that cannot be."""
    if not isinstance(term, Variable):
        return _with(equal_terms(cell, constant_cell(term)), branch)
    if term.name not in branch.cells:
        return replace(branch, cells={**branch.cells, term.name: cell})
    known = branch.cells[term.name]
    if known is None or known.when is not None:
        raise UnplannedError("a variable that may be unbound is joined by the engine")
    return _with(equal_terms(known, cell), branch)


def equal_terms(first: Cell, second: Cell) -> exp.Expr:
    """Return whether two terms are the same one; numbers of different datatypes are not."""
    kinds = [constant_cell(c.shape[0]).kind if c.kind == "constant" else c.kind for c in (first, second)]
    return equal(first, second) if kinds[0] == kinds[1] else exp.false()


def _with(condition: exp.Expr, branch: Branch) -> Branch | None:
    plain = condition.unnest()
    if plain == exp.true() or condition in branch.conditions:
        return branch
    if plain == exp.false():
        return None
    return replace(branch, conditions=(*branch.conditions, condition))
