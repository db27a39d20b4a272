r"""XPath regular expressions, translated to Python's.

Both languages are close, and differ where it hurts: `\w` and `\s`, `$` before a last line feed, classes that subtract
classes, Unicode categories. What Python would read in a way of its own (`\b`, `(?=`) is not an XPath and is refused.
Source: XQuery and XPath Functions and Operators 3.1, section 5.6; XML Schema 1.1 Part 2, appendix G.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from graphmap.errors import ShapesError

__all__ = ["compile_pattern", "foreign_constructs"]

_SPACE = r" \t\n\r"
_NOT_SPACE = r"\x00-\x08\x0b\x0c\x0e-\x1f!-\U0010ffff"
_NAME_START = (
    r":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _NAME_START + r"\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
_CLASSES = {"s": _SPACE, "i": _NAME_START, "c": _NAME}
_SINGLE = {"n": r"\n", "r": r"\r", "t": r"\t"} | {sign: "\\" + sign for sign in r"\|.?*+(){}[]^-$"}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_QUANTITY = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_BLOCK = re.compile(r"\{(\^?)Is([A-Za-z0-9-]+)\}")
_CATEGORY = re.compile(r"\{(\^?)([A-Z][a-z]?)\}")


def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    r"""Compile an XPath regular expression.

    Args:
        pattern: the expression; it is searched for, not matched from the start.
        flags: any of `i`, `m`, `s`, `x`, `q`.

    Returns:
        Python's pattern with the same meaning.

    Raises:
        ShapesError: where the pattern is not an XPath regular expression, or uses what Python has no word for.

    >>> bool(compile_pattern(r"^\d+$").search("12\n"))
    False
    """
    return _compiled(pattern, flags)[0]


def foreign_constructs(pattern: str, flags: str = "") -> list[str]:
    r"""The constructs of other dialects that a pattern uses; they are read as those dialects have them.

    Args:
        pattern: the expression.
        flags: any of `i`, `m`, `s`, `x`, `q`.

    Returns:
        A sentence for each.

    Raises:
        ShapesError: where the pattern is no regular expression of any dialect that is known here.

    >>> [each[-33:] for each in foreign_constructs(r"^a\/b$")]
    ['it is read as other tools read it']
    """
    return [f"{said}; it is read as other tools read it" for said in dict.fromkeys(_compiled(pattern, flags)[1])]


def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], list[str]]:
    unknown = set(flags) - set("imsxq")
    if unknown:
        raise ShapesError(f"the regular expression flags {flags!r} hold {min(unknown)!r}", hint="use i, m, s, x, q")
    python_flags = re.NOFLAG
    for flag in flags:
        python_flags |= _FLAGS.get(flag, re.NOFLAG)
    translation = _Translation(pattern, flags)
    text = re.escape(pattern) if "q" in flags else "".join(translation.run())
    try:
        return re.compile(text, python_flags), translation.foreign
    except (re.error, OverflowError) as error:
        raise ShapesError(f"{pattern!r} is not a regular expression: {error}", hint="correct the pattern") from error


class _Translation:
    """One walk over a pattern, character by character."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.multiline = "m" in flags
        self.dot_all = "s" in flags
        self.spaced = "x" in flags
        self.foreign: list[str] = []

    def run(self) -> Iterator[str]:
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            self.at += 1
            if not (self.spaced and character in " \t\n\r"):
                yield self._piece(character)

    def _piece(self, character: str) -> str:
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == "(":
            return self._group()
        if character in "?*+{":
            return self._quantifier(character)
        if character in "]}":
            raise self._refused(f"{character!r} must be escaped")
        return self._anchor(character)

    def _anchor(self, character: str) -> str:
        if character == ".":
            return "." if self.dot_all else r"[^\n\r]"
        if character == "$":
            return "$" if self.multiline else r"\Z"
        return "\\#" if character == "#" else character

    def _refused(self, why: str) -> ShapesError:
        return ShapesError(
            f"{self.pattern!r} is not an XPath regular expression: {why}", hint="see XPath functions, 5.6.1"
        )

    def _group(self) -> str:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            return "(?:"
        for look in ("?=", "?!", "?<=", "?<!"):
            if self.pattern.startswith(look, self.at):
                self.at += len(look)
                self.foreign.append(self._refused(f"'({look}' begins no group").what)
                return f"({look}"
        if self.pattern.startswith("?", self.at):
            raise self._refused("'(?' begins no group but '(?:'")
        return "("

    def _quantifier(self, character: str) -> str:
        text = character
        if character == "{":
            match = _QUANTITY.match(self.pattern, self.at - 1)
            if match is None:
                raise self._refused("'{' begins no quantity")
            text, self.at = match[0], match.end()
        if self.pattern.startswith("?", self.at):
            text += "?"
            self.at += 1
        if self.pattern.startswith(("+", "*", "?"), self.at) or (self.at == len(text)):
            raise self._refused("a quantifier has nothing to repeat")
        return text

    def _escape(self) -> str:
        letter = self._next("a backslash ends it")
        if letter in "123456789":
            return f"(?:\\{letter})"
        negated, inside = self._multi(letter)
        if inside:
            return f"[{'^' if negated else ''}{inside}]"
        return self._single(letter)

    def _next(self, why: str) -> str:
        if self.at >= len(self.pattern):
            raise self._refused(why)
        self.at += 1
        return self.pattern[self.at - 1]

    def _single(self, letter: str) -> str:
        if letter in _SINGLE:
            return _SINGLE[letter]
        said = self._refused(f"'\\{letter}' is not an escape")
        code = _CODE.match(self.pattern, self.at - 1)
        if code is not None:
            self.at = code.end()
        elif letter.isalnum() or letter == "_":
            raise said
        self.foreign.append(said.what)
        return re.escape(chr(int(code[1] or code[2], 16)) if code is not None else letter)

    def _multi(self, letter: str) -> tuple[bool, str]:
        """A class escape as (negated, inside of a Python class); an empty inside where the letter is none."""
        if letter in "pP":
            block = _BLOCK.match(self.pattern, self.at)
            if block is not None:
                self.at = block.end()
                return (letter == "P") != bool(block[1]), self._block(block[2])
            match = _CATEGORY.match(self.pattern, self.at)
            if match is None:
                raise self._refused("'\\p' is followed by no category")
            self.at = match.end()
            return (letter == "P") != bool(match[1]), self._category(match[2])
        if letter in "wW":  # all but punctuation, separators and the rest
            return letter == "w", _members("PZC")
        if letter in "dD":  # both languages mean the category Nd
            return False, f"\\{letter}"
        return letter.isupper(), _CLASSES.get(letter.lower(), "")

    def _block(self, name: str) -> str:
        members = _block_members(name)
        if not members:
            raise self._refused(f"{name!r} is not a Unicode block")
        return members

    def _category(self, name: str) -> str:
        members = _members(name)
        if not members:
            raise self._refused(f"{name!r} is not a category")
        return members

    def _class(self) -> str:
        """A class expression; a subtracted class becomes a look ahead."""
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        inside: list[str] = []
        subtracted = ""
        while (character := self._next("a class is not closed")) != "]" or not inside:
            if character == "]":
                raise self._refused("a class is empty")
            if character == "-" and self.pattern.startswith("[", self.at):
                self.at += 1
                subtracted = f"(?!{self._class()})"
                if self._next("a class is not closed") != "]":
                    raise self._refused("a subtraction must end its class")
                break
            inside.append(self._member(character))
        found = f"[{'^' if negated else ''}{''.join(inside)}]"
        return f"(?:{subtracted}{found})" if subtracted else found

    def _member(self, character: str) -> str:
        if character == "[":
            raise self._refused("'[' must be escaped in a class")
        if character != "\\":
            return "\\" + character if character in "&~|^#" else character
        letter = self._next("a backslash ends it")
        negated, inside = self._multi(letter)
        if not inside:
            return self._single(letter)
        return _outside(inside) if negated else inside


@cache
def _members(categories: str) -> str:
    """The inside of a class of all characters whose category is, or begins with, one of those named."""
    names = (categories,) if categories[1:].islower() else tuple(categories)
    return _ranges([unicodedata.category(chr(code)).startswith(names) for code in range(0x110000)])


@cache
def _block_members(name: str) -> str:
    """The inside of a class of all characters of a Unicode block; empty where there is no such block."""
    import regex  # noqa: PLC0415  # it knows the blocks, and few patterns need them

    try:
        matches = regex.compile(rf"\p{{In{name.replace('-', '_')}}}").match
    except regex.error:
        return ""
    return _ranges([matches(chr(code)) is not None for code in range(0x110000)])


@cache
def _outside(inside: str) -> str:
    """The inside of the class of all other characters."""
    if inside == _SPACE:
        return _NOT_SPACE
    matches = re.compile(f"[{inside}]").match
    return _ranges([matches(chr(code)) is None for code in range(0x110000)])


def _ranges(flags: list[bool]) -> str:
    parts: list[str] = []
    start: int | None = None
    for code, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = code
        elif not flag and start is not None:
            parts.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(parts)
