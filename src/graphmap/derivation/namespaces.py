"""The names that derived files use: IRIs under one base, and the prefixes they are written with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graphmap.rdf import RDF, RDFS, XSD

__all__ = ["GRAPHMAP", "Space"]

GRAPHMAP = "https://schema.limbergraph.com/graphmap#"
"""Our own vocabulary, which does not move with the base."""

_FIXED = {
    "dcterms": "http://purl.org/dc/terms/",
    "graphmap": GRAPHMAP,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": RDF,
    "rdfs": RDFS,
    "rml": "http://w3id.org/rml/",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": XSD,
}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """IRIs under a base.

    Args:
        base: ends in `/`.
        schemas: names of the schemas; each is a prefix.
    """

    base: str
    schemas: tuple[str, ...]

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Namespaces by prefix."""
        own = {name: f"{self.base}{name}/" for name in self.schemas}
        return _FIXED | own | {"shape": f"{self.base}shape/", "map": f"{self.base}mapping/"}

    def name(self, iri: str) -> str:
        """An IRI as Turtle writes it: a prefixed name where one fits.

        >>> space = Space(base="https://x.org/", schemas=("a",))
        >>> space.name("https://x.org/a/b"), space.name("y:z")
        ('a:b', '<y:z>')
        """
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def term(self, schema: str, name: str) -> str:
        """A class or property, as Turtle writes it."""
        return self.name(f"{self.base}{schema}/{name}")

    def shape(self, slug: str) -> str:
        """The shape of a rule, as Turtle writes it."""
        return self.name(f"{self.base}shape/{slug}")

    def map(self, slug: str) -> str:
        """A part of a mapping, as Turtle writes it."""
        return self.name(f"{self.base}mapping/{slug}")

    def entity(self, schema: str, class_name: str, key: str) -> str:
        """The IRI template of an entity.

        Args:
            schema: name of the schema.
            class_name: name of the class.
            key: what follows `#`, with `{references}`.
        """
        return f"{self.base}{schema}/{class_name}#{key}"
