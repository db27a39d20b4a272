"""Events of a document for its page: stored, replaced, deleted, refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphmap.rdf import GRAPHMAP
from graphmap.service.things.record_rows import Statement

__all__ = ["Event", "read_events"]

_PROV = "http://www.w3.org/ns/prov#"
_DCTERMS = "http://purl.org/dc/terms/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One state of a document, or one message about it that was not taken.

    Args:
        moment: lexical form of the time, UTC.
        outcome: stored, deleted, stale, quarantined, rejected or dropped.
        version: where it had one.
        source: name of the source, or of the input.
        row: data row or document of the input, where it was set aside.
        correlation: id of its message.
        aside: identifier in the quarantine, where it is there.
        changes: what came and went when it was replaced, as lines of `+` and `-`.
        present: whether it is what holds now.
    """

    moment: str
    outcome: str
    version: str = ""
    source: str = ""
    row: str = ""
    correlation: str = ""
    aside: str = ""
    changes: str = ""
    present: bool = False


def read_events(said: Iterable[Statement]) -> tuple[Event, ...]:
    """Events from what is said of them, the latest first."""
    nodes: dict[str, dict[str, str]] = {}
    for each in said:
        nodes.setdefault(each.s, {})[each.p] = each.o.text
    events = [_event(node, said) for node, said in nodes.items()]
    return tuple(sorted(events, key=lambda event: (event.moment, event.present), reverse=True))


def _event(node: str, said: Mapping[str, str]) -> Event:
    ended = said.get(f"{_PROV}invalidatedAtTime", "")
    outcome = said.get(f"{GRAPHMAP}outcome") or ("deleted" if ended else "stored")
    return Event(
        moment=ended if outcome == "deleted" else said.get(f"{_PROV}generatedAtTime", ""),
        outcome=outcome,
        version=said.get(f"{GRAPHMAP}version", ""),
        source=said.get(f"{_DCTERMS}source") or said.get(f"{GRAPHMAP}source", ""),
        row=said.get(f"{GRAPHMAP}row", ""),
        correlation=said.get(f"{_DCTERMS}identifier", ""),
        aside=node.rpartition("/")[2] if "/quarantine/" in node else "",
        changes=said.get(f"{GRAPHMAP}changes", ""),
        present=f"{_PROV}alternateOf" not in said and "/quarantine/" not in node,
    )
