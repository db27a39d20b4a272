"""The files of the query editor, where it was installed, and the words that it offers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.service.access import require
from graphmap.service.dependencies import Services
from graphmap.service.glossary import Glossary
from graphmap.service.pages import Pages

__all__ = ["router"]

_TYPES = {"js": "text/javascript", "css": "text/css"}


def router(services: Services, pages: Pages) -> APIRouter:
    """The editor's files, and `/words.json`."""
    routes = APIRouter()

    @routes.api_route("/editor/{name}", methods=["GET", "HEAD"])
    async def part(name: str) -> Response:
        if name not in pages.editor:
            raise HTTPException(404, detail="the query editor has no such file here")
        headers = {"Cache-Control": "max-age=86400"}
        return Response(pages.editor[name], media_type=_TYPES[name.rpartition(".")[2]], headers=headers)

    @routes.api_route("/words.json", methods=["GET", "HEAD"])
    async def words(request: Request) -> Response:
        require(request.scope, "read")
        members = {**_words(services.glossary), "prefixes": _prefixes(services.prefixes)}
        return Response(msgspec.json.encode(members), media_type="application/json")

    return routes


def _words(glossary: Glossary) -> dict[str, list[str]]:
    paths = {rule.path for rule in glossary.rules.values()}
    properties = {iri for iri, word in glossary.words.items() if word.domain or word.range or iri in paths}
    classes = (set(glossary.words) - properties) | set(glossary.by_class)
    return {"classes": sorted(classes), "properties": sorted(properties)}


def _prefixes(prefixes: Mapping[str, str]) -> list[str]:
    return [f"{prefix}: <{namespace}>" for prefix, namespace in sorted(prefixes.items())]
