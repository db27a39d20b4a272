"""View of a thing: fields in the order of the rules, each with values and findings.

The answer to `record_queries.page_query` is put together here; nothing is asked of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import quote

import msgspec

from graphmap.rdf import RDF_TYPE, RDFS, iri_of, local_name
from graphmap.service.glossary import Glossary
from graphmap.service.http import Cell
from graphmap.service.pages import Neighbour, Picture, link, neighbourhood
from graphmap.service.things.record_events import Event, read_events
from graphmap.service.things.record_queries import FINDING, SAMPLE
from graphmap.service.things.record_rows import Parts, Statement
from graphmap.validation.report import how_to_fix

__all__ = ["Field", "Flag", "RecordView", "Value", "read_flags", "read_record"]

_LABEL = f"{RDFS}label"
_TYPE = iri_of(RDF_TYPE)
_DEEPEST = 4
_SHORT = 30
"""Characters of a key that people can read; it says more than the kind of the thing."""
_AROUND = 8
_LAST = float("inf")

_Statements = Mapping[str, Mapping[str, Sequence[Cell]]]
"""Subject to property to values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A finding in words.

    Args:
        severity: Violation, Warning or Info.
        message: what does not fit.
        rule: slug.
        value: what was received, where there was something.
        fix: what to do about it.
        why: what the rule is there for, and where it stands.
        path: IRI of the property that it is about; empty for the whole thing.
        focus: IRI of the thing that it is about.
        aside: the set-aside record that it belongs to; empty for what is stored.
        place: JSON Pointer into the message; empty for the whole of it.
    """

    severity: str
    message: str
    rule: str
    value: str = ""
    fix: str = ""
    why: str = ""
    path: str = ""
    focus: str = ""
    aside: str = ""
    place: str = ""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a field; what is embedded in the record is unfolded into fields of its own.

    Args:
        cell: what is shown.
        kind: title of its class, where it is embedded.
        fields: of what is embedded.
        told: whether the text of the cell says all that they say.
        gravest: severity of the findings about something in it; empty where there are none.
    """

    cell: Cell
    kind: str = ""
    fields: tuple[Field, ...] = ()
    told: bool = False
    gravest: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A property of a thing.

    Args:
        iri: the property.
        label: its title.
        meaning: what it means.
        source: the page that says so.
        values: as far as they are shown.
        more: how many are not.
        flags: what was found about it.
        worst: the gravest severity of its flags; empty where it has none.
        gravest: the same of its flags and of those of what is embedded in it.
    """

    iri: str
    label: str
    meaning: str = ""
    source: str = ""
    values: tuple[Value, ...] = ()
    more: int = 0
    flags: tuple[Flag, ...] = ()
    worst: str = ""
    gravest: str = ""


def _worst(severities: Iterable[str]) -> str:
    there = set(severities)
    return next((name for name in ("Violation", "Warning", "Info") if name in there), "")


class IncomingLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Links to a thing by one property.

    Args:
        property: with its title.
        number: how many things do.
        only: the one, where it is one alone and has a name.
    """

    property: Cell
    number: int
    only: Cell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """Content of the page.

    Args:
        iri: the thing.
        label: its label, or the end of its IRI.
        names: what else it is called by, from what is embedded in it.
        types: its classes.
        fields: what its record says, or all that is known where it has none.
        also: what follows of that.
        flags: findings that are about no field.
        aside: findings about messages that were set aside.
        links: what points to it, by property.
        events: what its document went through, the latest first.
        picture: what it is linked with.
        cut: whether there was more than a page can look at.
    """

    iri: str
    label: str
    names: tuple[str, ...]
    types: tuple[Cell, ...]
    fields: tuple[Field, ...]
    also: tuple[Field, ...] = ()
    flags: tuple[Flag, ...] = ()
    aside: tuple[Flag, ...] = ()
    links: tuple[IncomingLinks, ...] = ()
    events: tuple[Event, ...] = ()
    picture: Picture | None = None
    cut: bool = False

    @property
    def links_total(self) -> int:
        """Number of links to it."""
        return sum(each.number for each in self.links)


