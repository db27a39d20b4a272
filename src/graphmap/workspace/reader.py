"""`graphmap.toml` and the environment, read here and nowhere else, into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graphmap.errors import ConfigurationError, Locator, TermError
from graphmap.files import file_part
from graphmap.records import ValueForms, zoned_timestamp
from graphmap.store import Endpoint
from graphmap.workspace.databases import database_of
from graphmap.workspace.settings import (
    FragmentRule,
    IssuerSettings,
    Limits,
    ServiceSettings,
    SourceSettings,
    TokenSettings,
    Workspace,
)
from graphmap.workspace.toml_table import Table, parsed

__all__ = ["CONFIGURATION", "find_workspace", "read_workspace"]

CONFIGURATION = "graphmap.toml"
_TIMESTAMPS = MappingProxyType({"iso": None, "postgresql": zoned_timestamp})
_STORES = ("embedded", "remote")
_UNREAD = ("ignore", "warn", "fail")
_KINDS = ("table", "documents", "envelope")
_RIGHTS = ("read", "query", "ingest", "update", "admin")


def find_workspace(start: Path) -> Path:
    """The nearest folder, from `start` up, that holds a `graphmap.toml`.

    Raises:
        ConfigurationError: where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIGURATION).is_file():
            return folder
    raise ConfigurationError(
        f"there is no {CONFIGURATION} here or above",
        where=Locator(source=str(start)),
        hint="make a workspace with `graphmap init DIR`, or name one with --workspace",
    )


def read_workspace(root: Path, environment: Mapping[str, str] | None = None) -> Workspace:
    """Read a workspace.

    Args:
        root: the folder that holds `graphmap.toml`.
        environment: `GRAPHMAP_BASE` and `GRAPHMAP_STORE` win over the file, and only from there come name and
            password, or token, for a remote store; the process's own where left out.

    Raises:
        ConfigurationError: where the file cannot be read, or says what is not known here.
    """
    root = root.resolve()
    file = root / CONFIGURATION
    environment = os.environ if environment is None else environment
    settings = parsed(file)
    store = settings.table("store")
    base = settings.text("base", environment.get("GRAPHMAP_BASE"))
    path = store.text("path", "store")
    workspace = Workspace(
        root=root,
        base=environment.get("GRAPHMAP_BASE") or base,
        store=(root / (environment.get("GRAPHMAP_STORE") or path)).resolve(),
        sources=MappingProxyType(dict(_sources(settings.table("sources"), root, environment))),
        limits=_limits(settings.table("limits")),
        service=_service(settings.table("service")),
        endpoint=_endpoint(store, environment),
    )
    store.finish()
    settings.finish()
    try:
        _ = workspace.layout
    except TermError as error:
        raise settings.fault(f"base: {error.what}", error.hint or "correct it") from error
    return workspace


def _sources(table: Table, root: Path, environment: Mapping[str, str]) -> list[tuple[str, SourceSettings]]:
    found = []
    for name in table.values:
        source = table.table(name)
        kind = source.choice("kind", _KINDS, "table")
        settings = SourceSettings(
            name=name,
            kind=kind,
            mappings=_mappings(source, root),
            forms=ValueForms(
                nulls=frozenset(source.texts("nulls", [])),
                booleans=_booleans(source),
                timestamps=_TIMESTAMPS[source.choice("timestamps", tuple(_TIMESTAMPS), "iso")],
                exponents=kind == "documents",
            ),
            files=source.texts("files", []),
            iterator=source.text("iterator", "") or None,
            record_class=source.text("class", "") or None,
            delimiter=source.text("delimiter", "") or None,
            database=database_of(source, kind, root, environment),
            accepts=source.texts("accepts", []),
            unread=source.choice("unread", _UNREAD, "warn"),
            provenance=source.texts("provenance", []),
            fragment=_fragment(source),
            version=source.text("version", "") or None,
            keep_messages=source.take("keep_messages", bool, True),  # noqa: FBT003  # what holds where it says nothing
        )
        source.finish()
        found.append((name, settings))
    return found


def _fragment(source: Table) -> FragmentRule | None:
    if "fragment" not in source.values:
        return None
    fragment = source.table("fragment")
    found = FragmentRule(member=fragment.text("member"), rule=fragment.text("rule"))
    fragment.finish()
    return found


