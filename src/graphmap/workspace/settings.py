"""Settings of a workspace: folder, sources, limits and service, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graphmap.records import ValueForms
from graphmap.store import Endpoint, Layout

__all__ = [
    "DatabaseSettings",
    "IssuerSettings",
    "Limits",
    "ServiceSettings",
    "SourceSettings",
    "TokenSettings",
    "Workspace",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FragmentRule:
    """The text that the IRI of a record in an envelope has to end in.

    Args:
        member: of the record, a text.
        rule: slug of the rule that a Warning names.
    """

    member: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Place of the rows of a source in a database.

    Args:
        url: of the database; `${NAME}` in it has no value in the environment.
        query: SQL that gives the rows.
        username: where the URL has none.
        password: where the URL has none; shown nowhere.
    """

    url: str = field(repr=False)
    query: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One named source.

    Args:
        name: as in the file.
        kind: `envelope` for messages with a header around the record, `documents` for any JSON or XML, `table` for rows
            with a header.
        mappings: absolute paths of its RML files.
        forms: how it writes values.
        files: patterns of its files, below the workspace's folder or of a file's name alone.
        iterator: of documents, the path to the records in each; `None` where the mapping says it, or a document is one.
        record_class: name of the class of its records, for rules.
        delimiter: of a table; `None` has it told from the header.
        database: of a table, where its rows are in a database; it is then read by the name of the source.
        accepts: of envelopes, the `schemaName/shapeName` pairs that the mappings read.
        provenance: of envelopes, the members of the header that are kept with the document, beside the known ones.
        fragment: of envelopes, what the IRI of a record has to end in.
        unread: what a member or column means that no rule reads: `ignore`, `warn` or `fail`.
        version: the column of a table, or member of a document, that says which of two states of a record is the newer.
        keep_messages: of envelopes and documents, whether each is kept beside what was made of it, as it was received.
    """

    name: str
    kind: str
    mappings: tuple[Path, ...]
    forms: ValueForms
    files: tuple[str, ...] = ()
    iterator: str | None = None
    record_class: str | None = None
    delimiter: str | None = None
    database: DatabaseSettings | None = None
    accepts: tuple[str, ...] = ()
    provenance: tuple[str, ...] = ()
    fragment: FragmentRule | None = None
    unread: str = "warn"
    version: str | None = None
    keep_messages: bool = True

    @property
    def tabular(self) -> bool:
        """Return whether its records are rows."""
        return self.kind == "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits: seconds of a query, bytes of a request body, bytes of one document."""

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
    """Settings of the server.

    Args:
        anonymous: what a request without a token may do; `None` is for what the place of the server allows.
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
        connections: most connections that are open at once.
        rate_per_s: most requests in a second from one address, over a minute; 0 does not count.
    """

    anonymous: tuple[str, ...] | None = None
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
    connections: int = 4096
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
        """Names of the graphs."""
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
