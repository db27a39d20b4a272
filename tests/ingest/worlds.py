"""Workspaces of other domains with names from a seed: two tables that refer to one another, and a nested feed."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphmap.ingest import Knowledge, load_knowledge
from graphmap.workspace import read_workspace

SEEDS = (1, 2)
_SYLLABLES = ("ka", "lo", "mi", "ra", "ten", "vu", "so", "pel", "dri", "ba")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A workspace of one seed.

    Args:
        root: its folder.
        base: its base IRI.
        names: of what it holds, by role.
    """

    root: Path
    base: str
    names: dict[str, str]

    def knowledge(self) -> Knowledge:
        """Its mappings, shapes and ontology."""
        return load_knowledge(read_workspace(self.root))

    def iri(self, role: str, key: object) -> str:
        """The IRI of a record."""
        return f"{self.base}{self.names[role]}#{key}"

    def write(self, name: str, content: str | bytes) -> str:
        """Write an input, and give its path."""
        path = self.root / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def table(self, name: str, columns: list[str], rows: list[list[Any]]) -> str:
        """Write a table; columns by role."""
        lines: list[list[Any]] = [[self.names.get(each, each) for each in columns], *rows]
        return self.write(name, "".join(",".join(map(str, line)) + "\n" for line in lines))


def shop(root: Path, seed: int) -> World:
    """Owners and things of theirs: a thing refers to its owner by key."""
    roles = ("Owner", "Thing", "id", "label", "since", "number", "owner", "state")
    world = _world(root, seed, roles)
    n = world.names
    owner = _map(world, "Owner", "id", [(n["label"], "string"), (n["since"], "date")])
    link = _link(world, "owner", "Owner")
    thing = _map(world, "Thing", "number", [(n["state"], "string")], link)
    _write(world, {"owners": ("table", owner, ""), "things": ("table", thing, "")})
    (root / "shapes" / "shapes.ttl").write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix v: <{world.base}> .
@prefix p: <{world.base}shapes/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
p:Owner a sh:NodeShape ; sh:targetClass v:{n["Owner"]} ; sh:property p:label , p:since .
p:label sh:path v:{n["label"]} ; sh:minCount 1 .
p:since sh:path v:{n["since"]} ; sh:datatype xsd:date .
p:Thing a sh:NodeShape ; sh:targetClass v:{n["Thing"]} ; sh:property p:owner , p:state .
p:owner sh:path v:{n["owner"]} ; sh:class v:{n["Owner"]} .
p:state sh:path v:{n["state"]} ; sh:in ( "new" "used" ) .
""",
        encoding="utf-8",
    )
    return world


def feed(root: Path, seed: int) -> World:
    """Entries below some members of a document, each with parts."""
    roles = ("Entry", "Part", "key", "title", "price", "amount", "outer", "inner", "parts", "code", "related")
    world = _world(root, seed, roles)
    n = world.names
    iterator = f"$.{n['outer']}.{n['inner']}[*]" if seed % 2 else f"$.{n['inner']}[*]"
    world.names["iterator"] = iterator
    parts = _map(world, "Part", "code", [], iterator=f"{iterator}.{n['parts']}[*]")
    columns = [(n["title"], "string"), (f"{n['price']}.{n['amount']}", "decimal")]
    entry = _map(world, "Entry", "key", columns, _link(world, "related", "Entry"), iterator=iterator)
    _write(world, {"entries": ("documents", entry + parts, "" if seed % 3 else f'iterator = "{iterator}"\n')})
    (root / "shapes" / "shapes.ttl").write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix v: <{world.base}> .
@prefix p: <{world.base}shapes/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
p:Entry a sh:NodeShape ; sh:targetClass v:{n["Entry"]} ; sh:property p:title , p:amount , p:related .
p:related sh:path v:{n["related"]} ; sh:class v:{n["Entry"]} .
p:title sh:path v:{n["title"]} ; sh:minCount 1 .
p:amount sh:path v:{n["amount"]} ; sh:datatype xsd:decimal .
""",
        encoding="utf-8",
    )
    return world


def document(world: World, entries: list[Any]) -> str:
    """The JSON text of a feed with some entries; their members by role."""
    found: Any = [_named(world, each) for each in entries]
    for name in reversed(world.names["iterator"].removeprefix("$.").removesuffix("[*]").split(".")):
        found = {"about": {"count": len(entries)}, name: found}
    return json.dumps(found)


def _named(world: World, value: Any) -> Any:
    if isinstance(value, dict):
        return {world.names.get(name, name): _named(world, each) for name, each in value.items()}
    return [_named(world, each) for each in value] if isinstance(value, list) else value


def _world(root: Path, seed: int, roles: tuple[str, ...]) -> World:
    chance = random.Random(seed)
    names = {role: role[0] + "".join(chance.sample(_SYLLABLES, 2)) + str(at) for at, role in enumerate(roles)}
    for folder in ("mappings", "shapes", "ontology"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    return World(root=root, base=f"https://{names[roles[0]].lower()}.example/", names=names)


def _write(world: World, sources: dict[str, tuple[str, str, str]]) -> None:
    text = f'base = "{world.base}"\n'
    for name, (kind, maps, more) in sources.items():
        text += f'[sources.{name}]\nkind = "{kind}"\nmappings = ["mappings/{name}.ttl"]\n{more}'
        (world.root / "mappings" / f"{name}.ttl").write_text(_PREFIXES.format(base=world.base) + maps, encoding="utf-8")
    (world.root / "graphmap.toml").write_text(text, encoding="utf-8")


_PREFIXES = """@prefix rml: <http://w3id.org/rml/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix v: <{base}> .
@prefix m: <{base}mapping/> .
"""


def _link(world: World, role: str, target: str) -> str:
    n = world.names
    template = f"{world.base}{n[target]}#{{{n[role]}}}"
    return f'[ rml:predicate v:{n[role]} ; rml:objectMap [ rml:template "{template}" ] ]'


def _map(
    world: World, role: str, key: str, values: list[tuple[str, str]], *more: str, iterator: str | None = None
) -> str:
    name = world.names[role]
    form = "rml:CSV" if iterator is None else f'rml:JSONPath ; rml:iterator "{iterator}"'
    pairs = [
        f"[ rml:predicate v:{path.rpartition('.')[2]} ; "
        f'rml:objectMap [ rml:reference "{path}" ; rml:datatype xsd:{kind} ] ]'
        for path, kind in values
    ]
    rest = "".join(f" ;\n  rml:predicateObjectMap {each}" for each in (*pairs, *more))
    return f"""m:{name} a rml:TriplesMap ;
  rml:logicalSource [ rml:source m:file ; rml:referenceFormulation {form} ] ;
  rml:subjectMap [ rml:template "{world.base}{name}#{{{world.names[key]}}}" ; rml:class v:{name} ]{rest} .
"""