@dataclass(slots=True, kw_only=True)
class _Unfolding:
    """Makes fields out of statements; each embedded thing is unfolded once."""

    statements: _Statements
    glossary: Glossary
    flags: Sequence[Flag]
    totals: Mapping[str, int]
    seen: set[str] = field(default_factory=set)

    def fields(self, node: str, depth: int = 0) -> tuple[Field, ...]:
        self.seen.add(node)
        said = self.statements.get(node, {})
        places = self.glossary.order(tuple(cell.text for cell in said.get(_TYPE, ())))
        flagged = {flag.path for flag in self.flags if flag.focus == node and flag.path}
        names = {name for name in said if name not in (_TYPE, _LABEL)} | flagged
        ordered = sorted(names, key=lambda name: (places.get(name, _LAST), self.glossary.label(name), name))
        return tuple(self._field(node, name, said.get(name, ()), depth) for name in ordered)

    def _field(self, node: str, name: str, cells: Sequence[Cell], depth: int) -> Field:
        word = self.glossary.word(name)
        total = max(self.totals.get(name, 0), len(cells)) if depth == 0 else len(cells)
        values = tuple([self._value(cell, depth) for cell in cells[:SAMPLE]])
        made = Field(
            iri=name,
            label=word.label,
            meaning=word.meaning,
            source=word.source,
            values=values,
            more=total - len(values),
        )
        return self._flagged(made, node) if self.flags else made

    def _flagged(self, one: Field, node: str) -> Field:
        flags = tuple(flag for flag in self.flags if flag.focus == node and flag.path == one.iri)
        worst = _worst(flag.severity for flag in flags)
        gravest = _worst((worst, *(value.gravest for value in one.values)))
        return msgspec.structs.replace(one, flags=flags, worst=worst, gravest=gravest)

    def _value(self, cell: Cell, depth: int) -> Value:
        if cell.iri is None or cell.iri not in self.statements or depth >= _DEEPEST:
            return Value(cell=cell)
        kinds = self.statements[cell.iri].get(_TYPE, ())
        kind = self.glossary.label(kinds[0].text) if kinds else ""
        if cell.iri in self.seen:
            return Value(cell=cell, kind=kind)
        unfolded = self.fields(cell.iri, depth + 1)
        fields = tuple(each for each in unfolded if not _restates(each, cell.iri))
        has_label = bool(self.statements[cell.iri].get(_LABEL)) or cell.text != local_name(cell.iri)
        texts = [value.cell.text for each in fields for value in each.values]
        summary = " · ".join(text for text in texts[:3] if len(text) <= 60)
        key = cell.text if len(fields) < len(unfolded) and len(cell.text) <= _SHORT else ""
        named = cell if has_label else msgspec.structs.replace(cell, text=summary or key or kind or cell.text)
        told = all(text in named.text for text in texts) and not any(each.flags for each in fields)
        gravest = _worst(each.gravest for each in fields) if self.flags else ""
        return Value(cell=named, kind=kind, fields=fields, told=told, gravest=gravest)


def _restates(one: Field, iri: str) -> bool:
    """Return whether a field has only the key that the thing's IRI is made of."""
    return not one.flags and [value.cell.text for value in one.values] == [local_name(iri)]


def read_record(iri: str, parts: Parts, glossary: Glossary, *, totals: Mapping[str, int], root: str = "") -> RecordView:
    """Put the answer to `page_query` together.

    Args:
        iri: the thing.
        parts: the answer; `sample` stands in for `known` where that was too much.
        glossary: words for all.
        totals: number of values by property, where there are more than were asked for.
        root: path under which a proxy shows the service.
    """
    known = _statements(parts.get("sample", parts.get("known", ()))).get("", {})
    record = {} if "sample" in parts else _statements(parts.get("record", ()))
    links = tuple(_pointing(each, glossary) for each in sorted(parts.get("links", ()), key=lambda each: each.p))
    flags = read_flags(_findings(parts), glossary)
    present = [replace(flag, focus=flag.focus or iri) for flag in flags if not flag.aside]
    said = record.get(iri) or _in_words(known, glossary)
    unfolding = _Unfolding(
        statements=record if iri in record else {iri: said}, glossary=glossary, flags=present, totals=totals
    )
    fields = unfolding.fields(iri)
    rest = {name: cells for name, cells in known.items() if name not in said}
    entailed = _Unfolding(statements={iri: rest}, glossary=glossary, flags=(), totals={}, seen={iri})
    shown = {id(flag) for each in _all_fields(fields) for flag in each.flags}
    labels = [cell.text for cell in known.get(_LABEL, ())]
    label = labels[0] if labels else local_name(iri) or iri
    return RecordView(
        iri=iri,
        label=label,
        names=_names(record, iri, label),
        types=tuple(_titled(cell, glossary) for cell in _own_first(known.get(_TYPE, ()), glossary)),
        fields=fields,
        also=entailed.fields(iri),
        flags=tuple(flag for flag in present if id(flag) not in shown),
        aside=tuple(flag for flag in flags if flag.aside),
        links=links,
        events=read_events(parts.get("events", ())),
        picture=_picture(label, fields, _incoming(links, iri, root), root),
        cut="sample" in parts,
    )


def _findings(parts: Parts) -> Iterator[Mapping[str, Cell]]:
    """Findings, each as one row."""
    names = {iri: name for name, iri in FINDING.items()}
    found: dict[str, dict[str, Cell]] = {}
    for each in parts.get("findings", ()):
        told = found.setdefault(each.s, {"f": Cell(text=each.s), "aside": Cell(), **dict.fromkeys(FINDING, Cell())})
        if each.p in names:
            told[names[each.p]] = each.o
    for each in parts.get("aside", ()):
        if each.s in found:
            found[each.s]["aside"] = each.o
    return iter(found.values())


