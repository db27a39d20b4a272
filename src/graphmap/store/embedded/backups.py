"""Backups: a checkpoint copied file by file, with checksums, whole or not there; and the way back.

A backup is a folder with `manifest.json` and `data/`, the database. It shares nothing with the store that it came
from.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec
import pyoxigraph as ox

from graphmap.errors import CallError, Locator, StoreError
from graphmap.files import make_private, open_private
from graphmap.rdf import Token, iri_of
from graphmap.store.directory import StoreDirectory, sync_folder
from graphmap.store.integrity import check_format, damage, recorded_sums
from graphmap.store.io_errors import explained_errors
from graphmap.store.protocol import HeldStore

__all__ = ["Manifest", "backup", "backups_of", "holds_graph", "restore"]

_CHUNK = 1 << 20
_FORM = "graphmap backup 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Manifest of a backup: format, time in UTC, and the SHA-256 of each file by name."""

    form: str
    moment: str
    files: dict[str, str]

    @property
    def sums(self) -> MappingProxyType[str, str]:
        """Checksums by name."""
        return MappingProxyType(self.files)


def backup(store: HeldStore, target: Path) -> Manifest:
    """Copy a store as it is at this moment, while it is written to.

    Args:
        store: opened.
        target: a folder that does not exist.

    Raises:
        CallError: where the target exists.
        StoreError: where it cannot be written, or a file of the store is damaged; nothing stays there then.
    """
    target = target.resolve()
    if target.exists():
        raise CallError("it is there already", where=Locator(source=str(target)), hint="name a folder that is not")
    moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    part = target.with_name(f".{target.name}.part")
    checkpoint = store.place.beside / f"backup-{os.getpid()}-{moment:%H%M%S}"
    try:
        with explained_errors(target):
            shutil.rmtree(part, ignore_errors=True)
            store.checkpoint(checkpoint)
            make_private(part)
            make_private(part / "data")
            files = {name: _copy(checkpoint / name, part / "data" / name) for name in _names(checkpoint)}
            _check_tables(store.path, checkpoint, files)
            manifest = Manifest(form=_FORM, moment=f"{moment:%Y-%m-%dT%H:%M:%SZ}", files=files)
            _write(part / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest)))
            sync_folder(part / "data")
            sync_folder(part)
            part.rename(target)
            sync_folder(target.parent)
            _note(store.place, target)
    finally:
        shutil.rmtree(checkpoint, ignore_errors=True)
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def restore(path: Path, source: Path, *, force: bool = False, with_journal: bool = True) -> Manifest:
    """Put a backup in the place of a store, whole or not at all.

    What was acknowledged after the last flush of the store before is in the journal. All of it is taken in, in order,
    when the store is opened next: what the backup has already is unchanged or stale then.

    Args:
        path: the store's own folder; nobody has it open, and it may be damaged.
        source: the backup.
        force: whether a store that is there is overwritten.
        with_journal: whether the journal is kept; else what it holds is given up.

    Raises:
        CallError: where a store is there and `force` is not given.
        StoreError: where the backup is damaged, or the disk fails; the store stays as it was.
    """
    manifest = _manifest(source)
    place = StoreDirectory(path)
    with explained_errors(path):
        place.hold()
        try:
            if path.exists() and any(path.iterdir()) and not force:
                hint = "say --force to overwrite it, or back it up first"
                raise CallError("there is a store already", where=Locator(source=str(path)), hint=hint)
            staging = make_private(place.clear_staging())
            for name, wanted in manifest.files.items():
                _fetch(source, name, staging, wanted)
            _check_opens(source, staging)
            place.mark_restored(with_journal=with_journal)
            place.exchange()
            place.note_made()
        finally:
            place.clear_staging()
            place.release()
    return manifest


def backups_of(place: StoreDirectory) -> Iterator[Path]:
    """The backups that were made of a store and are still there."""
    try:
        listed = _list(place).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    yield from (Path(line) for line in dict.fromkeys(listed) if Path(line).is_dir())


def holds_graph(source: Path, graph: Token) -> bool:
    """Return whether a backup has a named graph.

    Raises:
        StoreError: where it cannot be read.
    """
    with explained_errors(source):
        return ox.Store.read_only(str(source / "data")).contains_named_graph(ox.NamedNode(iri_of(graph)))


def _manifest(source: Path) -> Manifest:
    try:
        text = (source / "manifest.json").read_bytes()
        manifest = msgspec.json.decode(text, type=Manifest)
    except OSError as error:
        raise _damage(source, "this is not a backup: it has no manifest.json") from error
    except msgspec.DecodeError as error:
        raise _damage(source, f"the manifest cannot be read: {error}") from error
    if manifest.form != _FORM or any("/" in name or name.startswith("..") for name in manifest.files):
        raise _damage(source, "the manifest has another form")
    return manifest


def _damage(source: Path, what: str) -> StoreError:
    hint = "choose another backup; the store is as it was"
    return StoreError(what, where=Locator(source=str(source)), hint=hint)


def _fetch(source: Path, name: str, staging: Path, wanted: str) -> None:
    """Copy a file out of a backup."""
    file = source / "data" / name
    try:
        file.open("rb").close()
    except OSError as error:
        raise _damage(file, f"the backup is damaged: {name} cannot be read: {error.strerror}") from error
    if _copy(file, staging / name) != wanted:
        raise _damage(file, f"the backup is damaged: {name} is not what was backed up")


def _check_opens(source: Path, staging: Path) -> None:
    """A backup must open before it takes a store's place."""
    if not (staging / "CURRENT").exists():
        raise _damage(source, "the backup is damaged: it lacks CURRENT")
    check_format(staging, upgradable=True)
    try:
        ox.Store.read_only(str(staging))
    except (RuntimeError, ValueError, OSError) as error:
        raise _damage(source, f"the backup is damaged: {' '.join(str(error).split())}") from error


def _check_tables(path: Path, copy: Path, sums: Mapping[str, str]) -> None:
    """Refuse to keep what is not as it was written; what the copy was read for tells it without reading again."""
    known = recorded_sums(copy)
    for name, found in sums.items():
        wanted = None if known is None else known.sum_of(name, (copy / name).stat().st_size)
        if name.endswith(".sst") and wanted not in (None, found):
            raise damage(StoreDirectory(path), f"the store is damaged: {name} is not as it was written", path / name)


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.is_file() and file.name != "LOCK")


def _copy(source: Path, target: Path) -> str:
    """Copy a file, synced, and give its SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, open_private(target) as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    with open_private(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _list(place: StoreDirectory) -> Path:
    return place.beside / "backups"


def _note(place: StoreDirectory, target: Path) -> None:
    _list(place).touch(mode=0o600)
    with _list(place).open("a", encoding="utf-8") as file:
        file.write(f"{target}\n")
