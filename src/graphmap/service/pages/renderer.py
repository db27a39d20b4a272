"""Pages for people: templates and one stylesheet, without anything from elsewhere; a script only for queries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from zlib import crc32

import jinja2
import msgspec
from starlette.responses import Response

from graphmap.rdf import local_name
from graphmap.service.pages.links import link

__all__ = ["Pages", "json_response"]

_EDITOR_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content security policy of a page with the editor: its script may run, and may ask this server alone."""

_WORDS = 4096
_EDITOR = ("yasqe.min.js", "yasqe.min.css")


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
            link=lambda iri: root_path + link(iri),
            local_name=local_name,
            shortened=_shortened,
            thousands=_thousands,
            day=_day,
        )
        # the same few words stand on page after page, and a macro costs more than a look-up
        meaning = self._environment.get_template("macros.html").module.meaning  # type: ignore[attr-defined]  # a macro
        self._environment.globals["meaning_once"] = lru_cache(maxsize=_WORDS)(meaning)
        here = files("graphmap.service.pages")
        self.style = here.joinpath("style.css").read_text(encoding="utf-8")
        self._environment.globals["style_mark"] = f"{crc32(self.style.encode()):08x}"  # browsers keep it for an hour
        self.editor = _installed_editor()
        self.icon = here.joinpath("icon.svg").read_text(encoding="utf-8")

    def render(self, name: str, **values: object) -> str:
        """Render a template by its file name."""
        return self._environment.get_template(name).render(**values)

    def response(self, name: str, **values: object) -> Response:
        """An HTML answer from a template; it says that the answer depends on what was asked for."""
        body = self.render(name, **values)
        return Response(body, headers={"Vary": "Accept"}, media_type="text/html")

    def with_editor(self, name: str, **values: object) -> Response:
        """An HTML answer with the query editor, where it is installed: its script may run there."""
        response = self.response(name, editor=bool(self.editor), **values)
        if self.editor:
            response.headers["Content-Security-Policy"] = _EDITOR_POLICY
        return response


def _installed_editor() -> Mapping[str, str]:
    """The query editor's files by name; empty where it is not installed.

    They are somebody else's and are put into `pages/editor` before the package is built; without them the query page is
    a plain form.
    """
    pages = files("graphmap.service.pages")
    folder = pages.joinpath("editor")
    if not all(folder.joinpath(name).is_file() for name in _EDITOR):
        return MappingProxyType({})
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in _EDITOR}
    return MappingProxyType({**texts, "editor.js": pages.joinpath("editor.js").read_text(encoding="utf-8")})


def json_response(members: Mapping[str, object] | list[dict[str, object]]) -> Response:
    """A JSON answer of a page that is also data."""
    return Response(msgspec.json.encode(members), headers={"Vary": "Accept"}, media_type="application/json")


def _thousands(number: int | str) -> str:
    """Digits in groups of three, apart by a thin space that does not break."""
    return f"{int(number):,}".replace(",", "\u202f")


def _shortened(text: str, most: int = 600) -> str:
    """A text as far as a page shows it; how long it is stands at its end."""
    return text if len(text) <= most else f"{text[:most]}… ({_thousands(len(text))} characters)"


def _day(moment: str) -> str:
    """The lexical form of a time as people read it.

    >>> _day("2026-03-01T08:15:00Z")
    '2026-03-01 08:15'
    """
    return moment[:16].replace("T", " ")
