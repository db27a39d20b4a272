"""A source's mapping as a plan over its records: documents cut into records, and a subject map for each record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from graphmap.errors import ConfigurationError, Locator
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.optimizer import in_parts
from graphmap.lifting.paths import Name, Path, PathError, Wildcard, parse_path
from graphmap.lifting.plan import (
    Constant,
    Formulation,
    Join,
    Plan,
    Position,
    Reference,
    Step,
    TriplesMap,
    ViewJoin,
)
from graphmap.rdf import RDF_TYPE
from graphmap.records.readers import Part
from graphmap.workspace import CONFIGURATION, SourceSettings, Workspace

__all__ = ["plan_of", "record_part"]


def plan_of(source: SourceSettings, workspace: Workspace) -> Plan:
    """The plan of a source over its records.

    Raises:
        ConfigurationError: where its mapping is not derived yet; where its mappings read more than one source, or other
            records than the source has.
        MappingError: where a mapping cannot run.
    """
    where = Locator(source=str(workspace.root / CONFIGURATION))
    if any("*" in path.name for path in source.mappings):
        what = f"the source {source.name} has no mapping for its class {source.record_class} yet"
        raise ConfigurationError(what, where=where, hint="run graphmap derive, or name a file under mappings")
    plan = read_mapping(source.mappings, base=workspace.base)
    if len(plan.sources) != 1:
        names = ", ".join(each.name for each in plan.sources)
        raise ConfigurationError(
            f"the mappings of source {source.name} read {len(plan.sources)} sources: {names}",
            where=where,
            hint="give each source its own [sources.NAME]",
        )
    if plan.sources[0].formulation.tabular != source.tabular:
        kind = "tables" if plan.sources[0].formulation.tabular else "documents"
        raise ConfigurationError(
            f"the source {source.name} is of kind {source.kind!r}, and its mappings read {kind}",
            where=where,
            hint=f"write kind = {'table' if kind == 'tables' else 'documents'!r} in [sources.{source.name}]",
        )
    if source.kind == "documents":
        plan = _over_records(plan, source, where)
    return plan if plan.root is not None else _with_root(plan, f"{source.name}.key")


def record_part(source: SourceSettings, plan: Plan) -> Part | None:
    """The part of a document that its records are; `None` where a document is one record, or an array of them."""
    said, lax = plan.sources[0].part, plan.sources[0].formulation is Formulation.LAX_JSON_PATH
    return said if said is not None or source.iterator is None else _part(source.iterator, lax=lax)


def _over_records(plan: Plan, source: SourceSettings, where: Locator) -> Plan:
    """The plan over the records that the mapping's iterator, or that of the source, finds in documents."""
    cut = in_parts(plan, lambda _, parts: len(parts) == 1)
    said = cut.sources[0].part
    if source.iterator is None:
        return _lowered_plan(cut)
    try:
        wanted = _part(source.iterator, lax=plan.sources[0].formulation is Formulation.LAX_JSON_PATH)
    except PathError as error:
        raise _misfit(source, where, f"is no path: {error}") from error
    if wanted is None or plan.sources[0].formulation is Formulation.XPATH:
        raise _misfit(source, where, "is no plain path of names")
    if said is None and any(not each.iteration.steps or _stays(each) for each in plan.triples_maps):
        return plan
    if said != wanted:
        raise _misfit(source, where, "is not what its mappings iterate over")
    return _lowered_plan(cut)


def _misfit(source: SourceSettings, where: Locator, what: str) -> ConfigurationError:
    hint = "write the iterator of the mapping, such as $.items[*], or leave it out"
    return ConfigurationError(f"[sources.{source.name}] iterator {source.iterator!r} {what}", where=where, hint=hint)


def _part(iterator: str, *, lax: bool) -> Part | None:
    """The part that a path of names leads to, with or without `[*]` at its end."""
    segments = parse_path(iterator).segments
    elements = bool(segments) and isinstance(segments[-1].selectors[0], Wildcard)
    names = [each.selectors[0] for each in (segments[:-1] if elements else segments)]
    plain = all(isinstance(each, Name) for each in names) and not any(each.descend for each in segments)
    found = tuple(each.name for each in names if isinstance(each, Name))
    return Part(names=found, elements=elements, lax=lax) if plain and (found or elements) else None


def _lowered_plan(plan: Plan) -> Plan:
    """The plan without first steps that stay at the record, so that the record is its own outermost level."""
    maps = (
        replace(_lowered(each), iteration=_without_first(each), name=each.name) if _stays(each) else each
        for each in plan.triples_maps
    )
    return replace(plan, triples_maps=tuple(maps))


def _stays(triples_map: TriplesMap) -> bool:
    steps = triples_map.iteration.steps
    if (
        not steps
        or steps[0].maker is not None
        or any(isinstance(each, Join | ViewJoin) for each in _inner(triples_map))
    ):
        return False
    return isinstance(steps[0].path, Path) and steps[0].path.segments == ()


def _without_first(triples_map: TriplesMap) -> Any:
    steps = tuple(_lowered(step) for step in triples_map.iteration.steps[1:])
    return replace(triples_map.iteration, steps=steps)


def _lowered(value: Any) -> Any:
    """A part of a plan with every level one less."""
    if isinstance(value, tuple):
        return tuple(map(_lowered, value))
    if isinstance(value, Path) or not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {each.name: _lowered(getattr(value, each.name)) for each in fields(value) if each.init}
    if isinstance(value, Reference | Position):
        changed["level"] = value.level - 1
    if isinstance(value, Step):
        changed["below"] = max(0, value.below - 1)
    return replace(value, **changed)


def _inner(value: Any) -> Iterator[Any]:
    """A part of a plan and all parts of it."""
    yield value
    if isinstance(value, tuple):
        parts: Any = value
    else:
        known = is_dataclass(value) and not isinstance(value, type | Path)
        parts = [getattr(value, each.name) for each in fields(value)] if known else ()
    for part in parts:
        yield from _inner(part)


def _with_root(plan: Plan, rule: str) -> Plan:
    """The plan with a rule at the key of its records, where the mapping names none: without a key there is no IRI."""
    whole = [each for each in plan.triples_maps if not each.iteration.steps]
    subject = next((each.subject for each in (*filter(_is_typed, whole), *whole)), None)
    if subject is None or isinstance(subject.expression, Constant):
        return plan
    maps = (
        replace(each, subject=replace(each.subject, rule=rule)) if each.subject == subject else each
        for each in plan.triples_maps
    )
    return replace(plan, triples_maps=tuple(maps))


def _is_typed(triples_map: TriplesMap) -> bool:
    predicates = (each.expression for pair in triples_map.predicate_objects for each in pair.predicates)
    return any(isinstance(each, Constant) and each.token == RDF_TYPE for each in predicates)
