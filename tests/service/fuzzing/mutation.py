"""Odd values and random changes, the same for the same random numbers."""

from __future__ import annotations

from random import Random

__all__ = ["ODD", "mutated", "odd_number", "odd_text"]

ODD = (
    "", " ", "\0", "a\0b", "..", "../../etc/passwd", "%00", "%2e%2e%2f", "%", "%zz", "%c0%ae", "\u202eabc", "\ufeff",
    "\u0130", "ß", "𝔘𝔫𝔦", "\ud800", "e\u0301" * 50, "'", '"', "\\", "<script>alert(1)</script>", "' OR 1=1 --",
    "${7*7}", "{{7*7}}", "{% raw %}", "a\r\nX-Injected: 1", "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "\t", "\x7f", "\x85",
    "urn:x", "javascript:alert(1)", "https://schema.limbergraph.com/", "file:///etc/passwd", "http://[::1", "<>", "{}",
    "* OR NEAR(", "a AND", "NULL", "None", "true", "nan", "_:b0", "@en", "^^", "?x", "$x", "}", "} UNION {", "#",
)  # fmt: skip
"""Short texts that some layer or other stumbles over."""

_NUMBERS = (
    "0", "-0", "-1", "1", "00", "+1", "1.5", "1e3", "1e999", "-1e999", "0x10", "1_000", " 1", "٣", "²", "NaN",
    "Infinity",
    "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "999999999999999999999999999",
    "0.0000000000000000000000001", "1" * 400, "",
)  # fmt: skip


def odd_text(chance: Random, *, longest: int = 4096) -> str:
    """A text that is seldom meant."""
    way = chance.random()
    if way < 0.6:
        return chance.choice(ODD)
    if way < 0.75:
        return chance.choice(("A", "é", "𝔘", "%", "(", "\\", "a b ", "-", '"', "*")) * chance.randint(1, longest)
    if way < 0.9:
        return "".join(chr(chance.randint(1, 0xD7FF)) for _ in range(chance.randint(1, 40)))
    return odd_number(chance)


def odd_number(chance: Random) -> str:
    """What stands where a number is expected."""
    return chance.choice(_NUMBERS)


def mutated(chance: Random, data: bytes, *, most: int = 4) -> bytes:
    """Bytes with up to so many changes: flipped, cut, doubled, moved, or with something odd put in."""
    out = bytearray(data)
    for _ in range(chance.randint(1, most)):
        at = chance.randint(0, len(out))
        till = min(len(out), at + chance.choice((1, 1, 2, 8, 64)))
        way = chance.randint(0, 5)
        if way == 0 and at < len(out):
            out[at] ^= 1 << chance.randint(0, 7)
        elif way == 1:
            del out[at:till]
        elif way == 2:
            out[at:at] = out[at:till] * chance.choice((1, 2, 50))
        elif way == 3:
            out[at:at] = odd_text(chance, longest=64).encode("utf-8", "surrogatepass")
        elif way == 4:
            del out[at + (len(out) - at) // 2 :]
        else:
            out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
    return bytes(out)
