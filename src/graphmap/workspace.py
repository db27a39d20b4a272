"""`graphmap.toml` and the environment, read here and nowhere else, into one frozen value."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graphmap.errors import ConfigurationError, Locator, TermError
from graphmap.lifting import ValueForms, zoned_timestamp
from graphmap.store.endpoint import Endpoint
from graphmap.store.layout import Layout

__all__ = [
    "CONFIGURATION",
    "Limits",
    "ServiceSettings",
    "SourceSettings",
    "TokenSettings",
    "Workspace",
    "find_workspace",
    "read_workspace",
]

CONFIGURATION = "graphmap.toml"
_TIMESTAMPS = MappingProxyType({"iso": None, "postgresql": zoned_timestamp})
_STORES = ("embedded", "remote")
_KINDS = ("envelope", "table")
_RIGHTS = ("read", "query", "ingest", "update", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One named source.

    Args:
        name: as in the file.
        kind: `envelope` for Limber messages, `table` for rows with a header.
        mappings: absolute paths of its RML files.
        forms: how it writes values.
        delimiter: of a table; `None` has it told from the header.
        accepts: of envelopes, the `schemaName/shapeName` pairs that the mappings read.
        version: of a table, the column that says which of two states of a record is the newer.
    """

    name: str
    kind: str
    mappings: tuple[Path, ...]
    forms: ValueForms
    delimiter: str | None = None
    accepts: tuple[str, ...] = ()
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What work from outside may take: seconds of a query, bytes of a request's body, bytes of one document."""

    query_deadline_s: float = 10.0
    body_bytes: int = 8 << 20
    document_bytes: int = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """A token that the server knows by its hash: what it is called, its SHA-256 in hexadecimal, what it may do."""

    name: str
    sha256: str = field(repr=False)
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSettings:
    """Whose bearer tokens count: an OpenID provider.

    Args:
        issuer: its address, as its tokens name it.
        audience: what tokens for this service name as theirs.
        claim: where a token says what it is for, with a dot between levels.
        prefix: what stands before the name of a right there.
    """

    issuer: str
    audience: str
    claim: str = "scope"
    prefix: str = "graphmap:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """How the server answers.

    Args:
        anonymous: what a request without a token may do.
        tokens: what those with one may do.
        oidc: whose tokens count beside them.
        hosts: names under which it answers, beside those of the address that it listens on.
        origins: web origins whose pages may read; `*` is all.
        network: hosts that SERVICE and LOAD may reach.
        open_graphs: whether updates may change the graphs that ingest keeps.
        root_path: path under which a proxy shows it.
        proxies: addresses whose forwarded headers are believed.
        workers: how many queries can run side by side.
        concurrent: most requests at work at once.
        rate_per_s: most requests in a second from one address, over a minute; 0 does not count.
    """

    anonymous: tuple[str, ...] = ("read", "query")
    tokens: tuple[TokenSettings, ...] = ()
    oidc: IssuerSettings | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    open_graphs: bool = False
    root_path: str = ""
    proxies: tuple[str, ...] = ()
    workers: int = 2
    concurrent: int = 256
    rate_per_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace folder and its settings; all paths are absolute.

    Args:
        root: the folder.
        base: IRI that every class, property and entity begins with.
        store: folder of the store; of a remote one, the place of its lock and its journal.
        sources: by name.
        limits: what work from outside may take.
        service: how the server answers.
        endpoint: the server that keeps the data, where the store is remote.
    """

    root: Path
    base: str
    store: Path
    sources: Mapping[str, SourceSettings]
    limits: Limits = field(default_factory=Limits)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    endpoint: Endpoint | None = None

    @property
    def layout(self) -> Layout:
        """Which graph holds what."""
        return Layout(base=self.base)

    def shapes(self) -> tuple[Path, ...]:
        """The shapes files, hand-written ones in `shapes/custom` last."""
        return (*_turtle(self.root / "shapes"), *_turtle(self.root / "shapes" / "custom"))

    def ontology(self) -> tuple[Path, ...]:
        """The ontology files, alignments among them."""
        return _turtle(self.root / "ontology")

    @property
    def queries(self) -> Path:
        """The folder of saved queries."""
        return self.root / "queries"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.root / "ontology" / "context.jsonld"

    @property
    def cache(self) -> Path:
        """A folder for what can be made again."""
        return self.root / ".graphmap"


def _turtle(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.ttl")))


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
    settings = _Table(_parse(file), file, "")
    store = settings.table("store")
    workspace = Workspace(
        root=root,
        base=environment.get("GRAPHMAP_BASE") or settings.text("base"),
        store=(root / (environment.get("GRAPHMAP_STORE") or store.text("path", "store"))).resolve(),
        sources=MappingProxyType(dict(_sources(settings.table("sources"), root))),
        limits=_limits(settings.table("limits")),
        service=_service(settings.table("service")),
        endpoint=_endpoint(store, environment),
    )
    store.finish()
    settings.finish()
    try:
        _ = workspace.layout
    except TermError as error:
        raise settings.fault(f"base: {error.what}", error.hint or "mend it") from error
    return workspace


def _parse(file: Path) -> dict[str, Any]:
    where = Locator(source=str(file))
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read: {error.strerror}", where=where, hint="run `graphmap init`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"is no TOML: {error}", where=where) from error


