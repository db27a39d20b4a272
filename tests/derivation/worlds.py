"""A schema and records, from rules to findings in one process: for tests of what rules derive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graphmap.derivation import Reading, derive
from graphmap.lifting import Interpreter
from graphmap.lifting.mapping import read_mapping
from graphmap.rdf import Graph, parse_triples
from graphmap.records import ValueForms, decode_json
from graphmap.rules import Entry, RuleBook, ledger, read_schema, refuse
from graphmap.validation.engine import Engine
from graphmap.validation.shapes import load_shapes, sub_class_facts

BASE = "https://world.example/"
HEAD = """\
id: https://world.example/schema
name: world
prefixes: {w: https://world.example/schema/, xsd: http://www.w3.org/2001/XMLSchema#}
default_prefix: w
imports: [linkml:types]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Derived files in memory, and what they say of records."""

    book: RuleBook
    files: Mapping[str, str]
    engine: Engine
    lifters: Mapping[str, Interpreter]

    def triples(self, records: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
        """The N-Triples of records, each with the name of its class."""
        lines = (
            f"{each.subject} {each.predicate} {each.object} .\n"
            for name, record in records
            for each in self.lifters[name].lift(decode_json(json.dumps(record).encode())).statements
        )
        return "".join(dict.fromkeys(lines))

    def broken(self, records: Iterable[tuple[str, Mapping[str, Any]]]) -> set[str]:
        """The slugs of the rules that records break together, without the name of the schema."""
        graph = Graph(parse_triples(self.triples(records), source="records"))
        rules = {result.rule or result.source_shape for result in self.engine.validate(graph)}
        return {rule.partition(".")[2] for rule in rules}

    def entries(self) -> tuple[Entry, ...]:
        """The loss ledger."""
        return ledger(self.book)


def world(folder: Path, text: str, readings: Mapping[str, Reading] | None = None) -> World:
    """Read one schema, derive from it, and make ready what checks records."""
    schema = read_schema(text, file="rules/world.yaml")
    return world_of(folder, RuleBook(schemas=MappingProxyType({schema.name: schema})), readings)


def world_of(folder: Path, book: RuleBook, readings: Mapping[str, Reading] | None = None) -> World:
    """The same of rules that are read already; records come as documents where nothing else is said."""
    refuse(book)
    if readings is None:
        each = [record for schema in book.schemas.values() for record in schema.classes.values()]
        records = [record.name for record in each if record.kind == "record" and not record.abstract]
        readings = {name: Reading(kind="documents") for name in records}
    files = derive(book, BASE, readings)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    hierarchy = [
        fact
        for path, text in files.items()
        if path.startswith("ontology/") and path.endswith(".ttl")
        for fact in sub_class_facts(Graph(parse_triples(text, source=path)))
    ]
    shapes = load_shapes([folder / path for path in files if path.startswith("shapes/")])
    lifters = {
        Path(path).stem.rpartition(".")[2]: Interpreter(read_mapping([folder / path], base=BASE), forms=ValueForms())
        for path in files
        if path.startswith("mappings/")
    }
    return World(book=book, files=files, engine=Engine(shapes, hierarchy), lifters=lifters)


__all__ = ["BASE", "HEAD", "World", "world", "world_of"]
