"""References to other records: `sh:class` of a value that its own record says nothing of.

Such a value is looked for among the records of the input, or in the store, when all of them are known; what is not
there is a finding until it comes.
Source: SHACL, section 4.1.1 (sh:class).
"""

from __future__ import annotations

import io
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import islice
from typing import IO, NamedTuple, Protocol, TypeVar

from graphmap.lifting.plan import Constant, Plan
from graphmap.rdf import RDF_TYPE, Graph, Token
from graphmap.store import Store
from graphmap.validation.engine import Engine
from graphmap.validation.report import Finding, Result
from graphmap.validation.shapes import sh

__all__ = [
    "CLASS_COMPONENT",
    "Link",
    "LinkLog",
    "Typed",
    "accepted_classes",
    "dangling",
    "embedded_classes",
    "has_references",
    "is_reference",
    "typed_nodes",
    "types_in",
    "types_of_rows",
    "wanted_classes",
]

CLASS_COMPONENT = sh("ClassConstraintComponent")
"""Token of the component of `sh:class`."""
_COMPONENT = "ClassConstraintComponent"
_TOGETHER = 500
_Referring = TypeVar("_Referring", bound="Referring")
_OF_TYPE = f" {RDF_TYPE} "


class Referring(Protocol):
    """A reference: its value, and the shape that asks for the class of it."""

    @property
    def value(self) -> Token | None:
        """The node that is referred to."""

    @property
    def source_shape(self) -> Token | None:
        """The property shape."""


class Link(NamedTuple):
    """A reference of a row, of which a finding is made only where its target is not there."""

    source_shape: Token
    value: Token
    focus_node: Token
    source: str
    row: int
    told: Callable[[Link], Finding | None]

    def finding(self) -> Finding | None:
        """Its finding, where its target is not there; `None` where it is not among what is validated."""
        return self.told(self)


