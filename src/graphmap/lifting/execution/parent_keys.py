"""The parent's side of a join: subjects, or rows of a view, with the texts that the child's side has to meet."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from graphmap.lifting.compiler import Odd, as_mapping, document_keys
from graphmap.lifting.compiler.rows import plain_rows, row_keys
from graphmap.lifting.interpreter import Chains, Generation, Maker, rows_of
from graphmap.lifting.plan import Join, ViewJoin
from graphmap.lifting.run_state import Key, Outside
from graphmap.rdf import Token
from graphmap.records import Raw, ValueForms

__all__ = ["Collected", "Indexer"]

Pairs = Callable[[Any], Iterator[tuple[Token, Key]]]
"""From a record as the interpreter reads it to what it adds to the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexer:
    """Goes through the records of a join's parent.

    Args:
        join: whose parent it is.
        add: called with the texts of the conditions and the subject, or row of a view, that they belong to.
        base: of relative IRIs.
        outside: the indexes of joins that the parent's view has.
        compiled: whether rows may take the fast path.
        numbers: tell equal rows of a view apart.
    """

    join: Join | ViewJoin
    add: Callable[[Key, Token], None]
    base: str
    outside: Outside
    compiled: bool = True
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def taker(
        self, header: tuple[str, ...] | None, forms: ValueForms, position: Callable[[], int]
    ) -> Callable[[Raw], None]:
        """A function that takes one record; faults of the parent are told where its own triples map is lifted.

        Args:
            header: columns of a table.
            forms: how the parent's source writes values.
            position: of the record in its source.
        """
        pairs = self._pairs(forms, replace(self.outside, position=position))
        add, nulls = self.add, forms.nulls

        def take(raw: Raw) -> None:
            for subject, key in pairs(raw if header is None else as_mapping(header, raw, nulls)):
                add(key, subject)

        quick: Callable[[Raw], tuple[Token, Key] | None] | None = None
        if isinstance(self.join, ViewJoin) and self.compiled and header is not None:
            quick = plain_rows(self.join, header, nulls, self.numbers.__next__)
        elif isinstance(self.join, Join) and self.compiled:
            if header is not None:
                quick = row_keys(self.join, header, forms, self.base)
            elif (found := document_keys(self.join, forms, self.base)) is not None:
                return _all_quickly(found, take, add)
        return take if quick is None else _quickly(quick, take, add)

    def _pairs(self, forms: ValueForms, outside: Outside) -> Pairs:
        join, base = self.join, self.base
        if isinstance(join, ViewJoin):
            return lambda record: rows_of(join, [record], forms=forms, outside=outside, numbers=self.numbers)
        return lambda record: _subjects(join, record, base=base, forms=forms, outside=outside)


class Collected:
    """Index entries from records, kept for the owner of the index.

    Args:
        indexer: of the index.
        header: columns of a table.
        forms: how the source writes values.
    """

    def __init__(self, indexer: Indexer, header: tuple[str, ...] | None, forms: ValueForms) -> None:
        self._pairs: list[tuple[Key, Token]] = []
        here = replace(indexer, add=lambda key, subject: self._pairs.append((key, subject)))
        self.take = here.taker(header, forms, lambda: 0)

    def taken(self) -> list[tuple[Key, Token]]:
        """Take what was collected since the last call."""
        pairs, self._pairs = self._pairs, []
        return pairs


def _quickly(
    quick: Callable[[Raw], tuple[Token, Key] | None], slow: Callable[[Raw], None], add: Callable[[Key, Token], None]
) -> Callable[[Raw], None]:
    def take(raw: Raw) -> None:
        try:
            found = quick(raw)
        except Odd:
            slow(raw)
            return
        if found is not None:
            add(found[1], found[0])

    return take


def _all_quickly(
    quick: Callable[[Raw], Iterable[tuple[Token, Key]]], slow: Callable[[Raw], None], add: Callable[[Key, Token], None]
) -> Callable[[Raw], None]:
    def take(raw: Raw) -> None:
        try:
            found = quick(raw)
        except Odd:
            slow(raw)
            return
        for subject, key in found:
            add(key, subject)

    return take


def _subjects(
    join: Join, record: Any, *, base: str, forms: ValueForms, outside: Outside
) -> Iterator[tuple[Token, Key]]:
    """The subjects of a record, each with every combination of the texts of the conditions."""
    maker = Maker(forms=forms, outside=outside, faults={})
    for chain in Chains(record, maker.nodes).of(join.parent.steps):
        node = Generation(base=base, forms=forms, chain=chain, faults={}, outside=outside, fresh={})
        subjects = [subject for subject, _ in node.terms(join.subject)]
        sides = [node.texts(parent) for _, parent in join.conditions]
        yield from itertools.product(subjects, itertools.product(*sides))
