"""IRIs from data: the base before them where they are relative, and checked by the whole grammar.

A store refuses what is not an IRI, and the whole file that it stands in; so a value that makes none is found here,
where the record is still known.
Source: RFC 3987, section 2.2; RML-Core, generation of IRIs.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import quote

from graphmap.errors import TermError
from graphmap.lifting.plan.triples_maps import TermType
from graphmap.rdf import Token, is_absolute

__all__ = ["PLAIN_IRI", "always_iri", "iri_from", "is_iri"]

_OTHER = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
    + f"{chr(0xE1000)}-{chr(0xEFFFD)}"
)
_PRIVATE = f"\ue000-\uf8ff{chr(0xF0000)}-{chr(0xFFFFD)}{chr(0x100000)}-{chr(0x10FFFD)}"
_PERCENT = "%[0-9A-Fa-f]{2}"
_NAME = rf"(?:[A-Za-z0-9._~!$&'()*+,;={_OTHER}-]|{_PERCENT})"
_PATH = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/{_OTHER}-]|{_PERCENT})*"
_FRAGMENT = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?{_OTHER}-]|{_PERCENT})*"
_QUERY = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?{_OTHER}{_PRIVATE}-]|{_PERCENT})*"
_AUTHORITY = rf"(?:(?:{_NAME}|:)*@)?(?:\[(?P<address>[^\]]*)\]|{_NAME}*)(?::[0-9]*)?"
_IRI = rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}(?:/{_PATH})?|(?!//){_PATH})(?:\?{_QUERY})?(?:\#{_FRAGMENT})?"

PLAIN_IRI = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~:/-]*)?(?:#[A-Za-z0-9._~:/-]*)?").fullmatch
"""Matches IRIs of the common form, fast; what it does not match may be an IRI all the same."""

_BEFORE_ANY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*[/?#]|/?[^/])").match
"""Matches a text that has its scheme and authority behind it, so that any IRI-safe text may follow."""

_FUTURE_ADDRESS = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+").fullmatch
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_BREAKS_A_LINE = re.compile("[\x00-\x1f<>\ud800-\udfff]").search


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI.

    >>> is_iri("https://example.org/Country#NZ"), is_iri("http://[bad"), is_iri("http://a/%zz")
    (True, False, False)
    """
    if PLAIN_IRI(text):
        return True
    match = _whole_grammar().fullmatch(text)
    return match is not None and (match["address"] is None or _is_address(match["address"]))


@cache
def _whole_grammar() -> re.Pattern[str]:
    """Compiled when the first uncommon IRI is met: that takes 10 ms, a twentieth of a command's start."""
    return re.compile(_IRI)


def _is_address(text: str) -> bool:
    if _FUTURE_ADDRESS(text):
        return True
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def always_iri(texts: Sequence[str | None]) -> bool:
    """Tell whether constant texts make an IRI whatever IRI-safe text stands in for each `None` between them.

    >>> always_iri(["http://a/", None]), always_iri(["http://", None, "/"]), always_iri(["http://a/%", None])
    (True, False, False)
    """
    start = texts[0] if texts else None
    if start is None or not _BEFORE_ANY(start):
        return False
    # behind the authority of a common IRI, what may be a letter may be any IRI-safe text
    return all(map(PLAIN_IRI, _filled(texts, "", "x", "1"))) or all(
        map(is_iri, _filled(texts, "", "x", "1", "%20", "é"))
    )


def _filled(texts: Sequence[str | None], *fillers: str) -> Iterator[str]:
    for filler in fillers:
        yield "".join(filler if text is None else text for text in texts)


_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?").match
"""Matches scheme and authority of an absolute IRI."""


def iri_from(text: str, base: str, kind: TermType = TermType.IRI) -> Token:
    """The IRI of a generated text, with the base before it where it is relative.

    Args:
        text: absolute, or what comes after the base; nothing is resolved, so that no text leaves the base's host and
            path.
        base: an absolute IRI, or empty where there is none.
        kind: an unsafe one is taken as it is, unless it would break the line that it is written on; a URI is encoded
            to ASCII.

    Raises:
        TermError: where the text makes no IRI.
    """
    if not text:
        raise TermError("an empty text is not an IRI")
    iri = text if is_absolute(text) else _after(base, text)
    if kind in (TermType.URI, TermType.UNSAFE_URI):
        iri = _NOT_ASCII.sub(lambda found: quote(found[0], errors="surrogatepass"), iri)
    safe = kind in (TermType.IRI, TermType.URI)
    if not (is_iri(iri) if safe else not _BREAKS_A_LINE(iri)):
        raise TermError(f"{text!r} is not an IRI", hint="percent-encode what cannot stand in one")
    return f"<{iri}>"


def _after(base: str, text: str) -> str:
    """The base and a text after it.

    Source: RML-Core, generation of IRIs: the value is appended to the base IRI.
    """
    if not base:
        what = f"{text!r} is a relative IRI, and there is no base IRI: give --base or rml:baseIRI"
        raise TermError(what)
    whole, host = base + text, _HOST(base)
    after = _HOST(whole)
    if host is None or after is None or host[0] != after[0]:
        what = f"{text!r} after the base IRI {base} would change its host: end the base IRI in / or #"
        raise TermError(what)
    return whole
