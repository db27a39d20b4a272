"""Schema files with their imports: files below the schema's folder and `linkml:` alone, never the network.

Source: LinkML metamodel 1.8, SchemaDefinition (imports, prefixes, default_prefix).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph

from graphmap.errors import Locator, RulesError
from graphmap.rdf import RDF, RDFS, XSD
from graphmap.rules.linkml.metamodel import ELEMENTS
from graphmap.rules.linkml.yaml_positions import Marked, read_marked
from graphmap.rules.model import Fates, Loss, Problem

__all__ = ["Document", "Element", "Notes", "find_below", "iri_local", "joined_name", "local_name", "read_documents"]

Find = Callable[[str, str], tuple[str, str] | None]
"""From an import and the file that it stands in to the text and the name of the file imported."""

_WELL_KNOWN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "shex": "http://www.w3.org/ns/shex#",
    "xsd": XSD,
}
_LONGEST_NAME = 100
"""Characters; derived files have the name of the schema."""
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match


def local_name(name: str) -> str:
    """A name as it stands in data and IRIs: a space becomes `_`.

    >>> local_name("age in years")
    'age_in_years'
    """
    return re.sub(r"\s+", "_", name.strip())


def _is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI (RFC 3987)."""
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return _ABSOLUTE(text) is not None


def iri_local(name: str) -> str:
    """A name as it stands in an IRI.

    >>> iri_local("order_line"), iri_local("a{b}")
    ('order_line', 'a%7Bb%7D')
    """
    return quote(name, safe="~!$&'()*+,;=:@/-._")


