"""A plan over a table as work on columns: which arrays are made of which, and what the text is joined from.

Only plans are taken whose every term the compiler prints and whose lines never repeat within a row. The statements are
those of the generated function, in another order: text by text, and row by row in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphmap.lifting.compiler.cell_terms import Cells, Term
from graphmap.lifting.compiler.compiler import is_compilable
from graphmap.lifting.compiler.join_lines import JoinLine, join_lines, joins_meet, key_columns
from graphmap.lifting.compiler.program import Piece, merged, variable
from graphmap.lifting.compiler.row_statements import Line, lines_of, repeats_never, statement
from graphmap.lifting.compiler.runtime import CANONICAL_TEXTS, SAFE_TEXT, iris, safe_text, single, typed
from graphmap.lifting.plan import Call, Expression, Join, Plan, Reference, TermMap, TermType
from graphmap.rdf import Token
from graphmap.records import ValueForms

__all__ = ["ColumnPlan", "Converted", "Escaped", "First", "Joined", "Keyed", "Step", "Text", "column_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text for each row, joined of constants and arrays; a row has none where one of the arrays has a null.

    Args:
        pieces: constants and names of arrays.
        needs: the arrays that must have a value for the row to have the text.
        unseen: those of them whose null is no null in any of the pieces.
    """

    pieces: tuple[Piece, ...]
    needs: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A column's values in another form.

    Args:
        column: its name.
        pattern: of texts that have that form already; `None` where no text is known to.
        convert: makes the form; raises `UnusualRecord` where a value has none.
    """

    column: str
    pattern: str | None
    convert: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escaped:
    """A column's values as they stand in a quoted literal."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The first of several texts that is there."""

    choices: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """Subjects of rows, each with the cells that meet those of another source; a row with a null has none.

    Args:
        subject: the text of a subject's token.
        columns: names of the columns with the cells, one a condition.
    """

    subject: Text
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Statements whose objects a join finds.

    Args:
        child: the rows' side of the join.
        predicate: of the statements.
        join: its index has the objects.
    """

    child: Keyed
    predicate: Token
    join: Join


_Key = tuple[Expression, TermType]

Step = Converted | Escaped | First | Text
"""Step that makes an array of those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """Work on the columns of a table.

    Args:
        width: number of columns; they are named `c0`, `c1` and so on.
        nulls: cells that stand for no value, beside the empty one.
        steps: arrays to make, by name, each of columns and of arrays before it.
        required: arrays in which a null makes the row one for the interpreter.
        texts: what a row's statements are, in order.
        joined: further statements, by joins with other sources.
        parents: what the rows add to the index of each join whose parent the table is.
    """

    width: int
    nulls: frozenset[str]
    steps: Mapping[str, Step]
    required: tuple[str, ...]
    texts: tuple[Text, ...]
    joined: tuple[Joined, ...] = ()
    parents: tuple[Keyed, ...] = ()


def column_plan(
    plan: Plan, header: tuple[str, ...], forms: ValueForms, parents: Sequence[Join] = ()
) -> ColumnPlan | None:
    """The work on columns that gives what the generated function gives; `None` where columns cannot do it.

    Args:
        plan: triples maps over one table.
        header: the columns of the table.
        forms: how the table writes values.
        parents: joins of other sources with the table.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """
    several_lines = any(mark in name for name in header for mark in "\r\n")
    if several_lines or not all(is_compilable(each, graphs=True) for each in plan.triples_maps):
        return None
    cells = _ColumnCells(header, forms, plan.base)
    plain, joins = join_lines(plan, cells)
    lines, left = lines_of(plain, cells)
    keyed = [_parent(join, cells) for join in parents]
    if left or not repeats_never(lines) or joins_meet(joins, lines) or None in keyed:
        return None
    subjects, required = _subjects((*lines, *joins), cells)
    texts = _texts(lines, subjects, cells)
    joined = tuple(_joined(line, subjects[_key(line.subject)], cells) for line in joins)
    if not (joined or keyed or any(piece.is_variable for text in texts for piece in text.pieces)):
        return None
    return ColumnPlan(
        width=len(header),
        nulls=forms.nulls,
        steps=cells.steps,
        required=required,
        texts=texts,
        joined=joined,
        parents=tuple(each for each in keyed if each is not None),
    )


def _parent(join: Join, cells: _ColumnCells) -> Keyed | None:
    """The parent's side of a join; `None` where columns cannot make it."""
    if join.parent.steps or not cells.printable(join.subject):
        return None
    columns = key_columns((parent for _, parent in join.conditions), cells)
    return None if columns is None else _keyed(cells.token(join.subject), columns, cells)


