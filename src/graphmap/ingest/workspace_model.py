"""Model of a workspace: mappings as plans, shapes as an engine, ontology as entailments.

Loaded once, used for every record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graphmap.ingest.source_plan import plan_of
from graphmap.lifting.plan import Plan
from graphmap.rdf import Graph, Token, parse_triples, with_present_names
from graphmap.reasoning import Saturation, close_files
from graphmap.workspace import Workspace

if TYPE_CHECKING:
    from graphmap.validation.engine import Engine
    from graphmap.validation.uniqueness import KeyConstraint

__all__ = ["Knowledge", "Mappings", "Sources", "load_knowledge", "load_mappings", "load_plans"]


class Sources(Protocol):
    """Named sources with their plans."""

    @property
    def workspace(self) -> Workspace:
        """Workspace that they come from."""

    @property
    def plans(self) -> Mapping[str, Plan]:
        """Source name to its plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings:
    """Everything that the lifting of a record needs.

    Args:
        workspace: where it comes from.
        plans: source name to its plan.
        saturation: what one triple entails; `None` where nothing is to be inferred.
    """

    workspace: Workspace
    plans: Mapping[str, Plan]
    saturation: Saturation | None


def load_mappings(workspace: Workspace, *, infer: bool) -> Mappings:
    """Load the mappings, and the ontology where it is asked for.

    Raises:
        ConfigurationError: where a source's mappings read more than one source.
        MappingError: where a mapping cannot run.
    """
    closure = close_files(workspace.ontology(), cache=workspace.cache) if infer else None
    saturation = None if closure is None else Saturation.of(closure)
    return Mappings(workspace=workspace, plans=load_plans(workspace), saturation=saturation)


def load_plans(workspace: Workspace) -> Mapping[str, Plan]:
    """The plan of each source, by its name.

    Raises:
        ConfigurationError: where a source's mappings read more than one source.
        MappingError: where a mapping cannot run.
    """
    return {name: plan_of(source, workspace) for name, source in workspace.sources.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything that the judging of a record needs.

    Args:
        workspace: where it comes from.
        plans: source name to its plan.
        engine: the shapes, compiled.
        superclasses: class to itself and its super-classes, as the ontology states them.
        saturation: what one triple entails.
        keys: constraints across records.
        fingerprint: changes when a mapping, a shape or the ontology does; part of every content hash.
    """

    workspace: Workspace
    plans: Mapping[str, Plan]
    engine: Engine
    superclasses: Mapping[Token, frozenset[Token]]
    saturation: Saturation
    keys: tuple[KeyConstraint, ...]
    fingerprint: bytes


def load_knowledge(
    workspace: Workspace, *, shapes: Sequence[Path] | None = None, strict: bool = True, deadline_s: float = 10.0
) -> Knowledge:
    """Load mappings, shapes and ontology.

    Args:
        workspace: its files.
        shapes: shapes files in place of the workspace's own.
        strict: refuse ill-formed shapes.
        deadline_s: time for each query of the shapes graph, in seconds.

    Raises:
        ConfigurationError: where a source's mappings read more than one source.
        MappingError: where a mapping cannot run.
        ShapesError: where the shapes are ill-formed.
    """
    # a lift needs no validation, and takes half the time to start without it
    from graphmap.validation.engine import Engine  # noqa: PLC0415
    from graphmap.validation.shapes import load_shapes, superclasses  # noqa: PLC0415
    from graphmap.validation.sparql import Delegate  # noqa: PLC0415
    from graphmap.validation.uniqueness import key_constraints  # noqa: PLC0415

    shapes_files = workspace.shapes() if shapes is None else tuple(shapes)
    ontology = workspace.ontology()
    facts = [fact for file in ontology for fact in _facts(file)]
    loaded = load_shapes(shapes_files, strict=strict)
    mappings = [file for source in workspace.sources.values() for file in source.mappings]
    return Knowledge(
        workspace=workspace,
        plans=load_plans(workspace),
        engine=Engine(loaded, facts, delegate=Delegate.of(loaded, deadline_s=deadline_s), whole=False),
        superclasses=superclasses(facts),
        saturation=Saturation.of(close_files(ontology, cache=workspace.cache)),
        keys=key_constraints(loaded),
        fingerprint=_fingerprint((*mappings, *shapes_files, *ontology)),
    )


def _facts(file: Path) -> list[tuple[Token, Token]]:
    from graphmap.validation.shapes import sub_class_facts  # noqa: PLC0415  # as above

    return sub_class_facts(Graph(parse_triples(with_present_names(file.read_bytes()), source=str(file))))


def _fingerprint(files: Iterable[Path]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        content = file.read_bytes()
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()
