"""`/check`: a form that judges pasted or uploaded messages, or rows of a table, and stores nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import GraphmapError
from graphmap.records.readers import decode_json
from graphmap.service.access import require
from graphmap.service.conformance.message_view import Member, flag_of, placed, unfolded
from graphmap.service.conformance.quarantine import check_origin
from graphmap.service.dependencies import Check, Services
from graphmap.service.http import run_in_thread
from graphmap.service.http.body import Part, check_nesting, form, media_type_of, parts, read_body
from graphmap.service.http.limits import client_of
from graphmap.service.pages import Pages
from graphmap.service.things import Flag

__all__ = ["router"]

_MOST = 20
"""Messages or rows that one request may have judged."""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Result for one message or row.

    Args:
        number: its place, counted from 1.
        outcome: conforms, violates or failed.
        counts: findings by severity.
        members: of the message, with what is about them.
        beside: findings that stand beside a member.
        elsewhere: findings about the message as a whole.
        trouble: why it could not be judged; empty where it could.
        hint: what to do about that.
    """

    number: int
    outcome: str
    counts: Mapping[str, int]
    members: tuple[Member, ...] = ()
    beside: tuple[Flag, ...] = ()
    elsewhere: tuple[Flag, ...] = ()
    trouble: str = ""
    hint: str = ""


def router(services: Services, pages: Pages) -> APIRouter:
    """The form and its answer."""
    routes = APIRouter()

    @routes.api_route("/check", methods=["GET", "HEAD"])
    async def asked(request: Request) -> Response:
        require(request.scope, "read")
        return pages.response("check.html", text="", validated=(), more=0)

    @routes.post("/check")
    async def check(request: Request) -> Response:
        require(request.scope, "query")
        check_origin(request)
        body = await _sent(request, services)
        if len(body) > _MOST_BYTES:
            detail = f"the form takes {_MOST_BYTES} bytes; larger inputs are for `graphmap validate` and POST /validate"
            raise HTTPException(413, detail=detail)
        await check_nesting(body, services.limits.body_depth)
        validated, more = await (_validated_rows if _is_table(body) else _validated_messages)(
            services, body, client_of(request.scope)
        )
        return pages.response("check.html", text=body.decode("utf-8", "replace"), validated=validated, more=more)

    return routes


async def _sent(request: Request, services: Services) -> bytes:
    """The message: what was uploaded, else what was pasted."""
    limits = replace(services.limits, body_bytes=min(_MOST_BYTES * 3, services.limits.body_bytes))
    body = await read_body(request, replace(limits, unpacked_bytes=_MOST_BYTES * 3))
    kind = media_type_of(request)
    if kind == "application/x-www-form-urlencoded":
        return "".join((await run_in_thread(len(body), form, body)).get("text", ())).encode()
    if kind != "multipart/form-data":
        raise HTTPException(415, detail="send the form; programs POST to /validate")
    found = await run_in_thread(len(body), _parts, body, request.headers["content-type"], services.limits.parts)
    return next((each.body for each in reversed(found) if each.body.strip()), b"")


def _parts(body: bytes, content_type: str, most: int) -> list[Part]:
    return list(parts(body, content_type, most=most))


def _is_table(body: bytes) -> bool:
    """Return whether a text begins like the header of a table: with two names on its first line."""
    first = body.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    return first[:1] not in (b"{", b"[") and any(mark in first for mark in (b",", b";", b"\t", b"|"))


async def _validated_messages(services: Services, body: bytes, client: str) -> tuple[list[_Judged], int]:
    messages = await run_in_thread(len(body), _messages, body)
    validated = [
        await _validator(services, number, each, client) for number, each in enumerate(messages[:_MOST], start=1)
    ]
    return validated, max(len(messages) - _MOST, 0)


async def _validated_rows(services: Services, body: bytes, client: str) -> tuple[list[_Judged], int]:
    try:
        rows = await _check_of(services).rows(body, most=_MOST, client=client)
    except GraphmapError as error:
        return [_Judged(number=1, outcome="failed", counts={}, trouble=error.what, hint=error.hint or "")], 0
    validated = [
        _Judged(number=row.number, outcome="failed", counts={}, trouble=row.trouble, hint=row.hint)
        if row.trouble
        else _told(services, row.number, row.report, row.record)
        for row in rows
    ]
    return validated, max(len(body.splitlines()) - 1 - len(validated), 0)


def _check_of(services: Services) -> Check:
    if services.check is None:
        raise HTTPException(404, detail="this service validates nothing")
    return services.check


def _messages(body: bytes) -> list[bytes]:
    """Single messages of an array, of lines, or of one."""
    if body.lstrip()[:1] == b"[":
        try:
            return [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
        except (ValueError, RecursionError):
            return [body]
    lines = [line for line in body.splitlines() if line.strip()]
    return lines if len(lines) > 1 and all(line.lstrip()[:1] == b"{" for line in lines) else [body]


async def _validator(services: Services, number: int, message: bytes, client: str) -> _Judged:
    check = _check_of(services)
    if not message.strip():
        return _Judged(number=number, outcome="failed", counts={}, trouble="nothing was sent", hint="paste a message")
    try:
        decoded = decode_json(message)
    except ValueError as error:
        return _Judged(
            number=number, outcome="failed", counts={}, trouble=f"This is not JSON: {error}", hint=_mend(message)
        )
    try:
        report = await check.record(message, client=client)
    except GraphmapError as error:
        return _Judged(number=number, outcome="failed", counts={}, trouble=error.what, hint=error.hint or "")
    return await asyncio.to_thread(_told, services, number, report, decoded)


def _mend(message: bytes) -> str:
    """Hint for a text that is not JSON: the line for the decoder's byte."""
    try:
        json.loads(message)
    except json.JSONDecodeError as error:
        return f"Look at line {error.lineno}, column {error.colno}, and just before."
    except ValueError:
        pass
    return "Paste one message, or several, each on a line of its own."


def _told(services: Services, number: int, report: Mapping[str, object], message: object) -> _Judged:
    listed = msgspec.convert(report["findings"], list[dict[str, object]])
    flags = [(str(each.get("pointer") or ""), flag_of(each, services.glossary)) for each in listed]
    members = unfolded(message, flags, services.glossary)
    beside = tuple(placed(members))
    shown = {id(flag) for flag in beside}
    return _Judged(
        number=number,
        outcome=str(report["outcome"]),
        counts=msgspec.convert(report["counts"], dict[str, int]),
        members=members,
        beside=beside,
        elsewhere=tuple(flag for _, flag in flags if id(flag) not in shown),
    )
