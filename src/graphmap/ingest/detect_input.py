"""From a file name to records of a known source: the kind is told by content, the source by what the content fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from graphmap.errors import CallError, GraphmapError, Locator, SourceError
from graphmap.files import STANDARD_INPUT, open_bytes, reading
from graphmap.lifting.plan import Plan, all_references
from graphmap.records import Records, Refuse
from graphmap.records.readers import Documents, RowForm, Rows

if TYPE_CHECKING:
    from graphmap.ingest.workspace_model import Sources
    from graphmap.workspace import SourceSettings

__all__ = ["Input", "columns_of", "looks_like_json", "open_input", "settings_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Records, and the source that they belong to."""

    records: Records
    source: SourceSettings


def open_input(
    name: str,
    knowledge: Sources,
    *,
    refuse: Refuse,
    source: str | None = None,
    label: str | None = None,
    stream: BinaryIO | None = None,
) -> Input:
    """Open a file or standard input as records of one source.

    Args:
        name: a path, or `-`.
        knowledge: the sources to choose from.
        refuse: called for each record that cannot be read.
        source: name of a source that overrides the choice by content.
        label: what Locators call the input; its name where left out.
        stream: the opened input, with `peek`, where the caller has it already.

    Raises:
        CallError: where there is no source of that name, or the content is of another kind.
        SourceError: where the input cannot be read, or fits no source.
    """
    stream = stream or open_bytes(name)
    try:
        return _opened(stream, label or name, knowledge, refuse, source)
    except GraphmapError:
        stream.close()
        raise


def _opened(stream: BinaryIO, name: str, knowledge: Sources, refuse: Refuse, source: str | None) -> Input:
    wanted = settings_of(source, knowledge) if source is not None else None
    with reading(name):
        documents = looks_like_json(stream)
        if not documents and not _start(stream):
            what = "standard input is empty" if name == STANDARD_INPUT else "the file is empty"
            raise SourceError(what, where=Locator(source=name), hint="check what was to write it")
    if wanted is not None and documents != (wanted.kind == "envelope"):
        kind = "JSON" if documents else "no JSON"
        raise CallError(
            f"the source {wanted.name} reads {wanted.kind}s, and this is {kind}", where=Locator(source=name)
        )
    if documents:
        settings = wanted or _only_envelope_source(name, knowledge)
        largest = knowledge.workspace.limits.document_bytes
        return Input(records=Documents(name, refuse=refuse, largest=largest, stream=stream), source=settings)
    form = RowForm(delimiter=wanted.delimiter if wanted else None)
    rows = Rows(name, form=form, refuse=refuse, stream=stream)
    return Input(records=rows, source=wanted or _source_of_header(rows, knowledge))


def settings_of(source: str, knowledge: Sources) -> SourceSettings:
    """The settings of a named source.

    Raises:
        CallError: where there is none of that name.
    """
    settings = knowledge.workspace.sources.get(source)
    if settings is None:
        raise CallError(f"there is no source {source!r}", hint=f"known: {', '.join(knowledge.workspace.sources)}")
    return settings


def columns_of(plan: Plan) -> frozenset[str]:
    """The columns that a plan over a table reads."""
    return frozenset(reference.text for each in plan.triples_maps for reference in all_references(each))


def looks_like_json(stream: BinaryIO) -> bool:
    """Return whether a stream with `peek` begins like a JSON document; nothing is taken from it."""
    return _start(stream) in (b"{", b"[")


def _start(stream: BinaryIO) -> bytes:
    """The first byte that is no white space; empty where there is none."""
    peeked: bytes = stream.peek(4096)  # type: ignore[attr-defined]  # open_bytes gives a buffered reader
    return peeked.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _only_envelope_source(name: str, knowledge: Sources) -> SourceSettings:
    found = [each for each in knowledge.workspace.sources.values() if each.kind == "envelope"]
    if len(found) != 1:
        what = "no source reads JSON" if not found else "several sources read JSON"
        raise SourceError(what, where=Locator(source=name), hint="name the source with --source")
    return found[0]


def _source_of_header(rows: Rows, knowledge: Sources) -> SourceSettings:
    header = frozenset(rows.header)
    missing = {
        name: columns_of(knowledge.plans[name]) - header
        for name, settings in knowledge.workspace.sources.items()
        if settings.kind == "table"
    }
    fitting = [name for name, columns in missing.items() if not columns]
    if len(fitting) == 1:
        return knowledge.workspace.sources[fitting[0]]
    where = Locator(source=rows.name)
    if fitting:
        raise SourceError(f"the header fits {', '.join(fitting)}", where=where, hint="choose one with --source")
    nearest = min(missing, key=lambda name: len(missing[name]), default=None)
    if nearest is None:
        raise SourceError("no source reads tables", where=where, hint="add one to graphmap.toml")
    lacks = sorted(missing[nearest])
    some = ", ".join(lacks[:5]) + (f" and {len(lacks) - 5} more" if len(lacks) > 5 else "")
    raise SourceError(
        f"the header fits no source; for {nearest} it lacks {some}", where=where, hint="check the first line"
    )
