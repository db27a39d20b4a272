"""`/reports`: how well the records fit their rules: totals, single rules, and the findings a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.rdf import local_name
from graphmap.service.access import require
from graphmap.service.catalog import Counts, Rows
from graphmap.service.conformance.report_queries import (
    MEMBERS,
    SEVERITIES,
    Selection,
    by_day,
    count_query,
    findings_query,
    tally_query,
)
from graphmap.service.dependencies import Services
from graphmap.service.http import Cell, read_rows
from graphmap.service.http.negotiation import Offer, negotiated
from graphmap.service.pages import Bar, Columns, Pages, bars, columns, json_response
from graphmap.store.sparql import parse_query
from graphmap.validation.report import how_to_fix

__all__ = ["router"]

_LABEL = 80
"""Characters of a value that a bar is named by."""
_LARGEST_PAGE = 1000
_ON_A_PAGE = 25
_SHOWN = 12
_OFFERS = (
    Offer(name="json", media_type="application/json"),
    Offer(name="csv", media_type="text/csv"),
    Offer(name="html", media_type="text/html"),
)


def router(services: Services, pages: Pages, counts: Counts) -> APIRouter:
    """The findings and their totals."""
    routes = APIRouter()

    @routes.api_route("/reports", methods=["GET", "HEAD"])
    async def reports(request: Request) -> Response:
        require(request.scope, "read")
        offer = negotiated(request, _OFFERS)
        selection = _selection(request, page=_ON_A_PAGE if offer.name == "html" else 100)
        query = parse_query(findings_query(selection, services.layout))
        if offer.name == "csv":
            body = (await services.pool.answer(query, syntax="csv")).body
            return Response(body, headers={"Vary": "Accept"}, media_type="text/csv")
        answer = await services.pool.answer(query, syntax="json")
        rows = read_rows(answer.body, rows=2 * _LARGEST_PAGE)
        findings = list({row["finding"].text: row for row in rows}.values())  # one with two messages is one
        numbers = await _counts(services, selection)
        if offer.name == "html":
            return pages.response("reports.html", **await _page(services, counts, selection, findings, numbers))
        members = [{name: _json(name, finding[name]) for name in MEMBERS} for finding in findings]
        total = sum(numbers.values())
        return json_response({"total": total, "counts": numbers, "offset": selection.offset, "findings": members})

    return routes


def _selection(request: Request, *, page: int) -> Selection:
    asked = request.query_params
    severity = asked.get("severity") or None
    if severity is not None and severity not in SEVERITIES:
        raise CallError(f"there is no severity {severity!r}", hint=f"choose one of {', '.join(SEVERITIES)}")
    return Selection(
        severity=severity,
        rule=asked.get("rule") or None,
        source=asked.get("source") or None,
        load=asked.get("load") or None,
        limit=_number(asked.get("limit", str(page)), "limit", _LARGEST_PAGE),
        offset=_number(asked.get("offset", "0"), "offset", 10**9),
    )


def _number(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most):
        raise CallError(f"{text!r} is no {name}", hint=f"give a whole number up to {most}")
    return int(text)


async def _page(
    services: Services,
    counts: Counts,
    selection: Selection,
    findings: list[dict[str, Cell]],
    numbers: Mapping[str, int],
) -> dict[str, object]:
    """The dashboard of what is selected."""
    kinds = ("load", "source", "value" if selection.rule else "rule")
    queries = (tally_query(selection, services.layout, kind) for kind in kinds)
    loads, sources, third = await asyncio.gather(*(counts.rows(query) for query in queries))
    rule = services.glossary.rules.get(selection.rule or "")
    components = {local_name(finding["component"].text) for finding in findings} if selection.rule else set()
    return {
        "selection": selection,
        "findings": findings,
        "counts": numbers,
        "total": sum(numbers.values()),
        "rule": rule,
        "fix": how_to_fix(sorted(filter(None, components))) if selection.rule else "",
        "glossary": services.glossary,
        "entity": services.layout.entity,
        "chart": _chart(loads),
        "loads": _bars(services, loads, "load"),
        "sources": _bars(services, sources, "source"),
        "rules": None if selection.rule else _bars(services, third, "rule"),
        "received": _received(third) if selection.rule else (),
    }


def _chart(loads: Rows) -> Columns | None:
    """Findings over time; one load alone has no course."""
    days = by_day(loads or ())
    return columns(days) if len(days) > 1 else None


def _bars(services: Services, rows: Rows, name: str) -> tuple[Bar, ...] | None:
    """Findings by what a link selects; `None` where it takes too long to count."""
    if rows is None:
        return None
    found: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for key, severity, number in rows:
        found[key.text] = found.get(key.text, 0) + int(number.text)
        kinds.setdefault(key.text, local_name(severity.text))
    return bars(_bar(services, name, key, number, kinds[key]) for key, number in _ordered(found, name)[:_SHOWN])


def _ordered(found: Mapping[str, int], name: str) -> list[tuple[str, int]]:
    if name == "load":
        return sorted(found.items(), reverse=True)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _bar(services: Services, name: str, key: str, number: int, kind: str) -> Bar:
    href = f"{services.root_path}/reports?{Selection(**{name: key}).without('')}"  # type: ignore[arg-type]  # a name
    if name == "load":
        return Bar(label=f"{key[:16].replace('T', ' ')} UTC", number=number, href=href)
    if name == "source":
        return Bar(label=key, number=number, href=href)
    rule = services.glossary.rules.get(key)
    return Bar(
        label=rule.says if rule else key, number=number, href=href, note=f"{kind}: {key}" if rule else kind, kind=kind
    )


def _received(rows: Rows) -> tuple[Bar, ...]:
    """The values that came most often."""
    return bars(Bar(label=_beginning(key.text), number=int(n.text), kind="Violation") for key, _, n in rows or ())[
        :_SHOWN
    ]


def _beginning(text: str) -> str:
    return (text if len(text) <= _LABEL else f"{text[:_LABEL]}…") or "(empty)"


async def _counts(services: Services, selection: Selection) -> dict[str, int]:
    query = count_query(selection, services.layout)
    answer = await services.pool.answer(parse_query(query), syntax="json")
    return _by_severity(read_rows(answer.body))


def _by_severity(rows: Iterable[Mapping[str, Cell]]) -> dict[str, int]:
    counted = {local_name(row["severity"].text): int(row["n"].text) for row in rows if row["severity"].iri}
    return {severity: counted.get(severity, 0) for severity in SEVERITIES}


def _json(name: str, cell: Cell) -> str | int | None:
    if cell == Cell():
        return None
    if name in ("severity", "component"):
        return local_name(cell.text)
    return int(cell.text) if name == "row" and cell.text.isdigit() else cell.text