class LinkLog:
    """Links in the order of the input: in memory while they are few, beyond that in a temporary file.

    Args:
        in_memory: how many are kept in memory.
    """

    def __init__(self, *, in_memory: int = 200_000) -> None:
        self._in_memory = in_memory
        self._recent: list[Link] = []
        self._tellers: dict[Callable[[Link], Finding | None], int] = {}
        self._file: IO[bytes] | None = None

    def append(self, link: Link) -> None:
        """Add one."""
        self._recent.append(link)
        if len(self._recent) >= self._in_memory:
            self._spill()

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="graphmap-links-")  # noqa: SIM115  # kept until `close`
        tellers = self._tellers
        plain = [(*each[:-1], tellers.setdefault(each.told, len(tellers))) for each in self._recent]
        pickle.dump(plain, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._recent = []

    def __iter__(self) -> Iterator[Link]:
        if self._file is not None:
            tellers = list(self._tellers)
            self._file.seek(0)
            with suppress(EOFError):
                while True:
                    for shape, value, focus, source, row, teller in pickle.load(self._file):  # noqa: S301  # our own
                        yield Link(shape, value, focus, source, row, tellers[teller])
            self._file.seek(0, io.SEEK_END)
        yield from self._recent

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


Typed = Callable[[AbstractSet[Token]], Mapping[Token, AbstractSet[Token]]]
"""The classes of some nodes, of those that are there."""


def has_references(engine: Engine) -> bool:
    """Return whether a property shape asks for the class of its values."""
    return bool(wanted_classes(engine))


def wanted_classes(engine: Engine) -> frozenset[Token]:
    """The classes that property shapes ask for, and those below them."""
    tops = (
        top for each in engine.shapes.by_node.values() if each.path is not None for top in _wanted(each.node, engine)
    )
    return frozenset(lower for top in tops for lower in engine.subclasses(top))


def embedded_classes(plan: Plan, superclasses: Mapping[Token, AbstractSet[Token]]) -> AbstractSet[Token] | None:
    """The classes of nodes that records hold beside their own; `None` where the data names them."""
    root, found = plan.root, set[Token]()
    for triples_map in plan.triples_maps:
        if root is not None and triples_map.subject.expression == root.expression:
            continue
        for pair in triples_map.predicate_objects:
            if all(
                isinstance(each.expression, Constant) and each.expression.token != RDF_TYPE for each in pair.predicates
            ):
                continue
            for each in pair.objects:
                if not isinstance(each.expression, Constant):
                    return None
                found |= {each.expression.token, *superclasses.get(each.expression.token, ())}
    return found


def types_of_rows(plan: Plan, engine: Engine) -> tuple[Token, ...] | None:
    """The classes that shapes ask for and that every row has; `None` where rows hold more nodes than their own."""
    found = set[Token]()
    for triples_map in plan.triples_maps:
        if plan.root is None or triples_map.subject.expression != plan.root.expression or triples_map.iteration.steps:
            return None
        for pair in triples_map.predicate_objects:
            if any(getattr(each.expression, "token", RDF_TYPE) == RDF_TYPE for each in pair.predicates):
                classes = [each.expression for each in pair.objects]
                if len(pair.predicates) > 1 or not all(isinstance(each, Constant) for each in classes):
                    return None
                found |= {each.token for each in classes if isinstance(each, Constant)}
    return tuple(sorted(found & wanted_classes(engine)))


def is_reference(result: Result, graph: Graph, engine: Engine, embedded: AbstractSet[Token] | None) -> bool:
    """Return whether a result is about a value that its record says nothing of, and that need not be in the record.

    Args:
        result: what the engine reports.
        graph: of the record.
        engine: the shapes.
        embedded: classes that records hold nodes of: a value of such a class must be in the record itself.
    """
    value = result.value
    other = result.component != CLASS_COMPONENT or result.path is None or value is None or value[0] != "<"
    if other or value in graph.forward or embedded is None:
        return False
    return embedded.isdisjoint(_wanted(result.source_shape, engine))


def typed_nodes(lines: str, wanted: AbstractSet[Token]) -> list[tuple[Token, Token]]:
    """The nodes of N-Triples text with each of their classes that is wanted.

    >>> typed_nodes(f"<a:a> {RDF_TYPE} <a:A> .\\n<a:b> <a:p> \\"<a:c> {RDF_TYPE} <a:A> .\\" .\\n", {"<a:A>"})
    [('<a:a>', '<a:A>')]
    """
    found = []
    before, *rest = lines.split(_OF_TYPE)
    for after in rest:
        node, of = before[before.rfind("\n") + 1 :], after[: after.find(" .\n")]
        if of in wanted and node[:1] == "<" and " " not in node:
            found.append((node, of))
        before = after
    return found


def types_in(store: Store) -> Typed:
    """Looks classes up in the default graph of a store."""

    def typed(nodes: AbstractSet[Token]) -> Mapping[Token, AbstractSet[Token]]:
        found: dict[Token, set[Token]] = {}
        query = f"SELECT ?node ?class {{ VALUES ?node {{ {' '.join(sorted(nodes))} }} ?node {RDF_TYPE} ?class }}"
        for node, of in store.select(query) if nodes else ():
            if node and of:
                found.setdefault(node, set()).add(of)
        return found

    return typed


def dangling(references: Iterable[_Referring], engine: Engine, typed: Typed) -> Iterator[_Referring]:
    """The references whose target is not there, or is of no class that is asked for; in order.

    Args:
        references: findings, or links of which such are made.
        engine: the shapes that they come from.
        typed: where targets are looked for.
    """
    there = set[int]()
    accepted: dict[Token | None, Sequence[AbstractSet[Token]]] = {}
    left = (each for each in references if hash((each.value, each.source_shape)) not in there)
    while some := list(islice(left, _TOGETHER)):
        found = typed({each.value for each in some if each.value})
        for each in some:
            if each.source_shape not in accepted:
                accepted[each.source_shape] = accepted_classes(each.source_shape, engine)
            classes = found.get(each.value or "", frozenset())
            if any(wanted.isdisjoint(classes) for wanted in accepted[each.source_shape]):
                yield each
            else:
                there.add(hash((each.value, each.source_shape)))


def accepted_classes(shape: Token | None, engine: Engine) -> Sequence[AbstractSet[Token]]:
    """For each class that a shape asks for, it and those below it: a value must have one of each."""
    return [engine.subclasses(top) for top in _wanted(shape, engine)]


def _wanted(shape: Token | None, engine: Engine) -> list[Token]:
    """The classes that a shape asks for."""
    known = engine.shapes.by_node.get(shape or "")
    return [each.terms[0] for each in known.constraints if each.component == _COMPONENT] if known is not None else []
