"""`/quarantine`: the records that were set aside: listed, shown, judged again, dropped.

Changes come by POST alone, with a token that the reader types into the form or the client sends as a header. No cookie
carries it, so that a page of somebody else has nothing to forge a request with; a form of another origin is refused
besides.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from graphmap.errors import CallError
from graphmap.records.readers import decode_json
from graphmap.service.access import require
from graphmap.service.conformance.message_view import placed, unfolded
from graphmap.service.conformance.quarantine_queries import aside_query, findings_query, list_query, totals_query
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell, read_rows, run_in_thread
from graphmap.service.http.body import form, media_type_of, read_body
from graphmap.service.http.negotiation import PAGES, negotiated
from graphmap.service.pages import Pages, json_response
from graphmap.service.things import read_flags
from graphmap.store.sparql import parse_query

__all__ = ["check_origin", "router"]

_PAGE = 50
_IDENTIFIER = re.compile(r"[0-9a-f]{8,64}").fullmatch
_OPERATIONS = {"retry": "quarantine-retry", "drop": "quarantine-drop"}
_FORM = "application/x-www-form-urlencoded"
_RDF_JSON = "JSON"
_TOLD = ("severity", "rule", "message", "value", "pointer")


def router(services: Services, pages: Pages) -> APIRouter:
    """The quarantine."""
    routes = APIRouter()

    @routes.api_route("/quarantine", methods=["GET", "HEAD"])
    async def listed(request: Request) -> Response:
        require(request.scope, "read")
        offer = negotiated(request, PAGES)
        offset, outcome = _offset(request), request.query_params.get("outcome") or None
        records = await _rows(services, list_query(services.layout, outcome, _PAGE, offset))
        counted = await _rows(services, totals_query(services.layout))
        totals = {row["outcome"].text: int(row["n"].text) for row in counted}
        if offer.name == "html":
            values = {"records": records, "totals": totals, "outcome": outcome, "offset": offset, "page": _PAGE}
            return pages.response("quarantine.html", **values, done=request.query_params.get("done", ""))
        return json_response({"totals": totals, "offset": offset, "records": [_members(each) for each in records]})

    @routes.api_route("/quarantine/{identifier}", methods=["GET", "HEAD"])
    async def shown(request: Request, identifier: str) -> Response:
        require(request.scope, "read")
        offer = negotiated(request, PAGES)
        said, findings = await _record(services, _known(identifier))
        if offer.name == "html":
            return pages.response("aside.html", **_page(services, identifier, said, findings))
        names = ("outcome", "source", "kind", "row", "document", "moment", "payload")
        told = [{name: each[name].text or None for name in _TOLD} for each in findings]
        return json_response({"id": identifier, **{name: said[name].text or None for name in names}, "findings": told})

    @routes.post("/quarantine/{identifier}/{action}")
    async def change(request: Request, identifier: str, action: str) -> Response:
        by_form = await _permitted(request, services)
        if action not in _OPERATIONS or services.operate is None:
            raise HTTPException(404, detail="a quarantined record can be retried or dropped")
        operation, name = services.operate, _OPERATIONS[action]
        done = await asyncio.to_thread(operation, name, {"records": [_known(identifier)]})
        outcome = done[0][1] if action == "retry" else "dropped"
        if by_form:
            return RedirectResponse(f"{services.root_path}/quarantine?done={outcome}", 303)
        return json_response({"id": identifier, "outcome": outcome})

    return routes


def check_origin(request: Request) -> None:
    """Refuse a request that a page of another origin made a browser send.

    Source: Fetch Standard, section 3.2 (Origin); Fetch Metadata, section 2.2 (Sec-Fetch-Site).

    Raises:
        HTTPException: 403.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign or site not in ("same-origin", "none"):
        raise HTTPException(403, detail="the request comes from a page of another origin")


async def _permitted(request: Request, services: Services) -> bool:
    """Refuse who may not change anything; says whether a form was sent."""
    check_origin(request)
    if media_type_of(request) != _FORM:
        require(request.scope, "ingest")
        return False
    body = await read_body(request, services.limits)
    fields = await run_in_thread(len(body), form, body)
    token = next(iter(fields.get("token", ())), "").strip()
    sent = f"Bearer {token}".encode() if token else request.headers.get("authorization", "").encode()
    rights = await services.access.rights(sent or None)
    if not rights & {"ingest", "admin"}:
        raise HTTPException(403 if sent else 401, detail="this takes a token for ingest; type it into the form")
    return True


def _known(identifier: str) -> str:
    if _IDENTIFIER(identifier) is None:
        raise HTTPException(404, detail="no record of this name is in quarantine")
    return identifier


def _offset(request: Request) -> int:
    text = request.query_params.get("offset", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise CallError(f"{text!r} is not an offset", hint="give a whole number")
    return int(text)


async def _rows(services: Services, query: str) -> list[dict[str, Cell]]:
    return read_rows((await services.pool.answer(parse_query(query), syntax="json")).body)


async def _record(services: Services, identifier: str) -> tuple[dict[str, Cell], list[dict[str, Cell]]]:
    layout = services.layout
    found = await _rows(services, aside_query(layout, identifier))
    if not found:
        raise HTTPException(404, detail="no record of this name is in quarantine; it may have been retried or dropped")
    return found[0], await _rows(services, findings_query(layout, identifier))


def _page(
    services: Services, identifier: str, said: Mapping[str, Cell], findings: list[dict[str, Cell]]
) -> dict[str, object]:
    payload = said["payload"]
    message = decode_json(payload.text) if payload.note == _RDF_JSON else None
    words = services.glossary
    found = {row["f"].text: (row["pointer"].text, flag) for row in findings for flag in read_flags([row], words)}
    flags = [(place, replace(flag, place=place)) for place, flag in found.values()]
    members = unfolded(message, flags, words) if isinstance(message, dict | list) else ()
    beside = list(placed(members))
    shown = {id(flag) for flag in beside}
    return {
        "identifier": identifier,
        "said": said,
        "members": members,
        "beside": beside,
        "elsewhere": [flag for _, flag in flags if id(flag) not in shown],
        "glossary": words,
        "entity": services.layout.entity(said["document"].text) if said["document"].text else "",
    }


def _members(row: Mapping[str, Cell]) -> dict[str, object]:
    identifier = row["node"].text.rpartition("/")[2]
    names = ("outcome", "source", "row", "moment", "document")
    return {"id": identifier, **{name: row[name].text or None for name in names}, "findings": int(row["n"].text)}
