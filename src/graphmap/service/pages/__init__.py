"""HTML pages: templates, links, charts and one style sheet."""

from graphmap.service.pages.renderer import Pages, json_response

__all__ = ["Pages", "json_response"]
