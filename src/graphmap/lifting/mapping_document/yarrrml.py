"""YARRRML as Turtle, by the library yatter (extra `yarrrml`). Places in errors are those of the Turtle.

Source: YARRRML, https://rml.io/yarrrml/spec/.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from graphmap.errors import Locator, MappingError

__all__ = ["turtle_of"]

_LOGGER = "yatter.constants"
_HINT = "see https://rml.io/yarrrml/spec/"


def turtle_of(text: str, name: str) -> str:
    """Translate a mapping.

    Args:
        text: YARRRML.
        name: of its file.

    Raises:
        MappingError: where the library is not installed, or the text is no mapping.
    """
    where = Locator(source=name)
    try:
        import yatter  # type: ignore[import-untyped]  # noqa: PLC0415  # ships no types; an extra
        from ruamel.yaml import YAML  # noqa: PLC0415  # what yatter reads YAML with
        from ruamel.yaml.error import YAMLError  # noqa: PLC0415
    except ImportError as error:
        hint = "pip install 'graphmap[yarrrml]', or write the mapping in Turtle"
        raise MappingError("is YARRRML, and the library for it is not installed", where=where, hint=hint) from error
    with _heard() as lines:
        try:
            made = yatter.translate(YAML(typ="safe", pure=True).load(text))
        except YAMLError as error:
            raise MappingError(f"is not YAML: {error}", where=where, hint="correct the file") from error
        # whatever the library stumbles over: it checks little before it reads
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise MappingError(f"is not YARRRML: {error!r}", where=where, hint=_HINT) from error
    if not isinstance(made, str):
        raise MappingError(f"is not YARRRML: {'; '.join(lines) or 'nothing came of it'}", where=where, hint=_HINT)
    return made


class _Lines(logging.Handler):
    """Keeps the errors that are logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collects the log of the library, which would be printed otherwise."""
    logger, mine = logging.getLogger(_LOGGER), _Lines()
    before, propagated = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [mine], False
    try:
        yield mine.lines
    finally:
        logger.handlers[:], logger.propagate = before, propagated
