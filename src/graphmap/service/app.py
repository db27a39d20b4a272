"""The application: which collaborators it gets, which routes it has, in which order."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from graphmap.service.catalog import Counts, discovery, home, search
from graphmap.service.conformance import check_form, quarantine, records, reports
from graphmap.service.dependencies import Services
from graphmap.service.http import Problems, Unmodified, guarded, problem_details
from graphmap.service.http.limits import Gate
from graphmap.service.monitoring import Metrics, Observed, health
from graphmap.service.pages import Pages
from graphmap.service.sparql import Endpoint, editor, graph_store, saved_queries
from graphmap.service.things import resources

__all__ = ["create_app"]


def create_app(services: Services) -> ASGIApp:
    """Make the ASGI application.

    It owns nothing: whoever made the collaborators closes them.

    Args:
        services: collaborators and limits.

    Returns:
        An application for an ASGI server; it sends no request of its own anywhere.
    """
    pages, metrics = Pages(services.root_path), Metrics(services)
    front = _Front(Endpoint(services, pages), _routes(services, pages, metrics), services.root_path)
    answering = guarded(Problems(Gate(Unmodified(front), services), pages), pages)
    return Observed(answering, metrics)


def _routes(services: Services, pages: Pages, metrics: Metrics) -> FastAPI:
    app = FastAPI(title="graphmap", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    problem_details.register(app, pages)
    counts = Counts(services)
    for router in (
        health.router(services, metrics),
        home.router(services, pages, counts),
        discovery.router(services, counts),
        graph_store.router(services),
        records.router(services, metrics),
        reports.router(services, pages, counts),
        quarantine.router(services, pages),
        check_form.router(services, pages),
        editor.router(services, pages),
        saved_queries.router(services, pages),
        search.router(services, pages),
        resources.router(services, pages, counts),
    ):
        app.include_router(router)
    return app


class _Front:
    """Sends what is asked most straight to its endpoint, and the rest through the router."""

    def __init__(self, endpoint: ASGIApp, routes: ASGIApp, root_path: str) -> None:
        self._endpoint = endpoint
        self._routes = routes
        self._paths = (f"{root_path}/sparql", f"{root_path}/sparql/", "/sparql", "/sparql/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; whatever else a server asks of an application needs no answer."""
        app = self._endpoint if scope["path"] in self._paths else self._routes
        await app(scope, receive, send)
