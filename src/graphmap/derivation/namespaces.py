"""The names that derived files use: IRIs under one base, and the prefixes they are written with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphmap.rdf import GRAPHMAP, RDF, RDFS, XSD
from graphmap.rules import EnumType, Field, RecordClass, Rule, Schema, iri_local

__all__ = ["Space", "key_property", "space_of"]

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
_PREFIX = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?").fullmatch
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """IRIs under a base, and those that schemas choose.

    Args:
        base: ends in `/`.
        schemas: names of the schemas, each with the namespace of its classes and properties; each is a prefix.
        declared: namespaces by prefix, as the schemas declare them.
    """

    base: str
    schemas: Mapping[str, str]
    declared: Mapping[str, str] = field(default_factory=dict)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Namespaces by prefix; a declared one never changes what another prefix means."""
        fixed = _FIXED | {"shape": f"{self.base}shape/", "map": f"{self.base}mapping/"}
        own = {name: iri for name, iri in self.schemas.items() if _PREFIX(name) and name not in fixed}
        known = _FIXED | own | fixed
        return known | {name: iri for name, iri in self.declared.items() if name not in known and _PREFIX(name)}

    def name(self, iri: str) -> str:
        """An IRI as Turtle writes it: a prefixed name where one fits.

        >>> space = Space(base="https://x.org/", schemas={"a": "https://x.org/a/"})
        >>> space.name("https://x.org/a/b"), space.name("y:z")
        ('a:b', '<y:z>')
        """
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def term(self, schema: str, name: str) -> str:
        """A name in the namespace of a schema, as Turtle writes it."""
        return self.name(self.schemas.get(schema, f"{self.base}{schema}/") + iri_local(name))

    def term_of(self, named: RecordClass | Field | EnumType) -> str:
        """A class, property or enumeration, as Turtle writes it."""
        iri = None if isinstance(named, EnumType) else named.iri
        return self.name(iri) if iri else self.term(named.home, named.name)

    def iri_of(self, named: RecordClass) -> str:
        """The IRI of a class."""
        return named.iri or self.schemas.get(named.home, f"{self.base}{named.home}/") + iri_local(named.name)

    def shape(self, slug: str) -> str:
        """The shape of a rule, as Turtle writes it."""
        return self.name(f"{self.base}shape/{iri_local(slug)}")

    def map(self, slug: str) -> str:
        """A part of a mapping, as Turtle writes it."""
        return self.name(f"{self.base}mapping/{iri_local(slug)}")

    def entity(self, schema: str, class_name: str, key: str) -> str:
        """The IRI template of an entity.

        Args:
            schema: name of the schema.
            class_name: name of the class.
            key: what follows `#`, with `{references}`.
        """
        return f"{self.base}{iri_local(schema)}/{iri_local(class_name)}#{key}"


def space_of(schemas: Iterable[Schema], base: str) -> Space:
    """The names of all schemas of a workspace.

    Args:
        schemas: the rule files.
        base: IRI that entities, shapes and mappings begin with, and the names of a schema that chooses no other.
    """
    given = tuple(schemas)
    return Space(
        base=base,
        schemas={schema.name: schema.namespace or f"{base}{iri_local(schema.name)}/" for schema in given},
        declared={name: iri for schema in given for name, iri in schema.prefixes.items()},
    )


def key_property(home: str, rule: Rule, space: Space) -> str:
    """The property whose value joins the fields of a key of several, so that shapes can compare it.

    Args:
        home: name of the schema of the class that has the key.
        rule: the rule that the key is unique.
        space: the names.
    """
    return space.schemas[home] + iri_local(rule.slug.removeprefix(f"{home}.").removesuffix(".unique"))
