"""The parent's side of a join: its subjects, with the texts that the child's side has to meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from graphmap.lifting.chains import Chains
from graphmap.lifting.generation import Generation
from graphmap.lifting.joins import Key, Outside
from graphmap.lifting.plan import Join
from graphmap.lifting.values import ValueForms
from graphmap.lifting.view_steps import Maker
from graphmap.terms import Token

__all__ = ["index_of"]


def index_of(
    join: Join, records: Iterable[Any], *, base: str, forms: ValueForms, outside: Outside
) -> Iterator[tuple[Token, Key]]:
    """Go through the parent's records.

    Args:
        join: whose parent it is.
        records: as the interpreter reads them.
        base: of relative IRIs.
        forms: how the parent's source writes values.
        outside: the indexes of joins that the parent's view has.

    Yields:
        A subject and the texts of the conditions, for each combination of them; faults of the parent are told where
        its own triples map is lifted.
    """
    for record in records:
        maker = Maker(forms=forms, outside=outside, faults={})
        for chain in Chains(record, maker.nodes).of(join.parent.steps):
            node = Generation(base=base, forms=forms, chain=chain, faults={}, outside=outside, fresh={})
            subjects = [subject for subject, _ in node.terms(join.subject)]
            sides = [node.texts(parent) for _, parent in join.conditions]
            yield from itertools.product(subjects, itertools.product(*sides))
