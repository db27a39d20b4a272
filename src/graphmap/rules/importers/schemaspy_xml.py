"""Reader of the XML that SchemaSpy writes beside its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from graphmap.errors import Locator, RulesError
from graphmap.rules.importers.stated_tables import Column, ForeignKey, Remark, StatedDatabase, Table

__all__ = ["read_schemaspy_xml"]

_EQUALS = re.compile(r"""[\["`]?(\w+)[\]"`]?\s*=\s*'((?:[^']|'')*)'""")
_MOST_DIGITS = 6
_OR = re.compile(r"\s+OR\s+", re.IGNORECASE)
_READ = {
    "table": {"column", "primaryKey", "index", "checkConstraint"},
    "column": {"child", "parent"},
    "index": {"column"},
}


def read_schemaspy_xml(file: Path) -> StatedDatabase:
    """Read the tables of a SchemaSpy XML file; no entity is expanded and nothing is fetched.

    Args:
        file: the file.

    Returns:
        What it states, what was not taken over, and what it leaves open.

    Raises:
        RulesError: it cannot be opened, is no XML, has a document type, or is no SchemaSpy catalog with tables.
    """
    root = _root(file)
    unread: list[Remark] = []
    questions: list[Remark] = []
    tables = []
    for element in root.iterfind("tables/table"):
        if element.get("type") in ("TABLE", "BASE TABLE"):
            try:
                tables.append(_table(element, unread, questions))
            except RulesError as error:
                raise error.moved(replace(error.where, source=str(file))) from error
        else:
            unread.append(Remark(line=element.sourceline, text=f"{element.get('type')} {element.get('name')}"))
    unread.extend(
        Remark(line=element.sourceline, text=f"element {element.tag}") for element in root if element.tag != "tables"
    )
    if not tables:
        raise _refusal(file, "states no table", "export the pages of a database that has tables")
    return StatedDatabase(
        name=root.get("schema") or root.get("name") or file.stem,
        source=str(file),
        form="SchemaSpy XML",
        tables=tuple(tables),
        unread=tuple(unread),
        questions=tuple(questions),
    )


def _refusal(file: Path, what: str, hint: str, line: int | None = None) -> RulesError:
    return RulesError(what, where=Locator(source=str(file), line=line), hint=hint)


def _root(file: Path) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    hint = "name the XML file that SchemaSpy writes beside its pages"
    try:
        tree = etree.fromstring(file.read_bytes(), parser).getroottree()
    except OSError as error:
        raise _refusal(file, f"cannot be opened: {error.strerror}", "check the name of the file") from error
    except etree.XMLSyntaxError as error:
        raise _refusal(file, f"this file does not parse as XML: {error.msg}", hint, error.lineno) from error
    if tree.docinfo.doctype:
        raise _refusal(file, "has a document type, which SchemaSpy never writes", hint)
    root = tree.getroot()
    if root.tag != "database" or root.find("tables") is None:
        raise _refusal(file, f"is XML of another kind: its root is {root.tag}", hint)
    return root


def _table(element: Any, unread: list[Remark], questions: list[Remark]) -> Table:
    name = _name(element, "name")
    primary = sorted(element.iterfind("primaryKey"), key=_place)
    key = tuple(_name(each, "column") for each in primary)
    unique = {
        _name(index, "name"): tuple(_name(each, "name") for each in index.iterfind("column"))
        for index in element.iterfind("index")
        if index.get("unique") == "true"
    }
    unread.extend(_unknown(element))
    return Table(
        name=name,
        meaning=element.get("remarks") or "",
        columns=tuple(_column(each, name, unread, questions) for each in element.iterfind("column")),
        primary_key=key,
        unique=tuple((label, columns) for label, columns in unique.items() if columns != key),
        choices=dict(_choices(element, name, unread)),
        line=element.sourceline,
    )


def _place(element: Any) -> int:
    """The place of a column in the primary key."""
    number = element.get("sequenceNumberInPK") or "0"
    if not (number.isascii() and number.isdecimal() and len(number) < _MOST_DIGITS):
        what = f"a primary key has the sequence number {number!r}"
        raise RulesError(what, where=Locator(line=element.sourceline), hint="export the page again")
    return int(number)


def _name(element: Any, attribute: str) -> str:
    value = element.get(attribute)
    if not value:
        raise RulesError(
            f"an element {element.tag} has no {attribute}",
            where=Locator(line=element.sourceline),
            hint="export the page again",
        )
    return str(value)


def _unknown(element: Any) -> Iterator[Remark]:
    for child in element:
        if child.tag not in _READ.get(element.tag, set()):
            yield Remark(line=child.sourceline, text=f"element {child.tag} in {element.tag} {element.get('name')}")
        yield from _unknown(child)


def _column(element: Any, table: str, unread: list[Remark], questions: list[Remark]) -> Column:
    name = _name(element, "name")
    declared = []
    for parent in element.iterfind("parent"):
        target = f"{parent.get('table')}.{parent.get('column')}"
        if parent.get("implied") == "true":
            text = f"{table}.{name}: does it refer to {target}? SchemaSpy implies it from the names alone"
            questions.append(Remark(line=parent.sourceline, text=text))
        else:
            declared.append(parent)
    for parent in declared[1:]:
        text = f"{table}.{name}: one more foreign key, {parent.get('foreignKey')}"
        unread.append(Remark(line=parent.sourceline, text=text))
    if element.get("defaultValue") not in (None, "", "null"):
        text = f"{table}.{name}: default {element.get('defaultValue')}"
        unread.append(Remark(line=element.sourceline, text=text))
    for parent in declared:
        if parent.get("onDeleteCascade") == "true":
            text = f"{table}.{name}: rows are deleted with their {parent.get('table')}"
            unread.append(Remark(line=parent.sourceline, text=text))
    if (digits := element.get("digits")) not in (None, "", "0"):
        text = f"{table}.{name}: {element.get('size')} digits, {digits} of them after the point"
        unread.append(Remark(line=element.sourceline, text=text))
    return Column(
        name=name,
        type=element.get("type") or "",
        size=element.get("size") or "",
        nullable={"true": True, "false": False}.get(element.get("nullable")),
        meaning=element.get("remarks") or "",
        foreign_key=_foreign_key(declared[0]) if declared else None,
        line=element.sourceline,
    )


def _foreign_key(parent: Any) -> ForeignKey:
    return ForeignKey(name=parent.get("foreignKey") or "", table=_name(parent, "table"), column=_name(parent, "column"))


def _choices(element: Any, table: str, unread: list[Remark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    seen: set[str] = set()
    for check in element.iterfind("checkConstraint"):
        text = check.get("constraint") or ""
        inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        matches = [_EQUALS.fullmatch(part.strip()) for part in _OR.split(inner)]
        found = [match for match in matches if match]
        columns = {match[1] for match in found}
        if len(found) != len(matches) or len(columns) != 1 or columns & seen:
            unread.append(Remark(line=check.sourceline, text=f"{table}: check {check.get('name')} {text}"))
            continue
        seen |= columns
        yield found[0][1], tuple(match[2].replace("''", "'") for match in found)
