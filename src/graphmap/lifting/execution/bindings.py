"""Bindings of a run: replacements of sources, and names that are filled in a mapping.

A mapping may say `${NAME}` in a path, a database's URL, its user or its password, and so may what is bound to a source;
the value comes from the bindings or else from the environment, so that no secret stands in a file or on a command line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Protocol

from graphmap.errors import CallError, Locator, MappingError, SourceError
from graphmap.files import STANDARD_INPUT
from graphmap.lifting.plan import LogicalSource, Plan
from graphmap.rdf import local_name
from graphmap.records import Database

__all__ = ["Bindings", "Connection", "Given", "Once", "check_names", "names_of"]

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}")


class Connection(Protocol):
    """A connection to a database, as PEP 249 has it."""

    def cursor(self) -> Any:
        """A new cursor."""


Given = str | os.PathLike[str] | bytes | Connection | Iterable[Mapping[str, Any]]
"""A path, a URL of a database or `-`; the content of a file; an open database; records."""


class Once:
    """Records that can be read a single time, and say so where they are asked for again.

    Args:
        name: of the source, as the caller gave it.
        records: an iterator.
    """

    def __init__(self, name: str, records: Iterator[Mapping[str, Any]]) -> None:
        self._name = name
        self._records = records
        self._taken = False

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """The records.

        Raises:
            SourceError: where they were taken before.
        """
        if self._taken:
            what, hint = "the mapping reads the records twice, and they come once", "hand over a list"
            raise SourceError(what, where=Locator(source=self._name), hint=hint)
        self._taken = True
        return self._records


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """Bindings for a run.

    Args:
        given: name of a source, its last part or its path, or a name in `${}`, to what is read in its place.
        environment: values for names in `${}` that are not given; shown nowhere.
    """

    given: Mapping[str, Given] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def of(self, source: LogicalSource) -> Given | None:
        """Find the binding of a source; a path or URL is filled.

        Raises:
            MappingError: where it has a name in it that has no value.
        """
        found = next((self.given[name] for name in names_of(source) if name in self.given), None)
        if isinstance(found, str | os.PathLike):
            return self.filled(os.fspath(found), source)
        return found

    def filled(self, text: str, source: LogicalSource) -> str:
        """A text of a mapping with the names in it replaced by their values.

        Raises:
            MappingError: where a name has no value.
        """

        def value(match: re.Match[str]) -> str:
            given = self.given.get(match[1], self.environment.get(match[1]))
            if not isinstance(given, str):
                what, hint = f"{match[0]} has no value", f"bind {match[1]}, or set it in the environment"
                raise MappingError(what, where=Locator(source=source.name), hint=hint)
            return given

        return _PLACEHOLDER.sub(value, text)

    def database(self, source: LogicalSource) -> Database | None:
        """The database that a mapping describes, filled.

        Raises:
            MappingError: where it has a name in it that has no value.
        """
        if source.database is None:
            return None
        found = {each.name: getattr(source.database, each.name) for each in fields(source.database)}
        return Database(**{name: text and self.filled(text, source) for name, text in found.items()})

    def used_by(self, source: LogicalSource) -> frozenset[str]:
        """The given names that a source makes use of, in its place or filled into it."""
        named = [name for name in names_of(source) if name in self.given]
        texts = [given for name in named[:1] if isinstance(given := self.given[name], str)]
        texts += [source.path or ""]
        if source.database is not None:
            texts += [getattr(source.database, each.name) or "" for each in fields(source.database)]
        return frozenset(named) | {name for text in texts for name in _PLACEHOLDER.findall(text)}

    def comes_once(self, source: LogicalSource) -> bool:
        """Return whether what is given for a source can be read a single time."""
        given = next((self.given[name] for name in names_of(source) if name in self.given), source.path)
        return given == STANDARD_INPUT or isinstance(given, Iterator | Once)

    def is_in_memory(self, source: LogicalSource) -> bool:
        """Return whether records are given for a source, rather than a text or a database."""
        given = next((self.given[name] for name in names_of(source) if name in self.given), None)
        return given is not None and not isinstance(given, str | bytes | os.PathLike) and not hasattr(given, "cursor")


def check_names(plan: Plan, given: Mapping[str, Given]) -> None:
    """See to it that all that is given is asked for, and that records are given as many, not as one.

    Raises:
        CallError: where a name is that of no source, and stands in none, or where one mapping is given for records.
    """
    single = next((name for name, value in given.items() if isinstance(value, Mapping)), None)
    if single is not None:
        raise CallError(f"one mapping is given in place of the records of {single!r}", hint="put it into a list")
    joined = (join.parent.source for join in plan.view_joins)
    sources = tuple(dict.fromkeys((*plan.sources, *joined)))
    bindings = Bindings(given=given)
    unused = sorted(set(given).difference(*map(bindings.used_by, sources)))
    if unused:
        known = ", ".join(local_name(source.name) for source in sources)
        raise CallError(f"the mapping has no source {unused[0]!r}", hint=f"its sources: {known}")


def names_of(source: LogicalSource) -> tuple[str, ...]:
    """The names by which a source can be given, the fullest first."""
    return tuple(name for name in (source.name, local_name(source.name), source.path) if name is not None)
