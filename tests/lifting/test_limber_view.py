"""Limber envelopes through logical views give what the derived mapping gives.

Each triples map of the derived mapping that reads the message itself is put on a view, whose fields are the references
of its term maps; links read views already. Output has to stay the same, message by message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from benchmarks.generate import faulty_envelopes
from graphmap.lifting import Interpreter, Plan, compile_plan, line_of, read_mapping
from graphmap.records import Documents, decode_json, encode_json
from graphmap.records.value_forms import ValueForms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BASE = "https://schema.limbergraph.com/"
_BRACED = re.compile(r"\{([^{}]*)\}")


def _rml(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://w3id.org/rml/{name}")


def _on_views(store: ox.Store) -> bytes:
    """A mapping with its triples maps on views, as N-Triples, which is Turtle."""
    names: dict[str, str] = {}
    for quad in list(store.quads_for_pattern(None, _rml("logicalSource"), None)):
        if not list(store.quads_for_pattern(quad.object, _rml("viewOn"), None)):  # type: ignore[arg-type]  # a node
            texts = [text for said in _below(store, quad.subject) for text in _renamed(store, said, names)]
            _put_on_view(store, quad, {text: names[text] for text in texts})
    return b"".join(f"{quad.triple} .\n".encode() for quad in store)


def _below(store: ox.Store, top: Any) -> Iterator[ox.Quad]:
    """All that is said of a triples map and of the term maps below it, its source aside."""
    waiting, done = [top], set[Any]()
    while waiting:
        node = waiting.pop()
        for quad in list(store.quads_for_pattern(node, None, None)) if node not in done else []:
            yield quad
            if quad.predicate != _rml("logicalSource") and not isinstance(quad.object, ox.Literal | ox.Triple):
                waiting.append(quad.object)
        done.add(node)


def _renamed(store: ox.Store, said: ox.Quad, names: dict[str, str]) -> list[str]:
    """Put names of fields in place of the references of one statement; the references that it had."""
    text = said.object.value if isinstance(said.object, ox.Literal) else ""
    if said.predicate == _rml("reference"):
        found = [text]
    elif said.predicate == _rml("template"):
        found = _BRACED.findall(text)
    else:
        return []
    if all(each in names.values() for each in found):  # done already, for another triples map
        return [path for path, name in names.items() if name in found]
    for each in found:
        names.setdefault(each, f"f{len(names)}")
    new = names[text] if said.predicate == _rml("reference") else _BRACED.sub(lambda m: f"{{{names[m[1]]}}}", text)
    store.remove(said)
    store.add(ox.Quad(said.subject, said.predicate, ox.Literal(new)))
    return found


def _put_on_view(store: ox.Store, read: ox.Quad, fields: dict[str, str]) -> None:
    view = ox.BlankNode()
    store.remove(read)
    store.add(ox.Quad(read.subject, read.predicate, view))
    store.add(ox.Quad(view, _rml("viewOn"), read.object))
    for path, name in fields.items():
        field = ox.BlankNode()
        store.add(ox.Quad(field, _rml("fieldName"), ox.Literal(name)))
        store.add(ox.Quad(field, _rml("reference"), ox.Literal(path)))
        store.add(ox.Quad(view, _rml("field"), field))


@pytest.fixture(scope="module")
def plans(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Plan]:
    """The derived mapping, and the same on views."""
    derived = root / "mappings" / "limber.ttl"
    store = ox.Store()
    store.load(path=str(derived), format=ox.RdfFormat.TURTLE)
    changed = tmp_path_factory.mktemp("views") / "limber.ttl"
    changed.write_bytes(_on_views(store))
    return read_mapping([derived], base=_BASE), read_mapping([changed], base=_BASE)


def _lines(plan: Plan, document: Any) -> set[str]:
    """What the interpreter makes; the compiled plan makes the same where it does not step back."""
    lifted = Interpreter(plan, forms=ValueForms()).lift(document)
    lines = {line_of(statement) for statement in lifted.statements}
    quick = compile_plan(plan, forms=ValueForms()).lift(document)
    assert quick is None or {f"{line}\n" for line in quick[1].split("\n")[:-1]} == lines
    return lines


def _documents(samples: Path) -> list[Any]:
    files = sorted(samples.glob("*.json*"))
    generated = (envelope for envelope, _ in faulty_envelopes(12, seed=11, errors=0.4))
    return [
        *(document for file in files for _, document in Documents(str(file))),
        *(decode_json(encode_json(each)) for each in generated),
    ]


def test_every_envelope_gives_the_same_through_views(plans: tuple[Plan, Plan], samples: Path) -> None:
    derived, on_views = plans
    levels = [len(each.iteration.steps) for each in on_views.triples_maps]
    assert max(levels) > max(len(each.iteration.steps) for each in derived.triples_maps)
    documents = _documents(samples)
    assert len(documents) > 20
    for document in documents:
        assert _lines(on_views, document) == _lines(derived, document)
