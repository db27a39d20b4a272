"""Evaluates what is beyond SHACL Core by the reference validator, shape by shape, each with a deadline.

Source: SHACL, sections 5 (SPARQL-based constraints) and 6 (SPARQL-based constraint components).
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphmap.errors import DeadlineError, ShapesError
from graphmap.rdf import NOTHING, RDF_TYPE, RDFS, Graph, Token, Triple
from graphmap.validation.reference.pyshacl_process import Question, Reference
from graphmap.validation.report import Result
from graphmap.validation.shapes import SUBCLASS_OF, TARGETS, Shapes, Unevaluable, needs_reference, sh

__all__ = ["Delegate"]

_ADVANCED = (sh("target"), sh("expression"))
_QUERIES = (sh("select"), sh("ask"), sh("construct"))
_LEAVES = re.compile(r"\bservice\b", re.IGNORECASE)
_CLASSES = (f"<{RDFS}Class>", "<http://www.w3.org/2002/07/owl#Class>")


class Delegate:
    """Asks pySHACL in a process of its own about the shapes that the engine leaves to it.

    Args:
        shapes: the frozen shapes, with their triples.
        deadline_s: time for one shape over one graph, in seconds; then the process is killed, and the shape with it.
    """

    def __init__(self, shapes: Shapes, *, deadline_s: float = 10.0) -> None:
        found = needs_reference(shapes)
        self._all = shapes
        self._graph = Graph(shapes.triples)
        self._own_targets = {s.node for s in found if sh("target") in self._graph.forward.get(s.node, NOTHING)}
        self.shapes = frozenset({s.node for s in found if s.targets} | self._own_targets)
        self._deadline_s = deadline_s
        self._failed: dict[Token, Unevaluable] = {}
        self._running: list[Reference] = []
        self._triples: dict[Token, tuple[Triple, ...]] = {}
        weakref.finalize(self, _close, self._running)

    @classmethod
    def of(cls, shapes: Shapes, *, deadline_s: float = 10.0) -> Delegate | None:
        """A delegate where the shapes need one."""
        return cls(shapes, deadline_s=deadline_s) if any(each.by_reference for each in shapes.unevaluable) else None

    @property
    def failures(self) -> tuple[Unevaluable, ...]:
        """The shapes that it gave up, and why."""
        return tuple(self._failed.values())

    def wanted(self, targeted: Iterable[Token]) -> list[Token]:
        """The shapes to ask about, given those that have a focus node in a graph."""
        return sorted((self.shapes & set(targeted)) | self._own_targets)

    def ask(self, shape: Token, graph: Graph, facts: Iterable[tuple[Token, Token]]) -> list[Result]:
        """Result of the reference validator for one shape.

        Args:
            shape: one of `wanted`.
            graph: the data graph.
            facts: pairs (sub-class, super-class).

        Returns:
            The results; none where the shape had to be given up, which `failures` tells then.
        """
        if shape in self._failed:
            return []
        triples = self._triples.get(shape) or self._triples.setdefault(shape, tuple(self._about(shape)))
        if any(triple.predicate in _QUERIES and _LEAVES.search(triple.object) for triple in triples):
            return self._give_up(shape, "its query would ask another server (SERVICE)")
        question = Question(
            shapes=triples,
            graphs=[list(graph.triples())],
            ontology=[(low, SUBCLASS_OF, up) for low, up in facts],
            advanced=any(triple.predicate in _ADVANCED for triple in triples),
        )
        try:
            verdict = self._reference().ask(question)[0]
        except (DeadlineError, ShapesError) as error:
            self._running.pop().close()
            return self._give_up(shape, f"{error.what}; its process was ended")
        if verdict.failure is not None:
            return self._give_up(shape, verdict.failure)
        return [self._known(result) for result in verdict.results]

    def _give_up(self, shape: Token, reason: str) -> list[Result]:
        self._failed[shape] = Unevaluable(shape=shape, reason=reason, by_reference=True)
        return []

    def _reference(self) -> Reference:
        if not self._running:
            self._running.append(Reference(timeout_s=self._deadline_s))
        return self._running[0]

    def _known(self, result: Result) -> Result:
        shape = self._all.by_node.get(result.source_shape)
        return result if shape is None else replace(result, rule=shape.rule)

    def _about(self, shape: Token) -> Iterator[Triple]:
        """The part of the shapes graph that a shape leads to, in which no other shape has targets."""
        custom = self._graph.subjects(RDF_TYPE, sh("ConstraintComponent"))
        pending = [shape, *custom]
        seen = set(pending)
        while pending:
            node = pending.pop()
            for predicate, values in self._graph.forward.get(node, NOTHING).items():
                for value in values:
                    if node == shape or not _is_target(predicate, value):
                        yield Triple(node, predicate, value)
                    if value[0] != '"' and value not in seen:
                        seen.add(value)
                        pending.append(value)


def _is_target(predicate: Token, value: Token) -> bool:
    return predicate in TARGETS or predicate == sh("target") or (predicate == RDF_TYPE and value in _CLASSES)


def _close(running: list[Reference]) -> None:
    for each in running:
        each.close()
