"""Tables, columns, keys and checks as a database catalog states them, before they become rules."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Column", "ForeignKey", "Remark", "StatedDatabase", "Table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Statement that was not taken over, or a question that the document leaves open.

    Args:
        line: line of the document; `None` where the text has none.
        text: the statement or question.
    """

    line: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Reference from one column to a column of another table.

    Args:
        name: name of the constraint.
        table: the table referred to.
        column: the column referred to.
    """

    name: str
    table: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Column of a table.

    Args:
        name: name of the column.
        type: type as the database names it.
        size: size as written; empty where there is none.
        nullable: false for NOT NULL; `None` where the document does not say.
        meaning: comment on the column; empty where there is none.
        foreign_key: declared reference, if there is one.
        line: line of the document.
    """

    name: str
    type: str
    size: str
    nullable: bool | None
    meaning: str
    foreign_key: ForeignKey | None
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Table with its keys.

    Args:
        name: name of the table.
        meaning: comment on the table; empty where there is none.
        columns: columns in their order.
        primary_key: columns of the primary key in their order.
        unique: name and columns of each unique index beside the primary key.
        choices: values that a check lets a column take, by column.
        line: line of the document.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, tuple[str, ...]], ...]
    choices: dict[str, tuple[str, ...]]
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDatabase:
    """Statements of one document.

    Args:
        name: name of the database or schema.
        source: file as the caller named it.
        form: form of the document, for the source of each rule.
        tables: tables in the order of the document.
        unread: statements that were not taken over.
        questions: questions that the document leaves open.
    """

    name: str
    source: str
    form: str
    tables: tuple[Table, ...]
    unread: tuple[Remark, ...]
    questions: tuple[Remark, ...]
