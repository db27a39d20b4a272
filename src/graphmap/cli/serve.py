"""`serve` and `token`: the graph over HTTP, and access tokens."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import ipaddress
import logging
import os
import re
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from graphmap.cli.options import WorkspaceFolder, workspace_of
from graphmap.cli.terminal import note
from graphmap.errors import CallError, ConfigurationError, GraphmapError, Locator
from graphmap.ingest import load_knowledge
from graphmap.ingest.admin import Control, held_store
from graphmap.ingest.load import Ingestor
from graphmap.ingest.search import IndexFollower
from graphmap.store import SearchIndex, WorkerLimits, explained_errors, index_path
from graphmap.store.embedded import checkpoints_folder
from graphmap.store.sparql import GraphAccess, QueryLimits
from graphmap.store.workers import Pool, Updates
from graphmap.workspace import Workspace

if TYPE_CHECKING:
    import uvicorn

    from graphmap.service import Services
    from graphmap.service.access import Access, Verifier
    from graphmap.service.conformance import CheckPool

__all__ = ["add_to"]

_SWITCH_S = 0.0005
"""Time that a thread keeps the interpreter: the index follows in one, and clients wait for another."""
_OPEN = ("read", "query")
"""Rights of a request without a token on loopback, unless the configuration sets them."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_THREADS = 32
_KEPT = 1
"""A worker process that is there for pages and readiness, whatever queries run in the others."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(token)


def serve(
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="H", help="Address to listen on; loopback by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port to listen on.", min=1, max=65535)] = 8080,
    log: Annotated[bool, typer.Option("--log", help="Log each request as a line of JSON.")] = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Serve the graph over HTTP: SPARQL, records, reports and pages.

    Example: graphmap serve --port 8000
    """
    settings = workspace_of(workspace)
    access, made = _access(settings, host)
    logging.basicConfig(level=logging.INFO if log else logging.WARNING, format="%(message)s", stream=sys.stderr)
    with _services(settings, host, access) as services, _announced(settings, host, port, made):
        _check_free(host, port)
        if made is not None:
            note(f"token of this run, for POST /records and updates: {made}")
        note(f"clients without a token may {_listed(access.anonymous)} (service.anonymous in graphmap.toml)")
        note(f"serving http://{host}:{port}/ with SPARQL at http://{host}:{port}/sparql; stop with Ctrl-C")
        # the server hands a SIGTERM on to whoever waited for it before; leaving in order lets the store be closed
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        sys.setswitchinterval(_SWITCH_S)
        gc.set_threshold(20_000, 20, 20)  # records in hand are many small objects, and next to none of them in cycles
        gc.freeze()  # what is here now stays to the end, and a look through it would hold everybody up
        _run(services, settings, host, port)


def token(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the token, used in the log.")],
    right: Annotated[
        list[str] | None, typer.Option("--right", metavar="R", help="read, query, ingest, update or admin; repeatable.")
    ] = None,
) -> None:
    """Make an access token and print its lines for graphmap.toml. The token itself is shown once and not kept.

    Example: graphmap token importer --right ingest
    """
    from graphmap.service.access import SCOPES, new_token  # noqa: PLC0415  # the web framework is slow to import

    if not _BARE_KEY.fullmatch(name):
        raise CallError(f"{name!r} is not a name for a token", hint="use letters, digits, - and _")
    rights = right or ["read", "query"]
    unknown = sorted(set(rights) - set(SCOPES))
    if unknown:
        raise CallError(f"there is no right {unknown[0]!r}", hint=f"choose some of {', '.join(SCOPES)}")
    made = new_token()
    note(f"the token, shown once: {made}")
    print(f'[service.tokens.{name}]\nsha256 = "{hashlib.sha256(made.encode()).hexdigest()}"')
    print(f"rights = {msgspec.json.encode(rights).decode()}")


def _access(settings: Workspace, host: str) -> tuple[Access, str | None]:
    """The rights of clients; a token is made where none is configured, and only for loopback."""
    from graphmap.service.access import Access, Grant, grant_for, known_rights, new_token  # noqa: PLC0415  # as above

    given = settings.service.anonymous
    anonymous = known_rights(given if given is not None else () if _is_exposed(settings, host) else _OPEN)
    grants = tuple(
        Grant(name=each.name, sha256=each.sha256, rights=known_rights(each.rights)) for each in settings.service.tokens
    )
    issuer = _issuer(settings)
    if grants or issuer is not None or (given is not None and not _is_loopback(host)):
        return Access(anonymous=anonymous, grants=grants, issuer=issuer), None
    if not _is_loopback(host):
        what = f"the server would listen on {host}, and nobody could use it: no token is configured"
        hint = "make one with `graphmap token`, set [service.oidc] or service.anonymous, or listen on loopback"
        raise CallError(what, hint=hint)
    made = new_token()
    grant = grant_for(made, ("read", "query", "ingest", "update"), name="made at start")
    return Access(anonymous=anonymous, grants=(grant,)), made


def _listed(rights: Iterable[str]) -> str:
    return " and ".join(sorted(rights)) or "do nothing"


def _issuer(settings: Workspace) -> Verifier | None:
    given = settings.service.oidc
    if given is None:
        return None
    try:
        from graphmap.service.access import Issuer  # noqa: PLC0415  # an extra: only those with an issuer need it
    except ImportError as error:
        where = Locator(source=str(settings.root / "graphmap.toml"))
        what = "[service.oidc] needs the package PyJWT"
        raise ConfigurationError(what, where=where, hint="install graphmap[oidc]") from error
    return Issuer(given.issuer, audience=given.audience, claim=given.claim, prefix=given.prefix)


