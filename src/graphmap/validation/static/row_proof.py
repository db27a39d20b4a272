"""The accept filter: what must hold of a row's cells so that its graph is known to conform.

Mapping and shapes are read side by side. A *resource* is a subject map with all that is said of it; each shape that
targets one of its classes becomes a check over the cells. What cannot be shown here becomes `Never`, and the engine
decides: the guard may send too many records to it and must accept none that it would reject. So every step below is a
proof under set semantics: values are counted only where they are known to differ, and no two resources may be one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from graphmap.lifting.optimizer import all_distinct, inner, never_equal
from graphmap.lifting.plan import (
    All,
    Check,
    Constant,
    Expression,
    Extra,
    Holds,
    Longest,
    Member,
    Never,
    Plan,
    Present,
    TermMap,
    TermType,
)
from graphmap.rdf import RDF_TYPE, XSD, Graph, Token, compile_pattern, literal_parts, literal_token
from graphmap.validation.engine import COMPONENTS, Surroundings, bounded_search
from graphmap.validation.shapes import (
    NODE_KINDS,
    Constraint,
    Path,
    PathKind,
    Shape,
    Shapes,
    Target,
    TargetKind,
    needs_reference,
)
from graphmap.validation.static.condition_logic import ALWAYS, all_of, any_of, counted, doubts_of, implied, negated
from graphmap.validation.static.cross_record_cells import KeyCells, ReferenceCells, reference_cells
from graphmap.validation.uniqueness import KeyConstraint, key_constraints

__all__ = ["Guard", "Obligation", "guard"]

_EMPTY = Graph()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One shape over one resource.

    Args:
        shape: token of the shape.
        subject: the resource's subject map.
        check: what to ask of the cells.
        objects: predicate to the object maps of the resource.
    """

    shape: Token
    subject: TermMap
    check: Check
    objects: Mapping[Token, tuple[TermMap, ...]] = field(default_factory=dict, hash=False)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the engine has to look, where it has to."""
        return tuple(dict.fromkeys(doubts_of(self.check)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """All obligations of a mapping under some shapes.

    Args:
        obligations: by shape, then by resource.
        keys: for each constraint across records that a row may be bound by, its value and focus node; `None` where
            that cannot be told from the mapping, so that it has to be read from the graph.
        references: values whose class no row can tell; the check leaves them out, so that they are looked for apart.
    """

    obligations: tuple[Obligation, ...]
    keys: tuple[KeyCells, ...] | None = None
    references: tuple[ReferenceCells, ...] = ()

    @property
    def check(self) -> Check:
        """Holds of a row only if its graph conforms."""
        return all_of(obligation.check for obligation in self.obligations)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resource:
    """A subject map, its constant classes, and its object maps by predicate."""

    subject: TermMap
    classes: frozenset[Token]
    objects: Mapping[Token, tuple[TermMap, ...]]


def guard(plan: Plan, shapes: Shapes, hierarchy: Mapping[Token, frozenset[Token]]) -> Guard:
    """Compile mapping and shapes into one check.

    Args:
        plan: triples maps over the rows of one table.
        shapes: the frozen shapes.
        hierarchy: class to itself and its super-classes.
    """
    resources = _resources(plan)
    unknown = _unknown(shapes)
    if resources is None or unknown is not None:
        reason = "the mapping has predicates or graphs from the data" if unknown is None else unknown
        subject = plan.triples_maps[0].subject
        return Guard(obligations=(Obligation(shape="", subject=subject, check=Never(why=reason)),))
    proof = _Proof(shapes, resources, hierarchy, plan.root)
    keys = [proof.key_cells(constraint) for constraint in key_constraints(shapes)]
    known = tuple(cells for found in keys if found is not None for cells in found)
    obligations = tuple(proof.obligations())
    references = tuple(dict.fromkeys(proof.references))
    return Guard(obligations=obligations, keys=None if None in keys else known, references=references)


def _unknown(shapes: Shapes) -> str | None:
    """Why no row can be proved at all: something is evaluated by nobody, or has targets that only a query knows."""
    nobody = [each.reason for each in shapes.unevaluable]
    queried = any(shape.target_queries for shape in shapes.by_node.values())
    return next(iter(nobody), "a query tells the targets of a shape" if queried else None)


def _resources(plan: Plan) -> list[_Resource] | None:
    found: dict[tuple[Expression, TermType], tuple[TermMap, dict[Token, list[TermMap]]]] = {}
    for triples_map in plan.triples_maps:
        subject = triples_map.subject
        _, objects = found.setdefault((subject.expression, subject.term_type), (subject, {}))
        for pair in triples_map.predicate_objects:
            if pair.graphs or triples_map.subject_graphs or triples_map.iteration.steps:
                return None
            for predicate in pair.predicates:
                if not isinstance(predicate.expression, Constant):
                    return None
                objects.setdefault(predicate.expression.token, []).extend(pair.objects)
    return [
        _Resource(subject=subject, classes=_classes(objects), objects={p: tuple(o) for p, o in objects.items()})
        for subject, objects in found.values()
    ]


def _classes(objects: Mapping[Token, Iterable[TermMap]]) -> frozenset[Token]:
    types = (each.expression for each in objects.get(RDF_TYPE, ()))
    return frozenset(each.token for each in types if isinstance(each, Constant))


class _Proof:
    """Turns shapes into checks over the resources of one mapping."""

    def __init__(
        self,
        shapes: Shapes,
        resources: list[_Resource],
        hierarchy: Mapping[Token, frozenset[Token]],
        root: TermMap | None,
    ) -> None:
        self.references: list[ReferenceCells] = []
        self._root = root
        self._asserted = False
        """True while the shape at hand must hold as it is, so that a reference in it can be looked for apart."""
        self._shapes = shapes
        self._resources = resources
        self._hierarchy = hierarchy
        self._elsewhere = frozenset(shape.node for shape in needs_reference(shapes))
        self._around = Surroundings(conforms=lambda _: lambda _graph, _node: False, subclasses=self._subclasses)

    def obligations(self) -> Iterator[Obligation]:
        """Every shape over every resource that it may target."""
        if not all_distinct(resource.subject for resource in self._resources):
            why = "two subject maps may give the same node"
            yield Obligation(shape="", subject=self._resources[0].subject, check=Never(why=why))
            return
        for shape in self._shapes.targeted():
            for resource in self._resources:
                checks = [self._targeted(target, shape, resource) for target in shape.targets]
                wanted = [check for check in checks if check is not None]
                if wanted:
                    check = implied(self._there(resource), all_of(wanted))
                    if shape.node in self._elsewhere:
                        check = Never(why="the shape holds more than SHACL Core")
                    yield Obligation(shape=shape.node, subject=resource.subject, check=check, objects=resource.objects)

    def key_cells(self, constraint: KeyConstraint) -> list[KeyCells] | None:
        """Find the term maps of a key; `None` if they cannot be determined."""
        found = []
        for resource in self._resources:
            values = resource.objects.get(constraint.predicate or "", ())
            if not values or not any(self._is_a(resource, each) for each in constraint.classes):
                continue
            condition = self._shapes.by_node[constraint.condition] if constraint.condition else None
            check = self._focus(condition, resource) if condition else ALWAYS
            if any(doubts_of(check)) or not constraint.classes:
                return None
            found += [_key_cells(constraint, value, check, resource) for value in values]
        return found

    def _there(self, resource: _Resource) -> Check:
        return ALWAYS if resource.subject.rule is not None else Present(term_map=resource.subject)

    def _targeted(self, target: Target, shape: Shape, resource: _Resource) -> Check | None:
        """The check that a target asks of a resource; `None` where it cannot be a target."""
        if target.kind is TargetKind.CLASS:
            if any(not isinstance(each.expression, Constant) for each in resource.objects.get(RDF_TYPE, ())):
                return Never(why="the class comes from the data")
            return self._asserted_focus(shape, resource) if self._is_a(resource, target.term) else None
        if target.kind is TargetKind.SUBJECTS_OF:
            return self._focus(shape, resource) if target.term in resource.objects else None
        if target.kind is TargetKind.OBJECTS_OF:
            named = [obj for each in self._resources for obj in each.objects.get(target.term, ())]
            return Never(why="objects of a predicate are targets") if named else None
        constant = replace(resource.subject, expression=Constant(token=target.term), rule=None)
        return None if never_equal(constant, resource.subject) else Never(why="a target node may be this one")

    def _is_a(self, resource: _Resource, wanted: Token) -> bool:
        return any(wanted == each or wanted in self._hierarchy.get(each, ()) for each in resource.classes)

    def _subclasses(self, top: Token) -> frozenset[Token]:
        return frozenset({top} | {lower for lower, uppers in self._hierarchy.items() if top in uppers})

    def _asserted_focus(self, shape: Shape, resource: _Resource) -> Check:
        self._asserted = True
        check = self._focus(shape, resource)
        self._asserted = False
        return check

    def _focus(self, shape: Shape, resource: _Resource) -> Check:
        """The check that a resource conforms to a shape."""
        if shape.deactivated:
            return ALWAYS
        if shape.path is not None:
            return self._property(shape, shape.path, resource)
        return all_of(self._on_focus(constraint, resource) for constraint in shape.constraints)

    def _on_focus(self, constraint: Constraint, resource: _Resource) -> Check:
        inner_shapes = [self._shapes.by_node[node] for node in constraint.shapes]
        before, self._asserted = self._asserted, self._asserted and constraint.component == "PropertyShapeComponent"
        parts = [self._focus(each, resource) for each in inner_shapes]
        self._asserted = before
        if constraint.component in _COMBINED:
            return _COMBINED[constraint.component](parts)
        if constraint.component == "NodeKindConstraintComponent":
            return ALWAYS if _of_kind(resource.subject, constraint.terms[0]) else Never(why="another node kind")
        return Never(why=f"{constraint.component} on the focus node")

    def _property(self, shape: Shape, path: Path, resource: _Resource) -> Check:
        if path.kind is PathKind.PREDICATE:
            objects = resource.objects.get(path.predicate, ())
            left = (each for each in shape.constraints if not self._is_reference(shape, each, resource))
            return all_of(self._on_values(constraint, objects) for constraint in left)
        shared = _shared_predicate(path)
        if shared is not None and all(each.component in _AT_MOST and each.count >= 1 for each in shape.constraints):
            carriers = [obj for each in self._resources for obj in each.objects.get(shared, ())]
            return ALWAYS if len(carriers) <= 1 else Never(why="several resources may share the key")
        return Never(why=f"the path {path} leaves the resource")

    def _is_reference(self, shape: Shape, constraint: Constraint, resource: _Resource) -> bool:
        """Tell whether values are nodes of a class that only other records have, and take note of them."""
        if not self._asserted or constraint.component != "ClassConstraintComponent" or shape.path is None:
            return False
        wanted, root, predicate = constraint.terms[0], self._root, shape.path.predicate
        embedded = (each for each in self._resources if root is None or each.subject.expression != root.expression)
        if any(self._is_a(each, wanted) for each in embedded):
            return False
        objects = resource.objects.get(predicate, ())
        found = reference_cells(shape.node, predicate, objects, resource.subject, resource.classes)
        self.references += found or ()
        return found is not None

    def _on_values(self, constraint: Constraint, objects: tuple[TermMap, ...]) -> Check:
        name = constraint.component
        if name == "MinCountConstraintComponent":
            return counted(objects, low=constraint.count)
        if name == "MaxCountConstraintComponent":
            return ALWAYS if len(objects) <= constraint.count else counted(objects, high=constraint.count)
        if name == "HasValueConstraintComponent":
            return any_of(All(parts=(Present(term_map=o), self._on_value(constraint, o))) for o in objects)
        if name == "UniqueLangConstraintComponent":
            return Never(why="languages") if any(obj.language for obj in objects) else ALWAYS
        if name == "QualifiedMaxCountConstraintComponent" and len(objects) <= constraint.count:
            return ALWAYS
        if name not in _OF_EACH_VALUE:
            return Never(why=f"{name} looks at all values together")
        return all_of(implied(Present(term_map=obj), self._on_value(constraint, obj)) for obj in objects)

    def _on_value(self, constraint: Constraint, obj: TermMap) -> Check:
        """The check of one value that is there."""
        name = constraint.component
        if name in _COMBINED and name != "PropertyShapeComponent":
            parts = [self._value_conforms(self._shapes.by_node[node], obj) for node in constraint.shapes]
            return _COMBINED[name](parts)
        if name == "NodeKindConstraintComponent":
            return ALWAYS if _of_kind(obj, constraint.terms[0]) else Never(why="another node kind")
        if name == "ClassConstraintComponent":
            return self._instance(constraint.terms[0], obj)
        if isinstance(obj.expression, Constant):
            return self._constant_value(constraint, obj.expression.token)
        if obj.term_type is not TermType.LITERAL or name not in _BY_VALUE:
            return Never(why=f"{name} on a generated node")
        return self._literal(constraint, obj)

    def _value_conforms(self, shape: Shape, obj: TermMap) -> Check:
        if shape.deactivated:
            return ALWAYS
        if shape.path is not None:
            return Never(why="a property of a value")
        return all_of(self._on_value(constraint, obj) for constraint in shape.constraints)

    def _constant_value(self, constraint: Constraint, token: Token) -> Check:
        if constraint.component not in _BY_VALUE:
            return Never(why=f"{constraint.component} on a constant")
        offends = COMPONENTS[constraint.component](constraint, self._around)(_EMPTY, "", (token,))
        return Never(why="a constant of the mapping offends") if offends else ALWAYS

    def _literal(self, constraint: Constraint, obj: TermMap) -> Check:
        datatype = obj.datatype or XSD + "string"
        if obj.language is not None:
            return Never(why="a language-tagged value")
        if constraint.component == "DatatypeConstraintComponent":
            # the fast path lets no ill-typed value pass, so the declared datatype is the whole truth
            return ALWAYS if constraint.terms[0] == f"<{datatype}>" else Never(why="another datatype")
        if constraint.component == "MaxLengthConstraintComponent":
            return Longest(term_map=obj, characters=constraint.count)
        if constraint.component in ("InConstraintComponent", "HasValueConstraintComponent"):
            members = [literal_parts(term) for term in constraint.terms if term[0] == '"']
            texts = frozenset(m.lexical for m in members if m.datatype == datatype and m.language is None)
            return Member(term_map=obj, texts=texts)
        if constraint.component == "PatternConstraintComponent":
            search = bounded_search(compile_pattern(constraint.pattern, constraint.flags))
            return Holds(term_map=obj, test=lambda text: search(text) is True)
        offending = COMPONENTS[constraint.component](constraint, self._around)
        test = _text_test(offending, datatype)
        wide = datatype == XSD + "integer" and _is_wide(constraint)
        return Holds(term_map=obj, test=_short_or(test) if wide else test)

    def _instance(self, wanted: Token, obj: TermMap) -> Check:
        """The check that a value is a resource of a class."""
        for resource in self._resources:
            same = inner(resource.subject.expression) == inner(obj.expression)
            if same and resource.subject.term_type is obj.term_type and self._is_a(resource, wanted):
                return self._there(resource)
        return Never(why=f"no resource of this mapping is known to be the value of class {wanted}")


def _key_cells(constraint: KeyConstraint, value: TermMap, check: Check, resource: _Resource) -> KeyCells:
    return KeyCells(constraint=constraint, value=Extra(term_map=value, check=check), focus=resource.subject)


def _text_test(offending: Callable[[Graph, Token, tuple[Token]], object], datatype: str) -> Callable[[str], bool]:
    return lambda text: not offending(_EMPTY, "", (literal_token(text, datatype=datatype),))


def _is_wide(constraint: Constraint) -> bool:
    """Return whether a bound is so far out that every canonical integer of fewer than 19 characters lies within it."""
    sign = _OUTWARD.get(constraint.component)
    bound = literal_parts(constraint.terms[0]).lexical if sign is not None else ""
    return sign is not None and len(bound.lstrip("-")) >= 19 and bound.startswith("-") == (sign == "-")


def _short_or(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: len(text) < 19 or test(text)


def _of_kind(term_map: TermMap, kind: Token) -> bool:
    first = {TermType.LITERAL: '"', TermType.BLANK_NODE: "_"}.get(term_map.term_type, "<")
    return first in NODE_KINDS[kind]


def _shared_predicate(path: Path) -> Token | None:
    """The predicate of a path `P / ^P`."""
    if path.kind is not PathKind.SEQUENCE or len(path.parts) != 2:
        return None
    there, back = path.parts
    forth_and_back = back.kind is PathKind.INVERSE and back.parts[0] == there and there.kind is PathKind.PREDICATE
    return there.predicate if forth_and_back else None


_COMBINED: Mapping[str, Callable[[list[Check]], Check]] = {
    "PropertyShapeComponent": all_of,
    "NodeConstraintComponent": all_of,
    "AndConstraintComponent": all_of,
    "OrConstraintComponent": any_of,
    "NotConstraintComponent": negated,
}
_AT_MOST = ("MaxCountConstraintComponent", "QualifiedMaxCountConstraintComponent")
_OUTWARD = {"MinInclusiveConstraintComponent": "-", "MaxInclusiveConstraintComponent": "+"}
_VALUE_TESTS = (
    "Datatype HasValue In LanguageIn MaxExclusive MaxInclusive MaxLength MinExclusive MinInclusive MinLength Pattern"
)
_BY_VALUE = frozenset(f"{name}ConstraintComponent" for name in _VALUE_TESTS.split())
_NODE_TESTS = frozenset({"NodeKindConstraintComponent", "ClassConstraintComponent"})
_OF_EACH_VALUE = _BY_VALUE | _NODE_TESTS | (frozenset(_COMBINED) - {"PropertyShapeComponent"})
