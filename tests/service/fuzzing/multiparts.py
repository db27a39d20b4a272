"""Multipart bodies: no boundary, too many parts, nested ones, long headers, megabytes of boundaries.

Source: RFC 2046, section 5.1.1; RFC 7578, section 4.
"""

from __future__ import annotations

from random import Random

from tests.service.fuzzing.inputs import Input, whole
from tests.service.fuzzing.mutation import mutated

__all__ = ["large_multiparts", "multiparts"]

_PLACES = ("/check", "/check", "/graphs?graph=urn%3Afuzz%3A4", "/records", "/sparql")
_KIND = "multipart/form-data"


def multiparts(chance: Random) -> Input:
    """A small multipart body with something odd about it."""
    boundary = chance.choice(("b", "b", "-", "a" * 70, "a" * 5000, "b c", 'b"', "'()+_,./:=?", "b;c=d", "\xff"))
    stated = chance.choice((f"; boundary={boundary}", f'; boundary="{boundary}"', "", "; boundary=", "; boundary=other",
                            f"; boundary={boundary}; boundary=z", f"; BOUNDARY={boundary}",
                            f";boundary*=utf-8''{boundary}",
                            "; boundary*0=b; boundary*1=c", f"; charset=x; boundary={boundary}"))  # fmt: skip
    body = _body(chance, boundary.encode("latin-1"))
    if chance.random() < 0.4:
        body = mutated(chance, body)
    kind = chance.choice(
        (_KIND, _KIND, _KIND, "multipart/mixed", "multipart/form-data; x=y", "multipart/", "Multipart/Form-Data")
    )
    return whole("multipart", "POST", chance.choice(_PLACES), [("Content-Type", kind + stated)], body)


def large_multiparts(chance: Random) -> Input:
    """A multipart body of 1 to 8 MB that is nearly nothing but structure."""
    size = chance.choice((1 << 20, 1 << 20, 8_000_000))
    unit = chance.choice(
        (b"--b\r\n", b"--b\r\n\r\n", b"\r\n--b", b"--b--\r\n", b"--", b"\r\n", b"--b\r\nA: b\r\n\r\nx\r\n", b"\n",
        b"\r", b"--c\r\n",
         b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b \r\n", b"a: b\r\n", b"\x0c", b"\xc2\x85",
         b"=?utf-8?q?a?=")
    )  # fmt: skip
    start = chance.choice(
        (b"--b\r\n", b"--b\r\nContent-Type: text/turtle\r\n\r\n", b"--b\r\nContent-Disposition: ", b"")
    )
    body = start + unit * (size // len(unit)) + chance.choice((b"--b--\r\n", b""))
    return whole(
        "large multipart", "POST", chance.choice(_PLACES[:3]), [("Content-Type", f"{_KIND}; boundary=b")], body
    )


def _body(chance: Random, boundary: bytes) -> bytes:
    part = chance.choice(
        (b'Content-Disposition: form-data; name="text"\r\n\r\n{"a": 1}',
        b"Content-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 1 .",
         b"\r\n{}", b"", b"Content-Type: " + b"x" * 40_000 + b"\r\n\r\n{}", b"A: b\r\n" * 3000 + b"\r\n{}",
         b"Content-Transfer-Encoding: base64\r\n\r\n%%%",
         b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\n#\n",
         b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n",
         b"Content-Type: text/turtle; charset=nonsense\r\n\r\nx",
         b"Content-Type: message/rfc822\r\n\r\n" * 40,
         b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--",
         b"Content-Disposition: form-data; name*=utf-8''%ff; filename*0=a; filename*99999999=b\r\n\r\nx",
         b"Content-Type: =?utf-8?b?////?=\r\n\r\nx", b"Content-Type: text/plain; a*1*=x; a*0*='\r\n\r\nx")
    )  # fmt: skip
    number = chance.choice((0, 1, 1, 2, 20, 21, 500))
    line = b"--" + boundary + b"\r\n"
    return (
        b"".join(line + part + b"\r\n" for _ in range(number))
        + b"--"
        + boundary
        + chance.choice((b"--\r\n", b"", b"-"))
    )