class _Table:
    """One table of the file; every key must be asked for, so that a misspelt one is an error."""

    def __init__(self, values: dict[str, Any], file: Path, name: str) -> None:
        self.values = values
        self._file = file
        self._name = name
        self._asked: set[str] = set()

    def fault(self, what: str, hint: str) -> ConfigurationError:
        place = f"[{self._name}] " if self._name else ""
        return ConfigurationError(f"{place}{what}", where=Locator(source=str(self._file)), hint=hint)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        self._asked.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(f"{key} is missing", "add it")
        if not isinstance(value, kind):
            raise self.fault(f"{key} has a value of the wrong kind: {value!r}", "see docs/configuration.md")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self.take(key, str, default))

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        return tuple(str(each) for each in self.take(key, list, default))

    def table(self, key: str) -> _Table:
        name = f"{self._name}.{key}" if self._name else key
        return _Table(self.take(key, dict, {}), self._file, name)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self.fault(f"{key} is {value!r}", f"use one of {', '.join(choices)}")
        return value

    def finish(self) -> None:
        unknown = sorted(set(self.values) - self._asked)
        if unknown:
            raise self.fault(f"{unknown[0]} is no setting", f"known here: {', '.join(sorted(self._asked))}")


def _sources(table: _Table, root: Path) -> list[tuple[str, SourceSettings]]:
    found = []
    for name in table.values:
        source = table.table(name)
        settings = SourceSettings(
            name=name,
            kind=source.choice("kind", _KINDS, "table"),
            mappings=tuple(root / path for path in source.texts("mappings")),
            forms=ValueForms(
                nulls=frozenset(source.texts("nulls", [])),
                booleans=_booleans(source),
                timestamps=_TIMESTAMPS[source.choice("timestamps", tuple(_TIMESTAMPS), "iso")],
            ),
            delimiter=source.text("delimiter", "") or None,
            accepts=source.texts("accepts", []),
            version=source.text("version", "") or None,
        )
        source.finish()
        found.append((name, settings))
    return found


def _booleans(source: _Table) -> Mapping[str, str]:
    words: dict[str, Any] = source.take("booleans", dict, {})
    if not set(words.values()) <= {"true", "false"}:
        raise source.fault("booleans must map words to true or false, in quotes", 'write { t = "true", f = "false" }')
    return MappingProxyType(words)


def _endpoint(store: _Table, environment: Mapping[str, str]) -> Endpoint | None:
    if store.choice("kind", _STORES, "embedded") == "embedded":
        return None
    try:
        return _given_endpoint(store, environment)
    except (ConfigurationError, TermError) as error:
        if error.where.source is not None:
            raise
        raise store.fault(error.what, error.hint or "mend it") from error


def _given_endpoint(store: _Table, environment: Mapping[str, str]) -> Endpoint:
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


def _limits(table: _Table) -> Limits:
    default = Limits()
    limits = Limits(
        query_deadline_s=float(table.take("query_deadline_s", (int, float), default.query_deadline_s)),
        body_bytes=int(table.take("body_bytes", int, default.body_bytes)),
        document_bytes=int(table.take("document_bytes", int, default.document_bytes)),
    )
    table.finish()
    return limits


def _service(table: _Table) -> ServiceSettings:
    default = ServiceSettings()
    settings = ServiceSettings(
        anonymous=_rights(table, "anonymous", default.anonymous),
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
        rate_per_s=float(table.take("rate_per_s", (int, float), default.rate_per_s)),
    )
    table.finish()
    return settings


def _tokens(table: _Table) -> list[TokenSettings]:
    found = []
    for name in table.values:
        token = table.table(name)
        digest = token.text("sha256")
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise token.fault("sha256 is no hash of 64 hexadecimal digits", "make a token with `graphmap token`")
        found.append(TokenSettings(name=name, sha256=digest, rights=_rights(token, "rights", ())))
        token.finish()
    return found


def _oidc(table: _Table) -> IssuerSettings | None:
    if not table.values:
        return None
    names = ("issuer", "audience", "claim", "prefix")
    settings = IssuerSettings(**{name: table.text(name) for name in names if name in table.values or name in names[:2]})
    table.finish()
    return settings


def _rights(table: _Table, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    rights = table.texts(key, list(default))
    unknown = sorted(set(rights) - set(_RIGHTS))
    if unknown:
        raise table.fault(f"{key} has the unknown right {unknown[0]!r}", f"use some of {', '.join(_RIGHTS)}")
    return rights
