"""RDF terms as text: a term is its canonical N-Triples form, called a *token* here.

One `str` a term keeps the path of a record free of objects: tokens compare, hash, join and print as they are, and the
first character tells the kind (`<` IRI, `_` blank node, `"` literal).
Source: RDF 1.1 N-Triples, section 4 (canonical form); RFC 3987, section 2.2 (iunreserved).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from graphmap.errors import TermError
from graphmap.rdf.xsd import XSD

__all__ = [
    "GRAPHMAP",
    "RDF",
    "RDFS",
    "RDF_TYPE",
    "XSD",
    "LiteralParts",
    "Token",
    "Triple",
    "escape",
    "has_lone_surrogate",
    "iri_of",
    "iri_safe",
    "iri_token",
    "is_absolute",
    "literal_parts",
    "literal_token",
    "local_name",
    "unescape",
]

Token = str
"""A term in canonical N-Triples form."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDF_TYPE: Token = f"<{RDF}type>"

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf\"'\\]))")
_UNESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LITERAL = re.compile(r'"((?:[^"\\]++|\\.)*+)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?', re.DOTALL)
_LONG = 4096  # characters; longer texts are worth a pass for each different escape
_DIFFERENT = 64
_BACKSLASH = "\ud800"  # stands for one that was escaped; half of a surrogate pair is in no text that is well-formed
_SURROGATES = re.compile(r"[\ud800-\udfff]|\\u[Dd][89A-Fa-f]|\\U0000[Dd][89A-Fa-f]")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


class Triple(NamedTuple):
    """Subject, predicate and object, each a token."""

    subject: Token
    predicate: Token
    object: Token


class LiteralParts(NamedTuple):
    """A literal taken apart; `datatype` is an IRI without brackets, never empty."""

    lexical: str
    datatype: str
    language: str | None


def escape(text: str) -> str:
    r"""Escape a text for the inside of a quoted literal.

    >>> escape('say "hi"\n')
    'say \\"hi\\"\\n'
    """
    if _TO_ESCAPE.search(text) is None:
        return text
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    if len(text) < _LONG:
        return _CONTROLS.sub(_escape_one, text)
    while found := _CONTROLS.search(text):  # one pass a character that is there, not one call a place
        text = text.replace(found[0], _escape_one(found))
    return text


def _escape_one(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def unescape(text: str) -> str:
    """The inverse of `escape`; reads every escape of N-Triples."""
    if "\\" not in text:
        return text
    if len(text) < _LONG or _SURROGATES.search(text):
        return _ESCAPED.sub(_unescape_one, text)
    return _unescape_long(text)


def _unescape_long(text: str) -> str:
    """The same in one pass an escape that is there, not one call a place; for long texts that repeat few escapes."""
    text = text.replace("\\\\", _BACKSLASH)
    place = 0
    for _ in range(_DIFFERENT):
        if (found := _ESCAPED.search(text, place)) is None:
            break
        character = _unescape_one(found)
        text = text.replace(found[0], _BACKSLASH if character == "\\" else character)
        place = found.start()
    else:
        text = _ESCAPED.sub(lambda found: _unescape_one(found).replace("\\", _BACKSLASH), text)
    return text.replace(_BACKSLASH, "\\")


def _unescape_one(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return _UNESCAPES[letter] if letter else chr(int(short or long, 16))


def iri_safe(text: str) -> str:
    """Percent-encode all but the `iunreserved` characters.

    Source: RML-Core, IRI-safe version; RFC 3987, section 2.2.

    >>> iri_safe("1000058::6900 München")
    '1000058%3A%3A6900%20München'
    """
    return _not_unreserved().sub(_encode_one, text)


@cache
def _not_unreserved() -> re.Pattern[str]:
    """Compiled at the first use, because that takes 10 ms: most texts are known to be safe before."""
    return re.compile(
        "[^-._~0-9A-Za-z\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
        + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
        + f"{chr(0xE1000)}-{chr(0xEFFFD)}]"
    )


def _encode_one(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def has_lone_surrogate(text: str) -> bool:
    """Return whether a text holds half a surrogate pair and cannot be written."""
    return _SURROGATE.search(text) is not None


def is_absolute(iri: str) -> bool:
    """Return whether a text begins with a scheme."""
    return _ABSOLUTE.match(iri) is not None


def iri_token(iri: str) -> Token:
    """The token of an IRI.

    Raises:
        TermError: where a character cannot stand in an IRI, or the IRI is relative.

    >>> iri_token("https://example.org/Country#NZ")
    '<https://example.org/Country#NZ>'
    """
    bad = _NOT_IN_IRI.search(iri)
    if bad is not None:
        raise TermError(f"{iri!r} is not an IRI: {bad[0]!r} cannot stand in one", hint="percent-encode it")
    if not is_absolute(iri):
        raise TermError(f"{iri!r} is a relative IRI", hint="give it a scheme, or set a base IRI")
    return f"<{iri}>"


def iri_of(token: Token) -> str:
    """The IRI inside an IRI token."""
    return token[1:-1]


def local_name(iri: str) -> str:
    """Local name: the part after the last `#` or `/` of an IRI.

    >>> local_name("http://www.w3.org/ns/shacl#MinCountConstraintComponent")
    'MinCountConstraintComponent'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def literal_token(lexical: str, *, datatype: str | None = None, language: str | None = None) -> Token:
    """The token of a literal; `xsd:string` is left out, as the canonical form asks.

    Raises:
        TermError: where the language tag is none, or the text holds half a surrogate pair.

    >>> literal_token("7", datatype=XSD + "integer")
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if not lexical.isascii() and has_lone_surrogate(lexical):
        raise TermError(f"{lexical!r} holds half a surrogate pair", hint="correct the encoding")
    quoted = f'"{escape(lexical)}"'
    if language is not None:
        if not _LANGUAGE.fullmatch(language):
            raise TermError(f"{language!r} is not a language tag", hint="use a tag of BCP 47 such as en or de-CH")
        return f"{quoted}@{language.lower()}"
    return quoted if datatype is None or datatype == XSD + "string" else f"{quoted}^^<{datatype}>"


def literal_parts(token: Token) -> LiteralParts:
    """Take a literal token apart.

    Raises:
        TermError: where the token is not a literal.

    >>> literal_parts('"a\\\\nb"@en').lexical
    'a\\nb'
    """
    match = _LITERAL.fullmatch(token)
    if match is None:
        raise TermError(f"{token!r} is not a literal")
    text, datatype, language = match.groups()
    return LiteralParts(unescape(text), datatype or (RDF + "langString" if language else XSD + "string"), language)


GRAPHMAP = "https://w3id.org/graphmap#"
"""The vocabulary of this project; it stays where it is when the base IRI of the data moves."""
