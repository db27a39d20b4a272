"""All derived files at once: made, written, compared with what is committed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from graphmap.derivation.jsonld_context import context_of
from graphmap.derivation.mappings import mapping_of
from graphmap.derivation.namespaces import Space
from graphmap.derivation.ontology import ontology_of
from graphmap.derivation.shapes import shapes_of
from graphmap.rules import RuleBook, check, ledger, ledger_summary

__all__ = ["BASE", "derive", "stale", "write"]

BASE = "https://schema.limbergraph.com/"
"""The base IRI where a workspace sets none."""


def derive(book: RuleBook, base: str = BASE) -> Mapping[str, str]:
    """Every derived file.

    Args:
        book: the rules; they must not contradict themselves.
        base: base IRI of classes, properties and entities; ends in `/`.

    Returns:
        Text by path, relative to the workspace, `/` between its parts; sorted by path.

    Raises:
        RulesError: where the rules contradict themselves; names the first contradiction.
    """
    for problem in check(book):
        raise problem.error()
    space = Space(base=base, schemas=tuple(book.schemas))
    files = {"ontology/context.jsonld": context_of(book.schemas.values(), space)}
    for name, schema in book.schemas.items():
        files[f"ontology/{name}.ttl"] = ontology_of(schema, space)
        files[f"shapes/{name}.ttl"] = shapes_of(schema, space)
        files[f"mappings/{name}.ttl"] = mapping_of(schema, space)
    files["docs/losses.md"] = ledger_summary(ledger(book))
    return dict(sorted(files.items()))


def write(artifacts: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """Write those files that differ.

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
    return changed


def stale(artifacts: Mapping[str, str], root: Path) -> Iterator[str]:
    """Compare the files of a workspace with those derived from its rules.

    Args:
        artifacts: text by relative path.
        root: folder of the workspace.

    Yields:
        Lines of a unified diff, without line ends; none where all is up to date.
    """
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
