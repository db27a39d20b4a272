"""Says what a rule expects, in words for the person who has to correct the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphmap.rdf import XSD
from graphmap.rules.code_lists import COUNTRIES, LOCALE
from graphmap.rules.model import Field, RecordClass
from graphmap.rules.schema import Schema

__all__ = ["Wording", "with_article"]

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        XSD + "string": "a text",
        XSD + "integer": "a whole number",
        XSD + "boolean": "true or false",
        XSD + "date": "a day that exists, such as 2023-08-01",
        XSD + "dateTime": "a point in time, such as 2023-04-26T16:09:42Z",
    }
)


def with_article(title: str) -> str:
    """A title inside a sentence.

    >>> with_article("E-mail address"), with_article("Customer account")
    ('an e-mail address', 'a customer account')
    """
    if not title:
        return "a thing"
    article = "an" if title[0] in "AEIOaeio" else "a"
    return f"{article} {title[0].lower()}{title[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words for the rules of one class."""

    schema: Schema
    record: RecordClass

    def aspect(self, field: Field, aspect: str, values: tuple[str, ...]) -> str:
        """Expectation of an aspect of a field.

        Args:
            field: the field.
            aspect: name of the aspect.
            values: what it asks for.
        """
        return f"{field.name} {_SENTENCES[aspect](self, field, values)}"

    def key(self, fields: tuple[str, ...], *, together: bool) -> str:
        """That a thing needs what identifies it."""
        wanted = " and ".join(fields) if together else " or ".join(field.replace(":", " with ") for field in fields)
        return f"{with_article(self.record.title).capitalize()} needs {wanted}, so that it can be told from others"

    def unique(self, fields: tuple[str, ...]) -> str:
        """That no two records share a key."""
        return f"{' and '.join(fields)} belongs to {self._one()} only; another has the same"

    def restates(self, restated: str) -> str:
        """That a reference agrees with what it points to."""
        return f"The {restated} that an internal reference gives is not that of the object it points to"

    def _one(self) -> str:
        return "one " + with_article(self.record.title).partition(" ")[2]

    def minimum_count(self, field: Field, values: tuple[str, ...]) -> str:
        """Least number of values, in words."""
        exactly = "exactly" if field.maximum_count == int(values[0]) else "at least"
        return f"is missing: {with_article(self.record.title)} has {exactly} {_number(values[0])}"

    def maximum_count(self, field: Field, values: tuple[str, ...]) -> str:
        """Greatest number of values, in words."""
        exactly = "exactly" if field.minimum_count == int(values[0]) else "at most"
        return f"has too many values: {with_article(self.record.title)} has {exactly} {_number(values[0])}"

    def datatype(self, _: Field, values: tuple[str, ...]) -> str:
        """Of what kind the values are."""
        return f"is expected to be {_KINDS.get(values[0], values[0])}"

    def target(self, field: Field, values: tuple[str, ...]) -> str:
        """Target of a link, in words."""
        where = " that the same record holds" if field.annotations.get("reference") == "internal" else ""
        return f"must point to {with_article(self.schema.all_classes[values[0]].title)}{where}"

    def internal(self, field: Field, values: tuple[str, ...]) -> str:
        """Place of the object that an internal reference points to."""
        title = with_article(self.schema.classes[field.range].title)
        return f"must point to {title} of the same record; it is none in {' or '.join(values)}"

    def maximum_length(self, _: Field, values: tuple[str, ...]) -> str:
        """Greatest length of a text, in words."""
        return f"is at most {values[0]} characters long"

    def permitted(self, field: Field, values: tuple[str, ...]) -> str:
        """Allowed values, in words."""
        if field.annotations.get("codes") == COUNTRIES:
            return "is expected to be a two-letter country code of ISO 3166-1, such as DE or NZ"
        enum = self.schema.all_enums.get(field.range)
        names = list(values) if enum is None or field.equals else [value.name for value in enum.values]
        return f"is expected to be one of {', '.join(names)}" if len(names) > 1 else f"is expected to be {names[0]}"

    def pattern(self, field: Field, values: tuple[str, ...]) -> str:
        """Form of a text, in words."""
        if field.annotations.get("codes") == LOCALE:
            return "is expected to be a language and a country, such as de_DE"
        of_type = self.schema.types.get(field.range)
        if of_type is not None and of_type.pattern == values[0] and of_type.description:
            expected = of_type.description.partition(";")[0].removesuffix(".")
            return f"is expected to be {expected[0].lower()}{expected[1:]} ({values[0]})"
        return f"is expected to be {field.annotations.get('expected') or 'of the form ' + values[0]}"

    def recommended(self, _: Field, __: tuple[str, ...]) -> str:
        """That a value is missed."""
        return f"is missing: {with_article(self.record.title)} is recommended to have one"

    def choice(self, _: Field, values: tuple[str, ...]) -> str:
        """Expressions that a value must fit."""
        return f"must fit {_JOINED[values[0]]} what the rule lists: {', '.join(values[1:])}"

    def minimum(self, _: Field, values: tuple[str, ...]) -> str:
        """The least value."""
        return f"is at least {values[0]}"

    def maximum(self, _: Field, values: tuple[str, ...]) -> str:
        """The greatest value."""
        return f"is at most {values[0]}"


_JOINED: Mapping[str, str] = MappingProxyType(
    {"any_of": "one at least of", "all_of": "all of", "exactly_one_of": "exactly one of", "none_of": "none of"}
)


def _number(text: str) -> str:
    return "one" if text == "1" else text


_SENTENCES: Mapping[str, Callable[[Wording, Field, tuple[str, ...]], str]] = MappingProxyType(
    {
        "minCount": Wording.minimum_count,
        "maxCount": Wording.maximum_count,
        "datatype": Wording.datatype,
        "class": Wording.target,
        "internal": Wording.internal,
        "maxLength": Wording.maximum_length,
        "in": Wording.permitted,
        "pattern": Wording.pattern,
        "typePattern": Wording.pattern,
        "minInclusive": Wording.minimum,
        "maxInclusive": Wording.maximum,
        "recommended": Wording.recommended,
        "anyOf": Wording.choice,
        "allOf": Wording.choice,
        "exactlyOneOf": Wording.choice,
        "noneOf": Wording.choice,
    }
)
