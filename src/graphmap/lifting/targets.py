"""A mapping whose term maps name targets: which statements go to which file, and the files.

Which targets a statement has is known from the mapping alone, so the plan is cut into one plan a target, and each is
run on its own: sources are read once a target, and nothing is kept in memory.
Source: RML-IO, logical targets.
"""

from __future__ import annotations

import gzip
import itertools
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pyoxigraph

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.lifting.plan import Plan, PredicateObject, Target, TermMap, TriplesMap
from graphmap.lifting.run import Conditions, lift_plan

__all__ = ["lift_to_targets", "plan_for", "targets_in"]


def lift_to_targets(plan: Plan, conditions: Conditions) -> Iterator[str]:
    """Write the statements that have targets, and hand out the others.

    Args:
        plan: of the whole mapping.
        conditions: how to run it; a target's path starts from its folder, or from the working directory.

    Yields:
        N-Quads text of what has no target, when the files of all targets are written; each file is whole or not there.

    Raises:
        MappingError: where named graphs go to a syntax that has none; nothing is read then.
        SourceError: where a file cannot be written; beside the errors of `lift_plan`.
    """
    plans = {target: plan_for(target, plan) for target in targets_in(plan)}
    for target, part in plans.items():
        _check_graphs(target, part)
    for target, part in plans.items():
        _write(target, lift_plan(part, conditions), conditions.folder)
    yield from lift_plan(plan_for(None, plan) if plans else plan, conditions)


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


def _check_graphs(target: Target, plan: Plan) -> None:
    named = next((each for each in plan.triples_maps for pair in each.predicate_objects if pair.graphs), None)
    if named is not None and not _format(target).supports_datasets:
        what = f"{named.name} gives named graphs, which {target.path} cannot hold"
        raise MappingError(what, where=Locator(source=target.path), hint="write it as N-Quads, TriG or JSON-LD")


def _format(target: Target) -> pyoxigraph.RdfFormat:
    found = pyoxigraph.RdfFormat.from_extension(target.syntax)
    if found is None:
        raise MappingError(f"{target.syntax} is no syntax that is written here", where=Locator(source=target.path))
    return found


def _write(target: Target, texts: Iterator[str], folder: Path) -> None:
    whole = Path(target.path) if target.from_working_directory else folder / target.path
    kinds = ("plain", "other", "part")
    plain, other, part = (whole.with_name(f".{whole.name}.{os.getpid()}.{kind}") for kind in kinds)
    try:
        _write_plain(target, texts, plain, other)
        _PACKERS[target.packing](plain, part, whole.name)
        part.replace(whole)
    except OSError as error:
        where = Locator(source=str(whole))
        raise SourceError(f"cannot be written: {error.strerror}", where=where, hint="check the folder") from error
    finally:
        for each in (plain, other, part):
            each.unlink(missing_ok=True)


def _write_plain(target: Target, texts: Iterator[str], plain: Path, other: Path) -> None:
    if target.syntax in ("nq", "nt"):  # the text is that already
        with plain.open("w", encoding=target.encoding, newline="") as stream:
            stream.writelines(texts)
        return
    quads = (quad for text in texts for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS, lenient=True))
    with plain.open("wb") as output:
        pyoxigraph.serialize(quads, output, _format(target))
    if target.encoding != "utf-8":
        with plain.open(encoding="utf-8", newline="") as source, other.open("w", encoding=target.encoding) as stream:
            shutil.copyfileobj(source, stream)
        other.replace(plain)


def _gzip(plain: Path, part: Path, name: str) -> None:
    with (
        plain.open("rb") as source,
        part.open("wb") as file,
        # without a time, so that equal statements make equal files
        gzip.GzipFile(filename=name, mode="wb", fileobj=file, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed)


def _zip(plain: Path, part: Path, name: str) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(plain, name.removesuffix(".zip"))


def _tar(compression: str) -> Callable[[Path, Path, str], None]:
    def pack(plain: Path, part: Path, name: str) -> None:
        with part.open("wb") as file, tarfile.open(fileobj=file, mode=f"w:{compression}") as packed:  # type: ignore[call-overload]  # a mode that is put together
            packed.add(plain, arcname=name.removesuffix(f".tar.{compression}"))

    return pack


def _rename(plain: Path, part: Path, _: str) -> None:
    plain.replace(part)


_PACKERS: Mapping[str, Callable[[Path, Path, str], None]] = MappingProxyType(
    {"none": _rename, "gzip": _gzip, "zip": _zip, "targz": _tar("gz"), "tarxz": _tar("xz")}
)
