"""RDF terms from the values of one row, by the term maps of a mapping.

Source: RML-Core, generation of RDF terms; RML-FNML, function executions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from graphmap.errors import DataError, Locator, TermError
from graphmap.lifting.plan import (
    Call,
    Constant,
    Expression,
    Reference,
    Template,
    TermMap,
    TermType,
    blank_token,
    iri_from,
    is_natural,
    language_tag,
    references,
    scalar,
    typed_text,
)
from graphmap.rdf import Token, iri_of, iri_safe, literal_parts, literal_token
from graphmap.records import ValueForms
from graphmap.virtual.mapping.assertions import TermRule

__all__ = ["Maker", "Row", "column_of", "columns_of", "term_maker"]

Row = Mapping[str, Any]
"""Values by column, as the mapping writes it, without nulls."""
Maker = Callable[[Row], list[Token]]
"""The terms of a row; most rules give one or none."""
_Found = tuple[str, str | None]


def column_of(reference: Reference) -> str:
    """The column that a reference names."""
    names = reference.path.names
    return names[0] if names else reference.text


def columns_of(term_map: TermMap) -> frozenset[str]:
    """The columns that a term map reads."""
    return frozenset(map(column_of, references(term_map)))


def term_maker(rule: TermRule, forms: ValueForms, source: str) -> Maker:
    """A function from a row to the terms of a rule.

    Args:
        rule: what to make.
        forms: how the source writes values.
        source: its name, for messages.

    Returns:
        The function; raises DataError where a value gives no valid term of the rule.
    """
    constant = rule.constant
    if constant is not None:
        return lambda _: [constant]
    term_map = rule.term_map

    def make(row: Row) -> list[Token]:
        try:
            return list(dict.fromkeys(_made(term_map, row, forms, rule.base)))
        except TermError as error:
            raise _fault(term_map, row, source, error.what) from error

    return make


def _made(term_map: TermMap, row: Row, forms: ValueForms, base: str) -> Iterable[Token]:
    if term_map.datatype_map is not None:
        for datatype in _made(term_map.datatype_map, row, forms, base):
            yield from _made(replace(term_map, datatype=iri_of(datatype), datatype_map=None), row, forms, base)
        return
    if term_map.language_map is not None:
        for text, _ in _values(term_map.language_map, row):
            declared = replace(term_map, language=language_tag(text), language_map=None)
            yield from _made(declared, row, forms, base)
        return
    if isinstance(term_map.expression, Constant):
        yield term_map.expression.token
        return
    for found in _values(term_map, row):
        yield _token(term_map, found, forms, base)


def _token(term_map: TermMap, found: _Found, forms: ValueForms, base: str) -> Token:
    text, natural = found
    if term_map.term_type.names:
        return iri_from(text, base, term_map.term_type)
    if term_map.term_type is TermType.BLANK_NODE:
        return blank_token(text)
    if term_map.language is not None:
        return literal_token(text, language=term_map.language)
    if term_map.datatype is None:
        if not is_natural(text, natural):
            raise TermError(f"{text!r} is not a value of <{natural}>")
        return literal_token(text, datatype=natural)
    token, well_typed = typed_text(text, term_map.datatype, forms)
    if not well_typed:
        raise TermError(f"{text!r} is not a value of <{term_map.datatype}>")
    return token


def _values(term_map: TermMap, row: Row) -> Iterable[_Found]:
    return _texts(term_map.expression, row, encodes=term_map.term_type.encodes)


def _texts(expression: Expression, row: Row, *, encodes: bool) -> Iterable[_Found]:
    if isinstance(expression, Constant):
        token = expression.token
        return [(literal_parts(token).lexical if token[0] == '"' else iri_of(token), None)]
    if isinstance(expression, Reference):
        return _referred(expression, row)
    if isinstance(expression, Template):
        return _filled(expression, row, encodes=encodes)
    if isinstance(expression, Call):
        return [(text, None) for text in _called(expression, row)]
    return []


def _referred(reference: Reference, row: Row) -> list[_Found]:
    value = row.get(column_of(reference))
    if value is None:
        return []
    found = scalar(value)
    if found is None:
        raise TermError(f"the column {column_of(reference)!r} holds an object or array")
    return [found]


def _filled(template: Template, row: Row, *, encodes: bool) -> Iterable[_Found]:
    choices: list[list[str]] = []
    for part in template.parts:
        if isinstance(part, str):
            choices.append([part])
            continue
        texts = [text for text, _ in _texts(part, row, encodes=False)]
        choices.append([iri_safe(text) for text in texts] if encodes else texts)
    for chosen in itertools.product(*choices):
        yield "".join(chosen), None


def _called(call: Call, row: Row) -> Iterable[str]:
    arguments = list[list[str]]()
    for argument in call.arguments:
        if call.definition.until_found and any(arguments):
            break
        arguments.append([] if argument is None else [text for text, _ in _values(argument, row)])
    return call.definition.apply(*arguments)


def _fault(term_map: TermMap, row: Row, source: str, what: str) -> DataError:
    columns = sorted(columns_of(term_map))
    shown = ", ".join(f"{name}={row.get(name)!r}" for name in columns)
    where = Locator(source=source, pointer=f"/{columns[0]}" if len(columns) == 1 else None)
    return DataError(
        f"{what} ({shown})" if shown not in what else what,
        where=where,
        hint="correct the value, or leave it out by a query or view of the mapping",
        kind="no-term",
        term_map=term_map.name,
        written=term_map.written,
    )
