"""`/reports`: the findings about the records that came in, a page at a time, with exact totals."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from graphmap.errors import CallError
from graphmap.service.access import require
from graphmap.service.negotiate import PAGES, negotiated
from graphmap.service.pages import Pages, json_response
from graphmap.service.services import Services
from graphmap.service.tables import Cell, cells_by_name, read_table
from graphmap.store import parse_query
from graphmap.terms import RDF_TYPE, literal_token, local_name

__all__ = ["router"]

_SH = "http://www.w3.org/ns/shacl#"
_GM = "https://schema.limbergraph.com/graphmap#"
_SEVERITIES = ("Violation", "Warning", "Info")
_LARGEST_PAGE = 1000
_MEMBERS = {
    "focusNode": f"<{_SH}focusNode>",
    "resultPath": f"<{_SH}resultPath>",
    "value": f"<{_SH}value>",
    "sourceShape": f"<{_SH}sourceShape>",
    "rule": f"<{_GM}rule>",
    "component": f"<{_SH}sourceConstraintComponent>",
    "severity": f"<{_SH}resultSeverity>",
    "message": f"<{_SH}resultMessage>",
    "source": f"<{_GM}source>",
    "row": f"<{_GM}row>",
    "pointer": f"<{_GM}pointer>",
    "document": f"<{_GM}document>",
}
"""Member of the JSON report to property in the graph of findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """Which findings are asked for."""

    severity: str | None
    rule: str | None
    limit: int
    offset: int

    def query(self) -> str:
        """What `?limit=...` of another page says beside its offset."""
        given = {"severity": self.severity, "rule": self.rule, "limit": self.limit}
        return urlencode({name: value for name, value in given.items() if value is not None})


def router(services: Services, pages: Pages) -> APIRouter:
    """The list of findings."""
    routes = APIRouter()

    @routes.api_route("/reports", methods=["GET", "HEAD"])
    async def reports(request: Request) -> Response:
        require(request.scope, "read")
        offer, selection = negotiated(request, PAGES), _selection(request)
        findings, counts = await _findings(services, selection), await _counts(services, selection)
        total = sum(counts.values())
        if offer.name == "html":
            return pages.response(
                "reports.html",
                findings=findings,
                counts=counts,
                total=total,
                selection=selection,
                layout=services.layout,
            )
        members = [{name: _json(name, cell) for name, cell in finding.items()} for finding in findings]
        return json_response({"total": total, "counts": counts, "offset": selection.offset, "findings": members})

    return routes


def _selection(request: Request) -> _Selection:
    asked = request.query_params
    severity = asked.get("severity") or None
    if severity is not None and severity not in _SEVERITIES:
        raise CallError(f"there is no severity {severity!r}", hint=f"choose one of {', '.join(_SEVERITIES)}")
    return _Selection(
        severity=severity,
        rule=asked.get("rule") or None,
        limit=_number(asked.get("limit", "100"), "limit", _LARGEST_PAGE),
        offset=_number(asked.get("offset", "0"), "offset", 10**9),
    )


def _number(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most):
        raise CallError(f"{text!r} is no {name}", hint=f"give a whole number up to {most}")
    return int(text)


def _pattern(services: Services, selection: _Selection) -> str:
    lines = [f"?finding {RDF_TYPE} <{_SH}ValidationResult> ; {_MEMBERS['severity']} ?severity ."]
    if selection.severity is not None:
        lines.append(f"FILTER(?severity = <{_SH}{selection.severity}>)")
    if selection.rule is not None:
        lines.append(f"?finding {_MEMBERS['rule']} {literal_token(selection.rule)} .")
    return f"GRAPH {services.layout.reports} {{ {' '.join(lines)} }}"


async def _findings(services: Services, selection: _Selection) -> list[dict[str, Cell]]:
    optional = " ".join(
        f"OPTIONAL {{ GRAPH {services.layout.reports} {{ ?finding {iri} ?{name} }} }}"
        for name, iri in _MEMBERS.items()
        if name != "severity"
    )
    inner = (
        f"SELECT ?finding ?severity {{ {_pattern(services, selection)} }} "
        f"ORDER BY ?severity ?finding LIMIT {selection.limit} OFFSET {selection.offset}"
    )
    names = " ".join(f"?{name}" for name in _MEMBERS)
    query = f"SELECT ?finding {names} {{ {{ {inner} }} {optional} }} ORDER BY ?severity ?finding"
    answer = await services.pool.answer(parse_query(query), syntax="json")
    rows = cells_by_name(read_table(answer.body, rows=2 * _LARGEST_PAGE))
    return list({row["finding"].text: row for row in rows}.values())  # a finding with two messages is one finding


async def _counts(services: Services, selection: _Selection) -> dict[str, int]:
    query = f"SELECT ?severity (COUNT(?finding) AS ?n) {{ {_pattern(services, selection)} }} GROUP BY ?severity"
    answer = await services.pool.answer(parse_query(query), syntax="json")
    rows = cells_by_name(read_table(answer.body))
    counted = {local_name(row["severity"].text): int(row["n"].text) for row in rows if row["severity"].iri}
    return {severity: counted.get(severity, 0) for severity in _SEVERITIES}


def _json(name: str, cell: Cell) -> str | int | None:
    if cell == Cell():
        return None
    if name in ("severity", "component"):
        return local_name(cell.text)
    return int(cell.text) if name == "row" and cell.text.isdigit() else cell.text