def joined_name(name: str) -> str:
    """A name of a class, type or enumeration as it stands in IRIs: of several words each gets a capital letter.

    >>> joined_name("code system"), joined_name("order_line")
    ('CodeSystem', 'order_line')
    """
    words = name.split()
    return name if len(words) == 1 else "".join(word[:1].upper() + word[1:] for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Findings of reading all files beside the rules; grows."""

    problems: list[Problem] = field(default_factory=list)
    losses: dict[str, list[Loss]] = field(default_factory=dict)

    def problem(self, what: str, where: Locator, hint: str | None = None) -> None:
        """Note something that cannot be read."""
        self.problems.append(Problem(what=what, where=where, hint=hint))

    def error(self, error: RulesError) -> None:
        """Note an error as a problem."""
        self.problem(error.what, error.where, error.hint)

    def loss(self, document: Document, subject: str, statement: str, why: str, where: Locator) -> None:
        """Note that a statement has no place in any derived file."""
        lost = f"dropped: {why}"
        fates = Fates(ontology=lost, shapes=lost, mapping=lost)
        entry = Loss(subject=subject, statement=statement, fates=fates, where=where)
        self.losses.setdefault(document.file, []).append(entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One schema file.

    Args:
        file: its name, for messages.
        root: its YAML.
        top: the entries of that.
        name: of the schema.
        prefixes: namespaces by prefix, as declared.
        namespace: of the names that it defines; `None` where they stand under the base of the workspace.
        visible: the files whose names it can refer to, itself first; filled once all are read.
    """

    file: str
    root: Marked
    top: Mapping[str, Marked]
    name: str
    prefixes: Mapping[str, str]
    namespace: str | None
    visible: dict[str, Document] = field(default_factory=dict)

    def iri(self, curie: str) -> str | None:
        """An IRI or a prefixed name as an IRI; `None` where its prefix is not declared or the result is none."""
        prefix, colon, local = curie.partition(":")
        namespace = self.prefixes.get(prefix) or (_WELL_KNOWN.get(prefix) if prefix else None)
        if colon and namespace is not None:
            iri: str | None = namespace + local
        elif curie.startswith(("http:", "https:", "urn:")):
            iri = curie
        else:
            iri = None
        return iri if iri and _is_iri(iri) else None

    def own_iri(self, name: str) -> str | None:
        """The IRI of a name in the file's own namespace; `None` where that is under the base of the workspace."""
        return self.namespace + iri_local(name) if self.namespace else None

    def own(self, kind: str) -> Iterator[tuple[str, Element]]:
        """Its own classes, slots, types or enumerations."""
        if kind in self.top:
            for name, node in self.top[kind].entries().items():
                yield name, Element(name=name, document=self, node=node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A class, slot, type or enumeration as it stands in a file."""

    name: str
    document: Document
    node: Marked


def find_below(folder: Path) -> Find:
    """Finds imported files below a folder; none outside it.

    Args:
        folder: the folder of the schemas.
    """
    top = folder.resolve()

    def find(name: str, importer: str) -> tuple[str, str] | None:
        near = (top.parent / importer).parent
        for file in ((start / f"{name}.yaml").resolve() for start in (near, top, top / "linkml")):
            if file.is_relative_to(top) and file.is_file():
                return file.read_text(encoding="utf-8"), file.relative_to(top.parent).as_posix()
        return None

    return find


def read_documents(texts: Mapping[str, str], find: Find, notes: Notes) -> dict[str, Document]:
    """Read schema files and all that they import.

    Args:
        texts: by file name.
        find: looks an import up.
        notes: takes in the problems.

    Returns:
        By file name: those given, then those imported.
    """
    documents: dict[str, Document] = {}
    imported: dict[str, list[str]] = {}
    waiting = dict(texts)
    while waiting:
        file = next(iter(waiting))
        try:
            document = _document(waiting.pop(file), file, notes)
        except RulesError as error:
            notes.error(error)
            continue
        documents[file] = document
        imported[file] = []
        for node in _list(document, "imports", notes):
            found = _found(node, document, find, notes)
            if found is not None:
                imported[file].append(found[1])
                if found[1] not in documents and found[1] not in waiting:
                    waiting[found[1]] = found[0]
    for file, document in documents.items():
        document.visible.update(_closure(file, documents, imported))
    return documents


def _closure(file: str, documents: Mapping[str, Document], imported: Mapping[str, list[str]]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    waiting = [file]
    while waiting:
        name = waiting.pop(0)
        if name in documents and name not in found:
            found[name] = documents[name]
            waiting += imported[name]
    return found


def _list(document: Document, key: str, notes: Notes) -> tuple[Marked, ...]:
    try:
        return document.top[key].items() if key in document.top else ()
    except RulesError as error:
        notes.error(error)
        return ()


def _found(node: Marked, document: Document, find: Find, notes: Notes) -> tuple[str, str] | None:
    try:
        name = node.text()
    except RulesError as error:
        notes.error(error)
        return None
    if name == "linkml:types":
        return None
    own = name.removeprefix("linkml:")
    try:
        found = None if ":" in own else find(own, document.file)
    except (OSError, UnicodeDecodeError) as error:
        notes.problem(f"the import {name} cannot be read: {error}", node.where)
        return None
    if found is None:
        hint = f"put {own.rpartition('/')[2]}.yaml below the folder of the rules; nothing is fetched"
        notes.problem(f"the import {name!r} is not here", node.where, hint)
    return found


def _document(text: str, file: str, notes: Notes) -> Document:
    root = read_marked(text, file)
    top = root.entries()
    for key, hint in root.unknown(ELEMENTS["a schema"].known):
        notes.problem(f"unknown key {key.text()!r} in a schema", key.where, hint)
    prefixes = _prefixes(top, notes)
    name = _text(top, "name") or Path(file).name.removesuffix(".yaml")
    document = Document(
        file=file,
        root=root,
        top=top,
        name=re.sub(r"[^A-Za-z0-9_.-]", "_", name),
        prefixes=prefixes,
        namespace=_namespace(top, prefixes, notes),
    )
    if len(name) > _LONGEST_NAME:
        where = top.get("name", root).where
        notes.problem(f"the name of the schema is longer than {_LONGEST_NAME} letters", where, "write a shorter one")
    if not top.keys() & {"classes", "slots", "slot_definitions", "types", "enums", "imports", "subsets"}:
        notes.problem("the schema defines nothing", root.where, "write classes; docs/rules.md shows a small schema")
    for lost, why in ELEMENTS["a schema"].lost.items():
        if lost in top:
            notes.loss(document, document.name, lost, why, top[lost].where)
    default = _text(top, "default_prefix")
    if default and default not in prefixes and not _is_iri(default):
        why = "it is not declared under prefixes; the id of the schema, or the base of the workspace, stands for it"
        notes.loss(document, document.name, f"default_prefix {default}", why, top["default_prefix"].where)
    return document


def _text(top: Mapping[str, Marked], key: str) -> str:
    return top[key].text() if key in top else ""


def _prefixes(top: Mapping[str, Marked], notes: Notes) -> dict[str, str]:
    """Prefixes in all forms: `p: iri`, `p: {prefix_reference: iri}`, or a list of the latter."""
    if "prefixes" not in top:
        return {}
    node = top["prefixes"]
    found: dict[str, str] = {}
    each = node.keyed_by("prefix_prefix") if node.is_list else node.entries()
    for name, value in each.items():
        reference = value.entries().get("prefix_reference") if value.is_mapping else value
        if reference is None or not _is_iri(reference.text()):
            hint = "write an absolute IRI, such as https://example.org/shop/"
            notes.problem(f"the prefix {name!r} stands for no IRI", value.where, hint)
        else:
            found[name] = reference.text()
    return found


def _namespace(top: Mapping[str, Marked], prefixes: Mapping[str, str], notes: Notes) -> str | None:
    """Namespace of names that have no IRI of their own: the default prefix, else below the identifier.

    The annotation `graphmap:namespace: base` puts them under the base of the workspace.
    """
    default, identifier = _text(top, "default_prefix"), _text(top, "id")
    annotations = top["annotations"].entries() if "annotations" in top and top["annotations"].is_mapping else {}
    if "graphmap:namespace" in annotations and annotations["graphmap:namespace"].text() == "base":
        return None
    if default in prefixes:
        return prefixes[default]
    if default and _is_iri(default):
        return default
    if default and default != _text(top, "name") and not identifier:
        notes.problem(
            f"the default prefix {default!r} is not declared", top["default_prefix"].where, "declare it under prefixes"
        )
    if identifier and not _is_iri(identifier):
        notes.problem(f"the id {identifier!r} is not an IRI", top["id"].where, "write an absolute IRI")
        return None
    if not identifier:
        return None
    return identifier if identifier.endswith(("/", "#")) else f"{identifier}/"
