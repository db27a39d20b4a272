"""The file of a target: its syntax, encoding and packing, written under other names and renamed when it is whole.

Source: RML-IO, logical targets.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import pyoxigraph

from graphmap.errors import Locator, MappingError, SourceError
from graphmap.files import blocks, deduplicated, place
from graphmap.lifting.execution.run_options import RunOptions
from graphmap.lifting.plan import Target

__all__ = ["TargetFile", "format_of"]


def format_of(target: Target) -> pyoxigraph.RdfFormat:
    """The syntax of a target.

    Raises:
        MappingError: where it is not written here.
    """
    found = pyoxigraph.RdfFormat.from_extension(target.syntax)
    if found is None:
        raise MappingError(f"{target.syntax} is not a syntax that can be written", where=Locator(source=target.path))
    return found


class TargetFile:
    """Takes N-Quads text and makes a file of it.

    Args:
        target: how the file is to be.
        conditions: the folder that its path starts from, and whether statements may come again.

    Raises:
        SourceError: where it cannot be written.
    """

    def __init__(self, target: Target, conditions: RunOptions) -> None:
        self._target = target
        self._conditions = conditions
        path = Path(target.path)
        self._whole = path if target.from_working_directory else conditions.folder / path
        kinds = ("text", "plain", "other", "part")
        self._text, self._plain, self._other, self._part = (
            self._whole.with_name(f".{self._whole.name}.{os.getpid()}.{kind}") for kind in kinds
        )

    def __enter__(self) -> Self:
        with self._written():
            self._stream = self._text.open("w", encoding="utf-8", newline="")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            self._stream.close()
        except OSError:
            if error is None:
                raise
        finally:
            for each in (self._text, self._plain, self._other, self._part):
                each.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Add some whole lines of N-Quads."""
        with self._written():
            self._stream.write(text)

    def finish(self) -> None:
        """Put the file where it belongs."""
        with self._written():
            self._stream.close()
            texts: Iterable[bytes] = blocks(self._text)
            if self._conditions.distinct:
                texts = deduplicated(texts, memory=self._conditions.memory)
            self._write_plain(texts)
            _PACKERS[self._target.packing](self._plain, self._part, self._whole.name)
            place(self._part, self._whole)

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where, hint = Locator(source=str(self._whole)), "check the folder and the space that is left"
            raise SourceError(f"cannot be written: {error.strerror}", where=where, hint=hint) from error

    def _write_plain(self, texts: Iterable[bytes]) -> None:
        target = self._target
        if target.syntax in ("nq", "nt"):  # the text is that already
            with self._plain.open("w", encoding=target.encoding, newline="") as stream:
                stream.writelines(text.decode() for text in texts)
            return
        quads = (quad for text in texts for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS, lenient=True))
        with self._plain.open("wb") as output:
            pyoxigraph.serialize(quads, output, format_of(target))
        if target.encoding != "utf-8":
            with (
                self._plain.open(encoding="utf-8", newline="") as source,
                self._other.open("w", encoding=target.encoding) as stream,
            ):
                shutil.copyfileobj(source, stream)
            self._other.replace(self._plain)


def _gzip(plain: Path, part: Path, name: str) -> None:
    with (
        plain.open("rb") as source,
        part.open("wb") as file,
        # without a time, so that equal statements make equal files
        gzip.GzipFile(filename=name, mode="wb", fileobj=file, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed)


def _zip(plain: Path, part: Path, name: str) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(plain, name.removesuffix(".zip"))


def _tar(compression: str) -> Callable[[Path, Path, str], None]:
    def pack(plain: Path, part: Path, name: str) -> None:
        with part.open("wb") as file, tarfile.open(fileobj=file, mode=f"w:{compression}") as packed:  # type: ignore[call-overload]  # a mode that is put together
            packed.add(plain, arcname=name.removesuffix(f".tar.{compression}"))

    return pack


def _rename(plain: Path, part: Path, _: str) -> None:
    plain.replace(part)


_PACKERS: Mapping[str, Callable[[Path, Path, str], None]] = MappingProxyType(
    {"none": _rename, "gzip": _gzip, "zip": _zip, "targz": _tar("gz"), "tarxz": _tar("xz")}
)
