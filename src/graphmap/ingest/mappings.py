"""What a workspace knows of lifting: the plan of each source, and what follows from a triple."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from graphmap.errors import ConfigurationError, Locator
from graphmap.lifting import Plan, read_mapping
from graphmap.reasoning.closure import close_files
from graphmap.reasoning.saturation import Saturation
from graphmap.workspace import CONFIGURATION, SourceSettings, Workspace

__all__ = ["Mappings", "Sources", "load_mappings", "load_plans"]


class Sources(Protocol):
    """Named sources with their plans."""

    @property
    def workspace(self) -> Workspace:
        """Where they come from."""

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
    return {name: _plan(source, workspace) for name, source in workspace.sources.items()}


def _plan(source: SourceSettings, workspace: Workspace) -> Plan:
    plan = read_mapping(source.mappings, base=workspace.base)
    if len(plan.sources) != 1:
        names = ", ".join(each.name for each in plan.sources)
        raise ConfigurationError(
            f"the mappings of source {source.name} read {len(plan.sources)} sources: {names}",
            where=Locator(source=str(workspace.root / CONFIGURATION)),
            hint="give each source its own [sources.NAME]",
        )
    return plan
