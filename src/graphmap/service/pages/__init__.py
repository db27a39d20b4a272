"""Pages for people: templates and one stylesheet, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import jinja2
import msgspec
from starlette.responses import Response

from graphmap.service.tables import link
from graphmap.terms import local_name

__all__ = ["Pages", "json_response"]


class Pages:
    """Renders templates; every value is escaped.

    Args:
        root_path: path under which a proxy shows the service.
    """

    def __init__(self, root_path: str = "") -> None:
        loader = jinja2.PackageLoader("graphmap.service", "pages")
        self._environment = jinja2.Environment(
            loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.globals["root"] = root_path
        self._environment.filters.update(
            link=lambda iri: root_path + link(iri), local_name=local_name, thousands=_thousands
        )
        self.style = files("graphmap.service.pages").joinpath("style.css").read_text(encoding="utf-8")

    def render(self, name: str, **values: object) -> str:
        """Render a template by its file name."""
        return self._environment.get_template(name).render(**values)

    def response(self, name: str, **values: object) -> Response:
        """An HTML answer from a template; it says that the answer depends on what was asked for."""
        body = self.render(name, **values)
        return Response(body, headers={"Vary": "Accept"}, media_type="text/html")


def json_response(members: Mapping[str, object] | list[dict[str, object]]) -> Response:
    """A JSON answer of a page that is also data."""
    return Response(msgspec.json.encode(members), headers={"Vary": "Accept"}, media_type="application/json")


def _thousands(number: int | str) -> str:
    """Digits in groups of three, apart by a thin space that does not break."""
    return f"{int(number):,}".replace(",", "\u202f")
