"""The small parts that mappings are made of: term maps, function calls, logical sources and views.

Source: RML-Core (expression maps, term maps), RML-LV (views), RML-FNML (function executions).
"""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.rdf import KEY_SEPARATOR, Blank, Block, Pairs, Term, literal, pairs

__all__ = [
    "coalesce",
    "expression_field",
    "iri_reference",
    "iri_template",
    "iterable_field",
    "joined_template",
    "key_expression",
    "predicate_object",
    "segment",
    "value_reference",
    "view",
]

_PARTS = frozenset({"link", "source", "subject", "view"})
"""Last parts of the names of what a mapping file has beside term maps of fields."""
_PARAMETERS = ("graphmap:first", "graphmap:second", "graphmap:third", "graphmap:fourth")


def segment(name: str) -> str:
    """The name of a field as a part of the name of its term map, unlike that of any other part.

    >>> segment("price"), segment("a.b"), segment("source")
    ('price', 'a%2Eb', 'source%')
    """
    return f"{name}%" if name in _PARTS else name.replace("%", "%25").replace(".", "%2E")


def iri_reference(reference: str) -> Pairs:
    """A term map that takes its IRI as it stands in the data."""
    return pairs(("rml:reference", literal(reference)), ("rml:termType", "rml:IRI"))


def iri_template(template: str) -> Pairs:
    """A term map that makes an IRI."""
    return pairs(("rml:template", literal(template)), ("rml:termType", "rml:IRI"))


def value_reference(reference: str, datatype: str | None) -> Pairs:
    """A term map that makes a literal; a text keeps its natural datatype, so that a number in its place shows."""
    return pairs(
        ("rml:reference", literal(reference)),
        ("rml:datatype", None if datatype in (None, "xsd:string") else datatype),
    )


def coalesce(choices: Iterable[Pairs]) -> Pairs:
    """A term map that is the first of its choices that is not null; one choice alone needs no function."""
    given = tuple(choices)
    if len(given) == 1:
        return given[0]
    inputs = [
        Blank(pairs=pairs(("rml:parameter", parameter), ("rml:inputValueMap", Blank(pairs=choice))))
        for parameter, choice in zip(_PARAMETERS, given, strict=False)
    ]
    execution = Blank(pairs=pairs(("rml:function", "graphmap:coalesce"), ("rml:input", inputs)))
    return pairs(("rml:functionExecution", execution), ("rml:termType", "rml:IRI"))


def key_expression(entity: str, choices: Iterable[tuple[str, ...]], prefix: str) -> Pairs:
    """The IRI of an entity from the first of its keys that is there.

    Args:
        entity: the IRI up to the key.
        choices: fields of each key. Those of the only key are joined by `-`, which is encoded inside a value; those of
            one key among others by `:`, which no encoded value holds, so that they differ from single values as well.
        prefix: what stands before a field's name in a reference.
    """
    given = tuple(choices)
    if len(given) == 1 and len(given[0]) > 1:
        return joined_template(entity, (prefix + name for name in given[0]))
    return coalesce(iri_template(entity + ":".join(f"{{{prefix}{name}}}" for name in fields)) for fields in given)


def joined_template(start: str, references: Iterable[str]) -> Pairs:
    """A term map that makes an IRI of several values, which stay apart."""
    template = start + KEY_SEPARATOR.join(f"{{{reference}}}" for reference in references)
    return (*iri_template(template), *pairs(("graphmap:joinedBy", literal(KEY_SEPARATOR))))


def predicate_object(predicate: str, *objects: Term) -> Blank:
    """A predicate-object map."""
    return Blank(pairs=pairs(("rml:predicate", predicate), ("rml:objectMap", objects)))


def expression_field(name: str, reference: str) -> Blank:
    """A field of a view that holds values."""
    return Blank(
        pairs=pairs(
            ("rdf:type", "rml:ExpressionField"),
            ("rml:fieldName", literal(name)),
            ("rml:reference", literal(reference)),
        )
    )


def iterable_field(name: str, iterator: str, fields: Iterable[str]) -> Blank:
    """A field of a view that holds records, with the fields of those."""
    return Blank(
        pairs=pairs(
            ("rdf:type", "rml:IterableField"),
            ("rml:fieldName", literal(name)),
            ("rml:iterator", literal(iterator)),
            ("rml:field", [expression_field(field, f"$.{field}") for field in fields]),
        )
    )


def view(subject: str, source: str, fields: Iterable[Blank]) -> Block:
    """A logical view."""
    return Block(
        subject=subject,
        pairs=pairs(("rdf:type", "rml:LogicalView"), ("rml:viewOn", source), ("rml:field", fields)),
    )
