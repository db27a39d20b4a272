"""All derived files at once: made, written, compared with what is committed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from graphmap.derivation.jsonld_context import context_of
from graphmap.derivation.mappings import Reading, mappings_of
from graphmap.derivation.namespaces import space_of
from graphmap.derivation.ontology import ontology_of
from graphmap.derivation.shapes import shapes_of
from graphmap.errors import RulesError
from graphmap.rules import RuleBook, ledger, ledger_summary, refuse

__all__ = ["derive", "outdated", "stale", "write"]

_FOLDERS = ("ontology", "shapes", "mappings")
_MARK = re.compile(r"# .*Derived from \S+ by `graphmap derive`; do not edit\.")


def derive(book: RuleBook, base: str, readings: Mapping[str, Reading] | None = None) -> Mapping[str, str]:
    """Every derived file.

    Args:
        book: the rules; they must not contradict themselves.
        base: base IRI of entities, and of the classes and properties of schemas that choose no other; ends in `/`.
        readings: how records come, by `{schema}/{Class}` or `{Class}`, where a source says so.

    Returns:
        Text by path, relative to the workspace, `/` between its parts; sorted by path.

    Raises:
        RulesError: where the rules contradict themselves, with every contradiction; where a source reads a class that
            is none, or has no key.
    """
    refuse(book)
    space = space_of(book.schemas.values(), base)
    files = {"ontology/context.jsonld": context_of(book.schemas.values(), space)}
    sources = _by_schema(book, readings or {})
    for name, schema in book.schemas.items():
        files[f"ontology/{name}.ttl"] = ontology_of(schema, space)
        if schema.classes:
            files[f"shapes/{name}.ttl"] = shapes_of(schema, space)
        for file, text in mappings_of(schema, space, sources.get(name, {})).items():
            files[f"mappings/{file}"] = text
    files["docs/losses.md"] = ledger_summary(ledger(book))
    return dict(sorted(files.items()))


def _by_schema(book: RuleBook, readings: Mapping[str, Reading]) -> Mapping[str, Mapping[str, Reading]]:
    """Form of the records, by schema and class; the name of a schema may be left out where one class has the name."""
    classes = [f"{schema.name}/{name}" for schema in book.schemas.values() for name in schema.classes]
    found: dict[str, dict[str, Reading]] = {}
    for path, reading in readings.items():
        fitting = [each for each in classes if path in (each, each.partition("/")[2])]
        if len(fitting) != 1:
            near = get_close_matches(path, [*classes, *(each.partition("/")[2] for each in classes)], n=1)
            hint = f"write one of {', '.join(fitting)}" if fitting else f"did you mean {near[0]}?" if near else None
            known = "several classes" if fitting else "no class of the rules"
            raise RulesError(f"a source reads {path}, which is {known}", hint=hint or "name a class of a rule file")
        schema, _, name = fitting[0].partition("/")
        found.setdefault(schema, {})[name] = reading
    return found


def outdated(artifacts: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """Files that were derived once and that the rules no longer give, told by their first line.

    Args:
        artifacts: text by relative path.
        root: folder of the workspace.

    Returns:
        Relative paths, sorted.
    """
    found = [file for folder in _FOLDERS for file in sorted((root / folder).glob("*.ttl"))]
    paths = [file.relative_to(root).as_posix() for file in found if _MARK.match(_first_line(file))]
    return tuple(path for path in paths if path not in artifacts)


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline(1000)


def write(artifacts: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """Write those files that differ, and remove those that the rules no longer give.

    Args:
        artifacts: text by relative path.
        root: folder of the workspace.

    Returns:
        The paths that were written, in the order given.
    """
    changed = tuple(path for path, text in artifacts.items() if _present(root / path) != text)
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(artifacts[path], encoding="utf-8", newline="\n")
    for path in outdated(artifacts, root):
        (root / path).unlink()
    return changed


def stale(artifacts: Mapping[str, str], root: Path) -> Iterator[str]:
    """Compare the files of a workspace with those derived from its rules.

    Args:
        artifacts: text by relative path.
        root: folder of the workspace.

    Yields:
        Lines of a unified diff, without line ends; none where all is up to date.
    """
    for path in outdated(artifacts, root):
        yield f"{path} is derived from no rule file any more"
    for path, text in artifacts.items():
        yield from difflib.unified_diff(
            (_present(root / path) or "").splitlines(),
            text.splitlines(),
            fromfile=path,
            tofile=f"{path} (as derived)",
            lineterm="",
        )


def _present(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
