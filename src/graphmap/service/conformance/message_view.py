"""A message as people read it: its members unfolded, and what was found beside the member that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphmap.rdf import local_name
from graphmap.service.glossary import Glossary, Word
from graphmap.service.things import Flag
from graphmap.validation.report import how_to_fix

__all__ = ["Member", "flag_of", "placed", "unfolded"]

_MOST = 1000
"""Members of a message that a page shows."""
_DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a message.

    Args:
        name: as it is sent.
        meaning: what it means, where a property has the same name.
        source: the page that says so.
        value: its text; empty where it has members of its own.
        flags: what was found about it.
        members: of an object or an array.
    """

    name: str
    meaning: str = ""
    source: str = ""
    value: str = ""
    flags: tuple[Flag, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def worst(self) -> str:
        """The gravest severity of its own flags; empty where it has none."""
        there = {flag.severity for flag in self.flags}
        return next((name for name in ("Violation", "Warning", "Info") if name in there), "")

    @property
    def flagged(self) -> bool:
        """Return whether a finding is about it or something in it."""
        return bool(self.flags) or self.opened

    @property
    def opened(self) -> bool:
        """Return whether a finding is about something in it, so that it has to be seen."""
        return any(each.flagged for each in self.members)


@dataclass(slots=True, kw_only=True)
class _Unfolding:
    words: Mapping[str, Word]
    flags: Mapping[str, list[Flag]]
    left: int = _MOST

    def members(self, value: object, pointer: str, depth: int) -> Iterator[Member]:
        named: Iterable[tuple[str, object]] = ()
        if isinstance(value, dict):
            missing = self._missing(pointer, value)
            named = [*((str(name), each) for name, each in value.items()), *missing]
        elif isinstance(value, list):
            named = [(str(place), each) for place, each in enumerate(value)]
        for name, each in named:
            if self.left <= 0 or depth > _DEEPEST:
                return
            self.left -= 1
            yield self._member(name, each, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", depth)

    def _missing(self, pointer: str, value: Mapping[str, object]) -> list[tuple[str, object]]:
        """Members that a finding is about and that are not there."""
        begin = f"{pointer}/"
        below = {place[len(begin) :] for place in self.flags if place.startswith(begin)}
        return [(name, None) for name in sorted(below - set(value)) if "/" not in name]

    def _member(self, name: str, value: object, pointer: str, depth: int) -> Member:
        word = self.words.get(name)
        inner = tuple(self.members(value, pointer, depth + 1)) if isinstance(value, dict | list) else ()
        return Member(
            name=name,
            meaning=word.meaning if word else "",
            source=word.source if word else "",
            value="" if isinstance(value, dict | list) else _text(value),
            flags=tuple(self.flags.get(pointer, ())),
            members=inner,
        )


def unfolded(message: object, flags: Iterable[tuple[str, Flag]], glossary: Glossary) -> tuple[Member, ...]:
    """Unfold a message.

    Args:
        message: decoded JSON.
        flags: JSON Pointer and finding; a row's pointer is `/column`.
        glossary: knows what properties of a member's name mean.
    """
    placed: dict[str, list[Flag]] = defaultdict(list)
    for pointer, flag in flags:
        placed[pointer].append(flag)
    words = {local_name(iri) or iri: word for iri, word in glossary.words.items()}
    return tuple(_Unfolding(words=words, flags=placed).members(message, "", 0))


def placed(members: Iterable[Member]) -> Iterator[Flag]:
    """The findings that stand beside a member."""
    for each in members:
        yield from each.flags
        yield from placed(each.members)


def flag_of(finding: Mapping[str, object], glossary: Glossary) -> Flag:
    """A finding of the JSON report in words."""
    rule = glossary.rules.get(str(finding.get("rule") or ""))
    source = f" ({rule.source})" if rule and rule.source else ""
    component = finding.get("component")
    return Flag(
        severity=str(finding.get("severity") or "Violation"),
        message=str(finding.get("message") or ""),
        rule=str(finding.get("rule") or ""),
        value=str(finding.get("value") or ""),
        fix=how_to_fix([str(component) if component else None]),
        why=f"{rule.why}{source}" if rule else "",
        focus=str(finding.get("focusNode") or ""),
        place=str(finding.get("pointer") or ""),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
