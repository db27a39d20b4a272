"""Imports of a shapes graph: files beside it are read, those not found are named.

Source: SHACL, section 3.2 (shapes graph); OWL 2, section 3.4 (imports).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from graphmap.rdf import RDF, RDFS, Token, Triple, local_name
from graphmap.validation.shapes.model import Unevaluable
from graphmap.validation.shapes.vocabulary import SH

__all__ = ["IMPORTS", "follow_imports"]

IMPORTS: Token = "<http://www.w3.org/2002/07/owl#imports>"
_SUFFIXES = ("", ".ttl", ".shacl", ".rdf", ".owl", ".nt", ".trig", ".jsonld")
_BUILT_IN = frozenset(each.rstrip("#/") for each in (SH, RDF, RDFS, "http://www.w3.org/2002/07/owl#"))


def follow_imports(
    triples: list[Triple],
    folders: Iterable[Path] = (),
    read: Callable[[Path], Iterable[Triple]] = lambda _path: (),
    *,
    given: Container[str] = frozenset(),
) -> list[Unevaluable]:
    """Read what a shapes graph imports, and what that imports, each file once.

    Args:
        triples: of the shapes graph; those of imported files are added.
        folders: where files are looked for, by the last segment of the IRI.
        read: reads a file.
        given: IRIs of documents that were given otherwise.

    Returns:
        The imports that were not found.
    """
    places = list(dict.fromkeys(folders))
    subjects = {triple.subject for triple in triples}
    missing: list[Unevaluable] = []
    done = set[Token]()
    for triple in triples:  # grows while it is read
        if triple.predicate != IMPORTS or triple.object in done:
            continue
        done.add(triple.object)
        iri = triple.object.strip("<>")
        if triple.object in subjects or iri in given or iri.rstrip("#/") in _BUILT_IN:
            continue
        file = _file_of(iri, places)
        if file is None:
            reason = f"it imports {triple.object}, which is not among the files given, nor beside them"
            missing.append(Unevaluable(shape=triple.subject, reason=reason))
            continue
        found = list(read(file))
        subjects.update(each.subject for each in found)
        triples.extend(found)
    return missing


def _file_of(iri: str, folders: Iterable[Path]) -> Path | None:
    parts = urlsplit(iri)
    if parts.scheme == "file":
        path = Path(unquote(parts.path))
        return path if path.is_file() else None
    name = local_name(iri.rstrip("#/"))
    tried = (folder / f"{name}{suffix}" for folder in folders for suffix in _SUFFIXES) if name else ()
    return next((path for path in tried if path.is_file()), None)
