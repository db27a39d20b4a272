"""Checks of an envelope, apart from the data in it."""

from __future__ import annotations

from collections.abc import Iterator

from graphmap.errors import Locator, RecordError, TermError
from graphmap.rdf import iri_safe, iri_token
from graphmap.records import Envelope
from graphmap.validation.report import Finding
from graphmap.workspace import SourceSettings

__all__ = ["ACTIONS", "check_envelope"]

ACTIONS = ("PUBLISH", "DELETE")
"""Actions on a record. The pages show PUBLISH alone; DELETE is assumed as its counterpart."""


def check_envelope(envelope: Envelope, source: SourceSettings, base: str, where: Locator) -> Iterator[Finding]:
    """Check what no shape can see.

    Yields:
        A Warning where the fragment of the subject is not the member of the record that the source names for it.

    Raises:
        RecordError: where the record is of a shape that the source does not accept, its subject is not an IRI under the
            base, or its action is unknown.
    """
    shape = f"{envelope.schema}/{envelope.shape}"
    if source.accepts and shape not in source.accepts:
        hint = f"this source accepts {', '.join(source.accepts)}"
        raise _refusal(f"the shape {shape} is unknown here", where, "/shapeName", hint)
    if envelope.action not in ACTIONS:
        raise _refusal(f"the action {envelope.action} is unknown", where, "/dataAction", f"use {' or '.join(ACTIONS)}")
    try:
        iri_token(envelope.entity)
    except TermError as error:
        raise _refusal(error.what, where, "/dataId/iri", error.hint or "correct it") from error
    if not envelope.entity.startswith(base) or "#" not in envelope.entity:
        raise _refusal(
            f"{envelope.entity} is not an entity under {base}", where, "/dataId/iri", "use an IRI with a fragment there"
        )
    if source.fragment is None:
        return
    fragment, member = envelope.entity.partition("#")[2], source.fragment.member
    own = envelope.data.get(member)
    if isinstance(own, str) and fragment != iri_safe(own):
        yield Finding(
            focus_node=f"<{envelope.entity}>",
            received=envelope.entity,
            rule=source.fragment.rule,
            severity="Warning",
            message=f"The record's IRI ends in {fragment} and its {member} is {own}; the IRI stands",
            source=where.source,
            row=where.row,
            pointer="/dataId/iri",
        )


def _refusal(what: str, where: Locator, pointer: str, hint: str) -> RecordError:
    return RecordError(what, where=Locator(source=where.source, row=where.row, pointer=pointer), hint=hint)