def _check_free(host: str, port: int) -> None:
    """Check that the server can listen there, before it says that it does."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        what = f"the server cannot listen on {host}, port {port}: {error.strerror}"
        raise CallError(what, hint="name another with --port or --host") from error


def _is_exposed(settings: Workspace, host: str) -> bool:
    """Return whether clients of other machines can reach the server: by its address, or through a proxy."""
    names = [name.partition(":")[0] if name[:1] != "[" else name.strip("[]") for name in settings.service.hosts]
    return not all(map(_is_loopback, (host, *names))) or bool(settings.service.proxies or settings.service.root_path)


def _is_loopback(host: str) -> bool:
    if host in _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextlib.contextmanager
def _services(settings: Workspace, host: str, access: Access) -> Iterator[Services]:
    """The collaborators of the service; all are closed again."""
    from graphmap.service import Finder, ServiceLimits, Services  # noqa: PLC0415  # the web framework is slow to import
    from graphmap.service.catalog import knowledge_of  # noqa: PLC0415
    from graphmap.service.conformance import CheckPool  # noqa: PLC0415

    knowledge, layout = load_knowledge(settings), settings.layout
    store = held_store(settings)
    folder = checkpoints_folder(settings.store.parent)
    limits = WorkerLimits(timeout_s=settings.limits.query_deadline_s)
    size, endpoint = settings.service.workers, settings.endpoint
    pool = Pool(store=store, folder=folder, limits=limits, size=size, kept=_KEPT, endpoint=endpoint)
    check = CheckPool(knowledge, limits=limits, size=size)
    ingestor = Ingestor(store, knowledge)
    index = SearchIndex(index_path(store.path))
    indexed = IndexFollower(ingestor, store, layout, index)
    graphs = GraphAccess(
        base=layout.base,
        open_below=layout.own,
        all_open=settings.service.open_graphs,
        default_graph=endpoint.default_graph if endpoint else None,
    )
    loopback = ("localhost", "127.0.0.1", "[::1]")
    try:
        control = Control(store, knowledge, indexed, forget=pool.forget)
        services = Services(
            pool=pool,
            updates=Updates(store=store, pool=pool, access=graphs, alone=indexed.alone),
            ingest=indexed,
            finder=Finder(find=index.find, is_ready=lambda: index.ready, build=indexed.build, give_up=indexed.give_up),
            check=check,
            operate=control.run,
            renew=partial(_renewed, settings, check, ingestor, control),
            read_knowledge=lambda: knowledge_of(settings),
            layout=layout,
            access=access,
            query_limits=QueryLimits(hosts=frozenset(settings.service.network)),
            limits=ServiceLimits(
                body_bytes=settings.limits.body_bytes,
                concurrent=settings.service.concurrent,
                rate_per_s=settings.service.rate_per_s or None,
            ),
            hosts=(*(loopback if _is_loopback(host) else (host,)), *settings.service.hosts),
            origins=settings.service.origins,
            root_path=settings.service.root_path,
        )
        with control:
            threading.Thread(target=_build, args=(indexed,), name="index", daemon=True).start()
            yield services
    finally:
        pool.close()
        check.close()
        indexed.close()
        ingestor.close()
        store.close()
        shutil.rmtree(folder, ignore_errors=True)


def _renewed(settings: Workspace, check: CheckPool, ingestor: Ingestor, control: Control) -> CheckPool:
    """Records are lifted and validated by what the files say now; gives the check that goes by them."""
    knowledge = load_knowledge(settings)
    ingestor.renew(knowledge)
    control.renew(knowledge)
    return check.renew(knowledge)


def _build(indexed: IndexFollower) -> None:
    """Build the index; where that fails, the first search tries again."""
    try:
        indexed.build()
    except GraphmapError as error:
        note(f"the search index is not built: {error}")


@contextlib.contextmanager
def _announced(settings: Workspace, host: str, port: int, made: str | None) -> Iterator[None]:
    """Tell other commands of this user where the server is, for as long as it runs."""
    file = settings.cache / "server.json"
    with explained_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with explained_errors(file), os.fdopen(descriptor, "wb") as out:
        out.write(msgspec.json.encode({"address": f"http://{host}:{port}", "token": made, "process": os.getpid()}))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _run(services: Services, settings: Workspace, host: str, port: int) -> None:
    from graphmap.service import create_app  # noqa: PLC0415  # the web framework is slow to import
    from graphmap.service.http import HttpServer  # noqa: PLC0415

    class Server(HttpServer):
        """Says that it is going down before it does."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            services.ready = False
            super().handle_exit(sig, frame)

    server = Server(
        create_app(services),
        host=host,
        port=port,
        root_path=settings.service.root_path,
        proxies=settings.service.proxies,
        connections=settings.service.connections,
    )
    factory = server.config.get_loop_factory()
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(server, services))


async def _serve(server: uvicorn.Server, services: Services) -> None:
    with ThreadPoolExecutor(1, thread_name_prefix="reload") as reloading:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="work"))
        loop.add_signal_handler(signal.SIGHUP, lambda: reloading.submit(_reload, services))
        try:
            await server.serve()
        finally:
            if services.finder is not None:
                services.finder.give_up()  # else the loop waits for the thread that builds
            await services.aclose()


def _reload(services: Services) -> None:
    try:
        services.reload()
    except GraphmapError as error:
        note(f"nothing was read anew: {error}")
    else:
        note("queries, context, mappings, ontology and shapes were read anew")
