"""Lifting from Python: a mapping's sources to quads, bytes or a file.

Source: RML-Core, execution of a mapping.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph

from graphmap.errors import DataError, Locator, RecordError, SourceError
from graphmap.lifting.execution import Given, Once, RunOptions, check_names, lift_plan, lift_to_targets
from graphmap.lifting.mapping import read_mapping
from graphmap.lifting.plan import FUNCTIONS, Function, Plan
from graphmap.records import Refusal

__all__ = ["lift", "lift_to_bytes", "lift_to_file"]

OnFault = Callable[[DataError | RecordError], None]
"""Called for each record that is left out."""


def lift(
    mapping: str | os.PathLike[str],
    sources: Mapping[str, Given] | None = None,
    *,
    base: str | None = None,
    bind: Mapping[str, str] | None = None,
    on_fault: OnFault | None = None,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Iterator[pyoxigraph.Quad]:
    """Lift the sources of an RML mapping.

    Args:
        mapping: Turtle file; the paths in it start from its folder.
        sources: name of a source, the last part of it, or its path, to what is read in its place: a path, `-` for
            standard input, the content of a file, the URL of a database, an open connection to one, or an iterable of
            records. Records are mappings of column to value for a table or a query, and documents otherwise; None is
            null, and values have the datatypes that are natural to them; an iterator can be read once, which
            is too little where a mapping joins a source with itself. A name that the mapping writes as `${NAME}`
            is given its value here, too.
        base: stands before relative IRIs in the data, where the mapping gives no rml:baseIRI; without any they are
            faults.
        bind: an older name of `sources`, for files and URLs.
        on_fault: called for each record that cannot be read or gives no proper terms, which is then left out; without
            it the first such record ends the work.
        functions: those that the mapping may call, by their IRIs.

    Yields:
        The quads, those with targets too, source by source and record by record; each once a record, so that one may
        come again with another record. Nothing is read before the first is asked for, and memory does not grow with
        the number of rows.

    Raises:
        MappingError: where the mapping cannot run.
        CallError: where something is given that the mapping has no source for.
        SourceError: where a source cannot be read to its end; what was read before was yielded.
        RecordError: without `on_fault`, at the first record that cannot be read.
        DataError: without `on_fault`, at the first record that gives no proper terms.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = pathlib.Path(folder.name) / "mapping.ttl"
    >>> _ = (file.parent / "people.csv").write_text("id,name\\n7,Ann\\n")
    >>> _ = file.write_text('''@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.com/> .
    ... ex:people rml:source "people.csv" ; rml:referenceFormulation rml:CSV .
    ... ex:person rml:logicalSource ex:people ; rml:subjectMap [ rml:template "http://example.com/{id}" ] ;
    ...   rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ] ] .''')
    >>> [str(quad.object) for quad in lift(file)]
    ['"Ann"']
    >>> [str(quad.object) for quad in lift(file, {"people.csv": [{"id": 8, "name": "Bo"}, {"id": 9, "name": None}]})]
    ['"Bo"']
    >>> folder.cleanup()
    """
    for text in _texts(mapping, _given(sources, bind), base=base, on_fault=on_fault, functions=functions):
        # lenient: an rml:UnsafeIRI need not be an IRI
        yield from pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS, lenient=True)


def lift_to_bytes(
    mapping: str | os.PathLike[str],
    sources: Mapping[str, Given] | None = None,
    *,
    base: str | None = None,
    bind: Mapping[str, str] | None = None,
    on_fault: OnFault | None = None,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> bytes:
    """Lift into N-Quads in memory; arguments and errors are those of `lift`."""
    texts = _texts(mapping, _given(sources, bind), base=base, on_fault=on_fault, functions=functions)
    return "".join(texts).encode()


def lift_to_file(
    mapping: str | os.PathLike[str],
    out: str | os.PathLike[str],
    sources: Mapping[str, Given] | None = None,
    *,
    base: str | None = None,
    bind: Mapping[str, str] | None = None,
    on_fault: OnFault | None = None,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> None:
    """Lift into a file of N-Quads, which is whole or not there; statements with targets go to the files of those.

    Args:
        mapping: as for `lift`, as are the others.
        out: the file; written under another name beside it, and renamed when it is whole.
        sources: as for `lift`.
        base: as for `lift`.
        bind: as for `lift`.
        on_fault: as for `lift`; a record that is left out is left out of every target.
        functions: as for `lift`.

    Raises:
        SourceError: where a file cannot be written; beside the errors of `lift`.
    """
    whole = Path(out)
    part = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    given = _given(sources, bind)
    texts = _texts(mapping, given, base=base, on_fault=on_fault, functions=functions, run=lift_to_targets)
    try:
        _write(part, texts)
        part.replace(whole)
    except OSError as error:
        where = Locator(source=str(whole))
        raise SourceError(f"cannot be written: {error.strerror}", where=where, hint="check the folder") from error
    finally:
        part.unlink(missing_ok=True)


def _write(part: Path, texts: Iterator[str]) -> None:
    with part.open("w", encoding="utf-8", newline="") as stream:
        for text in texts:
            stream.write(text)


def _given(sources: Mapping[str, Given] | None, bind: Mapping[str, str] | None) -> dict[str, Given]:
    given: dict[str, Given] = {**(bind or {}), **(sources or {})}
    return {name: Once(name, value) if isinstance(value, Iterator) else value for name, value in given.items()}


def _texts(
    mapping: str | os.PathLike[str],
    given: Mapping[str, Given],
    *,
    base: str | None,
    on_fault: OnFault | None,
    functions: Mapping[str, Function],
    run: Callable[[Plan, RunOptions], Iterator[str]] = lift_plan,
) -> Iterator[str]:
    file = Path(mapping)
    plan = read_mapping([file], base=base, functions=functions)
    check_names(plan, given)
    if on_fault is None:
        return run(plan, RunOptions(folder=file.parent, bind=given))
    meet = on_fault

    def refuse(refusal: Refusal) -> None:
        meet(refusal.error)

    return run(plan, RunOptions(folder=file.parent, bind=given, meet=on_fault, refuse=refuse))
