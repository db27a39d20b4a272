"""Options of a mapping run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from graphmap.errors import DataError
from graphmap.lifting.execution.bindings import Bindings, Given
from graphmap.lifting.run_state import ExecutionReport
from graphmap.records import Refuse, raise_refusal

__all__ = ["Conditions"]

_MEMORY = 256 << 20


def _raise(error: DataError) -> None:
    raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Options of a run.

    Args:
        folder: of the mapping, which relative paths start from.
        bind: name of a source, its last part or its path, or a name that the mapping has in `${}`, to what is read.
        environment: values of names in `${}` that are not bound.
        meet: called for a record that gives no proper terms; by default it ends the work.
        refuse: called for a record that cannot be read; by default it ends the work.
        compiled: whether to take the fast path; the slow one gives the same and is there to be compared.
        memory: bytes that the index of a join may take in memory before it goes to a temporary file.
        distinct: whether a target has each statement once over all records.
        report: what is told of records and terms, where somebody asks for it.
    """

    folder: Path
    bind: Mapping[str, Given]
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    meet: Callable[[DataError], None] = _raise
    refuse: Refuse = raise_refusal
    compiled: bool = True
    memory: int = _MEMORY
    distinct: bool = False
    report: ExecutionReport | None = None

    @property
    def bindings(self) -> Bindings:
        """Bindings, and the environment behind them."""
        return Bindings(given=self.bind, environment=self.environment)
