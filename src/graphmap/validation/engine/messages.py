"""Messages of results: the shape's own, or a sentence made from the constraint.

Source: SHACL, sections 2.1.5 (messages) and 3.6.2.7 (`sh:resultMessage`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from graphmap.errors import counted
from graphmap.rdf import Token, escape, literal_token, local_name
from graphmap.validation.report import text_of
from graphmap.validation.shapes import Constraint, Shape

__all__ = ["Say", "compile_messages", "compile_solution_messages", "sentence_of"]

Say = Callable[[Token, Token | None], tuple[Token, ...]]
"""Focus node and value to the messages of a result."""

_PLACEHOLDER = re.compile(r"\{[?$](this|value|path)\}")
_VARIABLE = re.compile(r"\{[?$](\w+)\}")
_SHOWN = 8


def compile_messages(shape: Shape, constraint: Constraint) -> Say:
    """Compile the messages of one constraint.

    Args:
        shape: the shape that holds it; its messages come before ours, in all their languages.
        constraint: the constraint.

    Returns:
        A function to literal tokens; `{$this}`, `{?value}` and `{$path}` in a message are filled in.
    """
    messages = shape.messages or (literal_token(_SENTENCES[constraint.component](constraint)),)
    if not any(_PLACEHOLDER.search(message) for message in messages):
        return lambda _focus, _value: messages
    path = "" if shape.path is None else str(shape.path)

    def say(focus: Token, value: Token | None) -> tuple[Token, ...]:
        words = {"this": focus, "value": value or "", "path": path}
        return tuple(_PLACEHOLDER.sub(lambda match: escape(_plain(words[match[1]])), message) for message in messages)

    return say


def sentence_of(constraint: Constraint) -> str:
    """Put into words what a constraint of SHACL Core expects."""
    return _SENTENCES[constraint.component](constraint)


def compile_solution_messages(
    shape: Shape, constraint: Constraint
) -> Callable[[Token, Mapping[str, Token]], tuple[Token, ...]]:
    """Compile the messages of a SPARQL-based constraint.

    Source: SHACL, sections 5.2.1 and 5.3.2.

    Args:
        shape: the shape that holds it.
        constraint: the constraint; its own messages come before those of the shape.

    Returns:
        A function from focus node and solution to literal tokens.
    """
    query = constraint.query
    assert query is not None  # noqa: S101  # the caller looked
    own = constraint.component == "SPARQLConstraintComponent"
    messages = (query.messages or shape.messages) if own else (shape.messages or query.messages)
    messages = messages or (literal_token(_unsaid(shape, constraint)),)
    constants = {**dict(query.bindings), "path": "" if shape.path is None else str(shape.path), "PATH": str(shape.path)}

    def say(focus: Token, found: Mapping[str, Token]) -> tuple[Token, ...]:
        if "message" in found and found["message"][0] == '"':
            return (found["message"],)
        words = {**constants, **found, "this": focus}
        fill = lambda match: escape(_plain(words[match[1]])) if match[1] in words else match[0]  # noqa: E731
        return tuple(_VARIABLE.sub(fill, message) for message in messages)

    return say


def _unsaid(shape: Shape, constraint: Constraint) -> str:
    """A message for a query that has none."""
    if constraint.component == "SPARQLConstraintComponent":
        name = shape.name or (local_name(shape.node.strip("<>")) if shape.node[0] == "<" else "")
        return f"The SPARQL constraint{f' of {name}' if name else ''} objects to {{?value}}".replace("{?value}", "it")
    given = [(name, term) for name, term in constraint.query.bindings if name not in ("shapesGraph", "currentShape")]  # type: ignore[union-attr]
    shown = ", ".join(f"{name} {_plain(term)}" for name, term in given)
    return f"The value does not meet {local_name(constraint.component)} ({shown})"


def _plain(token: Token) -> str:
    text = text_of(token) if token[:1] in ("<", '"') and token[-1:] in (">", '"') else None
    return token if text is None or (token[0] == "<" and token.count("<") > 1) else text


def _shown(constraint: Constraint) -> str:
    names = [text_of(term) or term for term in constraint.terms[:_SHOWN]]
    more = len(constraint.terms) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(constraint: Constraint) -> str:
    return " or ".join(map(local_name, _iris(constraint)))


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _iris(constraint: Constraint) -> list[str]:
    return [term.strip("<>") for term in constraint.terms]


_Sentence = Callable[[Constraint], str]

_SENTENCES: Mapping[str, _Sentence] = {
    "ClassConstraintComponent": lambda c: f"The value must be {_article(_name(c))}",
    "DatatypeConstraintComponent": lambda c: f"The value must be a well-formed {_name(c)}",
    "NodeKindConstraintComponent": lambda c: f"The value must be of node kind {_name(c)}",
    "MinCountConstraintComponent": lambda c: f"There must be at least {counted(c.count or 0, 'value')}",
    "MaxCountConstraintComponent": lambda c: f"There must be at most {counted(c.count or 0, 'value')}",
    "MinExclusiveConstraintComponent": lambda c: f"The value must be greater than {_shown(c)}",
    "MinInclusiveConstraintComponent": lambda c: f"The value must be {_shown(c)} or greater",
    "MaxExclusiveConstraintComponent": lambda c: f"The value must be less than {_shown(c)}",
    "MaxInclusiveConstraintComponent": lambda c: f"The value must be {_shown(c)} or less",
    "MinLengthConstraintComponent": lambda c: f"The value must have at least {counted(c.count or 0, 'character')}",
    "MaxLengthConstraintComponent": lambda c: f"The value must have at most {counted(c.count or 0, 'character')}",
    "PatternConstraintComponent": lambda c: f"The value must match {c.pattern}",
    "LanguageInConstraintComponent": lambda c: f"The language must be one of {_shown(c)}",
    "UniqueLangConstraintComponent": lambda _: "No language may occur twice",
    "EqualsConstraintComponent": lambda c: f"The values must be those of {_name(c)}",
    "DisjointConstraintComponent": lambda c: f"The value must not be one of {_name(c)}",
    "LessThanConstraintComponent": lambda c: f"The value must be less than those of {_name(c)}",
    "LessThanOrEqualsConstraintComponent": lambda c: f"The value must not be greater than those of {_name(c)}",
    "NotConstraintComponent": lambda _: "The value must not conform to a shape that it does conform to",
    "AndConstraintComponent": lambda c: f"The value must conform to all of {len(c.shapes)} shapes",
    "OrConstraintComponent": lambda c: f"The value must conform to one or more of {len(c.shapes)} shapes",
    "XoneConstraintComponent": lambda c: f"The value must conform to exactly one of {len(c.shapes)} shapes",
    "NodeConstraintComponent": lambda _: "The value must conform to a shape that it does not conform to",
    "QualifiedMinCountConstraintComponent": lambda c: (
        f"At least {counted(c.count or 0, 'value')} must conform to a shape"
    ),
    "QualifiedMaxCountConstraintComponent": lambda c: (
        f"At most {counted(c.count or 0, 'value')} may conform to a shape"
    ),
    "ClosedConstraintComponent": lambda _: "No other properties are allowed",
    "HasValueConstraintComponent": lambda c: f"{_shown(c)} must be one of the values",
    "InConstraintComponent": lambda c: f"The value must be one of {_shown(c)}",
    "SingleLineConstraintComponent": lambda _: "The value must be one line",
    "RootClassConstraintComponent": lambda c: f"The value must be {_name(c)} or a class below it",
    "SubsetOfConstraintComponent": lambda c: f"The value must be one of those of {_name(c)}",
    "SomeValueConstraintComponent": lambda _: "At least one value must conform to a shape",
    "MemberShapeConstraintComponent": lambda _: "The value must be a list whose members conform to a shape",
    "MinListLengthConstraintComponent": lambda c: f"The value must be a list of {c.count} or more members",
    "MaxListLengthConstraintComponent": lambda c: f"The value must be a list of {c.count} or fewer members",
    "UniqueMembersConstraintComponent": lambda _: "The value must be a list of different members",
    "UniqueValuesForConstraintComponent": lambda c: (
        f"No other node may have the same values of {', '.join(map(local_name, _iris(c)))}"
    ),
}
