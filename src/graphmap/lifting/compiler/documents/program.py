"""Program text for documents: one loop a level, shared by all triples maps that iterate alike, one line a triple.

Descendant iterators that test one member for equality (`$..[?@['@type'] == 'X']`) share one walk through the document,
which sorts its objects by that member. A line that is printed twice is dropped at the end: output is a set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from types import MappingProxyType

from graphmap.lifting.compiler.documents.terms import DocumentTerms, Joined, filled_references, joinable, printable
from graphmap.lifting.compiler.documents.type_index import bucket_of, collector
from graphmap.lifting.compiler.documents.view_joins import findable
from graphmap.lifting.compiler.program import Asked, Code, Made, Piece, constant, variable
from graphmap.lifting.compiler.runtime import Encoding, UnusualRecord, items, selector
from graphmap.lifting.paths import Route
from graphmap.lifting.plan import (
    Constant,
    Expression,
    Plan,
    Reference,
    Step,
    TermMap,
    TermType,
    TriplesMap,
    ViewJoin,
    all_references,
    key_level,
    references,
    step_references,
)
from graphmap.rdf import RDF_TYPE, Token
from graphmap.records import ValueForms

__all__ = ["document_code"]


def document_code(plan: Plan, slow: Plan, *, forms: ValueForms, asked: Asked) -> Made:
    """Print the function `lift(document)`."""
    joined = {} if asked.outside is None else asked.outside.joined
    left = [*slow.triples_maps, *(each for each in plan.triples_maps if not _covered(each, joined))]
    kept = tuple(each for each in plan.triples_maps if _covered(each, joined))
    printer = _Printer(Plan(triples_maps=kept, base=plan.base), forms, asked)
    return printer.made(Plan(triples_maps=tuple(left), base=plan.base))


def _covered(triples_map: TriplesMap, joined: Joined) -> bool:
    paths_only = all(findable(step, joined) for step in triples_map.iteration.steps)
    objects = (obj for pair in triples_map.predicate_objects for obj in pair.objects)
    return (
        paths_only
        and printable(triples_map.subject)
        and all(printable(obj) or joinable(obj, joined) for obj in objects)
    )


def _terms(triples_map: TriplesMap) -> Iterator[TermMap]:
    yield triples_map.subject
    for pair in triples_map.predicate_objects:
        yield from pair.objects


class _Level:
    """A loop variable and what is printed for it at the head of its loop.

    Args:
        name: the loop variable.
        outer: the levels around it.
    """

    def __init__(self, name: str, outer: tuple[_Level, ...] = ()) -> None:
        self.name = name
        self.chain = (*outer, self)
        self.objects: dict[tuple[str, ...], str] = {}
        self.texts: dict[tuple[Reference, Encoding], str] = {}
        self.subjects: dict[tuple[Expression, TermType], str] = {}

    def subject(self, term_map: TermMap) -> str | None:
        """The name of a subject that is printed already, here or around."""
        key = (term_map.expression, term_map.term_type)
        return next((found for level in self.chain if (found := level.subjects.get(key)) is not None), None)


class _Printer:
    """Prints one function: walks, loops, and in each loop its subjects and triples."""

    def __init__(self, plan: Plan, forms: ValueForms, asked: Asked) -> None:
        outside = asked.outside
        self._plan = plan
        self._outside = outside
        self._interpret = asked.interpret
        self._tally = None if outside is None else outside.tally
        self._entailment = asked.entailment
        self._code = Code("lift(document)")
        self._forms = forms
        self._terms = DocumentTerms(self._code, plan.base, forms, {} if outside is None else outside.joined)
        self._buckets: dict[Route, str] = {}

    def made(self, slow: Plan) -> Made:
        code = self._code
        with code.block("try:"):
            code.line("out, more = [], []")
            code.line("add, entail = out.append, more.append")
            self._collect()
            outermost = _Level("document")
            self._loops(outermost, (), self._plan.triples_maps)
            if slow.triples_maps:
                lines = f"{code.bind(self._interpret(slow, None))}(document)"
                code.line(f"out.extend(line + '\\n' for line in {lines}.split('\\n') if line)")
            root = self._plan.root
            subject = outermost.subject(root) if root is not None else None
            code.line(f"return {subject or repr('')} or '', ''.join(dict.fromkeys(out)), ''.join(more), ()")
        with code.block(f"except {code.bind(UnusualRecord)}:"):
            code.line("return None")
        return Made(code, tuple(each.name for each in slow.triples_maps), [])

    def _collect(self) -> None:
        """Print the walks that sort objects by the value of a member."""
        first = (each.iteration.steps[0].path for each in self._plan.triples_maps if each.iteration.steps)
        buckets = {path: bucket for path in first if (bucket := bucket_of(path)) is not None}
        if buckets:
            self._code.line(f"found = {self._code.bind(collector(dict.fromkeys(buckets.values())))}(document)")
        for path, bucket in buckets.items():
            self._buckets[path] = f"found[{self._code.bind(bucket)}]"

    def _loops(self, level: _Level, done: tuple[Step, ...], maps: Sequence[TriplesMap]) -> None:
        """Print the head of a loop, the triples maps that end at it, and a loop for each next step."""
        self._head(level, len(done), maps)
        deeper: dict[Step, list[TriplesMap]] = {}
        for triples_map in maps:
            if len(triples_map.iteration.steps) == len(done):
                self._triples_map(triples_map, level)
            else:
                deeper.setdefault(triples_map.iteration.steps[len(done)], []).append(triples_map)
        for step, below in deeper.items():
            inner = _Level(self._code.name("n"), level.chain)
            nodes = self._nodes(step, level)
            if step.outer:
                nodes = f"{nodes} or {self._code.bind((None,))}"
            with self._code.block(f"for {inner.name} in {nodes}:"):
                self._loops(inner, (*done, step), below)

    def _head(self, level: _Level, depth: int, maps: Sequence[TriplesMap]) -> None:
        paths = [ref.path for each in maps for ref in all_references(each) if ref.level == depth]
        paths += [step.path for each in maps for step in each.iteration.steps if step.below == depth]
        joining = (ref for each in maps for step in each.iteration.steps for ref in step_references(step))
        paths += [ref.path for ref in joining if ref.level == depth]
        prefixes = {names[:end] for path in paths if (names := path.names) for end in range(len(names))}
        for prefix in sorted(prefixes, key=len):
            self._object(level, prefix)
        filled = [found for each in maps for term in _terms(each) for found in filled_references(term)]
        for reference, encode in dict.fromkeys(each for each in filled if each[0].level == depth):
            level.texts[reference, encode] = self._terms.text(reference, level, encode=encode)
        for triples_map in maps:
            self._subject(level, depth, triples_map)

    def _object(self, level: _Level, prefix: tuple[str, ...]) -> None:
        """Print the object at some names; no value is an object without members, and another value is odd."""
        name = level.name
        if prefix:
            name = self._code.name("d")
            self._code.line(f"{name} = {level.objects[prefix[:-1]]}.get({self._code.bind(prefix[-1])})")
        level.objects[prefix] = name
        with self._code.block(f"if type({name}) is not dict:"):
            with self._code.block(f"if {name} is not None:"):
                self._code.line(f"raise {self._code.bind(UnusualRecord)}")
            self._code.line(f"{name} = {self._code.bind(MappingProxyType({}))}")

    def _subject(self, level: _Level, depth: int, triples_map: TriplesMap) -> None:
        """Print a subject at the outermost level that knows all of its values."""
        subject = triples_map.subject
        deepest = max((reference.level for reference in references(subject)), default=0)
        if deepest != depth:
            return
        name = level.subject(subject)
        if name is None:
            name = self._terms.single(subject, level)
            level.subjects[(subject.expression, subject.term_type)] = name
        item = key_level(triples_map)
        if subject.rule is not None and (item is not None or len(triples_map.iteration.steps) == depth):
            there = "" if item is None else f" and {level.chain[item].name} is not None"
            with self._code.block(f"if {name} is None{there}:"):
                self._code.line(f"raise {self._code.bind(UnusualRecord)}")

    def _nodes(self, step: Step, level: _Level) -> str:
        if isinstance(step.maker, ViewJoin):
            return self._terms.found(step.maker, level)
        base = level.chain[step.below]
        if step.below == 0 and step.path in self._buckets:
            return self._buckets[step.path]
        names = step.path.names
        if names and len(names) < len(step.path.segments):
            member = f"{base.objects[names[:-1]]}.get({self._code.bind(names[-1])})"
            return f"{self._code.bind(items)}({member})"
        return f"{self._code.bind(selector(step.path))}({base.name})"

    def _triples_map(self, triples_map: TriplesMap, level: _Level) -> None:
        subject = level.subject(triples_map.subject) or "None"
        with self._code.block(f"if {subject} is not None:"):
            self._count(triples_map.subject)
            for pair in triples_map.predicate_objects:
                for predicate in pair.predicates:
                    for obj in pair.objects:
                        if isinstance(predicate.expression, Constant):
                            first = predicate is pair.predicates[0]
                            self._object_lines(subject, predicate.expression.token, obj, level, counted=first)
        with self._code.block("else:"):
            self._count(triples_map.subject, found=False)

    def _count(self, term_map: TermMap, *, found: bool = True) -> None:
        """Print the counting of a term, or of a null."""
        at = None if self._tally is None else self._tally.position(term_map)
        if self._tally is not None and at is not None:
            self._code.line(f"{self._code.bind(self._tally.terms if found else self._tally.nulls)}[{at}] += 1")

    @contextmanager
    def _nulls_counted(self, term_map: TermMap) -> Iterator[None]:
        """Count a null where what is printed inside counted no term."""
        at = None if self._tally is None else self._tally.position(term_map)
        if self._tally is None or at is None:
            yield
            return
        before, terms = self._code.name("k"), self._code.bind(self._tally.terms)
        self._code.line(f"{before} = {terms}[{at}]")
        yield
        with self._code.block(f"if {terms}[{at}] == {before}:"):
            self._count(term_map, found=False)

    def _object_lines(self, subject: str, predicate: Token, obj: TermMap, level: _Level, *, counted: bool) -> None:
        def print_lines(pieces: Sequence[Piece]) -> None:
            line = [variable(subject), constant(f" {predicate} "), *pieces, constant(" .\n")]
            self._code.line(f"add({self._code.text(line)})")
            if counted:
                self._count(obj)
            self._entailed(subject, predicate, obj, pieces)

        with self._nulls_counted(obj) if counted else nullcontext():
            self._terms.each(obj, level, print_lines)

    def _entailed(self, subject: str, predicate: Token, obj: TermMap, pieces: Sequence[Piece]) -> None:
        if self._entailment is None:
            return
        if predicate == RDF_TYPE:
            classes = self._code.bind(self._entailment.classes)
            with self._code.block(f"for wider in {classes}.get({self._code.text(pieces)}, ()):"):
                line = [variable(subject), constant(f" {RDF_TYPE} "), variable("wider"), constant(" .\n")]
                self._code.line(f"entail({self._code.text(line)})")
        for other, inverted in self._entailment.properties.get(predicate, ()):
            if inverted and obj.term_type is TermType.LITERAL:
                continue
            ends = [[variable(subject)], list(pieces)]
            first, last = reversed(ends) if inverted else ends
            line = [*first, constant(f" {other} "), *last, constant(" .\n")]
            self._code.line(f"entail({self._code.text(line)})")
