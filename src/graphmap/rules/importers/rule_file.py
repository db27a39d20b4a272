"""Patch of a rule file: what a document states is added, what a person wrote is kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from graphmap.errors import Locator, RulesError
from graphmap.rules.importers.stated_tables import Column, Remark, StatedDatabase, Table

__all__ = ["Patch", "patch_of"]

_RANGES = {
    "string": "char character varchar nvarchar nchar varchar2 nvarchar2 text bpchar",
    "integer": "int integer bigint smallint tinyint int2 int4 int8 serial bigserial",
    "decimal": "numeric decimal money",
    "double": "float double float8 real",
    "boolean": "bool boolean bit",
    "date": "date",
    "datetime": "timestamp timestamptz datetime datetime2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Change to a rule file, for review.

    Args:
        before: text of the file as it stands; empty for a new one.
        after: text with the rules of the document.
        sources: each class and field with the line that it came from.
        questions: what a person has to decide.
        lost_comments: number of YAML comment lines that writing would lose.
    """

    before: str
    after: str
    sources: tuple[Remark, ...]
    questions: tuple[Remark, ...]
    lost_comments: int

    def diff(self, name: str) -> str:
        """Show the change as a unified diff.

        Args:
            name: name of the rule file.

        Returns:
            The diff; empty where nothing changes.
        """
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), name, name
        )
        return "".join(lines)


def patch_of(stated: StatedDatabase, *, before: str, base: str) -> Patch:
    """Make the patch by which a rule file says what a document states.

    Args:
        stated: statements of the document.
        before: text of the rule file; empty for a new one.
        base: base IRI of the workspace, for a new file.

    Returns:
        The patch; a value that the file has and the document contradicts is kept and asked about.

    Raises:
        RulesError: where the rule file is not YAML, or not a mapping.
    """
    questions = list(stated.questions)
    old = _read(before)
    new = _document(stated, base, questions)
    merged = new if old is None else _merged(old, new, "", questions)
    same = merged == old
    return Patch(
        before=before,
        after=before if same else yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=110),
        sources=tuple(_sources(stated)),
        questions=tuple(questions),
        lost_comments=0 if same else sum(line.lstrip().startswith("#") for line in before.splitlines()),
    )


def _read(text: str) -> dict[str, Any] | None:
    """The rule file as it stands; `None` of an empty one."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = Locator(line=None if mark is None else mark.line + 1)
        raise RulesError("the rule file is not YAML", where=where, hint="correct it, or move it away") from error
    if found is not None and not isinstance(found, dict):
        raise RulesError("the rule file is not a mapping", hint="correct it, or move it away")
    return found


def _sources(stated: StatedDatabase) -> Iterator[Remark]:
    for table in stated.tables:
        yield Remark(line=table.line, text=f"class {table.name}")
        for column in table.columns:
            null = {True: "", False: " not null", None: " (nullability not said)"}[column.nullable]
            size = f"({column.size})" if column.size else ""
            yield Remark(line=column.line, text=f"{table.name}.{column.name}: {column.type}{size}{null}")


def _document(stated: StatedDatabase, base: str, questions: list[Remark]) -> dict[str, Any]:
    keys = {table.name: table.primary_key for table in stated.tables}
    enums: dict[str, Any] = {
        f"{table.name}_{column}": {"permissible_values": {value: {} for value in values}}
        for table in stated.tables
        for column, values in table.choices.items()
    }
    document: dict[str, Any] = {
        "id": f"{base}{stated.name}",
        "name": stated.name,
        "prefixes": {"linkml": "https://w3id.org/linkml/", stated.name: f"{base}{stated.name}/"},
        "default_prefix": stated.name,
        "default_range": "string",
        "imports": ["linkml:types"],
        "classes": {table.name: _class(table, stated.form, keys, questions) for table in stated.tables},
    }
    return document | ({"enums": enums} if enums else {})


def _class(table: Table, form: str, keys: dict[str, tuple[str, ...]], questions: list[Remark]) -> dict[str, Any]:
    unique = {name: {"unique_key_slots": list(columns)} for name, columns in table.unique}
    if len(table.primary_key) > 1:
        unique = {"primary_key": {"unique_key_slots": list(table.primary_key)}} | unique
    return {
        **({"description": table.meaning} if table.meaning else {}),
        "annotations": {"graphmap:kind": "record", "graphmap:source": f"{form}, table {table.name}"},
        **({"unique_keys": unique} if unique else {}),
        "attributes": {column.name: _field(column, table, form, keys, questions) for column in table.columns},
    }


def _field(
    column: Column, table: Table, form: str, keys: dict[str, tuple[str, ...]], questions: list[Remark]
) -> dict[str, Any]:
    place = f"{table.name}.{column.name}"
    if column.nullable is None:
        questions.append(Remark(line=column.line, text=f"{place}: may it be empty? the document does not say"))
    span = _range(column, table, keys, questions)
    annotations: dict[str, Any] = {"graphmap:source": f"{form}, column {place}"}
    if span == "string" and column.size.isdigit():
        annotations["graphmap:size"] = int(column.size)
    key = table.primary_key == (column.name,)
    return {
        **({"description": column.meaning} if column.meaning else {}),
        "range": span,
        **({"identifier": True} if key else {}),
        **({"required": True} if key or column.nullable is False else {}),
        "annotations": annotations,
    }


def _range(column: Column, table: Table, keys: dict[str, tuple[str, ...]], questions: list[Remark]) -> str:
    place = f"{table.name}.{column.name}"
    link = column.foreign_key
    if link is not None:
        if keys.get(link.table) == (link.column,):
            return link.table
        text = f"{place}: {link.name} refers to {link.table}.{link.column}, which is no single primary key here"
        questions.append(Remark(line=column.line, text=f"{text}; by what is it linked?"))
    if column.name in table.choices:
        return f"{table.name}_{column.name}"
    words = column.type.lower().split("(")[0].split()
    for name, types in _RANGES.items():
        if words and words[0] in types.split():
            return name
    questions.append(Remark(line=column.line, text=f"{place}: what is the type {column.type!r}? read as string"))
    return "string"


def _merged(old: Any, new: Any, path: str, questions: list[Remark]) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        both = {key: _merged(value, new[key], f"{path}/{key}", questions) for key, value in old.items() if key in new}
        if path == "/classes" or path.endswith(("/attributes", "/permissible_values")):
            gone = [key for key in old if key not in new]
            questions.extend(
                Remark(line=None, text=f"{path}/{key}: in the rule file only; is it to go?") for key in gone
            )
        return {**old, **both, **{key: value for key, value in new.items() if key not in old}}
    if old != new and path.startswith(("/classes", "/enums")) and old is not None:
        text = f"{path}: the rule file says {old!r}, the document {new!r}; the rule file is kept"
        questions.append(Remark(line=None, text=text))
    return new if old is None else old
