"""Validate RDF: files of any syntax, and what a store holds, record graph by record graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from graphmap.errors import CallError
from graphmap.ingest.check.input_check import InputCheck
from graphmap.ingest.check.references import embedded_classes, types_in
from graphmap.ingest.workspace_model import Knowledge
from graphmap.rdf import MAX_TRIPLES, Graph, read_rdf, syntax_of
from graphmap.store import Store
from graphmap.validation.engine import Engine
from graphmap.validation.shapes import load_shapes, sub_class_facts
from graphmap.validation.sparql import Delegate
from graphmap.validation.static import Checked, explain

__all__ = ["check_graphs", "check_store", "engine_of", "explain_sources", "is_rdf"]

_WITH_LINES = (".ttl", ".nt", ".nq", ".trig")
_LARGEST = 100 * 1024 * 1024


def is_rdf(name: str) -> bool:
    """Return whether a file's suffix is that of an RDF syntax."""
    return syntax_of(name) is not None


def engine_of(
    shapes: Iterable[Path], *, ontology: Iterable[Path] = (), strict: bool = True, deadline_s: float = 10.0
) -> Engine:
    """An engine for shapes of anyone's, without a workspace.

    Args:
        shapes: files of the shapes graph.
        ontology: files of a graph that is used beside each data graph and is not validated itself.
        strict: refuse ill-formed shapes.
        deadline_s: time for each query of the shapes graph, in seconds.

    Raises:
        ShapesError: where the shapes are ill-formed, and `strict`.
        DataError: where an ontology does not parse.
    """
    background = [triple for file in ontology for triple in read_rdf(file)]
    facts = sub_class_facts(Graph(background))
    loaded = load_shapes(shapes, strict=strict, given=frozenset(subject[1:-1] for subject, _, _ in background))
    return Engine(loaded, facts, delegate=Delegate.of(loaded, deadline_s=deadline_s), background=background)


def explain_sources(knowledge: Knowledge) -> Iterator[Checked]:
    """Explain how each constraint is checked, for the records of each source of a workspace."""
    for name, settings in knowledge.workspace.sources.items():
        rows = settings.kind == "table"
        yield from explain(name, knowledge.plans[name], knowledge.engine.shapes, knowledge.superclasses, rows=rows)


def check_graphs(names: Iterable[str], gathering: InputCheck, *, max_triples: int = MAX_TRIPLES) -> None:
    """Validate RDF files, each as one graph; named graphs are merged into it.

    Raises:
        SourceError: where a file cannot be read.
        DataError: where a file does not parse; says line and column.
        LimitError: where a file holds too many triples.
    """
    delegate = gathering.engine.delegate
    for name in names:
        if delegate is not None:
            delegate.start()
        graph = Graph(read_rdf(Path(name), max_triples=max_triples))
        gathering.check(graph, name, text=partial(_text, name))


def _text(name: str) -> str | None:
    """A file whose statements have lines; `None` of one that is packed, large, or in another syntax."""
    path = Path(name)
    if path.suffix not in _WITH_LINES or path.stat().st_size > _LARGEST:
        return None
    return path.read_text(encoding="utf-8")


def check_store(
    store: Store,
    knowledge: Knowledge,
    gathering: InputCheck,
    *,
    graphs: Iterable[str] = (),
    progress: Callable[[int], None] | None = None,
) -> None:
    """Validate each record graph of a store by itself, the keys that they share, and what they refer to.

    Args:
        store: opened for reading; it is closed at the end.
        knowledge: shapes and layout.
        gathering: where everything is noted.
        graphs: IRIs of the named graphs to look at; all record graphs where there is none.
        progress: told the number of graphs.

    Raises:
        CallError: where the store has no graph of that name.
    """
    layout = knowledge.workspace.layout
    found = [embedded_classes(plan, knowledge.superclasses) for plan in knowledge.plans.values()]
    embedded = None if None in found else frozenset(each for classes in found for each in classes or ())
    with closing(store):
        held = frozenset(store.named_graphs())
        wanted = [f"<{name}>" for name in graphs]
        for missing in (name for name in wanted if name not in held):
            raise CallError(f"the store has no graph {missing}", hint="leave out --graph to validate all records")
        records = (name for name in held if layout.holds_record(name, store))
        for number, graph in enumerate(wanted or sorted(records), 1):
            gathering.check(Graph(store.graph(graph)), graph[1:-1], knowledge.keys, embedded=embedded)
            if progress is not None:
                progress(number)
        gathering.note(list(gathering.references(types_in(store))))
