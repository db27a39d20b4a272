"""Writes Turtle for people: blocks in the order given, nested blank nodes, stable to the byte.

A term is Turtle text made by `literal`, `typed` or `Space.name`; `Blank` and `Items` nest.
Source: RDF 1.1 Turtle, sections 2.2 to 2.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphmap.rdf.terms import escape

__all__ = ["Blank", "Block", "Items", "Pairs", "Term", "document", "literal", "pairs", "typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A blank node written in brackets."""

    pairs: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """An RDF list."""

    terms: tuple[Term, ...]


_WIDTH = 90
"""Objects that are wider together stand on lines of their own."""

Term = str | Blank | Items
Pairs = tuple[tuple[str, tuple[Term, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A subject with what is said of it."""

    subject: str
    pairs: Pairs


def literal(text: str, language: str | None = None) -> str:
    r"""A plain literal, or one with a language.

    >>> literal('say "hi"', "en")
    '"say \\"hi\\""@en'
    """
    return f'"{escape(text)}"' + (f"@{language}" if language else "")


def typed(text: str, datatype: str) -> str:
    """A literal with a datatype, which is given as a prefixed name or IRI in brackets.

    >>> typed("2023-08-01", "xsd:date")
    '"2023-08-01"^^xsd:date'
    """
    return f"{literal(text)}^^{datatype}"


def pairs(*given: tuple[str, Term | Iterable[Term] | None]) -> Pairs:
    """Predicates with their objects; a `None` or an empty sequence leaves the predicate out."""
    return tuple((predicate, objects) for predicate, value in given if (objects := _objects(value)))


def _objects(value: Term | Iterable[Term] | None) -> tuple[Term, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str | Blank | Items) else tuple(value)


def document(*, title: str, prefixes: Mapping[str, str], blocks: Iterable[Block]) -> str:
    """One Turtle document.

    Args:
        title: a comment for the first lines.
        prefixes: namespaces by prefix; only those that are used are declared, sorted.
        blocks: what it says, in the order given.
    """
    body = "\n".join(_block(block) for block in blocks)
    used = {name: iri for name, iri in sorted(prefixes.items()) if re.search(rf"(?<![\w:/]){name}:(?!//)", body)}
    head = "".join(f"# {line}\n" for line in title.splitlines())
    return head + "\n" + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in used.items()) + "\n" + body


def _block(block: Block) -> str:
    return f"{block.subject}\n{_pairs(block.pairs, 1)} .\n"


def _pairs(given: Pairs, depth: int) -> str:
    indent = "    " * depth
    return " ;\n".join(f"{indent}{_predicate(name)}{_spaced(_terms(objects, depth))}" for name, objects in given)


def _spaced(objects: str) -> str:
    return objects if objects.startswith("\n") else f" {objects}"


def _predicate(name: str) -> str:
    return "a" if name == "rdf:type" else name


def _terms(terms: tuple[Term, ...], depth: int) -> str:
    written = [_term(term, depth) for term in terms]
    if len(terms) > 1 and all(isinstance(term, str) for term in terms) and sum(map(len, written)) > _WIDTH:
        indent = "    " * (depth + 1)
        return "\n" + ",\n".join(f"{indent}{term}" for term in written)
    return ", ".join(written)


def _term(term: Term, depth: int) -> str:
    if isinstance(term, str):
        return term
    if isinstance(term, Items):
        return f"( {' '.join(_term(item, depth) for item in term.terms)} )"
    if len(term.pairs) == 1 and all(isinstance(item, str) for item in term.pairs[0][1]):
        return f"[ {_pairs(term.pairs, 0)} ]"
    return f"[\n{_pairs(term.pairs, depth + 1)}\n{'    ' * depth}]"
