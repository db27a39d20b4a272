"""Differences between two versions of a record, in readable lines."""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.rdf import RDF_TYPE, Token, Triple, iri_of, literal_parts, local_name

__all__ = ["changes_of"]

_MOST = 200
"""Lines that are kept of one change."""
_LONGEST = 200
"""Characters of a value in a line."""


def changes_of(before: Iterable[Triple], after: Iterable[Triple], entity: str) -> str:
    """List removed and added values, a line each: `- name: Ada`.

    Args:
        before: what the record said.
        after: what it says now.
        entity: IRI of the record's own thing; what is about another begins with that one's name.

    Returns:
        Lines in the order of things and properties, what went before what came; empty where nothing changed. Of very
        many the first, and a last one that says how many more there are.
    """
    old, new = frozenset(before), frozenset(after)
    gone = ((triple, "-") for triple in old - new)
    come = ((triple, "+") for triple in new - old)
    rows = sorted((*gone, *come), key=lambda row: (row[0].subject, row[0].predicate, row[1] == "+", row[0].object))
    lines = [_line(triple, sign, entity) for triple, sign in rows[:_MOST]]
    more = [f"+ and {len(rows) - _MOST} changes more"] if len(rows) > _MOST else []
    return "\n".join([*lines, *more])


def _line(triple: Triple, sign: str, entity: str) -> str:
    subject = iri_of(triple.subject)
    about = "" if subject == entity else f"{_name(subject)} › "
    name = "is a" if triple.predicate == RDF_TYPE else _name(iri_of(triple.predicate))
    return f"{sign} {about}{name}: {_value(triple.object)}"


def _value(token: Token) -> str:
    text = literal_parts(token).lexical if token[0] == '"' else _name(iri_of(token))
    short = " ".join(text.split())
    return short if len(short) <= _LONGEST else f"{short[:_LONGEST]}…"


def _name(iri: str) -> str:
    return local_name(iri) or iri
