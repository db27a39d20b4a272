"""The envelope around a record: what it says of the document, before any mapping reads the data.

The mapping lifts `dataId` and `data`; the members read here become the provenance of the document and decide what is
done with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphmap.errors import Locator, RecordError

__all__ = ["HEADER_MEMBERS", "Envelope", "is_envelope", "read_envelope"]

HEADER_MEMBERS = frozenset(
    {
        "schemaName",
        "schemaVersion",
        "shapeName",
        "dataAction",
        "mode",
        "correlationId",
        "stats",
    }
)
"""Members of an envelope that need no term map: provenance, and the timing in `stats`, which is dropped on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Header of a document's envelope.

    Args:
        schema: name of the schema.
        shape: name of the record's class in it.
        entity: absolute IRI of the record.
        schema_version: as it came.
        action: on the record.
        mode: as it came.
        correlation_id: of the message.
        version: of the record; `None` where there is none.
        further: other members that the source keeps, in its order.
        data: the record.
    """

    schema: str
    shape: str
    entity: str
    schema_version: str | None
    action: str
    mode: str
    correlation_id: str | None
    version: int | None
    further: tuple[tuple[str, str], ...] = ()
    data: Mapping[str, Any] = field(repr=False, compare=False)


def is_envelope(document: Any) -> bool:
    """Tell whether a decoded document has the two members that every envelope has."""
    return isinstance(document, dict) and "schemaName" in document and "shapeName" in document


def read_envelope(document: Any, where: Locator, further: Iterable[str] = ()) -> Envelope:
    """Read the header of an envelope.

    Args:
        document: decoded JSON.
        where: it stands.
        further: names of members that are kept beside the known ones.

    Raises:
        RecordError: where the document is no envelope, or names no subject; its Locator points at the member.
    """
    if not is_envelope(document):
        raise _refusal("the document is not an envelope: it has no schemaName and shapeName", where, "")
    data = document.get("data")
    if not isinstance(data, dict):
        raise _refusal("the envelope has no data object", where, "/data")
    version = data.get("@version")
    return Envelope(
        schema=_text(document, "schemaName", where) or "",
        shape=_text(document, "shapeName", where) or "",
        entity=_entity(document, where),
        schema_version=_text(document, "schemaVersion", where),
        action=_text(document, "dataAction", where) or "PUBLISH",
        mode=_text(document, "mode", where) or "LIVE",
        correlation_id=_text(document, "correlationId", where),
        version=version if isinstance(version, int) and not isinstance(version, bool) else None,
        further=tuple((name, text) for name in further if (text := _text(document, name, where)) is not None),
        data=data,
    )


def _text(document: dict[str, Any], member: str, where: Locator) -> str | None:
    value = document.get(member)
    if value is None or isinstance(value, str):
        return value
    raise _refusal(f"{member} is not a text", where, f"/{member}")


def _entity(document: dict[str, Any], where: Locator) -> str:
    identity = document.get("dataId")
    if not isinstance(identity, dict):
        raise _refusal("the envelope has no dataId, so the record has no subject", where, "/dataId")
    iri = identity.get("iri")
    if not isinstance(iri, str) or not iri:
        raise _refusal("the envelope has no dataId.iri, so the record has no subject", where, "/dataId/iri")
    return iri


def _refusal(what: str, where: Locator, pointer: str) -> RecordError:
    place = Locator(source=where.source, row=where.row, pointer=pointer or None)
    return RecordError(what, where=place, hint="add it and send the envelope again")
