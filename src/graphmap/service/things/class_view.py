"""View of a class: rules in words, code lists, and its things, filtered and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode

from graphmap.errors import CallError
from graphmap.rdf import RDF_TYPE, RDFS, iri_token, literal_token, local_name
from graphmap.service.glossary import Choice, Glossary, Rule, Word
from graphmap.service.http import Cell
from graphmap.service.pages import Bar, Neighbour, Picture, bars, link, neighbourhood

__all__ = [
    "MOST_SORTED",
    "PAGE",
    "SORTS",
    "CodeList",
    "Column",
    "Selection",
    "by_field",
    "columns_of",
    "lists_of",
    "ontology_picture",
    "selection_of",
    "things_of",
]

PAGE = 50
"""Things of a class on one page."""
_LABEL = f"<{RDFS}label>"
_NAMED = re.compile(r"(name|label|title)$", re.IGNORECASE).search
_NAMES, _CODES = 3, 2
_SHOWN = 12
_AROUND = 12
SORTS: Mapping[str, str] = MappingProxyType({"": "as stored", "label": "by name", "-label": "by name, backwards"})
"""Orders of things: values of `sort=`, in words."""
MOST_SORTED = 50_000
"""Things that a page puts in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A property that the list of things shows."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A code list of a class.

    Args:
        name: what a filter calls it.
        word: its property.
        choices: value and meaning.
        counted: how often each value occurs, as bars; `None` where that takes too long to count.
        chosen: the value that is filtered for.
    """

    name: str
    word: Word
    choices: tuple[Choice, ...]
    counted: tuple[Bar, ...] | None = None
    chosen: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The values that a filter offers: those that occur, or all where that is not known."""
        if self.counted is None:
            return tuple(choice.value for choice in self.choices)
        return tuple(bar.label for bar in self.counted if bar.number)

    @property
    def often(self) -> tuple[Bar, ...]:
        """The values that occur most."""
        return (self.counted or ())[:_SHOWN]

    @property
    def seldom(self) -> tuple[Bar, ...]:
        """All other values."""
        return (self.counted or ())[_SHOWN:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Selection of things of a class.

    Args:
        kind: IRI of the class.
        filters: IRI of a property to the value asked for.
        names: the same filters as the address has them.
        sort: a key of `SORTS`.
        offset: things before the page.
    """

    kind: str
    filters: Mapping[str, str]
    names: Mapping[str, str]
    sort: str = ""
    offset: int = 0

    def address(self, root: str) -> str:
        """The address of the page, without its offset."""
        given = {**self.names, "sort": self.sort}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{root}{link(self.kind)}{'&' if query else ''}{query}"

    def pattern(self) -> str:
        """The pattern that the things match."""
        asked = "".join(f" ; {iri_token(path)} {literal_token(value)}" for path, value in self.filters.items())
        return f"?s {RDF_TYPE} {iri_token(self.kind)}{asked}"

    def count_query(self) -> str:
        """Count the things that match."""
        return f"SELECT (COUNT(*) AS ?n) {{ {self.pattern()} }}"

    def page_query(self, columns: Sequence[Column]) -> str:
        """A page of the things, each with its label and what the columns show."""
        order = ""
        inside = self.pattern()
        if self.sort:
            inside += f" OPTIONAL {{ ?s {_LABEL} ?name }}"
            order = "ORDER BY DESC(?name) ?s" if self.sort.startswith("-") else "ORDER BY ?name ?s"
        named = "?name " if self.sort else ""
        inner = f"SELECT ?s {named}{{ {inside} }} {order} LIMIT {PAGE} OFFSET {self.offset}"
        optional = "".join(f" OPTIONAL {{ ?s {iri_token(each.iri)} ?c{n} }}" for n, each in enumerate(columns))
        shown = " ".join(f"?c{n}" for n in range(len(columns)))
        return f"SELECT ?s ?l {shown} {{ {{ {inner} }} OPTIONAL {{ ?s {_LABEL} ?l }}{optional} }} {order}"


def selection_of(kind: str, given: Mapping[str, str], glossary: Glossary, *, offset: int) -> Selection:
    """Read a selection from the parameters of a request.

    Raises:
        CallError: where a filter or an order is none of those that there are.
    """
    names = {local_name(path) or path: path for path in glossary.lists(kind)}
    asked = {name: value for name, value in given.items() if name in names and value}
    sort = given.get("sort", "")
    if sort not in SORTS:
        raise CallError(f"there is no order {sort!r}", hint=f"choose one of {', '.join(filter(None, SORTS))}")
    filters = {names[name]: value for name, value in asked.items()}
    return Selection(kind=kind, filters=filters, names=asked, sort=sort, offset=offset)


def columns_of(kind: str, glossary: Glossary) -> tuple[Column, ...]:
    """Choose the columns beside the labels of things: names first, then codes."""
    ordered = sorted(glossary.order((kind,)).items(), key=lambda item: item[1])
    names = [path for path, _ in ordered if _NAMED(local_name(path) or "")][:_NAMES]
    codes = [path for path in glossary.lists(kind) if path not in names][:_CODES]
    return tuple(Column(iri=path, label=glossary.label(path)) for path in (*names, *codes))


def by_field(rules: Iterable[Rule]) -> list[tuple[str | None, list[Rule]]]:
    """Rules by the property that they are about, in the order of their first rule; those of the whole thing last."""
    found: dict[str | None, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.path, []).append(rule)
    return sorted(found.items(), key=lambda item: item[0] is None)


def lists_of(
    selection: Selection, glossary: Glossary, counts: Mapping[str, Mapping[str, int] | None], root: str
) -> tuple[CodeList, ...]:
    """The code lists of a class with how often each value occurs.

    Args:
        selection: what is asked for.
        glossary: knows the lists.
        counts: property to value to number; `None` where it takes too long to count.
        root: path under which a proxy shows the service.
    """
    found = []
    for path, choices in glossary.lists(selection.kind).items():
        name = local_name(path) or path
        numbers = counts.get(path)
        counted = None if numbers is None else _counted(selection, name, choices, numbers, root)
        chosen = selection.filters.get(path, "")
        found.append(CodeList(name=name, word=glossary.word(path), choices=choices, counted=counted, chosen=chosen))
    return tuple(found)


def _counted(
    selection: Selection, name: str, choices: Iterable[Choice], numbers: Mapping[str, int], root: str
) -> tuple[Bar, ...]:
    meanings = {choice.value: choice.meaning for choice in choices}
    open_ended = any("*" in value for value in meanings)
    strangers = {value: "not in the list" for value in numbers if value not in meanings and not open_ended}
    every = meanings | strangers
    rows = [
        Bar(
            label=value,
            number=numbers.get(value, 0),
            note=every.get(value, ""),
            href=f"{_narrowed(selection, name, value, root)}#things" if numbers.get(value) else None,
            kind="Violation" if value in strangers else "",
        )
        for value in dict.fromkeys((*every, *numbers))
    ]
    return bars(sorted(rows, key=lambda row: (-row.number, row.label)))


def _narrowed(selection: Selection, name: str, value: str, root: str) -> str:
    return replace(selection, names={name: value}, sort="").address(root)


def ontology_picture(kind: str, glossary: Glossary, rules: Iterable[Rule], root: str) -> Picture | None:
    """A class with the classes around it: what it is a kind of, what it points to, what points to it."""
    word = glossary.word(kind)
    before: list[Neighbour] = []
    after = [_neighbour(parent, "is a kind of", glossary, root) for parent in word.parents]
    paths = {rule.path for rule in rules}
    for each in sorted(glossary.words.values(), key=lambda one: one.iri):
        if each.range in glossary.words and (each.domain == kind or each.iri in paths) and each.range != kind:
            after.append(_neighbour(each.range or "", each.label, glossary, root))
        elif each.range == kind and each.domain is not None and each.domain != kind:
            before.append(_neighbour(each.domain, f"{each.label} →", glossary, root))
    sides = [tuple({(each.text, each.link): each for each in side}.values())[:_AROUND] for side in (before, after)]
    return neighbourhood(word.label, *sides) if any(sides) else None


def _neighbour(iri: str, how: str, glossary: Glossary, root: str) -> Neighbour:
    known = iri in glossary.words
    return Neighbour(text=glossary.label(iri), href=root + link(iri) if known else None, link=how)


def things_of(rows: Iterable[Mapping[str, Cell]], columns: Sequence[Column]) -> list[dict[str, object]]:
    """Things with the values of their columns, one row each."""
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        iri = row["s"].iri or row["s"].text
        label = row["l"].text or local_name(iri) or iri
        cells = [row[f"c{n}"] for n in range(len(columns))]
        found.setdefault(iri, {"thing": Cell(text=label, iri=row["s"].iri), "cells": cells})
    return list(found.values())