def read_flags(rows: Iterable[Mapping[str, Cell]], glossary: Glossary) -> tuple[Flag, ...]:
    """Findings in words, the gravest first; a finding with two messages is one."""
    found = {row["f"].text: _flag(row, glossary) for row in rows}
    places = ("Violation", "Warning", "Info")
    return tuple(sorted(found.values(), key=lambda flag: (places.index(flag.severity), flag.rule, flag.message)))


def _flag(row: Mapping[str, Cell], glossary: Glossary) -> Flag:
    rule = glossary.rules.get(row["rule"].text)
    severity = local_name(row["severity"].text)
    why = f"{rule.why} ({rule.source})" if rule and rule.source else (rule.why if rule else "")
    return Flag(
        severity=severity if severity in ("Violation", "Warning") else "Info",
        message=row["message"].text,
        rule=row["rule"].text,
        value=row["value"].text,
        fix=how_to_fix([local_name(row["component"].text) or None]),
        why=why,
        path=(rule.path if rule and rule.path else row["path"].iri) or "",
        focus=row["focus"].iri or "",
        aside=row["aside"].text,
    )


def _statements(said: Iterable[Statement]) -> dict[str, dict[str, list[Cell]]]:
    found: dict[str, dict[str, dict[Cell, None]]] = {}
    for each in said:
        cell = each.o
        if cell.iri and each.p != _TYPE:
            cell = Cell(text=each.label or local_name(cell.text) or cell.text, iri=cell.iri)
        found.setdefault(each.s, {}).setdefault(each.p, {})[cell] = None
    return {
        subject: {name: sorted(values, key=_text) if len(values) > 1 else [*values] for name, values in said.items()}
        for subject, said in found.items()
    }


def _text(cell: Cell) -> str:
    return cell.text


def _in_words(known: Mapping[str, Sequence[Cell]], glossary: Glossary) -> Mapping[str, Sequence[Cell]]:
    """Keep the types that the ontology explains; all of them if it explains none."""
    own = {name: cells for name, cells in known.items() if name in (_TYPE, _LABEL) or glossary.word(name).meaning}
    return own if own.keys() - {_TYPE, _LABEL} else known


def _own_first(types: Iterable[Cell], glossary: Glossary) -> list[Cell]:
    return sorted(types, key=lambda cell: not glossary.word(cell.text).meaning)


def _titled(cell: Cell, glossary: Glossary) -> Cell:
    return msgspec.structs.replace(cell, text=glossary.label(cell.text)) if cell.iri else cell


def _names(record: _Statements, iri: str, label: str) -> tuple[str, ...]:
    """Names of what is embedded: an account is better known by its partners than by its code."""
    found = {
        cell.text: None
        for node, said in sorted(record.items())
        for name, cells in said.items()
        if (local_name(name) or "").lower().endswith("name") and (node == iri or "Partner" in node)
        for cell in cells
        if cell.iri is None and cell.text != label
    }
    return tuple(name for name in found if not any(f" {name} " in f" {other} " for other in found if other != name))[:3]


def _all_fields(fields: Sequence[Field]) -> Iterator[Field]:
    for each in fields:
        yield each
        for value in each.values:
            yield from _all_fields(value.fields)


def _pointing(said: Statement, glossary: Glossary) -> IncomingLinks:
    number = int(said.o.text)
    named = Cell(text=said.label or local_name(said.s) or said.s, iri=said.s)
    return IncomingLinks(
        property=Cell(text=glossary.label(said.p), iri=said.p),
        number=number,
        only=named if number == 1 and said.s else None,
    )


def _incoming(links: Iterable[IncomingLinks], iri: str, root: str) -> Iterator[Neighbour]:
    """List links to a thing by property: a single one by name, others as a number."""
    for each in links:
        label = f"{each.property.text} →"
        if each.only is not None:
            yield Neighbour(text=each.only.text, href=root + link(each.only.iri or ""), link=label)
        else:
            href = f"{root}{link(iri)}&links={quote(each.property.iri or '', safe='')}#links"
            yield Neighbour(text=f"{each.number:,} thing{'' if each.number == 1 else 's'}", href=href, link=label)


def _picture(label: str, fields: Sequence[Field], incoming: Iterable[Neighbour], root: str) -> Picture | None:
    nodes: dict[str, Neighbour] = {}
    for each in fields:
        for value in each.values:
            iri = value.cell.iri
            if iri is not None and len(nodes) < _AROUND:
                nodes.setdefault(iri, Neighbour(text=value.cell.text, href=root + link(iri), link=each.label))
    before = list(islice(incoming, _AROUND))
    return neighbourhood(label, before, tuple(nodes.values())) if nodes or before else None
