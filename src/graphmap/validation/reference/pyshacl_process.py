"""pySHACL, in a process of its own: the second opinion, and the oracle of tests.

pySHACL changes settings of rdflib for its whole process and writes into the shapes it is given, so it never runs in
ours. The process answers one line of JSON with another, until its input ends: starting it is slow, asking is not.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, TypeAlias

import pyoxigraph

from graphmap.errors import DeadlineError, ShapesError
from graphmap.rdf import Graph, Token, Triple, literal_parts, literal_token, parse_triples, syntax_of
from graphmap.validation.report import Result
from graphmap.validation.shapes import read_path, sh

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

__all__ = ["Question", "Reference", "Verdict", "serve", "shapes_triples", "validate_with_pyshacl"]

_Triples: TypeAlias = Sequence[tuple[Token, Token, Token]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Graphs to validate with one shapes graph.

    Args:
        shapes: triples of the shapes graph.
        graphs: triples of each data graph.
        ontology: triples that are put to each data graph, such as the class hierarchy.
        advanced: whether SHACL Advanced Features count.
    """

    shapes: _Triples
    graphs: Sequence[_Triples]
    ontology: _Triples = ()
    advanced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Result of pySHACL for one graph.

    Args:
        results: sorted by focus node, path, shape, component and value.
        failure: why it could not validate; then there are no results.
    """

    results: tuple[Result, ...] = ()
    failure: str | None = field(default=None)


class Reference:
    """A running pySHACL.

    Args:
        timeout_s: how long an answer may take, in seconds; then the process is killed.
    """

    def __init__(self, *, timeout_s: float = 300.0) -> None:
        self._timeout_s = timeout_s
        self._process = subprocess.Popen(  # the command is our own, without a shell
            [sys.executable, "-c", "from graphmap.validation.reference.pyshacl_process import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def ask(self, question: Question) -> list[Verdict]:
        """Validate.

        Args:
            question: any number of graphs.

        Returns:
            A verdict for each graph, in order.

        Raises:
            DeadlineError: where the time is up.
            ShapesError: where the process ends without an answer.
        """
        assert self._process.stdin is not None  # noqa: S101  # both are pipes
        assert self._process.stdout is not None  # noqa: S101  # both are pipes
        timer = Timer(self._timeout_s, self._process.kill)
        timer.start()
        try:
            line = _exchange(self._process.stdin, self._process.stdout, _encode(question))
        finally:
            late = not timer.is_alive()
            timer.cancel()
        if not line:
            if late:
                raise DeadlineError(f"pySHACL gave no answer within {self._timeout_s} s", hint="raise the limit")
            raise ShapesError("pySHACL ended without an answer", hint="see what it wrote to standard error")
        return [_verdict(answer) for answer in json.loads(line)]


def _exchange(to: IO[str], back: IO[str], text: str) -> str:
    try:
        to.write(text + "\n")
        to.flush()
    except BrokenPipeError:  # it is gone; the empty answer says so
        return ""
    return back.readline()


def validate_with_pyshacl(
    graphs: Iterable[str], shapes: Sequence[Path], ontology: Sequence[Path] = (), *, timeout_s: float = 300.0
) -> list[Verdict]:
    """Validate graphs with shapes from files, in a process of its own.

    Args:
        graphs: each in N-Triples of our own making.
        shapes: Turtle files.
        ontology: Turtle files that are put to each data graph.
        timeout_s: how long it may take, in seconds.

    Returns:
        A verdict for each graph, in order; blank shapes are named as `load_shapes` names them.

    Raises:
        DeadlineError: where the time is up.
        ShapesError: where a file is not Turtle, or the process ends without an answer.
    """
    question = Question(
        shapes=shapes_triples(shapes, "f"),
        graphs=[list(Graph.of_lines(text).triples()) for text in graphs],
        ontology=shapes_triples(ontology, "o"),
    )
    with Reference(timeout_s=timeout_s) as reference:
        return reference.ask(question)


def shapes_triples(paths: Sequence[Path], letter: str) -> list[Triple]:
    """The triples of shapes files; blank nodes are named after the letter and the number of the file.

    Raises:
        ShapesError: where a file does not parse.
    """
    texts = ((number, path) for number, path in enumerate(paths))
    return [
        triple
        for number, path in texts
        for triple in parse_triples(
            path.read_bytes(),
            source=path.name,
            prefix=f"{letter}{number}s",
            base=path.resolve().as_uri(),
            syntax=syntax_of(path.name) or pyoxigraph.RdfFormat.TURTLE,
        )
    ]


def _encode(question: Question) -> str:
    graphs = [[list(triple) for triple in graph] for graph in question.graphs]
    return json.dumps(
        {
            "shapes": [list(triple) for triple in question.shapes],
            "ontology": [list(triple) for triple in question.ontology],
            "graphs": graphs,
            "advanced": question.advanced,
        }
    )


def _verdict(answer: Mapping[str, object]) -> Verdict:
    failure, triples = answer["failure"], answer["report"]
    if isinstance(failure, str) or not isinstance(triples, list):
        return Verdict(failure=str(failure))
    graph = Graph((s, p, o) for s, p, o in triples)
    return Verdict(results=tuple(sorted(_results(graph), key=_order)))


def _order(result: Result) -> tuple[str, ...]:
    return result.focus_node, str(result.path), result.source_shape, result.component, result.value or ""


def _results(graph: Graph) -> Iterator[Result]:
    for report in graph.subjects(_TYPE, sh("ValidationReport")):
        for node in graph.objects(report, sh("result")):  # details of results are no results of the report
            path = _first(graph, node, "resultPath")
            yield Result(
                focus_node=_first(graph, node, "focusNode") or "",
                path=None if path is None else read_path(graph, path),
                value=_first(graph, node, "value"),
                source_shape=_first(graph, node, "sourceShape") or "",
                component=_first(graph, node, "sourceConstraintComponent") or "",
                severity=_first(graph, node, "resultSeverity") or "",
                messages=tuple(graph.objects(node, sh("resultMessage"))),
            )


_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def _first(graph: Graph, node: Token, name: str) -> Token | None:
    values = graph.objects(node, sh(name))
    return values[0] if values else None


def serve() -> None:
    """Answer questions from standard input, line by line; what stands here and below runs in a process of its own."""
    import rdflib  # noqa: PLC0415  # only the child needs it

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # a traceback for each ill-typed literal
    rdflib.NORMALIZE_LITERALS = False  # a value is judged as it was written
    for line in sys.stdin:
        question = json.loads(line)
        answers = [_answer(question, graph) for graph in question["graphs"]]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def _answer(question: Mapping[str, _Triples], triples: _Triples) -> dict[str, object]:
    import pyshacl  # noqa: PLC0415  # only the child needs it
    import rdflib  # noqa: PLC0415

    try:
        _, report, text = pyshacl.validate(
            _rdf(triples),
            shacl_graph=_rdf(question["shapes"]),
            ont_graph=_rdf(question["ontology"]) if question["ontology"] else None,
            inference="none",
            advanced=bool(question["advanced"]),
        )
    except pyshacl.errors.ReportableRuntimeError as error:
        return {"failure": f"{type(error).__name__}: {error}", "report": None}
    if not isinstance(report, rdflib.Graph):  # it returns some failures instead of raising them
        return {"failure": str(text), "report": None}
    return {"failure": None, "report": [[_token(term) for term in triple] for triple in report]}


def _rdf(triples: _Triples) -> rdflib.Graph:
    import rdflib  # noqa: PLC0415  # only the child needs it

    graph = rdflib.Graph()
    for subject, predicate, value in triples:
        graph.add((_node(subject), _node(predicate), _node(value)))
    return graph


def _node(token: Token) -> Node:
    import rdflib  # noqa: PLC0415  # only the child needs it

    if token[0] == "<":
        return rdflib.URIRef(token[1:-1])
    if token[0] == "_":
        return rdflib.BNode(token[2:])
    parts = literal_parts(token)
    datatype = None if parts.language or token[-1] == '"' else rdflib.URIRef(parts.datatype)
    return rdflib.Literal(parts.lexical, lang=parts.language, datatype=datatype, normalize=False)


def _token(term: Node) -> Token:
    import rdflib  # noqa: PLC0415  # only the child needs it

    if isinstance(term, rdflib.Literal):
        return literal_token(str(term), datatype=term.datatype and str(term.datatype), language=term.language)
    return f"_:{term}" if isinstance(term, rdflib.BNode) else f"<{term}>"
