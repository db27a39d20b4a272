"""Iterations of a joined view as nodes for the fast path of documents: objects whose members are the joined fields.

Source: RML-LV, logical view joins.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphmap.lifting.compiler.runtime import several, texts_of
from graphmap.lifting.interpreter import fields_of
from graphmap.lifting.plan import Join, Reference, Step, ViewJoin
from graphmap.lifting.run_state import JoinIndex

__all__ = ["findable", "finder"]


def findable(step: Step, joined: Mapping[Join | ViewJoin, JoinIndex]) -> bool:
    """Return whether the nodes of a step are found by a call: those of a path, or of a join on plain references.

    Args:
        step: of an iteration.
        joined: the indexes of joins.
    """
    if step.maker is None:
        return True
    if not isinstance(step.maker, ViewJoin) or step.maker.unmatched:
        return False
    plain = all(isinstance(child.expression, Reference) for child, _ in step.maker.conditions)
    return plain and step.maker in joined


def finder(index: JoinIndex, many: Sequence[bool]) -> Callable[..., list[dict[str, str]]]:
    """A function from the values of the conditions to what they find.

    Args:
        index: of the join.
        many: whether an array of values stands for its elements, condition by condition.
    """
    texts = [several(texts_of, many=each) for each in many]

    def find(*values: Any) -> list[dict[str, str]]:
        keys = itertools.product(*(each(value) for each, value in zip(texts, values, strict=True)))
        return [fields_of(row) for key in keys for row in index.get(key)]

    return find
