"""Program text for rows: cells into local names, every triple an f-string over them, one join at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphmap.lifting.compiler.cell_terms import Term
from graphmap.lifting.compiler.join_lines import JoinLine, join_lines, joins_meet
from graphmap.lifting.compiler.program import Asked, Code, Made, Piece, constant, variable
from graphmap.lifting.compiler.row_statements import Line, lines_of, repeats_never, statement
from graphmap.lifting.compiler.rows.conditions import print_check
from graphmap.lifting.compiler.rows.joins import joined_text
from graphmap.lifting.compiler.rows.term_counts import print_tally
from graphmap.lifting.compiler.rows.terms import PrintedCells, all_of, print_unpacking
from graphmap.lifting.compiler.runtime import UnusualRecord
from graphmap.lifting.plan import Constant, Expression, Extra, Plan, TermMap, TermType
from graphmap.rdf import RDF_TYPE
from graphmap.records import ValueForms

__all__ = ["row_code"]


def row_code(plan: Plan, slow: Plan, *, header: tuple[str, ...], forms: ValueForms, asked: Asked) -> Made:
    """Print the function `lift(row)` for rows of one header.

    Raises:
        MappingError: where the mapping reads a column that the header does not have.
    """
    cells = PrintedCells(Code("lift(row)"), header, forms, plan.base)
    fast, joins = (plan, []) if asked.outside is None else join_lines(plan, cells)
    lines, left = lines_of(fast, cells)
    rest = Plan(triples_maps=(*slow.triples_maps, *left), base=plan.base)
    return _Printer(cells, lines, joins, rest, asked, plan.root).made()


class _Printer:
    """Prints one function: cells, subjects, checks, triples."""

    def __init__(
        self,
        cells: PrintedCells,
        lines: list[Line],
        joins: list[JoinLine],
        slow: Plan,
        asked: Asked,
        root: TermMap | None,
    ) -> None:
        self._root_map = root
        self._cells = cells
        self._code = cells.code
        self._lines = lines
        self._joins = joins
        self._slow = slow
        self._entailment = asked.entailment
        self._check = asked.check
        self._extras = asked.extras
        self._tallied = asked.tallied
        self._outside = asked.outside
        self._interpret = asked.interpret
        self._counts = [0] * len(asked.tallied)
        self._subjects: dict[tuple[Expression, TermType], Term] = {}

    def made(self) -> Made:
        with self._code.block("try:"):
            print_unpacking(self._code, self._cells.header, self._cells.forms.nulls)
            asserted, entailed = self._texts()
            problem = print_check(self._check, self._cells)
            if problem != "True":
                with self._code.block(f"if not ({problem}):"):
                    self._code.line("return None")
            self._print_tally()
            self._return(asserted, entailed)
        with self._code.block(f"except {self._code.bind(UnusualRecord)}:"):
            self._code.line("return None")
        return Made(self._code, tuple(each.name for each in self._slow.triples_maps), self._counts)

    def _subject(self, term_map: TermMap) -> Term:
        key = (term_map.expression, term_map.term_type)
        known = self._subjects.get(key)
        if known is None:
            needs, pieces = self._cells.token(term_map)
            name = self._code.name("s")
            whole = self._code.text(pieces)
            self._code.line(f"{name} = {whole} if {all_of(needs)} else ''")
            known = self._subjects[key] = Term(needs, (variable(name),))
        if term_map.rule is not None and known.needs:
            with self._code.block(f"if not ({all_of(known.needs)}):"):
                self._code.line("return None")
            known = self._subjects[key] = Term((), known.pieces)
        return known

    def _texts(self) -> tuple[Mapping[tuple[str, ...], list[Piece]], Mapping[tuple[str, ...], list[Piece]]]:
        """Pieces of the asserted and of the entailed text, by what must be there for them."""
        asserted: dict[tuple[str, ...], list[Piece]] = {}
        entailed: dict[tuple[str, ...], list[Piece]] = {}
        for term_map in (*(line.subject for line in self._lines), *(line.subject for line in self._joins)):
            self._subject(term_map)
        for line in self._lines:
            subject, obj = self._subject(line.subject), self._cells.token(line.object)
            needs = tuple(dict.fromkeys((*subject.needs, *obj.needs)))
            asserted.setdefault(needs, []).extend(statement(subject.pieces, line.predicate, obj.pieces, line.graph))
            for pieces in self._entailed(line, subject.pieces, obj.pieces):
                entailed.setdefault(needs, []).extend(pieces)
        return asserted, entailed

    def _print_tally(self) -> None:
        tally = None if self._outside is None else self._outside.tally
        if tally is not None:
            pairs = [(line.subject, line.object) for line in self._lines]
            pairs += [(line.subject, line.subject) for line in self._joins]  # its objects count where they are found
            subjects = {subject.name: self._subject(subject) for subject, _ in pairs}
            print_tally(self._code, tally, pairs, lambda term: subjects.get(term.name) or self._cells.token(term))

    def _entailed(self, line: Line, subject: tuple[Piece, ...], obj: tuple[Piece, ...]) -> Iterator[list[Piece]]:
        if self._entailment is None:
            return
        expression = line.object.expression
        if line.predicate == RDF_TYPE and isinstance(expression, Constant):
            for wider in self._entailment.classes.get(expression.token, ()):
                yield statement(subject, RDF_TYPE, (constant(wider),))
        resource = line.object.term_type is not TermType.LITERAL
        for predicate, inverted in self._entailment.properties.get(line.predicate, ()):
            if not inverted:
                yield statement(subject, predicate, obj)
            elif resource:
                yield statement(obj, predicate, subject)

    def _return(
        self, asserted: Mapping[tuple[str, ...], list[Piece]], entailed: Mapping[tuple[str, ...], list[Piece]]
    ) -> None:
        code = self._code
        text = self._joined(asserted)
        if self._slow.triples_maps:
            text += f" + {code.bind(self._interpret(self._slow, self._cells.header))}(row)"
        text += "".join(self._joined_text(each) for each in self._joins)
        if self._slow.triples_maps or not repeats_never(self._lines) or joins_meet(self._joins, self._lines):
            code.line(f"lines = dict.fromkeys(({text}).split('\\n'))")
            text = "'\\n'.join(lines)"
        extras = "".join(f"{self._extra(each)}, " for each in self._extras)
        for at, subject in enumerate(self._tallied):
            with code.block(f"if {all_of(self._subject(subject).needs)}:"):
                code.line(f"{code.bind(self._counts)}[{at}] += 1")
        code.line(f"return {self._root()}, {text}, {self._joined(entailed)}, ({extras})")

    def _joined_text(self, line: JoinLine) -> str:
        if self._outside is None:
            return ""
        needs, pieces = self._subject(line.subject)
        alike = [each for each in self._joins if each.object.name == line.object.name and each.subject == line.subject]
        subject, counted = self._code.text(pieces), alike[0] is line
        return f" + {joined_text(line, subject, needs, self._cells, self._outside, counted=counted)}"

    def _extra(self, extra: Extra) -> str:
        needs, pieces = self._cells.token(extra.term_map)
        holds = print_check(extra.check, self._cells)
        return f"{self._code.text(pieces)} if {all_of(needs)} and ({holds}) else ''"

    def _root(self) -> str:
        root = self._root_map
        known = self._subjects.get((root.expression, root.term_type)) if root is not None else None
        return self._code.text(known.pieces) if known is not None else "''"

    def _joined(self, groups: Mapping[tuple[str, ...], list[Piece]]) -> str:
        parts = []
        for needs, pieces in groups.items():
            text = self._code.text(pieces)
            parts.append(f"({text} if {all_of(needs)} else '')" if needs else text)
        return f"''.join(({', '.join(parts)},))" if parts else "''"