def _mappings(source: Table, root: Path) -> tuple[Path, ...]:
    """The files that are named, else the one that `graphmap derive` writes for the source's class."""
    record_class = source.text("class", "")
    if "mappings" in source.values or not record_class:
        return tuple(root / path for path in source.texts("mappings"))
    name = f".{file_part(record_class)}.ttl"
    schema, _, local = record_class.partition("/")
    ends = {path.name: path for path in sorted((root / "mappings").glob("*.ttl")) if path.name.endswith(name)}
    if local and not ends:
        return (root / "mappings" / f"{schema}.{file_part(local)}.ttl",)
    if len(ends) > 1:
        hint = "name one under mappings, or write the class as SCHEMA/CLASS"
        raise source.fault(f"class {record_class!r} has several mappings: {', '.join(ends)}", hint)
    return tuple(ends.values()) or (root / "mappings" / f"*{name}",)  # not derived yet


def _booleans(source: Table) -> Mapping[str, str]:
    words: dict[str, Any] = source.take("booleans", dict, {})
    if not set(words.values()) <= {"true", "false"}:
        raise source.fault("booleans must map words to true or false, in quotes", 'write { t = "true", f = "false" }')
    return MappingProxyType(words)


def _endpoint(store: Table, environment: Mapping[str, str]) -> Endpoint | None:
    if store.choice("kind", _STORES, "embedded") == "embedded":
        return None
    try:
        return _given_endpoint(store, environment)
    except (ConfigurationError, TermError) as error:
        if error.where.source is not None:
            raise
        raise store.fault(error.what, error.hint or "correct it") from error


def _given_endpoint(store: Table, environment: Mapping[str, str]) -> Endpoint:
    default = Endpoint(query=store.text("query"), update=store.text("update"))
    return Endpoint(
        query=default.query,
        update=default.update,
        graphs=store.text("graphs", "") or None,
        default_graph=store.text("default_graph", "") or None,
        user=environment.get("GRAPHMAP_STORE_USER") or None,
        password=environment.get("GRAPHMAP_STORE_PASSWORD") or None,
        token=environment.get("GRAPHMAP_STORE_TOKEN") or None,
        timeout_s=float(store.take("timeout_s", (int, float), default.timeout_s)),
        update_timeout_s=float(store.take("update_timeout_s", (int, float), default.update_timeout_s)),
        answer_bytes=int(store.take("answer_bytes", int, default.answer_bytes)),
        update_bytes=int(store.take("update_bytes", int, default.update_bytes)),
        update_statements=store.take("update_statements", int, 0) or None,
        split=bool(store.take("split", bool, default.split)),
        copy_quads=int(store.take("copy_quads", int, default.copy_quads)),
    )


def _limits(table: Table) -> Limits:
    default = Limits()
    limits = Limits(
        query_deadline_s=float(table.take("query_deadline_s", (int, float), default.query_deadline_s)),
        body_bytes=int(table.take("body_bytes", int, default.body_bytes)),
        document_bytes=int(table.take("document_bytes", int, default.document_bytes)),
    )
    table.finish()
    return limits


def _service(table: Table) -> ServiceSettings:
    default = ServiceSettings()
    settings = ServiceSettings(
        anonymous=_rights(table, "anonymous", ()) if "anonymous" in table.values else None,
        tokens=tuple(_tokens(table.table("tokens"))),
        oidc=_oidc(table.table("oidc")),
        hosts=table.texts("hosts", []),
        origins=table.texts("origins", []),
        network=table.texts("network", []),
        open_graphs=bool(table.take("open_graphs", bool, default.open_graphs)),
        root_path=table.text("root_path", ""),
        proxies=table.texts("proxies", []),
        workers=int(table.take("workers", int, default.workers)),
        concurrent=int(table.take("concurrent", int, default.concurrent)),
        connections=int(table.take("connections", int, default.connections)),
        rate_per_s=float(table.take("rate_per_s", (int, float), default.rate_per_s)),
    )
    table.finish()
    return settings


def _tokens(table: Table) -> list[TokenSettings]:
    found = []
    for name in table.values:
        token = table.table(name)
        digest = token.text("sha256")
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise token.fault("sha256 is not a hash of 64 hexadecimal digits", "make a token with `graphmap token`")
        found.append(TokenSettings(name=name, sha256=digest, rights=_rights(token, "rights", ())))
        token.finish()
    return found


def _oidc(table: Table) -> IssuerSettings | None:
    if not table.values:
        return None
    names = ("issuer", "audience", "claim", "prefix")
    settings = IssuerSettings(**{name: table.text(name) for name in names if name in table.values or name in names[:2]})
    table.finish()
    return settings


def _rights(table: Table, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    rights = table.texts(key, list(default))
    unknown = sorted(set(rights) - set(_RIGHTS))
    if unknown:
        raise table.fault(f"{key} has the unknown right {unknown[0]!r}", f"use some of {', '.join(_RIGHTS)}")
    return rights
