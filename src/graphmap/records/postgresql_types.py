"""Types of PostgreSQL for its driver psycopg: values come as the texts of the server, and types of one's own are known.

The texts are read as `sql_types` says, also within arrays and composites. A composite is an object of its attributes.
Source: PostgreSQL, chapters 8 (data types) and 20.11 (client connection defaults); psycopg 3, data adaptation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graphmap.records.sql_types import POSTGRESQL, Convert

__all__ = ["know_types", "prepare"]

_SETTINGS = (
    "set datestyle to 'ISO, YMD'",
    "set intervalstyle to 'iso_8601'",
    "set timezone to 'UTC'",
    "set bytea_output to 'hex'",
)
_LOOK_UP = """select t.typtype::text, coalesce(e.oid, t.oid)::regtype::text, coalesce(e.typtype, t.typtype)::text
from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
where t.oid = any(%s)"""


def prepare(connection: Any) -> None:
    """Let a connection of psycopg hand over values as texts of the server that are read here."""
    for setting in _SETTINGS:
        connection.execute(setting)
    for name, convert in POSTGRESQL.items():
        if connection.adapters.types.get(name) is not None:
            connection.adapters.register_loader(name, _loader(convert))


def _loader(convert: Convert) -> type:
    from psycopg.adapt import Loader  # noqa: PLC0415  # an extra: only those who read PostgreSQL need it

    class TextLoader(Loader):
        """Reads the server's text."""

        def load(self, data: bytes | bytearray | memoryview) -> Any:
            """The value of a text."""
            return convert(bytes(data).decode())

    return TextLoader


def know_types(connection: Any, cursor: Any) -> None:
    """Look up the composites, and the arrays of types of one's own, that a result has.

    Args:
        connection: of psycopg.
        cursor: that holds a result of which nothing was fetched yet.
    """
    _register(connection, cursor, {each.type_code for each in cursor.description or ()})


def _register(connection: Any, cursor: Any, oids: Iterable[int]) -> None:
    unknown = [oid for oid in oids if cursor.adapters.types.get(oid) is None]
    if not unknown:
        return
    for _, name, kind in connection.execute(_LOOK_UP, (unknown,)).fetchall():
        _register_one(connection, cursor, name, composite=kind == "c")


def _register_one(connection: Any, cursor: Any, name: str, *, composite: bool) -> None:
    from psycopg.types import TypeInfo  # noqa: PLC0415  # an extra
    from psycopg.types.composite import CompositeInfo, register_composite  # noqa: PLC0415  # an extra

    info = (CompositeInfo if composite else TypeInfo).fetch(connection, name)
    if isinstance(info, CompositeInfo):
        cursor.adapters.types.add(info)
        _register(connection, cursor, info.field_types)
        register_composite(info, cursor, factory=_object_of(tuple(info.field_names)))
    elif info is not None:
        info.register(cursor)


def _object_of(names: tuple[str, ...]) -> Callable[..., dict[str, Any]]:
    return lambda *values: dict(zip(names, values, strict=True))
