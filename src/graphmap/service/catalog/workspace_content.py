"""Content of a workspace beside its data: queries, context, ontology, shapes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pyoxigraph as ox

from graphmap.errors import ConfigurationError, Locator
from graphmap.rdf import with_present_names
from graphmap.saved_queries import load_queries
from graphmap.service.dependencies import Knowledge
from graphmap.workspace import Workspace

__all__ = ["knowledge_of"]


def knowledge_of(workspace: Workspace) -> Knowledge:
    """Read what a workspace knows beside its data.

    Raises:
        QueryError: where a saved query is wrong.
        ConfigurationError: where a file cannot be read.
    """
    try:
        context = msgspec.json.decode(workspace.context.read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        context = {"@context": {"@base": workspace.base}}  # a workspace without rules has no names of its own
    except (OSError, msgspec.DecodeError) as error:
        where = Locator(source=str(workspace.context))
        raise ConfigurationError(f"cannot be read: {error}", where=where, hint="run `graphmap derive`") from error
    return Knowledge(
        queries=load_queries(workspace.queries),
        context=context,
        ontology=_ntriples(workspace.ontology()),
        shapes=_ntriples(workspace.shapes()),
    )


def _ntriples(files: Iterable[Path]) -> bytes:
    out = io.BytesIO()
    for file in files:
        try:
            text = with_present_names(file.read_bytes())
            quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except (OSError, SyntaxError) as error:
            where = Locator(source=str(file))
            raise ConfigurationError(f"cannot be read: {error}", where=where, hint="correct it") from error
        ox.serialize((quad.triple for quad in quads), out, format=ox.RdfFormat.N_TRIPLES)
    return out.getvalue()