def _joined(line: JoinLine, subject: Term, cells: _ColumnCells) -> Joined:
    columns = key_columns((child for child, _ in line.join.conditions), cells) or []
    return Joined(child=_keyed(subject, columns, cells), predicate=line.predicate, join=line.join)


def _keyed(subject: Term, columns: Sequence[Reference], cells: _ColumnCells) -> Keyed:
    return Keyed(subject=cells.joined(subject), columns=tuple(cells.raw(each) for each in columns))


class _ColumnCells(Cells):
    """Names of arrays, and the steps that make them."""

    def __init__(self, header: tuple[str, ...], forms: ValueForms, base: str) -> None:
        super().__init__(header)
        self.steps: dict[str, Step] = {}
        self._forms = forms
        self._base = base
        self._names: dict[object, str] = {}

    def name(self, key: object, make: Callable[[], Step]) -> str:
        """The name of the array of a key; its step is made at the first call."""
        known = self._names.get(key)
        if known is None:
            step = make()
            known = self._names[key] = f"a{len(self._names)}"
            self.steps[known] = step
        return known

    def plain(self, reference: Reference) -> str:
        """A column with its escapes."""
        column = self.raw(reference)
        return self.name(("escaped", column), lambda: Escaped(column=column))

    def safe(self, reference: Reference) -> str:
        """The IRI-safe version of a column."""
        return self._converted(reference, "safe", SAFE_TEXT, safe_text)

    def typed(self, reference: Reference, datatype: str) -> str:
        """A column in the canonical form of a datatype."""
        pattern, convert = CANONICAL_TEXTS.get(datatype), typed(datatype, self._forms)
        return self._converted(reference, datatype, pattern, convert)

    def iri(self, reference: Reference) -> str:
        """A column of IRIs, without brackets."""
        return self._converted(reference, "IRI", None, single(iris(self._base, TermType.IRI)))

    def _converted(self, reference: Reference, form: str, pattern: str | None, convert: Callable[[str], str]) -> str:
        column = self.raw(reference)
        return self.name((form, column), lambda: Converted(column=column, pattern=pattern, convert=convert))

    def first(self, key: tuple[Call, TermType], choices: Iterable[Term]) -> str:
        """The array of a choice."""
        texts = tuple(self.joined(choice) for choice in choices)
        return self.name(key, lambda: First(choices=texts))

    def joined(self, term: Term) -> Text:
        """The text of a term."""
        seen = {name for piece in term.pieces if piece.is_variable for name in self._seen_in(piece.text)}
        unseen = tuple(name for name in term.needs if name not in seen)
        return Text(pieces=tuple(merged(term.pieces)), needs=term.needs, unseen=unseen)

    def _seen_in(self, name: str) -> tuple[str, ...]:
        """The arrays whose nulls are nulls of an array."""
        step = self.steps.get(name)
        if isinstance(step, Converted | Escaped):
            return (name, step.column)
        return (name, *step.needs) if isinstance(step, Text) else (name,)


def _subjects(lines: Iterable[Line | JoinLine], cells: _ColumnCells) -> tuple[dict[_Key, Term], tuple[str, ...]]:
    """Each subject once, an array of its own where it varies; and what rows must have where a subject has a rule."""
    made: dict[_Key, Term] = {}
    required: dict[str, None] = {}
    for line in lines:
        key = _key(line.subject)
        if key not in made:
            made[key] = _subject(cells.token(line.subject), key, cells)
        if line.subject.rule is not None:
            required |= dict.fromkeys(made[key].needs)
            made[key] = made[key]._replace(needs=())
    return made, tuple(required)


def _key(subject: TermMap) -> _Key:
    return subject.expression, subject.term_type


def _subject(term: Term, key: _Key, cells: _ColumnCells) -> Term:
    if not term.needs:
        return term
    return Term(term.needs, (variable(cells.name(("subject", key), lambda: cells.joined(term))),))


def _texts(lines: Iterable[Line], subjects: Mapping[_Key, Term], cells: _ColumnCells) -> tuple[Text, ...]:
    """Lines that need the same arrays are one text, at the place of the first."""
    groups: dict[tuple[str, ...], list[Piece]] = {}
    for line in lines:
        subject, obj = subjects[_key(line.subject)], cells.token(line.object)
        needs = tuple(dict.fromkeys((*subject.needs, *obj.needs)))
        groups.setdefault(needs, []).extend(statement(subject.pieces, line.predicate, obj.pieces, line.graph))
    return tuple(cells.joined(Term(needs, tuple(pieces))) for needs, pieces in groups.items())
