"""A MANIFEST as RocksDB writes it, with the files that a test plants."""

from __future__ import annotations

from pathlib import Path

__all__ = ["added", "log_of", "manifest", "removed", "text", "varint"]

FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4
BLOCK = 32 << 10


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def text(value: bytes) -> bytes:
    return varint(len(value)) + value


def added(family: int, *files: tuple[int, int, int]) -> bytes:
    """An edit that adds files, each by level, number and size."""
    news = (
        b"".join((varint(103), *map(varint, file), text(b"a"), text(b"z"), b"\x07\x09", varint(5), text(b"x"), b"\x01"))
        for file in files
    )
    return b"".join((varint(200), varint(family), *news))


def removed(family: int, *files: tuple[int, int]) -> bytes:
    return b"".join((varint(200), varint(family), *(b"\x06" + varint(level) + varint(at) for level, at in files)))


def log_of(*records: bytes) -> bytes:
    """The records in blocks of 32 KB, cut where a block ends."""
    out = bytearray()
    for record in records:
        rest, begun = record, False
        while rest or not begun:
            left = BLOCK - len(out) % BLOCK
            if left < 7:
                out += bytes(left)
                continue
            piece, rest = rest[: left - 7], rest[left - 7 :]
            kind = (MIDDLE if rest else LAST) if begun else (FIRST if rest else FULL)
            out += bytes(4) + len(piece).to_bytes(2, "little") + bytes((kind,)) + piece
            begun = True
    return bytes(out)


def manifest(folder: Path, *records: bytes, name: str = "MANIFEST-000005") -> Path:
    (folder / name).write_bytes(log_of(*records))
    (folder / "CURRENT").write_text(f"{name}\n")
    return folder / name
