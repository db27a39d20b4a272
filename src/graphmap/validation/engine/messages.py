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

__all__ = ["Say", "compile_messages"]

Say = Callable[[Token, Token | None], tuple[Token, ...]]
"""Focus node and value to the messages of a result."""

_PLACEHOLDER = re.compile(r"\{[?$](this|value|path)\}")
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


def _plain(token: Token) -> str:
    text = text_of(token) if token[:1] in ("<", '"') and token[-1:] in (">", '"') else None
    return token if text is None or (token[0] == "<" and token.count("<") > 1) else text


def _shown(constraint: Constraint) -> str:
    names = [text_of(term) or term for term in constraint.terms[:_SHOWN]]
    more = len(constraint.terms) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(constraint: Constraint) -> str:
    return local_name(constraint.terms[0].strip("<>"))


_Sentence = Callable[[Constraint], str]

_SENTENCES: Mapping[str, _Sentence] = {
    "ClassConstraintComponent": lambda c: f"The value must be a {_name(c)}",
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
}
