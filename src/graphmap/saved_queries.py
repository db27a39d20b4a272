"""Saved queries: SPARQL files that say at their top what they answer and which parameters they take.

A header is comments, so that the file stays a query that any tool runs:

    # title: Accounts by status and country
    # description: How many accounts there are of each status.
    # param: country code? -- ISO 3166 code; all countries if left out
    # param: most integer = 200 -- how many rows

A parameter `country` is the variable `$country` (or `?country`). Its value is checked against its type and put in the
variable's place as a term, never as text. A type with `?` is optional: without a value the variable stays one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from graphmap.errors import CallError, Locator, QueryError, TermError
from graphmap.rdf import XSD, Token, canonical, iri_token, literal_token, with_present_names
from graphmap.store.sparql import QueryForm, QueryLimits, bind_terms, parse_query

__all__ = ["KINDS", "Parameter", "SavedQuery", "bind", "load_queries", "read_query"]

_ENTRY = re.compile(r"#\s*(title|description|param):\s*(.*?)\s*")
_PARAMETER = re.compile(r"(\w+)\s+(\w+)(\?)?(?:\s*=\s*(.*?))?(?:\s+--\s+(.*))?")
_CODE = re.compile(r"\w[\w.:*+/-]{0,127}")
_OWN_LIMITS = QueryLimits(characters=1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a saved query.

    Args:
        name: also the name of its variable.
        kind: a key of `KINDS`.
        optional: whether the query works without it.
        default: the text that stands in where no value is given.
        meaning: what it means, for people.
        line: where the file declares it, counted from 1.
    """

    name: str
    kind: str
    optional: bool = False
    default: str | None = None
    meaning: str = ""
    line: int | None = None

    @property
    def required(self) -> bool:
        """Return whether a call must give a value."""
        return not self.optional and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A saved query.

    Args:
        name: the file's name without its suffix.
        title: a few words.
        description: a sentence.
        parameters: in the file's order.
        text: the whole file.
        form: what it asks for.
        source: the file, for messages.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    form: QueryForm
    source: str


def load_queries(folder: Path) -> Mapping[str, SavedQuery]:
    """Read all `.rq` files of a folder.

    Args:
        folder: files in folders below it are not read; a folder that is missing holds no queries.

    Returns:
        Saved queries by name, in the order of their names.

    Raises:
        QueryError: naming file and line, where a header or a query is wrong.
    """
    files = sorted(folder.glob("*.rq"))
    return MappingProxyType({file.stem: read_query(_text(file), name=file.stem, source=str(file)) for file in files})


def read_query(text: str, *, name: str, source: str) -> SavedQuery:
    """Read one saved query.

    Args:
        text: the file's content.
        name: what it is called by.
        source: the file, for messages.

    Raises:
        QueryError: naming file and line, where the header or the query is wrong.
    """
    entries = list(_entries(text))
    parameters = tuple(_parameter(rest, source, line) for key, rest, line in entries if key == "param")
    words = {key: rest for key, rest, _ in entries if key != "param"}
    try:
        query = parse_query(text, _OWN_LIMITS)
    except QueryError as error:
        where = Locator(source=source, line=error.where.line, column=error.where.column)
        raise QueryError(error.what, where=where, hint=error.hint) from error
    if query.form == "UPDATE":
        raise QueryError("a saved query may not update", where=Locator(source=source), hint="write a SELECT")
    _check_names(parameters, query.variables, source)
    return SavedQuery(
        name=name,
        title=words.get("title", name),
        description=words.get("description", ""),
        parameters=parameters,
        text=text,
        form=query.form,
        source=source,
    )


