"""The application: which collaborators it gets, which routes it has, in which order."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from graphmap.service import health, home, problems, records, reports, resources, saved, sparql
from graphmap.service.headers import SecurityHeaders
from graphmap.service.pages import Pages
from graphmap.service.services import Services

__all__ = ["create_app"]


def create_app(services: Services) -> FastAPI:
    """Make the ASGI application.

    It owns nothing: whoever made the collaborators closes them.

    Args:
        services: collaborators and limits.

    Returns:
        An application for an ASGI server; it sends no request of its own anywhere.
    """
    app = FastAPI(title="graphmap", openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages()
    problems.register(app, pages)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(services.hosts), www_redirect=False)
    app.add_middleware(SecurityHeaders)
    for router in (
        health.router(services),
        home.router(services, pages),
        sparql.router(services, pages),
        records.router(services),
        reports.router(services, pages),
        saved.router(services, pages),
        resources.router(services, pages),
    ):
        app.include_router(router)
    return app
