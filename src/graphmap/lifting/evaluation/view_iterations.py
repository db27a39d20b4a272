"""Nodes of steps that are no paths: values of a field, iterations over a text, iterations of a joined view.

Source: RML-LV, fields and logical view joins.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphmap.errors import TermError
from graphmap.lifting.evaluation.iterations import Chain, IterationNodes
from graphmap.lifting.evaluation.nested_sources import iterations
from graphmap.lifting.evaluation.statements import Fault
from graphmap.lifting.evaluation.term_generation import Found, Generation
from graphmap.lifting.paths import Node
from graphmap.lifting.plan import Embedded, Step, TermMap, ViewJoin
from graphmap.lifting.run_state import Key, SharedState
from graphmap.records import Typed, ValueForms

__all__ = ["StepNodes", "fields_of", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNodes:
    """Makes the nodes of steps, for one record.

    Args:
        forms: how the source writes values.
        outside: the indexes of joined views.
        faults: those of the record so far; a text that cannot be read is one.
    """

    forms: ValueForms
    outside: SharedState
    faults: dict[Fault, None]

    def nodes(self, step: Step, chain: Chain) -> list[Node]:
        """The nodes of a step that has a maker, below a chain."""
        if isinstance(step.maker, TermMap):
            return [Node(_value(found), found.place) for found in self._generation(chain).values(step.maker)]
        if isinstance(step.maker, ViewJoin):
            return list(self._matches(step.maker, chain))
        return self._written(step, step.maker, chain[step.below]) if step.maker is not None else []

    def _written(self, step: Step, embedded: Embedded, base: Node) -> list[Node]:
        try:
            return [found for node in step.path.nodes(base) for found in iterations(embedded, node)]
        except TermError as error:
            fault = Fault(
                kind="no-term", what=error.what, term_map=step.name, place=base.place, value=None, written=step.written
            )
            self.faults[fault] = None
            return []

    def _matches(self, join: ViewJoin, chain: Chain) -> Iterator[Node]:
        index, here = self.outside.joined[join], self._generation(chain)
        keys = itertools.product(*(here.texts(child) for child, _ in join.conditions))
        if join.unmatched:
            yield from [] if any(map(index.get, keys)) else [Node({}, ())]
            return
        for key in keys:
            for row in index.get(key):
                yield Node(fields_of(row), ())

    def _generation(self, chain: Chain) -> Generation:
        # texts come before terms, so that no base IRI is asked for
        return Generation(base="", forms=self.forms, chain=chain, faults=self.faults, outside=self.outside, fresh={})


_Field = tuple[str, str, str | None]
"""Name, text and natural datatype."""


def rows_of(
    join: ViewJoin, records: Iterable[Any], *, forms: ValueForms, outside: SharedState, numbers: Iterator[int]
) -> Iterator[tuple[str, Key]]:
    """Go through the records of a view that is joined.

    Args:
        join: that asks for it.
        records: as the interpreter reads them.
        forms: how their source writes values.
        outside: the indexes of the joins that the view itself has.
        numbers: of the iterations of the view.

    Yields:
        The fields of an iteration as JSON, its number before them so that equal ones stay apart, and the texts of the
        conditions, for each combination of these; faults are told where the view's own triples maps are lifted.
    """
    for record in records:
        maker = StepNodes(forms=forms, outside=outside, faults={})
        for chain in IterationNodes(record, maker.nodes).of(join.parent.steps):
            node = Generation(base="", forms=forms, chain=chain, faults={}, outside=outside, fresh={})
            sides = [node.texts(parent) for _, parent in join.conditions]
            for row in _rows(join, node):
                text = json.dumps([next(numbers), *row])
                for key in itertools.product(*sides):
                    yield text, key


def fields_of(row: str) -> dict[str, str]:
    """The fields of an iteration, as `rows_of` wrote it."""
    return {name: _typed(text, natural) for name, text, natural in json.loads(row)[1:]}


def _rows(join: ViewJoin, node: Generation) -> Iterator[list[_Field]]:
    """The fields of one iteration, those without value left out; a field of several values makes several."""
    choices: list[list[_Field | None]] = [
        [(name, found.text, found.natural) for found in node.values(value)] or [None] for name, value in join.fields
    ]
    for chosen in itertools.product(*choices):
        yield [value for value in chosen if value is not None]


def _value(found: Found) -> str:
    return _typed(found.text, found.natural)


def _typed(text: str, datatype: str | None) -> str:
    return text if datatype is None else Typed(text, datatype)
