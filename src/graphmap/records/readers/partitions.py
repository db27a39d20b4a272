"""A stream cut at the ends of its records, so that the portions can be read side by side.

Only the quotes of a table are looked at: a quote opens a cell where a cell begins, and a run of quotes inside it closes
it where its number is odd. A line break outside of quotes ends a row.
Source: RFC 4180, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["line_portions", "table_portions"]

_PORTION = 1 << 15
_QUOTE = b'"'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def line_portions(stream: BinaryIO, *, size: int = _PORTION, largest: int | None = None) -> Iterator[bytes]:
    """Cut a stream of one record a line.

    Args:
        stream: opened at its start; closed when the last portion was taken.
        size: bytes of a portion; one with a longer record is larger.
        largest: bytes from which on a line without an end is handed over as it is, for its reader to refuse.

    Yields:
        Portions of whole lines, in order; together they are the stream.
    """
    with stream:
        rest = b""
        while block := stream.read(max(size, len(rest))):
            rest += block
            end = rest.rfind(b"\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            elif largest is not None and len(rest) > largest:
                yield rest
                rest = b""
        if rest:
            yield rest


def table_portions(stream: BinaryIO, delimiter: str, *, size: int = _PORTION) -> Iterator[bytes]:
    """Cut a table; each portion begins with the table's header.

    Args:
        stream: opened at its start; closed when the last portion was taken.
        delimiter: one ASCII character.
        size: bytes of a portion; one with a longer row is larger.

    Yields:
        Portions that are tables themselves, in order; a table without rows is one portion.
    """
    starts = delimiter.encode() + b"\r\n"
    with stream:
        rest = stream.readline().removeprefix(_BYTE_ORDER_MARK)
        while not _last_row_end(rest, starts) and (line := stream.readline()):
            rest += line
        header, rest, yielded = rest, b"", False
        while block := stream.read(max(size, len(rest))):
            rest += block
            end = _last_row_end(rest, starts)
            if end:
                yield header + rest[:end]
                rest, yielded = rest[end:], True
        if rest or not yielded:
            yield header + rest


def _last_row_end(block: bytes, starts: bytes) -> int:
    """Find the end of the last whole row of a block; 0 without one."""
    quoted, end, at = False, 0, 0
    for first, last in _runs_of_quotes(block):
        if not quoted:
            end = block.rfind(b"\n", at, first) + 1 or end
            opens = first == 0 or block[first - 1] in starts
            quoted = opens and (last - first) % 2 == 1
        else:
            quoted = (last - first) % 2 == 0
        at = last
    return end if quoted else block.rfind(b"\n", at) + 1 or end


def _runs_of_quotes(block: bytes) -> Iterator[tuple[int, int]]:
    """Find the runs of quotes; `find` is many times as fast as a pattern with few quotes."""
    first = block.find(_QUOTE)
    while first >= 0:
        last = first + 1
        while block.startswith(_QUOTE, last):
            last += 1
        yield first, last
        first = block.find(_QUOTE, last)
