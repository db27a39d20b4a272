r"""SPARQL as far as it must be understood before it is run: its tokens, its form, its limits.

The engine can be crashed by nesting and sent to the network by SERVICE and LOAD, so nothing from outside reaches it
unread. A reader that is not the engine's own parser has one trap: `<` opens an IRI in one place and compares in
another, and `?a<?b#>` is an IRI to a tokenizer and a comparison with a comment to a parser. Text hidden behind that
difference would be read twice in two ways. So the engine never gets the text as it came: comments are blanked, and
an IRI that stands where an operator could has its `#` and `'` written as escapes, which an IRI may hold and an
operator may not. Whatever reading the engine takes, nothing can hide in it.
Source: SPARQL 1.1 Query Language, section 19.8 (grammar, terminals).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from graphmap.errors import Locator, QueryError
from graphmap.rdf import XSD, Token

__all__ = ["Query", "QueryForm", "QueryLimits", "SparqlToken", "bind_terms", "parse_query", "tokenize"]

QueryForm = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE"]

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE_CHARS + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PREFIX = rf"[{_BASE_CHARS}](?:\.{{0,8}}+[{_CHARS}-]){{0,256}}+"  # bounded: a colon may never come
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE_CHARS}_:0-9]|{_PLX})(?:(?:[{_CHARS}.:-]|{_PLX})*(?:[{_CHARS}:-]|{_PLX}))?"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRI = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>"
_ESCAPE = rf"\\[tbnrf\\\"']|{_UCHAR}"
_TERMINALS = (
    ("space", r"[ \t\r\n]++"),
    ("comment", r"#[^\r\n]*+"),
    ("iri", _IRI),
    ("string", rf'"""(?:(?:"|"")?(?:[^"\\]|{_ESCAPE}))*+"""'),
    ("string", rf"'''(?:(?:'|'')?(?:[^'\\]|{_ESCAPE}))*+'''"),
    ("string", rf'"(?!"")(?:[^"\\\n\r]|{_ESCAPE})*+"'),
    ("string", rf"'(?!'')(?:[^'\\\n\r]|{_ESCAPE})*+'"),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("variable", rf"[?$][{_BASE_CHARS}_0-9][{_BASE_CHARS}_0-9\u00b7\u0300-\u036f\u203f-\u2040]*+"),
    ("blank", rf"_:[{_BASE_CHARS}_0-9](?:[{_CHARS}.-]*[{_CHARS}-])?"),
    ("name", rf"(?:{_PREFIX})?:(?:{_LOCAL})?"),
    ("number", r"(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"),
    ("word", r"[A-Za-z_][A-Za-z0-9_]*+"),
    ("sign", rf"<(?={_IRI})|<<\(|\)>>|<<|>>|\^\^|\|\||&&|!=|<=|>=|\{{\||\|\}}|[][{{}}()<>=!|&^*/+,;.?~-]"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}{place}>{rule})" for place, (kind, rule) in enumerate(_TERMINALS)))
_KIND = tuple(kind for kind, _ in _TERMINALS)

_SURROGATE = re.compile("[\ud800-\udfff]")

_FORMS: Mapping[str, QueryForm] = {
    "SELECT": "SELECT",
    "ASK": "ASK",
    "CONSTRUCT": "CONSTRUCT",
    "DESCRIBE": "DESCRIBE",
    **dict.fromkeys(
        ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"),
        "UPDATE",
    ),
}
_VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID"))
_CLOSES = {")": "(", "]": "[", "}": "{"}
_ENDS_OPERAND = frozenset(("iri", "string", "language", "variable", "blank", "name", "number", "word"))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLimits:
    """Limits on the text of a query.

    Args:
        characters: longest text.
        depth: deepest nesting of brackets of all kinds.
        hosts: hosts that SERVICE and LOAD may name, with their port where it is not the scheme's own.
    """

    characters: int = 200_000
    depth: int = 64
    hosts: frozenset[str] = frozenset()


class SparqlToken(NamedTuple):
    """One token; `start` is its offset in the text."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that passed `parse_query` and may be given to an engine.

    Args:
        text: what the engine gets: the query without its comments, otherwise character for character.
        form: what it asks for.
        variables: names of its variables, without their sign.
        has_dataset: whether it names its own dataset with FROM.
        volatile: whether its answer may change while the data does not.
    """

    text: str
    form: QueryForm
    variables: frozenset[str] = field(default=frozenset())
    has_dataset: bool = False
    volatile: bool = False


def tokenize(text: str) -> Iterator[SparqlToken]:
    """Split SPARQL into tokens, spaces and comments included, in order and lazily.

    Raises:
        QueryError: at the first character that begins no token; the tokens before it were given.

    >>> [token.text for token in tokenize("ASK {?s a <urn:x>}") if token.kind != "space"]
    ['ASK', '{', '?s', 'a', '<urn:x>', '}']
    """
    position, end = 0, len(text)
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastindex is None:
            raise _error(
                text, position, f"{text[position]!r} begins nothing that SPARQL knows", "correct the query there"
            )
        yield SparqlToken(_KIND[match.lastindex - 1], match[0], position)
        position = match.end()


def parse_query(text: str, limits: QueryLimits | None = None) -> Query:
    """Read a query as far as its form, its brackets and its words.

    Args:
        text: SPARQL 1.1 query or update.
        limits: what it may be.

    Returns:
        A query that is safe to hand to a worker; whether it is right the engine will say.

    Raises:
        QueryError: with line and column, where it is too long, nested too deep, unbalanced, goes to the network, or
            has no form.
    """
    bounds = limits or QueryLimits()
    if len(text) > bounds.characters:
        raise QueryError(
            f"the query has {len(text)} characters, and {bounds.characters} are allowed", hint="shorten it"
        )
    half = _SURROGATE.search(text)
    if half is not None:
        raise _error(text, half.start(), "half a surrogate pair is not a character", "correct the encoding")
    reader = _Reader(text=text, limits=bounds)
    parts = [token.text if token.kind == "space" else reader.read(token) for token in tokenize(text)]
    return reader.finish("".join(parts))


class _Reader:
    """Walks over the tokens of one query and keeps what `Query` says of it."""

    def __init__(self, *, text: str, limits: QueryLimits) -> None:
        self._text = text
        self._limits = limits
        self._open: list[SparqlToken] = []
        self._form: QueryForm | None = None
        self._variables: set[str] = set()
        self._has_dataset = False
        self._volatile = False
        self._reaching: SparqlToken | None = None
        self._after_operand = False

    def read(self, token: SparqlToken) -> str:
        """Take in a token that is no space, and say what the engine gets for it."""
        kind, text, _ = token
        if kind == "comment":
            return " " * len(text)
        shown = self._shown(token) if kind == "iri" else text
        if self._reaching is not None:
            self._check_reach(token, self._reaching)
        if kind == "word":
            self._word(token)
        elif kind == "variable":
            self._variables.add(text[1:])
        elif kind == "sign":
            self._sign(token)
        self._after_operand = kind in _ENDS_OPERAND or text in _CLOSES
        return shown

    def finish(self, text: str) -> Query:
        """Say what was read, or what was missing at the end."""
        if self._open:
            token = self._open[-1]
            raise _error(self._text, token.start, f"the {token.text!r} here is never closed", "close it")
        if self._form is None:
            raise QueryError("the text is not a SPARQL query", hint="begin with SELECT, ASK, CONSTRUCT or DESCRIBE")
        return Query(
            text=text,
            form=self._form,
            variables=frozenset(self._variables),
            has_dataset=self._has_dataset,
            volatile=self._volatile,
        )

    def _shown(self, token: SparqlToken) -> str:
        compares = self._after_operand and (not self._open or self._open[-1].text != "{")
        if compares:
            return token.text.replace("#", r"\u0023").replace("'", r"\u0027")
        return token.text

    def _word(self, token: SparqlToken) -> None:
        word = token.text.upper()
        if word in ("SERVICE", "LOAD"):
            self._reaching = token
            if not self._limits.hosts:
                raise _out_of_reach(self._text, token)
        self._volatile |= word in _VOLATILE
        if self._form is None and word in _FORMS:
            self._form = _FORMS[word]
        if word == "FROM" or (word == "USING" and self._form == "UPDATE"):
            self._has_dataset = True

    def _check_reach(self, token: SparqlToken, reaching: SparqlToken) -> None:
        """Check that SERVICE or LOAD is followed by the IRI of an allowed host."""
        if token.text.upper() == "SILENT":
            return
        self._reaching = None
        if token.kind != "iri" or urlsplit(token.text[1:-1]).netloc.lower() not in self._limits.hosts:
            raise _out_of_reach(self._text, reaching)

    def _sign(self, token: SparqlToken) -> None:
        if token.text in "([{":
            self._open.append(token)
            if len(self._open) > self._limits.depth:
                what = f"brackets are nested deeper than {self._limits.depth}"
                raise _error(self._text, token.start, what, "flatten the query")
        elif token.text in _CLOSES and (not self._open or self._open.pop().text != _CLOSES[token.text]):
            raise _error(self._text, token.start, f"{token.text!r} closes nothing", "balance the brackets")


def bind_terms(text: str, values: Mapping[str, Token]) -> str:
    """Put terms in the place of variables, token by token: text inside strings, IRIs and comments stays.

    Args:
        text: SPARQL.
        values: term tokens by variable name without its sign; a variable without a value stays a variable.

    Returns:
        The query; integers are written bare, so that LIMIT and OFFSET take them.

    Raises:
        QueryError: where the text is no SPARQL.

    >>> bind_terms('SELECT * { ?s ?p $o } # $o', {"o": '"x"'})
    'SELECT * { ?s ?p  "x"  } # $o'
    """
    return "".join(_bound(token, values) for token in tokenize(text))


def _bound(token: SparqlToken, values: Mapping[str, Token]) -> str:
    value = values.get(token.text[1:]) if token.kind == "variable" else None
    if value is None:
        return token.text
    suffix = f'"^^<{XSD}integer>'
    bare = value[1 : -len(suffix)] if value.endswith(suffix) else value
    return f" {bare} "  # spaces keep it from growing together with its neighbours


def variables(text: str) -> Collection[str]:
    """The names of the variables in a text, without their sign.

    Raises:
        QueryError: where the text is no SPARQL.
    """
    return frozenset(token.text[1:] for token in tokenize(text) if token.kind == "variable")


def _out_of_reach(text: str, token: SparqlToken) -> QueryError:
    what = f"{token.text.upper()} reaches out to the network, which is closed to it"
    hint = "copy the data here first, or let whoever runs this service open that host"
    return _error(text, token.start, what, hint)


def _error(text: str, position: int, what: str, hint: str) -> QueryError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return QueryError(what, where=Locator(line=line, column=column), hint=hint)
