"""A mapping whose term maps name targets: which statements go to which file, and the files.

Which targets a statement has is known from the mapping alone, so the plan over a source is cut into one part a target,
and every record goes through all parts: sources are read once, and nothing is kept in memory.
Source: RML-IO, logical targets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace

from graphmap.errors import Locator, MappingError
from graphmap.lifting.execution.mapping_run import Conditions, lift_plan, named_collections, turns
from graphmap.lifting.execution.source_run import Turn
from graphmap.lifting.execution.target_files import TargetFile, format_of
from graphmap.lifting.plan import Constant, Plan, PredicateObject, Target, TermMap, TriplesMap, rml
from graphmap.lifting.run_state import Gathered, Outside

__all__ = ["has_graphs", "lift_to_targets", "plan_for", "targets_in"]


def lift_to_targets(plan: Plan, conditions: Conditions) -> Iterator[str]:
    """Write the statements that have targets, and hand out the others.

    Args:
        plan: of the whole mapping.
        conditions: how to run it; a target's path starts from its folder, or from the working directory.

    Yields:
        N-Quads text of what has no target; the files of all targets are there after the last of it, and each is whole
        or not there.

    Raises:
        MappingError: where named graphs go to a syntax that has none; nothing is read then.
        SourceError: where a file cannot be written; beside the errors of `lift_plan`.
    """
    targets = targets_in(plan)
    if not targets:
        yield from lift_plan(plan, conditions)
        return
    for target in targets:
        _check_graphs(target, plan_for(target, plan))
    with ExitStack() as stack:
        files = {target: stack.enter_context(TargetFile(target, conditions)) for target in targets}
        with turns(plan, conditions, by_record=True) as (each_turn, outside):
            outsides = {name: replace(outside, gathered=Gathered(outside.numbers)) for name in (None, *targets)}
            for name, text in _texts(each_turn, outsides):
                if name is None:
                    yield text
                else:
                    files[name].write(text)
        for file in files.values():
            file.finish()


def _texts(each_turn: Iterable[Turn], outsides: Mapping[Target | None, Outside]) -> Iterator[tuple[Target | None, str]]:
    """Text and the target that it goes to."""
    for turn in each_turn:
        plans = {name: plan_for(name, turn.plan) for name in outsides}
        read = {name: plan for name, plan in plans.items() if plan.triples_maps}
        for texts in turn.parts(read, outsides):
            yield from zip(read, texts, strict=True)
    for name, outside in outsides.items():
        yield from ((name, text) for text in named_collections(outside))


def targets_in(plan: Plan) -> tuple[Target, ...]:
    """The targets of a plan, in order of first use."""
    found = (target for each in plan.triples_maps for pair in _apart(each) for target in _targets(each, pair))
    return tuple(dict.fromkeys(found))


def plan_for(target: Target | None, plan: Plan) -> Plan:
    """The part of a plan whose statements go to a target, `None` for those that go to none."""
    kept = (_map_for(target, each) for each in plan.triples_maps)
    return replace(plan, triples_maps=tuple(each for each in kept if each.predicate_objects))


def _map_for(target: Target | None, triples_map: TriplesMap) -> TriplesMap:
    pairs = [(pair, _targets(triples_map, pair)) for pair in _apart(triples_map)]
    kept = tuple(pair for pair, targets in pairs if (target in targets if target else not targets))
    return replace(triples_map, subject_graphs=(), predicate_objects=kept)


def _apart(triples_map: TriplesMap) -> Iterator[PredicateObject]:
    """The predicates and objects of a triples map, one predicate, object and graph at a time."""
    for pair in triples_map.predicate_objects:
        graphs: list[tuple[TermMap, ...]] = [(graph,) for graph in (*triples_map.subject_graphs, *pair.graphs)]
        for predicate, obj, graph in itertools.product(pair.predicates, pair.objects, graphs or [()]):
            yield PredicateObject(predicates=(predicate,), objects=(obj,), graphs=graph)


def _targets(triples_map: TriplesMap, pair: PredicateObject) -> tuple[Target, ...]:
    maps = (triples_map.subject, *pair.predicates, *pair.objects, *pair.graphs)
    return tuple(dict.fromkeys(target for term_map in maps for target in term_map.targets))


def has_graphs(triples_map: TriplesMap) -> bool:
    """Return whether a triples map gives statements in named graphs; the default graph may be named in vain."""
    maps = (*triples_map.subject_graphs, *(graph for pair in triples_map.predicate_objects for graph in pair.graphs))
    return any(graph.expression != Constant(token=rml("defaultGraph")) for graph in maps)


def _check_graphs(target: Target, plan: Plan) -> None:
    named = next((each for each in plan.triples_maps if has_graphs(each)), None)
    if named is not None and not format_of(target).supports_datasets:
        what = f"{named.name} gives named graphs, which {target.path} cannot hold"
        raise MappingError(what, where=Locator(source=target.path), hint="write it as N-Quads, TriG or JSON-LD")
