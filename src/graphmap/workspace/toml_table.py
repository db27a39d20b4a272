"""A table of a TOML file, read key by key; what is wrong is told with the file and the table."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from graphmap.errors import ConfigurationError, Locator

__all__ = ["Table", "parsed"]

_SECRET = frozenset({"database", "password"})
"""Keys whose values no message shows."""


def parsed(file: Path) -> Table:
    """Read a file.

    Raises:
        ConfigurationError: where it cannot be read, or is not TOML.
    """
    where = Locator(source=str(file))
    try:
        return Table(tomllib.loads(file.read_text(encoding="utf-8")), file, "")
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read: {error.strerror}", where=where, hint="run `graphmap init`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"is not TOML: {error}", where=where) from error


class Table:
    """One table of the file; every key must be asked for, so that a misspelt one is an error.

    Args:
        values: by key.
        file: where it stands.
        name: of the table; empty for the outermost.
    """

    def __init__(self, values: dict[str, Any], file: Path, name: str) -> None:
        self.values = values
        self._file = file
        self._name = name
        self._asked: set[str] = set()

    def fault(self, what: str, hint: str) -> ConfigurationError:
        """An error about this table, to be raised."""
        place = f"[{self._name}] " if self._name else ""
        return ConfigurationError(f"{place}{what}", where=Locator(source=str(self._file)), hint=hint)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """The value of a key, of a kind; without a default it must be there."""
        self._asked.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(f"{key} is missing", "add it")
        if not isinstance(value, kind):
            said = "" if key in _SECRET else f": {value!r}"
            raise self.fault(f"{key} has a value of the wrong kind{said}", "see docs/configuration.md")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return str(self.take(key, str, default))

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(each) for each in self.take(key, list, default))

    def table(self, key: str) -> Table:
        """A table in this one."""
        name = f"{self._name}.{key}" if self._name else key
        return Table(self.take(key, dict, {}), self._file, name)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """A text that is one of some."""
        value = self.text(key, default)
        if value not in choices:
            raise self.fault(f"{key} is {value!r}", f"use one of {', '.join(choices)}")
        return value

    def finish(self) -> None:
        """Refuse a key that nobody asked for."""
        unknown = sorted(set(self.values) - self._asked)
        if unknown:
            raise self.fault(f"{unknown[0]} is not a setting", f"known here: {', '.join(sorted(self._asked))}")