def bind(query: SavedQuery, values: Mapping[str, str]) -> str:
    """Fill in the parameters of a saved query.

    Args:
        query: what to fill in.
        values: texts by parameter name, as they came from outside; an empty one for an optional parameter counts as
            none.

    Returns:
        SPARQL in which each value is a term that cannot reach beyond its place.

    Raises:
        CallError: naming query and parameter, where a name is unknown, a value is missing or is not of its type.
    """
    known = {parameter.name for parameter in query.parameters}
    for name in values:
        if name not in known:
            hint = f"it takes {', '.join(sorted(known)) or 'none'}"
            raise CallError(f"the query {query.name!r} has no parameter {name!r}", hint=hint)
    terms = {parameter.name: _value(query, parameter, values) for parameter in query.parameters}
    return bind_terms(query.text, {name: term for name, term in terms.items() if term is not None})


def _text(file: Path) -> str:
    try:
        return with_present_names(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"the saved query cannot be read: {error}"
        raise QueryError(what, where=Locator(source=str(file)), hint="make it readable, in UTF-8") from error


def _entries(text: str) -> Iterator[tuple[str, str, int]]:
    for line, content in enumerate(text.splitlines(), start=1):
        if not content.startswith("#"):
            return
        match = _ENTRY.fullmatch(content)
        if match is not None:
            yield match[1], match[2], line


def _parameter(text: str, source: str, line: int) -> Parameter:
    where = Locator(source=source, line=line)
    match = _PARAMETER.fullmatch(text)
    if match is None:
        hint = "write it as: name type? = default -- meaning"
        raise QueryError(f"{text!r} declares no parameter", where=where, hint=hint)
    name, kind, optional, default, meaning = match.groups()
    if kind not in KINDS:
        hint = f"choose one of {', '.join(KINDS)}"
        raise QueryError(f"the parameter {name!r} has the unknown type {kind!r}", where=where, hint=hint)
    if default is not None and KINDS[kind](default) is None:
        what = f"the default {default!r} of the parameter {name!r} is no {kind}"
        raise QueryError(what, where=where, hint="correct it or leave it out")
    return Parameter(
        name=name, kind=kind, optional=optional is not None, default=default, meaning=meaning or "", line=line
    )


def _check_names(parameters: tuple[Parameter, ...], variables: frozenset[str], source: str) -> None:
    seen: set[str] = set()
    for parameter in parameters:
        where = Locator(source=source, line=parameter.line)
        if parameter.name in seen:
            raise QueryError(f"the parameter {parameter.name!r} is declared twice", where=where, hint="remove one")
        if parameter.name not in variables:
            what = f"the query has no variable for its parameter {parameter.name!r}"
            raise QueryError(what, where=where, hint=f"write ${parameter.name} where the value belongs")
        seen.add(parameter.name)


def _value(query: SavedQuery, parameter: Parameter, values: Mapping[str, str]) -> Token | None:
    text = values.get(parameter.name)
    if text is None or (text == "" and not parameter.required):
        text = parameter.default
    if text is None:
        if parameter.required:
            what = f"the query {query.name!r} needs a value for {parameter.name!r}"
            raise CallError(what, hint=parameter.meaning or f"it is of type {parameter.kind}")
        return None
    term = KINDS[parameter.kind](text)
    if term is None:
        what = f"{text!r} is no {parameter.kind}, which {parameter.name!r} of the query {query.name!r} must be"
        raise CallError(what, hint=parameter.meaning or "correct the value")
    return term


def _iri(text: str) -> Token | None:
    try:
        return iri_token(text)
    except TermError:
        return None


def _string(text: str) -> Token | None:
    try:
        return literal_token(text)
    except TermError:
        return None


def _code(text: str) -> Token | None:
    return literal_token(text) if _CODE.fullmatch(text) else None


def _typed(name: str) -> Callable[[str], Token | None]:
    datatype = XSD + name

    def convert(text: str) -> Token | None:
        form = canonical(datatype, text)
        return None if form is None else literal_token(form, datatype=datatype)

    return convert


KINDS: Mapping[str, Callable[[str], Token | None]] = MappingProxyType(
    {
        "iri": _iri,
        "string": _string,
        "code": _code,
        **{name: _typed(name) for name in ("integer", "decimal", "date", "dateTime", "boolean")},
    }
)
"""Types of parameters: text to term token, or `None` where the text is none; a code is a string without spaces."""
