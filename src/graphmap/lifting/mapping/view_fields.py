"""The fields of a logical view: what their names stand for, and the levels that they add to the iteration.

A field that has one value at most is a reference and adds no level, so that the compiler prints it as it does any
other. Where there may be several values, or where its position is read, it adds one; a level that no term reads is left
out again (`levels`).
Source: RML-LV, fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphmap.lifting.mapping_document import Nodes
from graphmap.lifting.mapping_sources import Field, Language, Reads, Scope, language_of
from graphmap.lifting.paths import SELF, Path, Segment, Wildcard
from graphmap.lifting.plan import (
    PRINTED,
    SAME,
    Call,
    Embedded,
    Iteration,
    Position,
    Reference,
    Step,
    TermMap,
    rml,
    within,
)
from graphmap.rdf import GRAPHMAP, RDF_TYPE, Token

__all__ = ["Fields", "field_of"]

_EXPRESSIONS = ("reference", "template", "constant", "functionExecution")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parent:
    """Parent of a field.

    Args:
        level: of its records.
        prefix: of the names of its fields.
        way: the nodes around the field in the mapping.
        language: of its references; `None` where it is a text, which has none.
    """

    level: int
    prefix: str = ""
    way: tuple[Token, ...] = ()
    language: Language | None


class Fields:
    """Walks the fields of one view.

    Args:
        below: the scope of what the view is on.
        read: reads their expressions.
    """

    def __init__(self, below: Scope, read: Reads) -> None:
        self._nodes = below.nodes
        self._below = below
        self._read = read
        self.steps = list(below.iteration.steps)
        self.fields: dict[str, Field] = {}
        if below.fields is None:  # the iterations of a view are not numbered
            self.fields["#"] = Position(level=len(self.steps))
        self.records = {"<it>"}

    @property
    def start(self) -> int:
        """The level of what the view is on."""
        return len(self._below.iteration.steps)

    @property
    def iteration(self) -> Iteration:
        """The iteration with the levels of all fields so far."""
        return replace(self._below.iteration, steps=tuple(self.steps))

    @property
    def scope(self) -> Scope:
        """Scope of references in triples maps over the view."""
        return replace(self._below, iteration=self.iteration, fields=dict(self.fields), records=frozenset(self.records))

    def add_all(self, view: Token) -> None:
        """Add the fields of the view.

        Raises:
            MappingError: where one of them is none.
        """
        if not self._nodes.all(view, rml("field")):
            raise self._nodes.fault(view, "the view has no fields", "add rml:field")
        self._children(view, _Parent(level=len(self.steps), language=self._below.language))

    def take(self, name: str, node: Token, value: Field, position: Position) -> None:
        """Add a name and its index key.

        Raises:
            MappingError: where the view has the name already.
        """
        if name in self.fields or name in self.records:
            raise self._nodes.fault(node, f"the field {name!r} is defined twice", "give it another name")
        self.fields[name] = value
        self.fields[f"{name}.#"] = position

    def name(self, node: Token) -> str:
        """The name that a field declares.

        Raises:
            MappingError: where it declares none.
        """
        name = self._nodes.text(node, rml("fieldName"))
        if not name:
            raise self._nodes.fault(node, "the field has no name", "add rml:fieldName")
        return name

    def level(self, step: Step) -> int:
        """Add a level and give its number."""
        self.steps.append(step)
        return len(self.steps)

    def _children(self, node: Token, parent: _Parent) -> None:
        for field in self._nodes.all(node, rml("field")):
            if field in parent.way:
                raise self._nodes.fault(field, "the field is a field of itself", "take it out of its own fields")
            inner = replace(parent, way=(*parent.way, field))
            if self._is_iterable(field):
                self._iterable(field, inner)
            else:
                self._expression(field, inner)

    def _is_iterable(self, node: Token) -> bool:
        said = rml("IterableField") in self._nodes.all(node, RDF_TYPE)
        return said or any(self._nodes.all(node, rml(each)) for each in ("iterator", "referenceFormulation"))

    def _iterable(self, node: Token, parent: _Parent) -> None:
        name = parent.prefix + self.name(node)
        if name in self.fields or name in self.records:
            raise self._nodes.fault(node, f"the field {name!r} is defined twice", "give it another name")
        self.records.add(name)
        language = self._language(node, parent)
        iterator = self._nodes.text(node, rml("iterator"))
        path = SELF if iterator is None else language.path(iterator, self._nodes, node)
        step = Step(below=parent.level, path=path, outer=True, name=node, written=self._nodes.place(node))
        if parent.language is None:
            nulls = self._below.iteration.source.nulls
            step = replace(step, path=SELF, maker=Embedded(formulation=language.formulation, path=path, nulls=nulls))
        level = self.level(step)
        self.fields[f"{name}.#"] = Position(level=level)
        self._children(node, replace(parent, level=level, prefix=f"{name}.", language=language))

    def _language(self, node: Token, parent: _Parent) -> Language:
        """Formulation of the fields of an iterable field.

        Raises:
            MappingError: where it changes between records, or is not said for a text.
        """
        said = self._nodes.maybe(node, rml("referenceFormulation"))
        if said is None:
            if parent.language is None:
                what = "iterates over a text, and does not say how that is written"
                raise self._nodes.fault(node, what, "add rml:referenceFormulation")
            return parent.language
        language = language_of(self._nodes, node, said)
        if parent.language is not None and language.formulation is not parent.language.formulation:
            what = "another reference formulation begins at a text"
            raise self._nodes.fault(node, what, "put the field into an expression field that gives the text")
        return language

    def _expression(self, node: Token, parent: _Parent) -> None:
        name = parent.prefix + self.name(node)
        if not any(self._nodes.all(node, rml(each)) for each in _EXPRESSIONS):
            what = f"the field {name!r} has no reference and no iterator"
            raise self._nodes.fault(node, what, "add rml:reference")
        if parent.language is None:
            what = f"the field {name!r} reads from a text"
            raise self._nodes.fault(node, what, "put it into an iterable field with an rml:referenceFormulation")
        made = self._read.text_map(node, self._scope_at(parent, parent.language))
        level = self.level(_step(made, node, self._nodes, parent.level))
        single = _is_single(made, within_view=self._reads_view(parent))
        self.take(name, node, field_of(made) if single else _at(name, level), Position(level=level))
        self._children(node, replace(parent, level=level, prefix=f"{name}.", language=None))

    def _reads_view(self, parent: _Parent) -> bool:
        return self._below.fields is not None and parent.level == len(self._below.iteration.steps)

    def _scope_at(self, parent: _Parent, language: Language) -> Scope:
        """Scope of a field: fields of the view below, or paths from the node of an iterable field."""
        outer = self._below
        iteration = replace(outer.iteration, steps=tuple(self.steps[: parent.level]))
        if self._reads_view(parent):
            return replace(outer, iteration=iteration)
        return replace(outer, iteration=iteration, language=language, fields=None)


def field_of(made: TermMap) -> Field:
    """Make the field for a term map with at most one value."""
    if isinstance(made.expression, Reference | Position | Call):
        return made.expression
    # a function hides the expression, so that its text is encoded as a whole where a template takes it
    return Call(function=GRAPHMAP + "same", definition=SAME, arguments=(made,))


def _at(name: str, level: int) -> Reference:
    return Reference(text=name, level=level, path=SELF)


def _step(made: TermMap, node: Token, nodes: Nodes, around: int) -> Step:
    """The level of an expression field: its values one by one."""
    written = nodes.place(node)
    if isinstance(made.expression, Reference):
        reference = made.expression
        return Step(below=reference.level, path=reference.path, outer=True, name=node, written=written)
    return Step(below=around, path=SELF, outer=True, maker=made, name=node, written=written)


def _is_single(made: TermMap, *, within_view: bool) -> bool:
    """Return whether a field has one value at most, as a field of the view below has if its iterations differ."""
    for expression in within(made):
        if isinstance(expression, Call) and expression.function not in PRINTED:
            return False
        if isinstance(expression, Reference) and not within_view and not _goes_to_one(expression):
            return False
    return True


def _goes_to_one(reference: Reference) -> bool:
    """Return whether a path goes by names alone; under the lax rule names may find several, which then are as one."""
    path = reference.path
    if isinstance(path, Path) and path.segments and path.segments[-1] == Segment((Wildcard(),)):
        return False
    return path.names is not None
